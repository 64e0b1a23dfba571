"""Find what is malformed in a problem, and which locks and links contradict each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from wushe_engine.dispatch.errors import Issue
from wushe_engine.dispatch.model import (
    FOREVER,
    UNREACHABLE,
    Link,
    LinkKind,
    Person,
    Visit,
    may_serve,
)

if TYPE_CHECKING:
    from wushe_engine.dispatch.model import Problem

COST_RANGE = 2**61
"""Totals beyond this could overflow 64-bit integers in the search."""


def find_faults(problem: Problem) -> tuple[Issue, ...]:
    """List the malformed data of a problem (empty when it is well formed)."""
    faults = [
        *_duplicates("place", problem.places),
        *_duplicates("person", (person.id for person in problem.people)),
        *_duplicates("visit", (visit.id for visit in problem.visits)),
        *_duplicates("travel", (travel.id for travel in problem.travel)),
        *_travel_faults(problem),
    ]
    places = frozenset(problem.places)
    profiles = frozenset(travel.id for travel in problem.travel)
    for person in problem.people:
        faults += _person_faults(person, places, profiles)
    for visit in problem.visits:
        faults += _visit_faults(visit, places)
    faults += _link_faults(problem)
    faults += _weight_faults(problem)
    return tuple(faults) if faults else tuple(_range_faults(problem))


def _is_time(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= FOREVER


def _duplicates(what: str, ids: Iterable[object]) -> Iterator[Issue]:
    for name, count in Counter(ids).items():
        if not isinstance(name, str) or not name:
            yield Issue("bad_id", (str(name),), f"{what} id {name!r} is not a non-empty string")
        elif count > 1:
            yield Issue("duplicate_id", (name,), f"{what} id {name!r} is used {count} times")


def _travel_faults(problem: Problem) -> Iterator[Issue]:
    size = len(problem.places)
    for travel in problem.travel:
        matrix = np.asarray(travel.matrix)
        subject = (travel.id,)
        if matrix.shape != (size, size):
            message = f"travel {travel.id!r} has shape {matrix.shape}, not {(size, size)}"
            yield Issue("travel_shape", subject, message)
        elif not np.issubdtype(matrix.dtype, np.integer):
            message = f"travel {travel.id!r} holds {matrix.dtype}, not integers (NaN is no time)"
            yield Issue("travel_not_integer", subject, message)
        elif size and (matrix.min() < UNREACHABLE or matrix.max() > FOREVER):
            message = f"travel {travel.id!r} has entries outside {UNREACHABLE}…{FOREVER}"
            yield Issue("travel_range", subject, message)


def _person_faults(
    person: Person, places: frozenset[str], profiles: frozenset[str]
) -> Iterator[Issue]:
    who = (person.id,)
    for place in (person.start, person.end):
        if place not in places:
            message = f"person {person.id!r} uses unknown place {place!r}"
            yield Issue("unknown_place", (person.id, place), message)
    if person.travel not in profiles:
        message = f"person {person.id!r} uses unknown travel profile {person.travel!r}"
        yield Issue("unknown_travel", (person.id, person.travel), message)
    if not all(map(_is_time, person.shift)) or person.shift[0] > person.shift[1]:
        yield Issue("bad_shift", who, f"person {person.id!r} has shift {person.shift!r}")
    amounts = (
        *(person.max_overtime, person.cost_per_unit, person.day_limit, person.week_left),
        *(person.capacity, person.fair_share),
    )
    if not all(value is None or _is_time(value) for value in amounts):
        message = f"person {person.id!r} has a negative or non-integer limit"
        yield Issue("bad_limit", who, message)
    rest = person.rest
    if rest is not None:
        whole = all(map(_is_time, (rest.earliest, rest.latest, rest.length)))
        if not whole or rest.earliest > rest.latest:
            yield Issue("bad_break", who, f"person {person.id!r} has break {rest!r}")


def _visit_faults(visit: Visit, places: frozenset[str]) -> Iterator[Issue]:
    which = (visit.id,)
    if visit.place not in places:
        message = f"visit {visit.id!r} uses unknown place {visit.place!r}"
        yield Issue("unknown_place", (visit.id, visit.place), message)
    if not _is_time(visit.duration):
        yield Issue("bad_duration", which, f"visit {visit.id!r} lasts {visit.duration!r}")
    if not all(map(_is_time, visit.window)) or visit.window[0] > visit.window[1]:
        yield Issue("bad_window", which, f"visit {visit.id!r} has window {visit.window!r}")
    amounts = (visit.max_lateness, visit.penalty, visit.load, visit.locked_start)
    points = tuple(visit.preferred.values())
    if not all(value is None or _is_time(value) for value in amounts + points):
        message = f"visit {visit.id!r} has a negative or non-integer amount"
        yield Issue("bad_amount", which, message)


def _link_faults(problem: Problem) -> Iterator[Issue]:
    known = {visit.id for visit in problem.visits}
    uses = Counter(half for link in problem.links for half in (link.first, link.second))
    for link in problem.links:
        halves = (link.first, link.second)
        for half in halves:
            if half not in known:
                yield Issue("unknown_visit", (half,), f"a link names unknown visit {half!r}")
            elif uses[half] > 1:
                yield Issue("linked_twice", (half,), f"visit {half!r} is in {uses[half]} links")
        gaps = (link.min_gap, link.max_gap)
        if not all(map(_is_time, gaps)) or gaps[0] > gaps[1]:
            yield Issue("bad_gap", halves, f"link {halves!r} has gaps {gaps!r}")
        elif link.kind is LinkKind.SIMULTANEOUS and gaps != (0, 0):
            yield Issue("bad_gap", halves, f"link {halves!r} is simultaneous but has a gap")
    grouped = Counter(visit for series in problem.series for visit in series.visits)
    for visit, count in grouped.items():
        if visit not in known:
            yield Issue("unknown_visit", (visit,), f"a series names unknown visit {visit!r}")
        elif count > 1:
            yield Issue("series_twice", (visit,), f"visit {visit!r} is {count} times in series")


def _weight_faults(problem: Problem) -> Iterator[Issue]:
    for part in fields(problem.objective):
        weight = getattr(problem.objective, part.name)
        if not _is_time(weight):
            yield Issue("bad_weight", (part.name,), f"weight {part.name} is {weight!r}")
    for series in problem.series:
        if not _is_time(series.points):
            yield Issue("bad_amount", (series.id,), f"series {series.id!r} costs {series.points!r}")
    known = {visit.id for visit in problem.visits}
    people = {person.id for person in problem.people}
    for visit, promise in problem.published.items():
        if visit not in known or promise.person not in people or not _is_time(promise.start):
            message = f"the published entry of {visit!r} names nobody and nothing known"
            yield Issue("bad_promise", (visit,), message)


def _range_faults(problem: Problem) -> Iterator[Issue]:
    """Refuse weights so large that a total could leave the 64-bit range."""
    visits, weights = problem.visits, problem.objective
    ends = [visit.window[1] for visit in visits] + [person.shift[1] for person in problem.people]
    longest = max((int(np.max(t.matrix, initial=0)) for t in problem.travel), default=0)
    horizon = max((end for end in ends if end < FOREVER), default=0)
    horizon += sum(visit.duration for visit in visits) + longest * (len(visits) + 1)
    horizon += sum(visit.window[0] for visit in visits if visit.window[1] == FOREVER)
    count = len(visits) + len(problem.people)
    time_weight = weights.lateness + weights.lateness_max + weights.travel + weights.overtime
    pay = weights.pay * max((person.cost_per_unit for person in problem.people), default=0)
    total = horizon * count * (time_weight + weights.unfairness + pay)
    total += weights.unserved * sum(visit.penalty for visit in visits)
    points = sum(max(visit.preferred.values(), default=0) for visit in visits)
    points += sum(series.points * len(series.visits) for series in problem.series)
    total += weights.continuity * points + weights.changes * len(visits)
    if total > COST_RANGE:
        message = "weights times amounts may exceed the 64-bit range: lower the weights"
        yield Issue("objective_range", (), message)


def find_clashes(problem: Problem) -> tuple[Issue, ...]:
    """List the locks and links that contradict each other (empty when there are none)."""
    people = {person.id: person for person in problem.people}
    visits = {visit.id: visit for visit in problem.visits}
    clashes = [issue for visit in problem.visits for issue in _lock_clashes(problem, visit, people)]
    for link in problem.links:
        clashes += _link_clashes(visits[link.first], visits[link.second], link)
    for person in problem.people:
        clashes += _time_clashes(problem, person)
    return tuple(clashes)


def _lock_clashes(problem: Problem, visit: Visit, people: dict[str, Person]) -> Iterator[Issue]:
    start, who = visit.locked_start, visit.locked_person
    if start is not None and not visit.window[0] <= start <= visit.latest:
        message = f"visit {visit.id!r} is locked to start at {start}, outside {visit.window}"
        yield Issue("lock_outside_window", (visit.id,), message)
    if who is None:
        return
    if who not in people:
        message = f"visit {visit.id!r} is locked to unknown person {who!r}"
        yield Issue("lock_unknown_person", (visit.id, who), message)
        return
    lacking = sorted(s for s in visit.skills if not people[who].has_skill(s, problem.day))
    if lacking:
        message = f"visit {visit.id!r} is locked to {who!r}, who lacks {', '.join(lacking)}"
        yield Issue("lock_without_skill", (visit.id, who), message)
    elif not may_serve(problem, people[who], visit):
        message = f"visit {visit.id!r} is locked to {who!r}, who may not come"
        yield Issue("lock_not_allowed", (visit.id, who), message)


def _link_clashes(first: Visit, second: Visit, link: Link) -> Iterator[Issue]:
    both = (first.id, second.id)
    if first.locked_person is not None and first.locked_person == second.locked_person:
        message = f"visits {both!r} need two people but are both locked to {first.locked_person!r}"
        yield Issue("link_same_person", (*both, first.locked_person), message)
    if first.locked_start is None and second.locked_start is None:
        return  # windows that do not meet leave the pair out, with a reason
    low = [
        visit.window[0] if visit.locked_start is None else visit.locked_start
        for visit in (first, second)
    ]
    high = [
        visit.latest if visit.locked_start is None else visit.locked_start
        for visit in (first, second)
    ]
    if high[1] < low[0] + link.min_gap or low[1] > high[0] + link.max_gap:
        message = (
            f"visits {both!r} must start {link.min_gap}–{link.max_gap} apart, "
            f"which their windows or locks do not allow"
        )
        yield Issue("link_windows", both, message)


def _time_clashes(problem: Problem, person: Person) -> Iterator[Issue]:
    """Two visits locked to one person at times that overlap or cannot be reached."""
    fixed = sorted(
        (
            visit
            for visit in problem.visits
            if visit.locked_person == person.id and visit.locked_start is not None
        ),
        key=lambda visit: (visit.locked_start or 0, visit.id),
    )
    place = {name: index for index, name in enumerate(problem.places)}
    matrix = next(travel.matrix for travel in problem.travel if travel.id == person.travel)
    for before, after in pairwise(fixed):
        travel = int(matrix[place[before.place], place[after.place]])
        free = (before.locked_start or 0) + before.duration
        if travel == UNREACHABLE or free + travel > (after.locked_start or 0):
            message = (
                f"{person.id!r} cannot start {after.id!r} at {after.locked_start}: "
                f"{before.id!r} ends at {free} and travel takes {travel}"
            )
            yield Issue("locks_overlap", (before.id, after.id, person.id), message)
