"""The weekly rhythm: a recurring visit keeps its carer and its time where it can.

Its turn before is the visit of the same order on the same weekday, a week ago or two; where there is none, the last
one within the two weeks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from .models import Appointment, AppointmentState

REACH = timedelta(days=14)
_TAKEN = [AppointmentState.CONFIRMED, AppointmentState.KEPT]


@dataclass(frozen=True, slots=True)
class Turn:
    """Who came the last time, and at which minute of which day."""

    worker_id: int
    start: int
    day: date


def is_kept(before: tuple[int, int], now: tuple[int, int] | None, *, tolerance: int) -> bool:
    """Say whether the same worker comes at about the same time: (worker, start) then and now.

    A habit is planned no earlier than it was, or the time would creep ahead from week to week; so it may slip twice
    as far the other way.
    """
    return now is not None and now[0] == before[0] and -tolerance <= now[1] - before[1] <= 2 * tolerance


def last_turns(appointments: Iterable[Appointment]) -> dict[int, Turn]:
    """Return for each recurring visit of one day its turn before; one query."""
    recurring = {(a.order_id, a.seat): a for a in appointments if a.order.visits_ordered > 1}
    if not recurring:
        return {}
    day = next(iter(recurring.values())).day
    rows = Appointment.objects.filter(
        order_id__in={order for order, _ in recurring}, day__gte=day - REACH, day__lt=day, state__in=_TAKEN,
        worker__isnull=False, planned_start__isnull=False,
    )  # fmt: skip
    turns: dict[int, Turn] = {}
    for order, seat, worker, start, then in rows.order_by("day", "number").values_list(
        "order_id", "seat", "worker_id", "planned_start", "day"
    ):
        visit = recurring.get((order, seat))
        if visit is None or worker is None or start is None:
            continue
        before = turns.get(visit.pk)
        # The rows come by day: a later one counts unless it falls on another weekday than the one at hand.
        if before is None or then.weekday() == day.weekday() or before.day.weekday() != day.weekday():
            turns[visit.pk] = Turn(worker, start, then)
    return turns
