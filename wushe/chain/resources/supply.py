"""Who and what could answer the needs of a place: organisations, volunteers, social workers, and money with its reach.

Each comes with the services it can do, the communities it reaches, and what is left of its week or of its balance.
"""

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum

from wushe.chain.needs.models import Need, NeedState
from wushe.chain.projects.models import BudgetLine, ProjectState
from wushe.foundation.scope import DISTRICT, STREET, covering, within
from wushe.registers.areas.models import Area
from wushe.registers.catalogue.models import Item
from wushe.registers.organisations.models import Organisation
from wushe.registers.workforce.models import Worker, WorkerKind

from .models import Linkage, Society

HELPERS = {WorkerKind.VOLUNTEER.value, WorkerKind.NEIGHBOUR.value}
_RUNNING = [NeedState.LINKED, NeedState.IN_SERVICE]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Source:
    """One who could answer, or one fund, with what is left of its week in minutes, or of its balance in fen.

    `items` are the services it can do, or the categories that the fund pays; `rank` is how wide its money reaches.
    The pools of volunteers and of social workers are those of a street; an organisation and a fund are themselves.
    """

    key: str
    society: str
    title: str
    items: frozenset[str]
    reach: tuple[str, ...]
    left: int
    organisation: Organisation | None = None
    line: BudgetLine | None = None
    place: Point | None = None
    rank: int = 0

    def reaches(self, area_code: str) -> bool:
        """Say whether a place lies within its reach."""
        return any(area_code.startswith(prefix) for prefix in self.reach)


@dataclass(frozen=True, slots=True)
class Supply:
    """Everything that a matching of these needs depends on. `served` maps (person, source) to earlier answers."""

    needs: list[Need]
    sources: list[Source]
    served: dict[tuple[int, str], int]
    places: dict[str, Point]


def read_supply(*, needs: list[Need], on: date) -> Supply:
    """Return what could answer these needs on a day. A fixed number of queries; the needs are within scope."""
    items = {need.item for need in needs if need.item is not None}
    districts = {need.area_code[:DISTRICT] for need in needs}
    sources = [*_carriers(items, districts, on), *_money(districts)]
    people = {need.person_id for need in needs}
    past = Linkage.objects.filter(need__person_id__in=people, organisation__isnull=False)
    rows = past.values_list("need__person_id", "organisation_id").annotate(count=Count("pk"))
    codes = {need.community_code for need in needs if need.community_code}
    middles = Area.objects.filter(area_code__in=codes, longitude__isnull=False, latitude__isnull=False)
    return Supply(
        needs, sources, {(person, f"o{pk}"): count for person, pk, count in rows},
        {code: (x, y) for code, x, y in middles.values_list("area_code", "longitude", "latitude") if x and y},
    )  # fmt: skip


def _carriers(items: Iterable[Item], districts: Iterable[str], on: date) -> list[Source]:
    """Return organisations that take orders, and each street's volunteers and social workers."""
    there = Organisation.objects.filter(Q(left_on=None) | Q(left_on__gt=on), takes_orders=True).order_by("pk")
    organisations = {one.pk: one for one in there if any(_meet(prefix, districts) for prefix in one.serves)}
    able: dict[str, set[str]] = defaultdict(set)
    minutes: dict[str, int] = defaultdict(int)
    for worker in _workers(organisations, districts, on):
        skills = {
            one.skill.code for one in worker.skills.all() if one.valid_until is None or one.valid_until >= on
        }  # fmt: skip
        done = {
            item.code
            for item in items
            if worker.kind in (item.performers or [WorkerKind.PAID_CARER]) and set(item.skills) <= skills
        }
        key = _team_of(worker, organisations)
        if key[:1] == "o" and (kinds := organisations[int(key[1:])].services):
            done = {code for code in done if code.startswith(tuple(kinds))}
        if done and key:
            able[key] |= done
            minutes[key] += worker.week_cap_minutes
    busy = _busy(organisations, districts)
    names = dict(Area.objects.filter(area_code__in=[key[1:] for key in able]).values_list("area_code", "name"))
    sources = []
    for key in sorted(able):
        left = max(0, minutes[key] - busy.get(key, 0))
        if key[0] == "o":
            sources.append(_organisation(organisations[int(key[1:])], frozenset(able[key]), left))
        else:
            society, title = (Society.VOLUNTEER, "志愿者") if key[0] == "v" else (Society.SOCIAL_WORKER, "社工")
            title = f"{names.get(key[1:], '')}{title}"
            sources.append(Source(key, society, title, frozenset(able[key]), (key[1:],), left))
    return sources


