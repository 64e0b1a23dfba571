"""The fair rule: who gets how much of what is scarce, in which order and why, with a reason for each yes and no.

One household, one share. Who has not had the same article lately comes first, then who has more points by the
categories of their members, then who is older. What expires first goes out first. The same day and the same people
give the same list; what was shown is what is confirmed.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.utils import timezone

from wushe.chain.needs.models import Need, NeedState
from wushe.chain.resources.models import Society
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import covers, obtain, within
from wushe.ledgers.services import hold_accounts
from wushe.registers.people.models import Person, Tag

from .handing import promise
from .models import Distribution, Handout, Shelf
from .shelves import usable
from .states import HandoutState

MOST_HOUSEHOLDS = 300
_OPEN_NEEDS = (NeedState.TRIAGED, NeedState.LINKED)


class ListChanged(Conflict):
    """Between looking and confirming something changed: stock, categories, or somebody got their share."""

    message = "您看过名单以后，库存或居民情况有了变化，请核对新的名单再确认。"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be given to whom: from a card, to which categories of residents of a place, how much for each."""

    shelf: Shelf
    area_code: str
    categories: tuple[str, ...]
    with_needs: bool
    each: int
    on: date


@dataclass(slots=True)
class Household:
    """One household in the line: who takes the share, its points with their grounds, and what it is given."""

    recipient: Person
    points: int = 0
    grounds: list[str] = field(default_factory=list)
    need_id: int | None = None
    last_had: date | None = None
    recent: bool = False
    rank: int = 0
    quantity: int = 0
    batches: list[str] = field(default_factory=list)

    @property
    def why(self) -> str:
        """Return the reason in words: grounds, points, when last, and what came of it."""
        had = f"上次领过是{self.last_had:%Y年%-m月%-d日}" if self.last_had else "没有领过这种物资"
        after = "，排在近期没领过的后面" if self.recent else ""
        gets = f"从{'、'.join(self.batches)}发放" if self.quantity else "排到时已经发完"
        return f"{'、'.join(self.grounds)}，共{self.points}分；{had}{after}；第{self.rank}位，{gets}。"


def rule_in_words(plan: Plan) -> str:
    """Return the rule as it is stated to everybody."""
    days = preset("goods.again.days", area_code=plan.area_code, on=plan.on)
    points = preset("goods.points", area_code=plan.area_code, on=plan.on)
    need = f"，有待满足的需求加{points['need']}分" if plan.with_needs else ""
    return (
        f"每户一份，每份{plan.each}{plan.shelf.article.unit}；{days}天内没有领过同样物资的户在前；"
        f"再按困难类别的分数从高到低{need}；分数相同的，年长者在前。先到期的先发，过期的不发。"
    )


def in_line(plan: Plan, actor: Actor) -> list[Household]:
    """Return the households in the order of the rule, each with what it is given; raise Invalid for a senseless plan."""
    _check(plan, actor)
    line = sorted(_households(plan), key=_order)
    free: list[tuple[int, str]] = [(share.left, share.lot.batch.number) for share in usable(plan.shelf, on=plan.on)]
    for rank, household in enumerate(line, 1):
        household.rank = rank
        if sum(left for left, _ in free) < plan.each:
            continue
        household.quantity, wanted = plan.each, plan.each
        while wanted:
            left, number = free.pop(0)
            taken = min(left, wanted)
            household.batches.append(number)
            wanted -= taken
            if left > taken:
                free.insert(0, (left - taken, number))
    return line


def digest_of(line: Sequence[Household]) -> str:
    """Return what a list says as one word, so that exactly this list is confirmed."""
    said = "\n".join(f"{one.recipient.pk}|{one.quantity}|{one.why}" for one in line)
    return sha256(said.encode()).hexdigest()[:32]


@domain_call("goods:allocate")
def allocate(
    *, actor: Actor, at: datetime, shelf_id: int, area_code: str, categories: Sequence[str], with_needs: bool,
    each: int, title: str, seen: str, client_key: str = "",
) -> Distribution:  # fmt: skip
    """Promise each household on the list its share, exactly as it was shown; once for a client key.

    Raises NotFound, Invalid, ListChanged if the list is another by now, Conflict if nobody would get anything.
    """
    if not 2 <= len(title.strip()) <= 60:
        raise Invalid(fields={"title": "请给这次发放起个名字（2到60个字）。"})
    shelf = shelf_for(actor, shelf_id)
    plan = Plan(shelf, area_code, tuple(categories), with_needs, each, timezone.localdate(at))

    def effect() -> dict[str, Any]:
        # Nobody else takes from this card between the list and its promises.
        hold_accounts([shelf.stock_id, shelf.held_id])
        line = in_line(plan, actor)
        if digest_of(line) != seen:
            raise ListChanged
        return {"distribution": _promise_all(plan, line, title.strip(), actor=actor, at=at).pk}

    body = {"shelf": shelf.pk, "seen": seen, "each": each}
    answer = once(actor=actor, at=at, key=client_key, call="goods.allocate", body=body, effect=effect)
    return Distribution.objects.get(pk=answer["distribution"])


def _promise_all(plan: Plan, line: Sequence[Household], title: str, *, actor: Actor, at: datetime) -> Distribution:
    given = [one for one in line if one.quantity]
    if not given:
        raise Conflict("库存不够一份，没有可以发放的。")
    distribution = Distribution.objects.create(
        shelf=plan.shelf, area_code=plan.shelf.area_code, title=title, rule=rule_in_words(plan), each=plan.each,
        passed_over=len(line) - len(given), made_at=at, made_by=actor.user_id,
    )  # fmt: skip
    record(kind="goods_distribution.make", subject=distribution, actor=actor, at=at, data={"households": len(given)})
    for one in given:
        promise(
            actor=actor, at=at, shelf=plan.shelf, recipient=one.recipient, quantity=one.quantity, why=one.why,
            distribution=distribution, need_id=one.need_id, rank=one.rank,
        )  # fmt: skip
    return distribution


