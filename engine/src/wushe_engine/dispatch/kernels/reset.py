"""Empty the plan in the tables, and make a whole plan the present one."""

from __future__ import annotations

from wushe_engine.dispatch.kernels.anneal import begin, clear_unserved, renumber, sort_by_label
from wushe_engine.dispatch.kernels.columns import *
from wushe_engine.dispatch.kernels.compiling import entry, kernel
from wushe_engine.dispatch.kernels.links import leg, link, seed
from wushe_engine.dispatch.kernels.tables import Floats, Ints, Tables
from wushe_engine.dispatch.kernels.timing import commit, price


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


@entry
def restore_exactly(k: Tables, who: Ints, label: Floats) -> bool:
    """Make a whole plan the present one; False (then empty the tables) when it breaks a rule.

    The visits are linked first and timed together, since a part of a good plan may break a rule
    that the whole keeps (the way home from a visit that is not the last).
    """
    empty(k)
    n, people = k.G[VISITS], k.G[PEOPLE]
    for node in range(n):
        k.label[node] = label[node]
    sort_by_label(k)
    begin(k)
    for index in range(n):
        node = k.lists[IN_ORDER, index]
        person = who[node]
        if person >= 0:
            link(k, node, k.D[n + people + person, PREV], person)
    k.G[BAD] = 0
    for person in range(people):
        a = n + person
        while a < n or a == n + person:
            b = k.D[a, NEXT]
            if leg(k, person, a, b) >= UNREACHED:
                return False
            seed(k, b)
            a = b
    if not price(k, 4.0e18):
        return False
    commit(k)
    clear_unserved(k)
    renumber(k)
    return True
