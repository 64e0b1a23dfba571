"""Give times to decisions: the earliest schedule that honours travel, windows, pairs and breaks.

Decisions are *units* (a visit, or the two halves of a link) in one global order, each with its
people. A person's route is the units' order restricted to that person, so waiting for one another
can never run in a circle.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wushe_engine.dispatch.model import (
    FOREVER,
    UNREACHABLE,
    Link,
    LinkKind,
    Person,
    Problem,
    Visit,
    start_bounds,
)
from wushe_engine.dispatch.plan import Assignment, Route


@dataclass(frozen=True, slots=True)
class Decision:
    """A unit served: its visits and the person for each."""

    visits: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(slots=True)
class _Day:
    """A person's day while it is being filled."""

    person: Person
    place: int
    free: int
    rested: bool
    break_start: int | None = None
    travel: int = 0
    stops: list[Assignment] = field(default_factory=list)


class Scheduler:
    """Times decisions one after the other; refuses what does not fit."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.place = {name: index for index, name in enumerate(problem.places)}
        self.visits = {visit.id: visit for visit in problem.visits}
        self.matrix = {travel.id: travel.matrix for travel in problem.travel}
        self.links: dict[str, Link] = {link.first: link for link in problem.links}
        self.days = {
            person.id: _Day(person, self.place[person.start], person.shift[0], person.rest is None)
            for person in problem.people
        }

    def leg(self, day: _Day, place: str) -> int:
        """Return the travel time from where the person is, or ``UNREACHABLE``."""
        return int(self.matrix[day.person.travel][day.place, self.place[place]])

    def starts(self, decision: Decision) -> tuple[int, ...] | None:
        """Return the earliest starts of the unit's visits, or None when one is too late."""
        visits = [self.visits[visit] for visit in decision.visits]
        days = [self.days[person] for person in decision.people]
        bounds = [start_bounds(self.problem, visit) for visit in visits]
        starts = [earliest for earliest, _ in bounds]
        for index, (day, visit) in enumerate(zip(days, visits, strict=True)):
            leg = self.leg(day, visit.place)
            if leg == UNREACHABLE:
                return None
            starts[index] = max(starts[index], day.free + leg)
        self._synchronise(decision, starts)
        for _ in range(2 * len(visits)):
            delayed = [
                _with_break(day, self.leg(day, visit.place), start, visit.duration)
                for day, visit, start in zip(days, visits, starts, strict=True)
            ]
            if delayed == starts:
                break
            starts = delayed
            self._synchronise(decision, starts)
        if any(start > latest for start, (_, latest) in zip(starts, bounds, strict=True)):
            return None
        return tuple(starts)

    def _synchronise(self, decision: Decision, starts: list[int]) -> None:
        if len(starts) < 2:
            return
        link = self.links[decision.visits[0]]
        low, high = link.min_gap, link.max_gap
        if link.kind is LinkKind.SIMULTANEOUS:
            low = high = 0
        starts[1] = max(starts[1], starts[0] + low)
        starts[0] = max(starts[0], starts[1] - high)

    def place_unit(self, decision: Decision) -> bool:
        """Append the unit to its people's days; False (and nothing done) when it does not fit."""
        starts = self.starts(decision)
        if starts is None:
            return False
        for visit_id, person, start in zip(decision.visits, decision.people, starts, strict=True):
            self._append(self.days[person], self.visits[visit_id], start)
        return True

    def _append(self, day: _Day, visit: Visit, start: int) -> None:
        leg = self.leg(day, visit.place)
        if not day.rested:
            begin = break_start(day.person, day.free, leg, start)
            if begin is not None:
                day.rested, day.break_start = True, begin
        arrival = start if not day.stops and day.break_start is None else day.free + leg
        late = max(0, start - visit.window[1])
        end = start + visit.duration
        day.stops.append(Assignment(visit.id, day.person.id, arrival, start, end, late))
        day.travel += leg
        day.free, day.place = end, self.place[visit.place]

    def close(self, person: str) -> Route | None:
        """Return the person's route with the way home; None when that is too late or impossible."""
        day = self.days[person]
        if not day.stops:
            return Route(person, (), day.free, day.free, 0, 0)
        leg = self.leg(day, day.person.end)
        if leg == UNREACHABLE:
            return None
        finish, begin = day.free + leg, day.break_start
        if not day.rested and finish > _rest_latest(day.person):
            finish = _with_break(day, leg, finish, FOREVER)
            begin = break_start(day.person, day.free, leg, finish)
        overtime = max(0, finish - day.person.shift[1])
        if overtime > day.person.max_overtime:
            return None
        travel = day.travel + leg
        work = travel + sum(stop.end - stop.start for stop in day.stops)
        first = day.stops[0]
        departure = day.person.shift[0]
        if begin is None or begin >= first.start:
            departure = first.start - self._first_leg(day)
        return Route(person, tuple(day.stops), departure, finish, travel, work, overtime, begin)

    def _first_leg(self, day: _Day) -> int:
        matrix = self.matrix[day.person.travel]
        to = self.visits[day.stops[0].visit].place
        return int(matrix[self.place[day.person.start], self.place[to]])


def _rest_latest(person: Person) -> int:
    return FOREVER if person.rest is None else person.rest.latest


def break_start(person: Person, free: int, leg: int, start: int) -> int | None:
    """Return when the break begins if it fits between ``free`` and ``start``, else None.

    It is taken on arrival, or before leaving where the arrival is after its window.
    """
    rest = person.rest
    if rest is None:
        return None
    begin = max(free + leg, rest.earliest)
    if begin <= rest.latest:
        return begin if begin + rest.length <= start else None
    begin = max(free, rest.earliest)
    if begin <= rest.latest and begin + rest.length + leg <= start:
        return begin
    return None


def _with_break(day: _Day, leg: int, start: int, duration: int) -> int:
    """Delay a start by the break where this is the last chance to take it."""
    rest = day.person.rest
    if day.rested or rest is None or start + duration <= rest.latest:
        return start
    begin = max(day.free + leg, rest.earliest)
    if begin <= rest.latest:
        return max(start, begin + rest.length)
    begin = max(day.free, rest.earliest)
    if begin <= rest.latest:
        return max(start, begin + rest.length + leg)
    return start if start >= FOREVER else FOREVER + 1
