"""Read needs: the queue with its counts, one need, what its words suggest, and which needs it may repeat."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.counting import capped_counts
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import obtain, visible, within
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names
from wushe.registers.catalogue.models import Item
from wushe.registers.catalogue.selectors import items_on
from wushe.registers.people.finding import matching
from wushe.registers.people.models import Person

from .deadlines import due_after, triage_allowed
from .models import Channel, Need, NeedState, Urgency
from .triage.ranking import Suggestion, suggest
from .triage.reading import similarity

# The clock of a need runs until it is in service: from then on its order has deadlines of its own.
WAITING = (NeedState.RECORDED, NeedState.TRIAGED, NeedState.LINKED)
_SIMILAR = 0.5
_MOST_NAMESAKES = 200


@dataclass(frozen=True, slots=True)
class NeedFilter:
    """What a list of needs is narrowed to; an empty value leaves that side open."""

    state: str = ""
    channel: str = ""
    urgency: str = ""
    area_code: str = ""
    overdue: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class LikelyDuplicate:
    """A need that the new one may repeat, and why it seems so."""

    need: Need
    why: str


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A need as the queue shows it: where it is, until when it must be moved on, and whether that is past."""

    need: Need
    place: str
    due_at: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """Capped counts beside the filters: each side counted under all the other filters."""

    states: dict[str, int]
    overdue: int
    total: int
    channels: dict[str, int]
    urgencies: dict[str, int]
    areas: dict[str, int]

    @property
    def waiting(self) -> int:
        """Return how many wait for the desk."""
        return sum(self.states[state] for state in WAITING)


def time_for_triage(*, actor: Actor, at: datetime) -> timedelta:
    """Return within which time a recorded need must be triaged where the actor works."""
    return triage_allowed(area_code=actor.area_code, on=timezone.localdate(at))


def find_needs(
    *, actor: Actor, at: datetime, where: NeedFilter = NeedFilter(), allowed: timedelta | None = None
) -> QuerySet[Need]:
    """Return the actor's needs that match, newest first; raise NotAllowed without `needs:view`.

    `allowed` is the time for triage, where the caller knows it already; so in the functions below.
    """
    actor.require("needs:view")
    if where.overdue:
        allowed = allowed or time_for_triage(actor=actor, at=at)
    return _narrowed(actor, at, where, allowed or timedelta()).select_related("person", "item").order_by("-id")


def need_counts(
    *,
    actor: Actor,
    at: datetime,
    where: NeedFilter = NeedFilter(),
    areas: Iterable[str] = (),
    allowed: timedelta | None = None,
) -> QueueCounts:
    """Return the counts beside the filters, in one query; raise NotAllowed without `needs:view`."""
    actor.require("needs:view")
    allowed = allowed or time_for_triage(actor=actor, at=at)
    free = _narrowed(actor, at, replace(where, state="", overdue=False), allowed)
    parts = {"all": free, "overdue": free.filter(_overdue(at, allowed))}
    sides: dict[str, tuple[QuerySet[Need] | NeedFilter, list[tuple[str, Q]]]] = {
        "states": (free, [(value, Q(state=value)) for value in NeedState.values]),
        "channels": (replace(where, channel=""), [(value, Q(channel=value)) for value in Channel.values]),
        "urgencies": (replace(where, urgency=""), [(value, Q(urgency=value)) for value in Urgency.values]),
        "areas": (replace(where, area_code=""), [(code, within(code)) for code in areas]),
    }
    for side, (narrowed, values) in sides.items():
        needs = narrowed if isinstance(narrowed, QuerySet) else _narrowed(actor, at, narrowed, allowed)
        parts |= {f"{side} {value}": needs.filter(condition) for value, condition in values}
    counts = capped_counts(parts)
    by_side = {side: {value: counts[f"{side} {value}"] for value, _ in values} for side, (_, values) in sides.items()}
    return QueueCounts(overdue=counts["overdue"], total=counts["all"], **by_side)


def queue_rows(
    *,
    needs: Iterable[Need],
    actor: Actor,
    at: datetime,
    allowed: timedelta | None = None,
    places: Mapping[str, str] | None = None,
) -> list[QueueRow]:
    """Return needs as the queue shows them: a recorded one is due by the time allowed for triage.

    `places` names communities that the caller knows already; others are looked up.
    """
    needs = list(needs)
    if not needs:
        return []
    allowed = allowed or time_for_triage(actor=actor, at=at)
    unknown = {need.community_code for need in needs} - set(places or ())
    names = {**(places or {}), **(place_names(codes=unknown, from_level=Level.COMMUNITY) if unknown else {})}
    rows = []
    for need in needs:
        due = need.recorded_at + allowed if need.state == NeedState.RECORDED else need.due_at
        late = need.state in WAITING and due is not None and due < at
        rows.append(QueueRow(need, names.get(need.community_code, ""), due if need.state in WAITING else None, late))
    return rows