def shelf_for(actor: Actor, shelf_id: int) -> Shelf:
    """Return a stock card of the actor's scope; raise NotFound."""
    return obtain(Shelf.objects.select_related("article", "facility", "stock"), actor, pk=shelf_id)


def _check(plan: Plan, actor: Actor) -> None:
    known = set(preset("goods.points", area_code=plan.shelf.area_code, on=plan.on)) - {"need"}
    checks = {
        "area_code": (covers(actor, plan.area_code), "请选择本辖区内的地方。"),
        "categories": (
            (bool(plan.categories) or plan.with_needs) and set(plan.categories) <= known, "请选择发给哪些居民。",
        ),
        "each": (1 <= plan.each <= 1000, "每户数量应在1到1000之间。"),
    }  # fmt: skip
    if faults := {field: words for field, (right, words) in checks.items() if not right}:
        raise Invalid(fields=faults)


def _order(one: Household) -> tuple[Any, ...]:
    return (one.recent, -one.points, one.recipient.born_on, one.recipient.pk)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of the residents who come into question, by their numbers."""

    points: dict[str, int]
    grounds: dict[int, dict[str, str]]
    needs: dict[int, int]
    had: dict[int, date]
    recent_since: date

    def own_points(self, person: Person) -> int:
        """Return the points of one person alone."""
        return sum(self.points[code] for code in self.grounds.get(person.pk, {}))


def _households(plan: Plan) -> list[Household]:
    """Return the households that the plan means; raise Invalid for more than can be looked through."""
    grounds = _grounds(plan)
    needs = _needs(plan) if plan.with_needs else {}
    people = Person.objects.in_bulk([*{*grounds, *needs}])
    homes: dict[Any, list[Person]] = defaultdict(list)
    for person in people.values():
        homes[_home_of(person)].append(person)
    if len(homes) > MOST_HOUSEHOLDS:
        raise Invalid(fields={"categories": f"一共{len(homes)}户，一次最多{MOST_HOUSEHOLDS}户，请缩小地区或类别。"})
    facts = _Facts(
        points=preset("goods.points", area_code=plan.area_code, on=plan.on), grounds=grounds, needs=needs,
        had=_had(plan, people),
        recent_since=plan.on - timedelta(days=preset("goods.again.days", area_code=plan.area_code, on=plan.on)),
    )  # fmt: skip
    return [_household(members, facts) for members in homes.values()]


def _home_of(person: Person) -> Any:
    return person.household_id or f"alone:{person.pk}"


def _household(members: list[Person], facts: _Facts) -> Household:
    """Return one household: each category counts once, the member with the most points takes the share."""
    counted: dict[str, str] = {}
    for person in members:
        counted |= facts.grounds.get(person.pk, {})
    points = facts.points
    codes = sorted(counted, key=lambda code: (-points[code], code))
    grounds = [f"{counted[code]}{points[code]}分" for code in codes]
    need_id = next((facts.needs[person.pk] for person in members if person.pk in facts.needs), None)
    if need_id:
        codes, grounds = [*codes, "need"], [*grounds, f"有待满足的需求{points['need']}分"]
    last = max((facts.had[person.pk] for person in members if person.pk in facts.had), default=None)
    return Household(
        recipient=min(members, key=lambda one: (-facts.own_points(one), one.born_on, one.pk)),
        points=sum(points[code] for code in codes), grounds=grounds, need_id=need_id, last_had=last,
        recent=last is not None and last > facts.recent_since,
    )  # fmt: skip


def _grounds(plan: Plan) -> dict[int, dict[str, str]]:
    """Return for each resident of the place the chosen categories that they have today, by code with their title."""
    tags = Tag.objects.filter(
        within(plan.area_code, path="person"), kind__code__in=plan.categories, starts_on__lte=plan.on, ends_on=None,
        person__died_on=None, person__moved_out_on=None, person__merged_into=None,
    )  # fmt: skip
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for person_id, code, title in tags.values_list("person_id", "kind__code", "kind__title"):
        found[person_id][code] = title
    return found


def _needs(plan: Plan) -> dict[int, int]:
    """Return for each resident of the place an open need that charity is to meet."""
    rows = Need.objects.filter(
        within(plan.area_code), state__in=_OPEN_NEEDS, linkages__society=Society.CHARITY, linkages__ended_at=None,
        person__died_on=None, person__moved_out_on=None,
    )  # fmt: skip
    return dict(rows.order_by("-pk").values_list("person_id", "pk"))


def _had(plan: Plan, people: dict[int, Person]) -> dict[int, date]:
    """Return when each of them, or a member of their household, was last given the same article, at any place."""
    homes = {person.household_id for person in people.values() if person.household_id}
    mates = Person.objects.filter(household__in=homes) | Person.objects.filter(pk__in=people)
    home_of = {mate.pk: _home_of(mate) for mate in mates}
    rows = Handout.objects.filter(shelf__article=plan.shelf.article_id, recipient__in=home_of)
    last: dict[Any, date] = {}
    for person_id, at in rows.exclude(state=HandoutState.WITHDRAWN).values_list("recipient_id", "promised_at"):
        home = home_of[person_id]
        last[home] = max(last.get(home, date.min), timezone.localdate(at))
    return {pk: last[home_of[pk]] for pk in people if home_of[pk] in last}
