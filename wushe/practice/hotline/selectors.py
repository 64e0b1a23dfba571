"""Read hotline orders: the list with its counts, what is overdue and whose, the three rates, what comes again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from wushe.chain.needs.triage.reading import similarity
from wushe.foundation.actor import Actor
from wushe.foundation.counting import capped_counts
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import obtain, visible, within

from .formulas import WHOLE, Case, Rates, adjusted_rates, raw_rates
from .models import OPEN, HotlineOrder, Kind, MonthlyTopic, OrderState, Satisfaction, Topic

_SIMILAR = 0.4
_MOST_COMPARED = 200


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What the list is narrowed to; an empty value leaves that side open."""

    state: str = ""
    kind: str = ""
    topic: str = ""
    area_code: str = ""
    overdue: bool = False
    unsolved: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class OrderCounts:
    """Capped counts beside the filters: each side counted under all the other filters."""

    states: dict[str, int]
    kinds: dict[str, int]
    topics: dict[str, int]
    overdue: int
    total: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """An earlier order that this one may repeat, and why it seems so."""

    order: HotlineOrder
    why: str


@dataclass(frozen=True, slots=True)
class RateRow:
    """The three rates of one place over a period, raw and adjusted, with the score of each."""

    area_code: str
    orders: int
    excluded: int
    raw: Rates
    adjusted: Rates
    raw_score: float | None
    adjusted_score: float | None


@dataclass(frozen=True, slots=True)
class Repeated:
    """A class of problem that was called in again and again in one place."""

    area_code: str
    topic: str
    orders: int
    first_at: datetime
    lifted: MonthlyTopic | None

    @property
    def title(self) -> str:
        """Return what it is about."""
        return str(Topic(self.topic).label)


def find_orders(*, actor: Actor, at: datetime, where: OrderFilter = OrderFilter()) -> QuerySet[HotlineOrder]:
    """Return the actor's orders that match, newest first; raise NotAllowed without `hotline:view`."""
    actor.require("hotline:view")
    return _narrowed(actor, at, where).select_related("call").order_by("-id")


def order_counts(*, actor: Actor, at: datetime, where: OrderFilter = OrderFilter()) -> OrderCounts:
    """Return the counts beside the filters, in one query; raise NotAllowed without `hotline:view`."""
    actor.require("hotline:view")
    free = _narrowed(actor, at, replace(where, state="", overdue=False))
    kinds, topics = (_narrowed(actor, at, one) for one in (replace(where, kind=""), replace(where, topic="")))
    parts = {"all": free, "overdue": free.filter(overdue(at))}
    parts |= {f"states {value}": free.filter(state=value) for value in OrderState.values}
    parts |= {f"kinds {value}": kinds.filter(kind=value) for value in Kind.values}
    parts |= {f"topics {value}": topics.filter(topic=value) for value in Topic.values}
    counts = capped_counts(parts)

    def side(name: str, values: Sequence[str]) -> dict[str, int]:
        return {value: counts[f"{name} {value}"] for value in values}

    return OrderCounts(
        states=side("states", OrderState.values), kinds=side("kinds", Kind.values), topics=side("topics", Topic.values),
        overdue=counts["overdue"], total=counts["all"],
    )  # fmt: skip


def order_of(*, actor: Actor, order_id: int) -> HotlineOrder:
    """Return one order of the actor's scope with its call; raise NotAllowed, NotFound."""
    actor.require("hotline:view")
    return obtain(
        HotlineOrder.objects.select_related("call", "person", "repeat_of", "monthly_topic"), actor, pk=order_id
    )


def overdue(at: datetime) -> Q:
    """Match open orders past their limit, and those whose caller nobody has called in time."""
    late = Q(due_at__lt=at) | Q(contacted_at=None, contact_due_at__lt=at)
    return Q(state__in=OPEN) & late


def overdue_orders(*, actor: Actor, at: datetime) -> QuerySet[HotlineOrder]:
    """Return what is overdue, by the name that stands on it and the oldest first; needs `hotline:view`."""
    actor.require("hotline:view")
    return visible(HotlineOrder.objects.filter(overdue(at)), actor).order_by("owner_name", "due_at", "pk")


def likely_repeats(*, order: HotlineOrder, at: datetime) -> list[Repeat]:
    """Return earlier orders of the preset days that this one may repeat: the same telephone, or the same words nearby."""
    days = preset("complaints.repeat.window", area_code=order.area_code, on=timezone.localdate(at))
    earlier = HotlineOrder.objects.filter(
        pk__lt=order.pk, repeat_of=None, received_at__gte=order.received_at - timedelta(days=days),
        community_code=order.area_code[:12],
    ).order_by("-pk")[:_MOST_COMPARED]  # fmt: skip
    found = []
    for other in earlier:
        same_caller = bool(order.caller_index) and other.caller_index == order.caller_index
        if same_caller and other.topic == order.topic:
            found.append(Repeat(other, "同一电话、同一类问题"))
        elif similarity(other.words, order.words) >= _SIMILAR:
            found.append(Repeat(other, "同一电话、说法相近" if same_caller else "同一社区、说法相近"))
    return found


