"""The search stays as good as it was, counted in moves so that no machine matters.

The days are invented in the shape of the public home care instances: one office, scarce skills in
two groups, a third of the patients needing two people at once or one after the other.
"""

from __future__ import annotations

import math
import random

import numpy as np

from wushe_engine.dispatch import (
    Link,
    LinkKind,
    Objective,
    Person,
    Problem,
    Stop,
    Travel,
    Visit,
    check,
    solve,
)

MOVES = 1_000_000
SEEDS = (1, 2)
BEST_KNOWN = {1: 2686, 2: 2589, 3: 2331}
"""Totals of the best plans found with up to twelve times the moves and several seeds."""

MEAN_LIMIT, WORST_LIMIT = 0.04, 0.08
"""Gaps to the best known; measured with these seeds: 0.024 on the mean, 0.051 at worst."""


def office_day(number: int, patients: int = 60, carers: int = 12) -> Problem:
    dice = random.Random(number)
    points = [(dice.randrange(100), dice.randrange(100)) for _ in range(patients + 1)]
    matrix = np.array([[round(math.dist(a, b)) for b in points] for a in points])
    objective = Objective(lateness=1, lateness_max=1, travel=1, continuity=0, overtime=0, changes=0)
    people = []
    for row in range(carers):
        group = "abc" if row % 2 else "def"
        held = {group[row // 2 % 3], *dice.sample(group, 1)}
        people.append(Person(f"p{row}", "0", "0", skills=dict.fromkeys(held)))
    visits, links = [], []
    for row in range(patients):
        opens = dice.randrange(480)
        wanted = [dice.choice("abc"), dice.choice("def")]
        for skill in wanted if row % 3 == 0 else wanted[row % 2 :][:1]:
            visits.append(
                Visit(
                    f"v{len(visits)}",
                    str(row + 1),
                    dice.randrange(10, 25),
                    (opens, opens + 120),
                    max_lateness=None,
                    penalty=100_000,
                    skills=frozenset({skill}),
                )
            )
        if row % 3 == 0:
            halves = visits[-2].id, visits[-1].id
            gap = (LinkKind.SEQUENCE, 10, 60) if row % 2 else (LinkKind.SIMULTANEOUS,)
            links.append(Link(*halves, *gap))
    places = tuple(map(str, range(patients + 1)))
    ways = (Travel("default", matrix),)
    return Problem(
        places, tuple(people), tuple(visits), ways, links=tuple(links), objective=objective
    )


def test_few_moves_come_close_to_the_best_known():
    gaps = []
    for number, best in BEST_KNOWN.items():
        problem = office_day(number)
        for seed in SEEDS:
            plan = solve(problem, stop=Stop(iterations=MOVES), seed=seed, reasons=False)
            assert check(problem, plan).ok
            assert plan.unserved == ()
            gaps.append(plan.value.total / best - 1)
    assert sum(gaps) / len(gaps) < MEAN_LIMIT, gaps
    assert max(gaps) < WORST_LIMIT, gaps
