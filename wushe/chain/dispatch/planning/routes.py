"""Routes of visits whose person and time are given: what a published or hand-made day looks like to the engine."""

from collections.abc import Mapping
from itertools import pairwise

from wushe_engine.dispatch import Assignment, Person, Problem, Route, Visit


def lay_routes(problem: Problem, chosen: Mapping[str, tuple[str, int]]) -> tuple[Route, ...]:
    """Return a route for every person, each visit at its given time, whether or not the person can be there."""
    place = {name: index for index, name in enumerate(problem.places)}
    matrix = {travel.id: travel.matrix for travel in problem.travel}
    stops: dict[str, list[tuple[int, Visit]]] = {person.id: [] for person in problem.people}
    for visit in problem.visits:
        if visit.id in chosen:
            worker, start = chosen[visit.id]
            stops[worker].append((start, visit))

    def minutes(person: Person, start: str, end: str) -> int:
        return int(matrix[person.travel][place[start], place[end]])

    routes = []
    for person in problem.people:
        day = sorted(stops[person.id], key=lambda stop: (stop[0], stop[1].id))
        path = [person.start, *(visit.place for _, visit in day), person.end]
        legs = [minutes(person, a, b) for a, b in pairwise(path)] if day else []
        routes.append(_route(person, day, legs))
    return tuple(routes)


def _route(person: Person, day: list[tuple[int, Visit]], legs: list[int]) -> Route:
    if not day:
        return Route(person.id, (), person.shift[0], person.shift[0], 0, 0)
    departure = max(person.shift[0], day[0][0] - legs[0])
    given, free = [], departure
    for (start, visit), leg in zip(day, legs, strict=False):
        end, late = start + visit.duration, max(0, start - visit.window[1])
        given.append(Assignment(visit.id, person.id, min(free + leg, start), start, end, late))
        free = end
    finish = free + legs[-1]
    rest = _rest(person, given, legs, finish)
    begin = None
    if rest is not None and person.rest is not None:
        begin, gap = rest
        if gap == 0:
            # Taken before the first visit: the day begins early enough for it.
            departure = min(departure, begin - legs[0] if begin - legs[0] >= person.shift[0] else begin)
        if gap == len(given):
            way_home = legs[-1] if begin < free + legs[-1] else 0
            finish = max(finish, begin + person.rest.length + way_home)
    travel = sum(legs)
    return Route(
        person.id, tuple(given), departure, finish, travel, travel + sum(visit.duration for _, visit in day),
        max(0, finish - person.shift[1]), begin,
    )  # fmt: skip


def _rest(person: Person, given: list[Assignment], legs: list[int], finish: int) -> tuple[int, int] | None:
    """Return when the rest fits and in which gap, on arrival or before leaving; None if it fits nowhere or is not owed."""
    rest = person.rest
    if rest is None or finish <= rest.latest:
        return None
    free = [person.shift[0], *(one.end for one in given)]
    until = [*(one.start for one in given), finish + rest.length]
    for gap, (leg, low, high) in enumerate(zip(legs, free, until, strict=True)):
        for begin, last in ((max(low + leg, rest.earliest), high), (max(low, rest.earliest), high - leg)):
            if begin <= rest.latest and begin + rest.length <= last:
                return begin, gap
    return None
