"""Empty the plan in the tables, and bring the best one back."""

from __future__ import annotations

from wushe_engine.dispatch.kernels.anneal import clear_unserved
from wushe_engine.dispatch.kernels.columns import *  # noqa: F403
from wushe_engine.dispatch.kernels.compiling import kernel
from wushe_engine.dispatch.kernels.insert import restore
from wushe_engine.dispatch.kernels.links import Tables


@kernel
def empty(k: Tables) -> None:
    """Leave all visits out and clear all sums."""
    n, people = k.G[VISITS], k.G[PEOPLE]
    total = 0
    for node in range(n):
        k.D[node, WHO] = -1
        total += k.S[node, PENALTY]
    for person in range(people):
        start, end = n + person, n + people + person
        k.D[start, NEXT], k.D[end, PREV] = end, start
        for column in (START, TRIAL, RESTED, TRIAL_RESTED):
            k.D[end, column] = k.D[start, column]
        k.D[end, COST] = 0
        k.Q[person, WORK] = 0
        k.Q[person, CARRIED] = 0
    for row in range(k.series.shape[0]):
        for person in range(people):
            k.series[row, person] = 0
        k.series[row, people + 1] = 0
    k.G[TOTAL], k.G[TIMING], k.G[MAX_LATE] = total, 0, 0
    clear_unserved(k)


@kernel
def return_to_best(k: Tables) -> int:
    """Make the best plan the present one; return how many units were lost (always 0)."""
    empty(k)
    return restore(k, k.best_who, k.best_label)
