"""The search against every possible plan of random tiny days.

The enumeration knows nothing of the kernels: it tries every assignment and every order in every
day, times them by relaxation, and lets ``check`` judge.
"""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from wushe_engine.dispatch import (
    Assignment,
    Link,
    LinkKind,
    Objective,
    Person,
    Plan,
    Problem,
    Promise,
    Route,
    Series,
    Stop,
    Travel,
    Value,
    Visit,
    check,
    evaluate,
    solve,
)


def random_day(seed: int, visits: int, crowd: int) -> Problem:
    dice = random.Random(seed)
    size = 5
    names = [f"p{number}" for number in range(crowd)]
    points = [(dice.randrange(20), dice.randrange(20)) for _ in range(size)]
    matrix = np.array([[abs(a - c) + abs(b - d) for c, d in points] for a, b in points])
    return Problem(
        places=tuple(map(str, range(size))),
        people=tuple(random_person(dice, name) for name in names),
        visits=tuple(random_visit(dice, number, names, size) for number in range(visits)),
        travel=(Travel("default", matrix), Travel("bike", matrix // 2)),
        links=random_links(dice, visits),
        series=(Series("s", ("v0", "v2"), dice.randrange(30)),) if visits > 2 else (),
        objective=Objective(
            lateness=dice.choice([1, 3]),
            lateness_max=dice.choice([0, 2]),
            overtime=2,
            travel=dice.choice([1, 2]),
            unfairness=dice.choice([0, 1]),
            changes=dice.choice([0, 25]),
            pay=dice.choice([0, 1]),
        ),
        published={"v1": Promise(dice.choice(names), dice.randrange(100))},
        change_tolerance=dice.choice([0, 10]),
        day=5,
    )


def random_person(dice: random.Random, name: str) -> Person:
    begin = dice.randrange(40)
    return Person(
        name,
        str(dice.randrange(5)),
        str(dice.randrange(5)),
        (begin, begin + dice.randrange(60, 200)),
        max_overtime=dice.choice([0, 20]),
        skills={"s": dice.choice([4, 5, None])} if dice.random() < 0.8 else {},
        day_limit=dice.choice([None, 60, 90]),
        capacity=dice.choice([None, 2]),
        travel=dice.choice(["default", "bike"]),
        cost_per_unit=dice.randrange(3),
    )


def random_visit(dice: random.Random, number: int, names: list[str], size: int) -> Visit:
    opens = dice.randrange(100)
    return Visit(
        f"v{number}",
        str(dice.randrange(size)),
        dice.randrange(5, 30),
        (opens, opens + dice.randrange(60)),
        max_lateness=dice.choice([0, 15, None]),
        penalty=dice.choice([20, 60, 500]),
        skills=frozenset({"s"}) if dice.random() < 0.4 else frozenset(),
        forbidden=frozenset({dice.choice(names)}) if dice.random() < 0.2 else frozenset(),
        preferred={dice.choice(names): dice.randrange(1, 40)} if dice.random() < 0.5 else {},
        load=dice.randrange(2),
    )


def random_links(dice: random.Random, visits: int) -> tuple[Link, ...]:
    if dice.random() < 0.5 or visits < 3:
        return ()
    if dice.random() < 0.5:
        return (Link("v1", "v2"),)
    gap = dice.randrange(20)
    return (Link("v1", "v2", LinkKind.SEQUENCE, gap, gap + dice.randrange(15)),)


def orders(problem: Problem):
    """Yield every choice of days: a sequence of visits for each person."""
    people = range(len(problem.people))
    for choice in itertools.product([-1, *people], repeat=len(problem.visits)):
        days = [[v for v, who in enumerate(choice) if who == person] for person in people]
        yield from itertools.product(*(itertools.permutations(day) for day in days))


def earliest(problem: Problem, days) -> list[int] | None:
    """Return the earliest starts by relaxing all constraints until nothing moves."""
    place = {name: index for index, name in enumerate(problem.places)}
    ways = {travel.id: travel.matrix for travel in problem.travel}
    number = {visit.id: index for index, visit in enumerate(problem.visits)}
    starts = [visit.window[0] for visit in problem.visits]
    for visit, promise in problem.published.items():
        row, due = number[visit], problem.visits[number[visit]].latest
        if problem.objective.changes and promise.start - problem.change_tolerance <= due:
            starts[row] = max(starts[row], promise.start - problem.change_tolerance)
    served = {visit for day in days for visit in day}
    for _ in range(200):
        before = list(starts)
        for person, day in zip(problem.people, days, strict=True):
            free, where = person.shift[0], place[person.start]
            for row in day:
                visit = problem.visits[row]
                to = place[visit.place]
                starts[row] = max(starts[row], free + int(ways[person.travel][where, to]))
                free, where = starts[row] + visit.duration, to
        for link in problem.links:
            first, second = number[link.first], number[link.second]
            if first in served and second in served:
                starts[second] = max(starts[second], starts[first] + link.min_gap)
                starts[first] = max(starts[first], starts[second] - link.max_gap)
        if starts == before:
            return starts
    return None


def plan_of(problem: Problem, days, starts: list[int]) -> Plan:
    place = {name: index for index, name in enumerate(problem.places)}
    ways = {travel.id: travel.matrix for travel in problem.travel}
    routes = []
    for person, day in zip(problem.people, days, strict=True):
        begin = person.shift[0]
        if not day:
            routes.append(Route(person.id, (), begin, begin, 0, 0))
            continue
        stops = [problem.visits[row] for row in day]
        path = [place[p] for p in (person.start, *(v.place for v in stops), person.end)]
        legs = [int(ways[person.travel][a, b]) for a, b in itertools.pairwise(path)]
        given = tuple(
            Assignment(
                v.id,
                person.id,
                starts[row],
                starts[row],
                starts[row] + v.duration,
                max(0, starts[row] - v.window[1]),
            )
            for row, v in zip(day, stops, strict=True)
        )
        finish = given[-1].end + legs[-1]
        work = sum(legs) + sum(v.duration for v in stops)
        over = max(0, finish - person.shift[1])
        routes.append(Route(person.id, given, begin, finish, sum(legs), work, over))
    served = {row for day in days for row in day}
    left = tuple(v.id for row, v in enumerate(problem.visits) if row not in served)
    return Plan(tuple(routes), left, Value(), 0, "test")


def optimum(problem: Problem) -> int:
    least = None
    for days in orders(problem):
        starts = earliest(problem, days)
        if starts is None:
            continue
        plan = plan_of(problem, days, starts)
        total = evaluate(problem, plan).total
        if least is not None and total >= least:
            continue
        faults = [fault for fault in check(problem, plan).faults if fault.code != "wrong_value"]
        if not faults:
            least = total
    assert least is not None
    return least


@pytest.mark.parametrize("block", range(15))
def test_three_visits_two_people(block):
    for seed in range(block * 20, block * 20 + 20):
        problem = random_day(seed, visits=3, crowd=2)
        tries = [solve(problem, stop=Stop(iterations=25_000), seed=s) for s in (seed, seed + 1)]
        plan = min(tries, key=lambda each: each.value.total)
        assert check(problem, plan).ok, seed
        assert plan.value.total == optimum(problem), seed


@pytest.mark.parametrize("seed", range(1000, 1008))
def test_four_visits_two_people(seed):
    problem = random_day(seed, visits=4, crowd=2)
    plan = solve(problem, stop=Stop(iterations=30_000), seed=seed)
    assert check(problem, plan).ok
    assert plan.value.total == optimum(problem)


@pytest.mark.parametrize("seed", range(2000, 2010))
def test_tightening_never_improves(seed):
    problem = random_day(seed, visits=3, crowd=2)
    loose = optimum(problem)
    from dataclasses import replace

    closed = tuple(
        replace(v, window=(v.window[0], max(v.window[0], v.window[1] - 10)), max_lateness=0)
        for v in problem.visits
    )
    shorter = tuple(replace(p, max_overtime=0) for p in problem.people)
    tight = replace(problem, visits=closed, people=shorter)
    plan = solve(tight, stop=Stop(iterations=40_000), seed=seed)
    assert plan.value.total >= loose