def most_pressing(*, actor: Actor, at: datetime, limit: int = 8) -> list[Need]:
    """Return the open needs that somebody must act on next: the overdue first, then those that fall due soonest."""
    actor.require("needs:view")
    waiting = visible(Need.objects.filter(state__in=WAITING), actor).select_related("person", "item")
    return list(waiting.order_by(F("due_at").asc(nulls_first=True), "recorded_at", "id")[:limit])


def need_of(*, actor: Actor, need_id: int) -> Need:
    """Return one need of the actor's scope; raise NotAllowed without `needs:view`, NotFound otherwise."""
    actor.require("needs:view")
    needs = Need.objects.select_related("person__household", "item", "package", "duplicate_of__item")
    return obtain(needs, actor, pk=need_id)


def needs_of_person(*, actor: Actor, person_id: int, limit: int = 50) -> list[Need]:
    """Return the needs of a person within the actor's scope, newest first."""
    actor.require("needs:view")
    needs = visible(Need.objects.filter(person_id=person_id), actor).select_related("item")
    return list(needs.order_by("-id").distinct()[:limit])


def own_needs(*, actor: Actor, limit: int = 50) -> list[Need]:
    """Return the needs of a resident and of those for whom they may act, newest first."""
    actor.require("needs:view")
    mine = visible(Need.objects.all(), actor).values("pk")
    return list(Need.objects.filter(pk__in=mine).select_related("item", "person").order_by("-id")[:limit])


def likely_duplicates(*, need: Need, at: datetime) -> list[LikelyDuplicate]:
    """Return earlier needs of the same person or address, within the preset days, that this one may repeat.

    The caller has seen the need within scope. A need counts as repeated by the same service or by similar words.
    """
    days = preset("needs.duplicate.window", area_code=need.area_code, on=timezone.localdate(at))
    earlier = (
        Need.objects.filter(_same_home(need.person), recorded_at__gte=need.recorded_at - timedelta(days=days))
        .filter(id__lt=need.pk, duplicate_of=None)
        .exclude(state__in=[NeedState.CLOSED, NeedState.REFERRED])
        .select_related("item", "person")
        .order_by("-id")
    )
    items = list(items_on(day=timezone.localdate(at)))
    pointed = suggest(need.words, items, most=2)
    found = [(other, _likeness(need, other, pointed, items)) for other in earlier]
    return [LikelyDuplicate(other, why) for other, why in found if why]


def due_times(*, need: Need, at: datetime) -> dict[str, datetime]:
    """Return for each urgency until when this need would have to be answered."""
    today = timezone.localdate(at)
    return {
        urgency: due_after(need.recorded_at, urgency=urgency, area_code=need.area_code, on=today)
        for urgency in Urgency.values
    }


def _same_home(person: Person) -> Q:
    """Match needs of a person, and of everybody who lives at the same address in the same household."""
    home = person.household
    if home is None:
        return Q(person_id=person.pk)
    return Q(person_id=person.pk) | Q(person__household_id=home.pk)


def _likeness(need: Need, other: Need, pointed: list[Suggestion], items: list[Item]) -> str:
    """Return in words why one need may repeat another, "" if nothing says so.

    Of a need that is not triaged yet, the service that its own words point to most is taken for its service.
    """
    who = "同一位居民" if other.person_id == need.person_id else f"同一地址（{other.person.name}）"
    if similarity(need.words, other.words) >= _SIMILAR:
        return f"{who}、说法相近"
    first = suggest(other.words, items, most=1)
    item = other.item or (first[0].item if first else None)
    if item and (item.pk == need.item_id or item.code in {s.item.code for s in pointed}):
        return f"{who}、{'同一项服务' if other.item else '像是同一件事'}（{item.name}）"
    return ""


def _overdue(at: datetime, allowed: timedelta) -> Q:
    """Match needs past their time: triaged ones by their own, recorded ones by the time allowed for triage."""
    return Q(state__in=WAITING, due_at__lt=at) | Q(state=NeedState.RECORDED, recorded_at__lt=at - allowed)


def _narrowed(actor: Actor, at: datetime, where: NeedFilter, allowed: timedelta) -> QuerySet[Need]:
    needs = visible(Need.objects.all(), actor)
    if where.area_code:
        needs = needs.filter(within(where.area_code))
    if where.state:
        needs = needs.filter(state=where.state)
    if where.channel:
        needs = needs.filter(channel=where.channel)
    if where.urgency:
        needs = needs.filter(urgency=where.urgency)
    if where.overdue:
        needs = needs.filter(_overdue(at, allowed))
    return needs.filter(_matches(actor, where.text)) if where.text.strip() else needs


def _matches(actor: Actor, text: str) -> Q:
    """Match a need's number, its person, or words within it; four digits may be a number or end a telephone."""
    numbered, words = text.strip().startswith("#"), text.strip().lstrip("#")
    number = Q(pk=int(words)) if words.isdecimal() and len(words) < 11 else Q()
    if number and (numbered or len(words) != 4):
        return number
    people = visible(Person.objects.filter(matching(words) or Q(pk=None)), actor).values_list("pk", flat=True)
    return number | Q(person_id__in=list(people[:_MOST_NAMESAKES])) | Q(words__contains=words)