def rates(*, actor: Actor, first: date, last: date, level: int) -> list[RateRow]:
    """Return the three rates of orders received in a period, by the places of a level; needs `hotline:view`.

    Orders that repeat another or belong elsewhere do not count at all; places without orders are not listed.
    """
    actor.require("hotline:view")
    orders = visible(HotlineOrder.objects.all(), actor).filter(
        received_at__date__gte=first, received_at__date__lte=last
    ).exclude(state__in=[OrderState.TOLD, OrderState.REDIRECTED]).select_related("call")  # fmt: skip
    cases: dict[str, list[Case]] = {}
    for order in orders:
        cases.setdefault(order.area_code[:level], []).append(_case(order, last))
    return [_row(code, rows, last) for code, rows in sorted(cases.items())]


def repeated_problems(*, actor: Actor, at: datetime) -> list[Repeated]:
    """Return the classes that were called in at least the preset number of times in a community, the most first."""
    actor.require("hotline:view")
    today = timezone.localdate(at)
    least = preset("complaints.topic.least", area_code=actor.area_code, on=today)
    since = at - timedelta(days=preset("complaints.repeat.window", area_code=actor.area_code, on=today))
    groups = (
        visible(HotlineOrder.objects.filter(received_at__gte=since), actor)
        .values("community_code", "topic")
        .annotate(orders=Count("pk"), first=Min("received_at"))
        .filter(orders__gte=least)
        .order_by("-orders", "community_code", "topic")
    )
    month = today.replace(day=1)
    lifted = {(one.area_code, one.topic): one for one in visible(MonthlyTopic.objects.filter(month=month), actor)}
    return [
        Repeated(
            g["community_code"], g["topic"], g["orders"], g["first"], lifted.get((g["community_code"], g["topic"]))
        )
        for g in groups
    ]


def repeated_orders(*, area_code: str, topic: str, at: datetime) -> QuerySet[HotlineOrder]:
    """Return the orders of a class in a place in the preset days before a moment."""
    days = preset("complaints.repeat.window", area_code=area_code, on=timezone.localdate(at))
    return HotlineOrder.objects.filter(within(area_code), topic=topic, received_at__gte=at - timedelta(days=days))


def monthly_topics(*, actor: Actor) -> QuerySet[MonthlyTopic]:
    """Return the topics of the months, newest first, with how many orders stand behind each."""
    actor.require("hotline:view")
    return visible(MonthlyTopic.objects.all(), actor).annotate(count=Count("orders")).order_by("-month", "pk")


def _narrowed(actor: Actor, at: datetime, where: OrderFilter) -> QuerySet[HotlineOrder]:
    orders = visible(HotlineOrder.objects.all(), actor)
    if where.area_code:
        orders = orders.filter(within(where.area_code))
    for name in ("state", "kind", "topic"):
        if value := getattr(where, name):
            orders = orders.filter(**{name: value})
    if where.overdue:
        orders = orders.filter(overdue(at))
    if where.unsolved:
        orders = orders.filter(call__solved=False)
    return orders.filter(_matches(where.text)) if where.text else orders


def _matches(text: str) -> Q:
    words = text.strip().lstrip("#")
    found = (
        Q(number=words) | Q(words__contains=words) | Q(place__contains=words)
        | Q(owner_name__contains=words) | Q(unit__contains=words)
    )  # fmt: skip
    return found | Q(pk=int(words)) if words.isascii() and words.isdigit() and len(words) < 19 else found


def _case(order: HotlineOrder, on: date) -> Case:
    call = getattr(order, "call", None)
    in_time = order.contacted_at is not None and order.contacted_at <= order.contact_due_at
    return Case(
        excluded=bool(order.exclusion), in_time=in_time, called=call is not None,
        reached=bool(call and call.reached), solved=bool(call and call.solved),
        satisfied=_satisfied(call.satisfaction if call else "", order.area_code, on),
    )  # fmt: skip


def _satisfied(word: str, area_code: str, on: date) -> float:
    if word == Satisfaction.BASICALLY:
        return float(preset("complaints.satisfied.basic", area_code=area_code, on=on)) / WHOLE
    return 1.0 if word == Satisfaction.SATISFIED else 0.0


def _row(code: str, cases: list[Case], on: date) -> RateRow:
    raw, adjusted = raw_rates(cases), adjusted_rates(cases)
    weights = preset("complaints.score.weights", area_code=code, on=on)
    return RateRow(
        code,
        len(cases),
        sum(case.excluded for case in cases),
        raw,
        adjusted,
        raw.score(weights),
        adjusted.score(weights),
    )