def _organisation(one: Organisation, items: frozenset[str], left: int) -> Source:
    place = (one.longitude, one.latitude) if one.longitude is not None and one.latitude is not None else None
    return Source(
        f"o{one.pk}", Society.ORGANISATION, one.name, items, tuple(one.serves), left, organisation=one, place=place
    )


def _workers(organisations: Iterable[int], districts: Iterable[str], on: date) -> Iterable[Worker]:
    free = _inside(districts) & (Q(kind__in=HELPERS, organisation=None) | Q(kind=WorkerKind.SOCIAL_WORKER))
    rows = Worker.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)
    return rows.filter(free | Q(organisation_id__in=organisations)).prefetch_related("skills__skill").order_by("pk")


def _team_of(worker: Worker, organisations: Container[int]) -> str:
    """Return whose week the worker's is: the organisation's, or the street's volunteers' or social workers'."""
    if worker.kind in HELPERS and worker.organisation_id is None:
        return f"v{worker.area_code[:STREET]}"
    if worker.organisation_id is not None and worker.organisation_id in organisations:
        return f"o{worker.organisation_id}"
    return f"s{worker.area_code[:STREET]}" if worker.kind == WorkerKind.SOCIAL_WORKER else ""


def _busy(organisations: Iterable[int], districts: Iterable[str]) -> dict[str, int]:
    """Return the minutes a week that standing linkages already take of each source, wherever an organisation serves."""
    standing = Linkage.objects.filter(ended_at=None, need__state__in=_RUNNING)
    rows = standing.filter(_inside(districts) | Q(organisation_id__in=organisations))
    rows = rows.values_list("society", "organisation_id", "street_code").annotate(total=Sum("need__item__minutes"))
    busy: dict[str, int] = defaultdict(int)
    for society, organisation_id, street, total in rows:
        pool = {Society.VOLUNTEER: f"v{street}", Society.SOCIAL_WORKER: f"s{street}"}.get(society)
        key = f"o{organisation_id}" if organisation_id else pool
        if key:
            busy[key] += total or 0
    return busy


def _money(districts: Iterable[str]) -> list[Source]:
    """Return the budget lines of running projects with what is neither spent nor promised to a standing linkage.

    What a line is for is told by what it has paid for: its services are the categories of earlier linkages.
    """
    here = _inside(districts, path="project")
    for code in districts:
        here |= covering(code, path="project")
    lines = BudgetLine.objects.filter(here, project__state=ProjectState.RUNNING, account__balance__gt=0)
    promised = dict(
        Linkage.objects.filter(ended_at=None, need__state__in=_RUNNING, budget_line__in=lines)
        .values_list("budget_line_id")
        .annotate(total=Sum("need__item__price_fen"))
    )
    paid: dict[int, set[str]] = defaultdict(set)
    before = Linkage.objects.filter(budget_line__in=lines).values_list("budget_line_id", "need__item__category")
    for line_id, category in before.distinct():
        if line_id and category:
            paid[line_id].add(category)
    return [
        Source(
            f"m{line.pk}", "", f"{line.project.title} · {line.title}", frozenset(paid[line.pk]), (line.project.area_code,),
            max(0, line.account.balance - (promised.get(line.pk) or 0)), line=line,
            rank=max(0, (12 - len(line.project.area_code)) // 3),
        )
        for line in lines.select_related("project", "account").order_by("pk")
    ]  # fmt: skip


def _inside(districts: Iterable[str], *, path: str = "") -> Q:
    inside = Q(pk=None)
    for code in districts:
        inside |= within(code, path=path)
    return inside


def _meet(prefix: str, districts: Iterable[str]) -> bool:
    return any(prefix.startswith(code) or code.startswith(prefix) for code in districts)
