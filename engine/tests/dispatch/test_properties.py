"""What holds for every day, on random ones of a realistic shape."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from wushe_engine.dispatch import (
    Break,
    Link,
    LinkKind,
    Person,
    Problem,
    Stop,
    Travel,
    Visit,
    check,
    solve,
)


def street(seed: int, visits: int = 40, crowd: int = 6) -> Problem:
    dice = random.Random(seed)
    points = [(dice.randrange(40), dice.randrange(40)) for _ in range(visits + 1)]
    matrix = np.array([[(abs(a - c) + abs(b - d)) // 2 for c, d in points] for a, b in points])
    people = tuple(
        Person(
            f"p{number}",
            "0",
            "0",
            (480, 1020),
            max_overtime=30,
            skills={"care": None} if number % 2 else {"care": None, "nurse": None},
            rest=Break(690, 780, 30) if number % 3 else None,
            travel="walk" if number % 4 else "bike",
        )
        for number in range(crowd)
    )
    calls = tuple(
        Visit(
            f"v{number}",
            str(number + 1),
            dice.choice([20, 30, 45]),
            (opens := dice.randrange(480, 900), opens + 60),
            max_lateness=dice.choice([0, 30, None]),
            penalty=dice.choice([300, 1000, 5000]),
            skills=frozenset({"nurse" if number % 5 == 0 else "care"}),
            preferred={f"p{dice.randrange(crowd)}": 20} if number % 2 else {},
        )
        for number in range(visits)
    )
    links = (Link("v1", "v2"), Link("v3", "v4", LinkKind.SEQUENCE, 5, 40), Link("v6", "v7"))
    ways = (Travel("walk", matrix), Travel("bike", matrix // 2))
    return Problem(tuple(map(str, range(visits + 1))), people, calls, ways, links=links)


@pytest.mark.parametrize("seed", range(8))
def test_every_plan_passes_and_is_no_worse_than_the_start(seed):
    problem = street(seed)
    plan = solve(problem, stop=Stop(iterations=40_000), seed=seed)
    assert check(problem, plan).faults == ()
    assert plan.value.total <= plan.statistics.start_total
    assert set(plan.reasons) == {visit.id for visit in problem.visits}


def test_same_seed_same_plan():
    problem = street(1)
    first, second = (solve(problem, stop=Stop(iterations=30_000), seed=5) for _ in range(2))
    assert (first.routes, first.unserved, first.value) == (
        second.routes,
        second.unserved,
        second.value,
    )
    assert first.reasons == second.reasons


def test_more_effort_is_no_worse_from_the_same_plan():
    problem = street(2)
    plan = solve(problem, stop=Stop(iterations=5000), seed=5)
    warm = solve(problem, stop=Stop(iterations=30_000), seed=5, warm=plan)
    assert warm.value.total <= plan.value.total
    assert check(problem, warm).ok


def test_the_order_of_the_input_changes_no_rule():
    problem = street(3)
    turned = replace(problem, visits=problem.visits[::-1], people=problem.people[::-1])
    plan = solve(turned, stop=Stop(iterations=40_000), seed=1)
    back = replace(plan, unserved=plan.unserved)
    assert check(problem, back).ok


def test_no_gain_stops_by_itself():
    plan = solve(street(4), stop=Stop(no_gain=20_000), seed=1)
    assert plan.statistics.stopped_by == "no_gain"


def test_zero_effort_gives_the_start():
    problem = street(5)
    plan = solve(problem, stop=Stop(iterations=0), seed=1)
    assert check(problem, plan).ok
    assert plan.statistics.iterations == 0


def test_progress_is_told():
    told = []
    solve(street(6), stop=Stop(seconds=1.0), seed=1, on_progress=told.append)
    assert told
    assert all(0 <= each.share <= 1 for each in told)
    totals = [each.best_total for each in told]
    assert totals == sorted(totals, reverse=True)
