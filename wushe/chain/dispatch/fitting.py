"""Where one more visit fits into a worker's day as the rest stands: the time, and what the way costs."""

from collections.abc import Iterable
from dataclasses import dataclass

from wushe.registers.workforce.models import Worker

from .facts import DayFacts
from .models import Appointment, AppointmentState
from .travel import Point, minutes_between

_TAKES_TIME = {AppointmentState.CONFIRMED.value, AppointmentState.KEPT.value}


@dataclass(frozen=True, slots=True)
class Fit:
    """A start that is possible, how late it is, and the minutes of way that it adds."""

    start: int
    lateness: int
    extra_travel: int


def day_of(facts: DayFacts, worker_id: int, *, without: Iterable[int] = ()) -> list[Appointment]:
    """Return the worker's visits of the day in the order of time."""
    left_out = set(without)
    rows = [
        a
        for a in (*facts.appointments, *facts.elsewhere)
        if a.worker_id == worker_id and a.state in _TAKES_TIME and a.pk not in left_out
    ]
    return sorted(rows, key=lambda a: (a.planned_start or 0, a.pk))


def best_fit(facts: DayFacts, worker: Worker, appointment: Appointment) -> Fit | None:
    """Return the best start between the worker's other visits, or None if it fits nowhere.

    The least lateness comes first, then the least extra way. Breaks are not looked at: the check does that.
    """
    stops = day_of(facts, worker.pk, without=[appointment.pk])
    door, home = facts.door(appointment), (worker.base_longitude, worker.base_latitude)
    latest = appointment.window_end + facts.rules.lateness_max
    earliest = max(appointment.window_start, facts.now or 0)
    fits = []
    for gap in range(len(stops) + 1):
        before = stops[gap - 1] if gap else None
        after = stops[gap] if gap < len(stops) else None
        from_, free = (facts.door(before), _end(before)) if before else (home, worker.shift_start)
        to, until = (facts.door(after), after.planned_start or 0) if after else (home, worker.shift_end)
        there = _way(facts, worker, from_, door, to_door=True)
        on = _way(facts, worker, door, to, to_door=after is not None)
        start = max(earliest, free + there)
        if start <= latest and start + appointment.minutes + on <= until:
            extra = there + on - _way(facts, worker, from_, to, to_door=after is not None)
            fits.append(Fit(start, max(0, start - appointment.window_end), extra))
    return min(fits, key=lambda fit: (fit.lateness, fit.extra_travel, fit.start), default=None)


def _end(appointment: Appointment) -> int:
    return (appointment.planned_start or 0) + appointment.minutes


def _way(facts: DayFacts, worker: Worker, a: Point, b: Point, *, to_door: bool) -> int:
    minutes = minutes_between(a, b, mode=worker.travel_mode, rules=facts.rules)
    return minutes + (facts.rules.buffer if to_door and a != b else 0)
