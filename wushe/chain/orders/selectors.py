"""Read orders: the pool, lists with counts, one order with its offers, and who may take an order at a place."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, DateTimeField, F, Prefetch, Q, QuerySet
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.counting import CountsQuery, capped_counts, compiled_counts, read_counts
from wushe.foundation.prepared import Prepared, Slot
from wushe.foundation.scope import obtain, visible, with_slots, within
from wushe.registers.organisations.models import Organisation
from wushe.registers.organisations.selectors import takers_at
from wushe.registers.people.models import Person
from wushe.registers.workforce.models import Worker

from .models import RUNNING, Answer, Offer, Order, OrderState

MOST_NAMESAKES = 200
_LIST = ("item", "person", "organisation")
_LINE = (
    "pk", "state", "area_code", "item__name", "person__name", "organisation__name",
    "returns", "visits_done", "visits_ordered", "leg_due_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What a list of orders is narrowed to; an empty value leaves that side open."""

    state: str = ""
    area_code: str = ""
    organisation_id: int | None = None
    category: str = ""
    urgency: str = ""
    overdue: bool = False
    text: str = ""


def find_orders(*, actor: Actor, at: datetime, where: OrderFilter = OrderFilter()) -> QuerySet[Order]:
    """Return the actor's orders that match, newest first; raise NotAllowed without `orders:view`."""
    actor.require("orders:view")
    orders = _narrowed(visible(Order.objects.all(), actor), at, where)
    if where.state:
        orders = orders.filter(state=where.state)
    return orders.select_related(*_LIST).order_by("-id")


def order_lines(*, actor: Actor, at: datetime, where: OrderFilter = OrderFilter()) -> QuerySet[Order, Any]:
    """Return what a list shows of the actor's orders that match, as named tuples; else as `find_orders`."""
    return find_orders(actor=actor, at=at, where=where).values_list(*_LINE, named=True)


def newest_lines(*, actor: Actor, at: datetime, where: OrderFilter, most: int) -> list[Any]:
    """Return the first of `order_lines`; the list as it opens, narrowed by a state at most, is built once."""
    actor.require("orders:view")
    slots = with_slots(actor) if where == OrderFilter(state=where.state) else None
    if slots is None:
        return list(order_lines(actor=actor, at=at, where=where)[:most])
    kind, slotted, values = slots
    key = (kind, bool(where.state), most)
    if (query := _NEWEST.get(key)) is None:
        asked = OrderFilter(state=Slot("state", CharField())) if where.state else where  # type: ignore[arg-type]
        query = _NEWEST[key] = Prepared(lambda: order_lines(actor=slotted, at=at, where=asked)[:most])
    return query.rows(**values, state=where.state)


_NEWEST: dict[Hashable, Prepared[Any]] = {}


def order_counts(*, actor: Actor, at: datetime, where: OrderFilter = OrderFilter()) -> dict[str, int]:
    """Return capped counts by state and of overdue ones ("overdue") under the other filters, in one query."""
    actor.require("orders:view")
    slots = with_slots(actor) if where == OrderFilter(state=where.state) else None
    if slots is None:
        return capped_counts(_counted(actor, at, where))
    # The list as it opens, without other filters, is asked for by far the most: its query is built once.
    kind, slotted, values = slots
    if (query := _COUNTS.get(kind)) is None:
        query = _COUNTS[kind] = compiled_counts(_counted(slotted, Slot("at", DateTimeField()), OrderFilter()))
    return read_counts(query, {**values, "at": at})


_COUNTS: dict[Hashable, CountsQuery] = {}


def _counted(actor: Actor, at: datetime | Slot, where: OrderFilter) -> dict[str, QuerySet[Order]]:
    orders = _narrowed(visible(Order.objects.all(), actor), at, where)
    parts = {state: orders.filter(state=state) for state in OrderState.values}
    return {**parts, "overdue": orders.filter(_overdue(at))}


def overdue_orders(*, actor: Actor, at: datetime) -> QuerySet[Order]:
    """Return orders whose present leg has run out of time, the longest overdue first."""
    actor.require("orders:view")
    return visible(Order.objects.filter(_overdue(at)), actor).select_related(*_LIST).order_by("leg_due_at", "id")


def pool(*, actor: Actor) -> QuerySet[Order]:
    """Return the orders without a taker, the first to fall due first, each with its last offers."""
    actor.require("orders:view")
    placed = visible(Order.objects.filter(state=OrderState.PLACED), actor)
    offers = Prefetch("offers", Offer.objects.select_related("organisation").order_by("-round", "id"))
    return (
        placed.select_related("item", "person")
        .prefetch_related(offers)
        .order_by(F("leg_due_at").asc(nulls_last=True), "id")
    )


def open_order(*, actor: Actor, order_id: int) -> Order:
    """Return one order with the offers that the actor may see; raise NotFound outside the actor's scope.

    An organisation sees an order that is its own, or that was offered to it, and of the offers its own.
    """
    actor.require("orders:view")
    mine = visible(Offer.objects.select_related("organisation"), actor)
    offers = Prefetch("offers", mine.order_by("round", "id"))
    orders = Order.objects.select_related("need", "budget_line", *_LIST).prefetch_related(offers)
    if (
        actor.organisation_id
        and Offer.objects.filter(order_id=order_id, organisation_id=actor.organisation_id).exists()
    ):
        return orders.get(pk=order_id)
    return obtain(orders, actor, pk=order_id)


