"""The rhythm of an order: which days its visits fall on, and the appointments that are opened for them.

With weekdays given, one visit falls on each of them from the start on; without, one a week on the weekday of the
start. Nothing is opened in the past: an order accepted late begins on the day of its acceptance, and the rhythm goes
on from the last appointment. A service by two people is two appointments that name each other.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Max, QuerySet
from django.utils import timezone

from wushe.chain.orders.models import Order, OrderState
from wushe.foundation.actor import Actor
from wushe.foundation.journal.services import Act, record_all
from wushe.foundation.scope import within

from .models import Appointment

WEEK = timedelta(days=7)


def visit_days(*, order: Order, after: date | None, earliest: date) -> Iterator[date]:
    """Yield the days of the coming visits without end: after the last one, and not before `earliest`."""
    if order.weekdays:
        day = max(order.starts_on, earliest, *([after + timedelta(days=1)] if after else []))
        while True:
            if str(day.isoweekday()) in order.weekdays:
                yield day
            day += timedelta(days=1)
    day = after + WEEK if after else max(order.starts_on, earliest)
    while day < earliest:
        day += WEEK
    while True:
        yield day
        day += WEEK


def open_due(*, orders: QuerySet[Order], actor: Actor, at: datetime, until: date) -> int:
    """Open the appointments of accepted orders that are due up to a day; return how many. Inside a transaction."""
    # Held first, so that two who plan at once open each appointment once.
    running = orders.filter(state=OrderState.ACCEPTED, starts_on__lte=until).order_by("pk")
    waiting = list(running.select_for_update())
    last = _last_of(running)
    fresh: list[Appointment] = []
    for order in waiting:
        assert order.accepted_at is not None, "an accepted order knows when"
        earliest = max(timezone.localdate(at), timezone.localdate(order.accepted_at))
        number, day = last.get(order.pk, (0, None))
        for number_, day_ in zip(
            range(number + 1, order.visits_ordered + 1),
            visit_days(order=order, after=day, earliest=earliest),
            strict=False,
        ):
            if day_ > until:
                break
            fresh += _seats(order, number_, day_)
    _insert(fresh, actor=actor, at=at)
    return len(fresh)


def due_in(area_code: str) -> QuerySet[Order]:
    """Return the accepted orders of an area."""
    return Order.objects.filter(within(area_code), state=OrderState.ACCEPTED)


def _last_of(orders: QuerySet[Order]) -> dict[int, tuple[int, date]]:
    rows = Appointment.objects.filter(order__in=orders.order_by().values("pk")).values("order_id")
    return {row["order_id"]: (row["number"], row["day"]) for row in rows.annotate(number=Max("number"), day=Max("day"))}


def _seats(order: Order, number: int, day: date) -> list[Appointment]:
    return [
        Appointment(
            order=order,
            number=number,
            seat=seat,
            day=day,
            window_start=order.window_start,
            window_end=order.window_end,
            minutes=order.minutes,
            area_code=order.area_code,
        )
        for seat in ((1, 2) if order.two_people else (1,))
    ]


def _insert(fresh: list[Appointment], *, actor: Actor, at: datetime) -> None:
    if not fresh:
        return
    Appointment.objects.bulk_create(fresh)
    seats = [one for one in fresh if one.order.two_people]
    for first, second in zip(seats[::2], seats[1::2], strict=True):
        first.pair, second.pair = second, first
    Appointment.objects.bulk_update(seats, ["pair"])
    record_all(
        Act(
            "appointment.open",
            "appointment",
            one.pk,
            one.area_code,
            actor,
            at,
            {"order": one.order_id, "day": str(one.day)},
        )
        for one in fresh
    )
