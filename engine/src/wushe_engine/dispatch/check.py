"""Judge a plan from nothing: every rule and every amount, sharing no code with the solvers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from wushe_engine.dispatch.model import (
    FOREVER,
    UNREACHABLE,
    LinkKind,
    Person,
    Problem,
)
from wushe_engine.dispatch.plan import Assignment, Fault, Plan, Report, Route, Value


def check(problem: Problem, plan: Plan) -> Report:
    """Recompute feasibility and value of a plan.

    Parameters
    ----------
    problem : Problem
        The day as it was given.
    plan : Plan
        Any plan, also one typed by hand or read from a file.

    Returns
    -------
    Report
        ``ok`` when no rule is broken and the stated value is the true one; all faults with ids
        and figures; the value computed afresh (unserved visits priced by their penalties).
    """
    judge = _Judge(problem, plan)
    faults = tuple(judge.faults())
    value = judge.value()
    if value != plan.value:
        message = f"the plan states {plan.value}, its routes give {value}"
        faults = (*faults, Fault("wrong_value", (), message))
    return Report(ok=not faults, faults=faults, value=value)


def evaluate(problem: Problem, plan: Plan) -> Value:
    """Return the value of a plan's routes, whatever the plan itself states."""
    return _Judge(problem, plan).value()