def inbox(*, actor: Actor) -> QuerySet[Offer]:
    """Return the offers that wait for the organisation's answer, the first to run out first."""
    actor.require("orders:view")
    offers = visible(Offer.objects.filter(answer=Answer.OPEN), actor)
    return offers.select_related("order__item", "order__person").order_by("due_at", "id")


def answered_offers(*, actor: Actor) -> QuerySet[Offer]:
    """Return the offers that the organisation has answered or lost, newest first."""
    actor.require("orders:view")
    offers = visible(Offer.objects.exclude(answer=Answer.OPEN), actor)
    return offers.select_related("order__item", "order__person").order_by("-id")


@dataclass(frozen=True, slots=True)
class Taker:
    """An organisation that could take an order, with what speaks for and against it."""

    organisation: Organisation
    workers: int
    free_minutes: int
    running: int
    sent: int
    refused: int
    offered_before: bool

    @property
    def refusal_percent(self) -> int:
        """Return the share of offers refused or left unanswered in the last weeks."""
        return round(100 * self.refused / self.sent) if self.sent else 0


def suggest_takers(*, actor: Actor, at: datetime, order_id: int) -> list[Taker]:
    """Return who could take the order, those with free capacity and few refusals first.

    Raises NotFound outside the actor's area. Capacity is the weekly time of workers with the skills that the item
    asks for, less the minutes that accepted orders take.
    """
    order = obtain(Order.objects.select_related("item"), actor, pk=order_id)
    day = timezone.localdate(at)
    candidates = takers_at(area_code=order.area_code, on=day)
    ids = [one.pk for one in candidates]
    capacity = _capacity(ids, order, day)
    running = dict(
        Order.objects.filter(organisation_id__in=ids, state=OrderState.ACCEPTED)
        .values_list("organisation_id")
        .annotate(count=Count("pk"))
    )
    answers = _answers(ids, at)
    before = set(Offer.objects.filter(order=order).values_list("organisation_id", flat=True))
    takers = [
        Taker(
            one, *capacity.get(one.pk, (0, 0)), running.get(one.pk, 0), *answers.get(one.pk, (0, 0)), one.pk in before
        )
        for one in candidates
    ]
    return sorted(
        takers,
        key=lambda t: (t.workers == 0, t.offered_before, t.free_minutes <= 0, t.refusal_percent, -t.free_minutes),
    )


def _capacity(organisation_ids: list[int], order: Order, day: date) -> dict[int, tuple[int, int]]:
    """Return for each organisation its workers with all skills of the item, and their free minutes a week."""
    workers = Worker.objects.filter(organisation_id__in=organisation_ids, starts_on__lte=day)
    workers = workers.filter(Q(ends_on=None) | Q(ends_on__gte=day)).prefetch_related("skills__skill")
    asked, performers = set(order.item.skills), order.item.performers
    able: dict[int, list[Worker]] = {}
    for worker in workers:
        valid = {one.skill.code for one in worker.skills.all() if one.valid_until is None or one.valid_until >= day}
        if asked <= valid and worker.organisation_id and (not performers or worker.kind in performers):
            able.setdefault(worker.organisation_id, []).append(worker)
    busy: dict[int, int] = {}
    for organisation_id, minutes, rhythm in Order.objects.filter(
        organisation_id__in=organisation_ids, state=OrderState.ACCEPTED
    ).values_list("organisation_id", "minutes", "weekdays"):
        busy[organisation_id] = busy.get(organisation_id, 0) + minutes * max(1, len(rhythm))
    return {pk: (len(some), sum(one.week_cap_minutes for one in some) - busy.get(pk, 0)) for pk, some in able.items()}


def _answers(organisation_ids: list[int], at: datetime) -> dict[int, tuple[int, int]]:
    """Return for each organisation the offers sent in the last four weeks and those refused or left unanswered."""
    recent = Offer.objects.filter(organisation_id__in=organisation_ids, sent_at__gte=at - timedelta(weeks=4))
    bad = Count("pk", filter=Q(answer__in=[Answer.REFUSED, Answer.EXPIRED]))
    rows = recent.values("organisation_id").annotate(sent=Count("pk"), bad=bad)
    return {row["organisation_id"]: (row["sent"], row["bad"]) for row in rows}


def _overdue(at: datetime | Slot) -> Q:
    return Q(state__in=RUNNING, leg_due_at__lt=at)


def _narrowed(orders: QuerySet[Order], at: datetime | Slot, where: OrderFilter) -> QuerySet[Order]:
    """Apply every filter but the state."""
    if where.area_code:
        orders = orders.filter(within(where.area_code))
    if where.organisation_id:
        orders = orders.filter(organisation_id=where.organisation_id)
    if where.category:
        orders = orders.filter(item__category=where.category)
    if where.urgency:
        orders = orders.filter(urgency=where.urgency)
    if where.overdue:
        orders = orders.filter(_overdue(at))
    return orders.filter(_matches(where.text.strip())) if where.text.strip() else orders


def _matches(text: str) -> Q:
    """Match an order number, a name, or the initials of a name."""
    if text.isdigit():
        return Q(pk=int(text[:18]))
    names = Q(name__startswith=text)
    if text.isascii() and text.isalpha():
        names = Q(initials__startswith=text.lower())
    return Q(person_id__in=list(Person.objects.filter(names).values_list("pk", flat=True)[:MOST_NAMESAKES]))
