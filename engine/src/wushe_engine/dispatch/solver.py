"""Plan a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from wushe_engine.dispatch.assemble import assemble
from wushe_engine.dispatch.errors import ClashError
from wushe_engine.dispatch.model import Person, Problem, may_serve
from wushe_engine.dispatch.plan import Plan, Progress, Stop
from wushe_engine.dispatch.schedule import Decision, Scheduler
from wushe_engine.dispatch.validation import find_clashes


def solve(
    problem: Problem,
    *,
    stop: Stop = Stop(seconds=5.0),
    seed: int = 0,
    warm: Plan | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """Plan the day.

    Raises
    ------
    ClashError
        When locks or links contradict each other.
    """
    clashes = find_clashes(problem)
    if clashes:
        raise ClashError(clashes)
    return assemble(problem, greedy(problem), seed=seed)


def greedy(problem: Problem) -> list[Decision]:
    """Serve units in order of their windows, each by whoever is there soonest."""
    scheduler = Scheduler(problem)
    decisions: list[Decision] = []
    for unit in sorted(_units(problem), key=lambda unit: _urgency(problem, unit)):
        options = [(sum(starts), people) for people in _teams(problem, unit)
                   if (starts := scheduler.starts(Decision(unit, people))) is not None]
        for _, people in sorted(options):
            decision = Decision(unit, people)
            if _fits(problem, [*decisions, decision]):
                scheduler.place_unit(decision)
                decisions.append(decision)
                break
    return decisions


def _units(problem: Problem) -> Iterator[tuple[str, ...]]:
    second = {link.second for link in problem.links}
    partner = {link.first: link.second for link in problem.links}
    for visit in problem.visits:
        if visit.id not in second:
            yield (visit.id, partner[visit.id]) if visit.id in partner else (visit.id,)


def _urgency(problem: Problem, unit: tuple[str, ...]) -> tuple[bool, int, str]:
    visits = [problem.visit(visit) for visit in unit]
    free = all(visit.locked_start is None for visit in visits)
    return free, min(visit.window[1] for visit in visits), unit[0]


def _teams(problem: Problem, unit: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    choices: list[list[Person]] = [
        [person for person in problem.people if may_serve(problem, person, problem.visit(visit))]
        for visit in unit
    ]
    if len(unit) == 1:
        yield from ((person.id,) for person in choices[0])
        return
    for first in choices[0]:
        for second in choices[1]:
            if first.id != second.id:
                yield first.id, second.id


def _fits(problem: Problem, decisions: list[Decision]) -> bool:
    """Say whether everybody still gets home in time within the day's caps."""
    scheduler = Scheduler(problem)
    load = {person.id: 0 for person in problem.people}
    for decision in decisions:
        if not scheduler.place_unit(decision):
            return False
        for visit, person in zip(decision.visits, decision.people, strict=True):
            load[person] += scheduler.visits[visit].load
    for person in problem.people:
        route = scheduler.close(person.id)
        if route is None or route.work > person.work_limit:
            return False
        if person.capacity is not None and load[person.id] > person.capacity:
            return False
    return True


def warm_up() -> None:
    """Compile and load the kernels once, at worker start, so that no request pays for it."""