class _Judge:
    """Reads a problem and a plan side by side."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem = problem
        self.plan = plan
        self.place = {name: index for index, name in enumerate(problem.places)}
        self.people = {person.id: person for person in problem.people}
        self.visits = {visit.id: visit for visit in problem.visits}
        self.matrix = {travel.id: travel.matrix for travel in problem.travel}
        self.given: dict[str, Assignment] = {}
        for route in plan.routes:
            for assignment in route.visits:
                self.given[assignment.visit] = assignment

    # -- rules -------------------------------------------------------------------------------

    def faults(self) -> Iterator[Fault]:
        yield from self._coverage()
        seen = Counter(route.person for route in self.plan.routes)
        for person, count in seen.items():
            if person not in self.people:
                yield Fault("unknown_person", (person,), f"no person {person!r}")
            elif count > 1:
                yield Fault("two_routes", (person,), f"{person!r} has {count} routes")
        for route in self.plan.routes:
            if route.person in self.people and all(a.visit in self.visits for a in route.visits):
                yield from self._route(self.people[route.person], route)
        yield from self._links()

    def _coverage(self) -> Iterator[Fault]:
        served = Counter(a.visit for route in self.plan.routes for a in route.visits)
        listed = Counter(self.plan.unserved)
        for visit in {*served, *listed} - self.visits.keys():
            yield Fault("unknown_visit", (visit,), f"no visit {visit!r}")
        for visit in self.visits:
            count = served[visit] + listed[visit]
            if count != 1:
                message = f"{visit!r} is served {served[visit]} times, unserved {listed[visit]}"
                yield Fault("not_once", (visit,), message)

    def _route(self, person: Person, route: Route) -> Iterator[Fault]:
        if not route.visits:
            if route.travel or route.work or route.overtime:
                yield Fault("wrong_figures", (person.id,), f"{person.id!r} works without visits")
            return
        for assignment in route.visits:
            yield from self._visit(person, assignment)
        yield from self._movement(person, route)
        yield from self._limits(person, route)
        yield from self._rest(person, route)

    def _visit(self, person: Person, given: Assignment) -> Iterator[Fault]:
        visit = self.visits[given.visit]
        both = (visit.id, person.id)
        if given.person != person.id:
            yield Fault("wrong_person", both, f"{visit.id!r} is in the route of {person.id!r}")
        for skill in sorted(visit.skills):
            until = person.skills.get(skill, -1)
            if until is not None and (skill not in person.skills or until < self.problem.day):
                yield Fault("no_skill", both, f"{person.id!r} has no valid {skill!r}")
        barred = person.id in visit.forbidden
        if barred or (visit.allowed is not None and person.id not in visit.allowed):
            yield Fault("not_allowed", both, f"{person.id!r} may not come to {visit.id!r}")
        if visit.locked_person not in (None, person.id):
            yield Fault("lock_person", both, f"{visit.id!r} is locked to {visit.locked_person!r}")
        if visit.locked_start not in (None, given.start):
            message = f"{visit.id!r} is locked to {visit.locked_start}, starts at {given.start}"
            yield Fault("lock_start", both, message)
        opens, closes = visit.window
        late = max(0, given.start - closes)
        if given.start < opens:
            yield Fault("too_early", both, f"{visit.id!r} starts {given.start}, opens {opens}")
        told = self.problem.published.get(visit.id)
        if told is not None and self.problem.objective.changes and visit.locked_start is None:
            held = told.start - self.problem.change_tolerance
            last = FOREVER if visit.max_lateness is None else closes + visit.max_lateness
            if given.start < held <= last:
                message = f"{visit.id!r} starts {given.start}, but {told.start} was published"
                yield Fault("before_promise", both, message)
        if visit.max_lateness is not None and late > visit.max_lateness:
            message = f"{visit.id!r} starts {late} late, at most {visit.max_lateness}"
            yield Fault("too_late", both, message)
        if given.end != given.start + visit.duration or given.lateness != late:
            yield Fault("wrong_figures", both, f"{visit.id!r} has wrong end or lateness")

    def _legs(self, person: Person, route: Route) -> list[int]:
        """Return the travel time before each visit and of the way home."""
        stops = [self.visits[given.visit].place for given in route.visits]
        path = [person.start, *stops, person.end]
        matrix = self.matrix[person.travel]
        return [int(matrix[self.place[a], self.place[b]]) for a, b in pairwise(path)]

    def _movement(self, person: Person, route: Route) -> Iterator[Fault]:
        who = (person.id,)
        legs = self._legs(person, route)
        if UNREACHABLE in legs:
            yield Fault("unreachable", who, f"{person.id!r} cannot get from stop to stop")
            return
        if route.departure < person.shift[0]:
            yield Fault("before_shift", who, f"{person.id!r} departs at {route.departure}")
        free = route.departure
        for leg, given in zip(legs, route.visits, strict=False):
            if not free + leg <= given.arrival <= given.start:
                message = f"{person.id!r} is free at {free}, needs {leg} to {given.visit!r}"
                yield Fault("no_time", (person.id, given.visit), message)
            free = given.end
        if route.finish < free + legs[-1]:
            yield Fault("no_time", who, f"{person.id!r} is home at {route.finish}")

    def _limits(self, person: Person, route: Route) -> Iterator[Fault]:
        who = (person.id,)
        travel, work = self._travel(route), self._work(route)
        overtime = max(0, route.finish - person.shift[1])
        if (route.travel, route.work, route.overtime) != (travel, work, overtime):
            yield Fault("wrong_figures", who, f"{person.id!r} has wrong travel, work or overtime")
        if overtime > person.max_overtime:
            yield Fault("after_shift", who, f"{person.id!r} is {overtime} over the shift")
        for cap in (person.day_limit, person.week_left):
            if cap is not None and work > cap:
                yield Fault("too_much_work", who, f"{person.id!r} works {work}, at most {cap}")
        load = sum(self.visits[given.visit].load for given in route.visits)
        if person.capacity is not None and load > person.capacity:
            yield Fault("too_much_load", who, f"{person.id!r} carries {load}")

    def _rest(self, person: Person, route: Route) -> Iterator[Fault]:
        rest, begin = person.rest, route.break_start
        if rest is None or (begin is None and route.finish <= rest.latest):
            return
        who = (person.id,)
        if begin is None or not rest.earliest <= begin <= rest.latest:
            yield Fault("no_break", who, f"{person.id!r} has a break at {begin}, needs {rest}")
            return
        ends = begin + rest.length
        free = [route.departure, *(given.end for given in route.visits)]
        until = [*(given.start for given in route.visits), route.finish]
        for leg, low, high in zip(self._legs(person, route), free, until, strict=True):
            before_travel = low <= begin and ends + leg <= high
            after_travel = low + leg <= begin and ends <= high
            if before_travel or after_travel:
                return
        if ends > route.departure and begin < route.finish:
            yield Fault("break_overlaps", who, f"the break of {person.id!r} at {begin} is not free")

    def _links(self) -> Iterator[Fault]:
        for link in self.problem.links:
            both = (link.first, link.second)
            first, second = self.given.get(link.first), self.given.get(link.second)
            if (first is None) != (second is None):
                yield Fault("half_served", both, f"only one half of {both!r} is served")
            if first is None or second is None:
                continue
            if first.person == second.person:
                yield Fault("same_person", both, f"{both!r} need two people")
            gap = second.start - first.start
            low, high = link.min_gap, link.max_gap
            if link.kind is LinkKind.SIMULTANEOUS:
                low = high = 0
            if not low <= gap <= high:
                yield Fault("gap", both, f"{both!r} start {gap} apart, not {low} to {high}")

    # -- amounts -----------------------------------------------------------------------------

    def _travel(self, route: Route) -> int:
        if not route.visits:
            return 0
        return sum(self._legs(self.people[route.person], route))

    def _work(self, route: Route) -> int:
        return self._travel(route) + sum(self.visits[g.visit].duration for g in route.visits)

    def value(self) -> Value:
        """Measure the routes; unknown people and visits count for nothing."""
        routes = [
            route
            for route in self.plan.routes
            if route.person in self.people and all(g.visit in self.visits for g in route.visits)
        ]
        served = [given for route in routes for given in route.visits]
        lateness = [max(0, g.start - self.visits[g.visit].window[1]) for g in served]
        names = {given.visit for given in served}
        amounts = {
            "unserved": sum(v.penalty for v in self.problem.visits if v.id not in names),
            "lateness": sum(lateness),
            "lateness_max": max(lateness, default=0),
            "continuity": self._continuity(served),
            "travel": sum(map(self._travel, routes)),
            "overtime": sum(
                max(0, r.finish - self.people[r.person].shift[1]) for r in routes if r.visits
            ),
            "unfairness": self._unfairness(routes),
            "changes": self._changes(served),
            "pay": sum(self._work(r) * self.people[r.person].cost_per_unit for r in routes),
        }
        weights = self.problem.objective
        total = sum(getattr(weights, part) * amount for part, amount in amounts.items())
        return Value(total=total, **amounts)

    def _continuity(self, served: list[Assignment]) -> int:
        points = 0
        for given in served:
            preferred = self.visits[given.visit].preferred
            if preferred:
                points += max(preferred.values()) - preferred.get(given.person, 0)
        whom = {given.visit: given.person for given in served}
        for series in self.problem.series:
            carers = {whom[visit] for visit in series.visits if visit in whom}
            points += series.points * max(0, len(carers) - 1)
        return points

    def _unfairness(self, routes: list[Route]) -> int:
        everyone = self.problem.people
        wanted = sum(visit.duration for visit in self.problem.visits)
        lengths = {person.id: person.shift[1] - person.shift[0] for person in everyone}
        if any(person.shift[1] >= FOREVER for person in everyone):
            lengths = dict.fromkeys(lengths, 1)
        whole = max(1, sum(lengths.values()))
        above = 0
        for route in routes:
            person = self.people[route.person]
            share = person.fair_share
            if share is None:
                share = wanted * lengths[person.id] // whole
            above += max(0, self._work(route) - share)
        return above

    def _changes(self, served: list[Assignment]) -> int:
        now = {given.visit: given for given in served}
        count = 0
        for visit, promise in self.problem.published.items():
            given: Assignment | None = now.get(visit)
            kept = (
                given is not None
                and given.person == promise.person
                and abs(given.start - promise.start) <= self.problem.change_tolerance
            )
            count += not kept
        return count
