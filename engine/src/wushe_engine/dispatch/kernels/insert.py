"""Build a first plan, and find the best slot of a visit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wushe_engine.dispatch.kernels.anneal import begin, clear_unserved, renumber, sort_by_label
from wushe_engine.dispatch.kernels.columns import *  # noqa: F403
from wushe_engine.dispatch.kernels.compiling import kernel
from wushe_engine.dispatch.kernels.links import Ints, Tables, put, set_label
from wushe_engine.dispatch.kernels.moves import label_between, slot_of
from wushe_engine.dispatch.kernels.timing import commit, price, revert

NO_PRICE = 2**62
"""Price of what is not possible."""


@kernel
def try_unit(k: Tables, node: int, label: float, person: int, other: int) -> int:
    """Put an unserved unit into the plan at a label; return its price, leave the move pending."""
    begin(k)
    set_label(k, node, label)
    start = k.G[VISITS] + person
    put(k, node, slot_of(k, start, label), person)
    partner = k.S[node, PARTNER]
    if partner >= 0:
        put(k, partner, slot_of(k, k.G[VISITS] + other, label), other)
    return k.G[DELTA] if price(k, 4.0e18) else NO_PRICE


@kernel
def keep_unit(k: Tables, node: int, label: float, person: int, other: int) -> bool:
    """Put an unserved unit into the plan for good; False when it does not fit."""
    if try_unit(k, node, label, person, other) == NO_PRICE:
        revert(k)
        return False
    commit(k)
    return True


@kernel
def best_append(k: Tables, node: int, label: float) -> bool:
    """Append a unit where it costs least; False when nobody can take it."""
    people = k.G[PEOPLE]
    partner = k.S[node, PARTNER]
    least, who, mate = NO_PRICE, -1, -1
    for person in range(people):
        if k.eligible[node, person] == 0:
            continue
        for other in range(people if partner >= 0 else 1):
            if partner >= 0 and (other == person or k.eligible[partner, other] == 0):
                continue
            points = try_unit(k, node, label, person, other)
            revert(k)
            if points < least:
                least, who, mate = points, person, other
    return least < 0 and keep_unit(k, node, label, who, mate)


@kernel
def construct(k: Tables, order: Ints) -> None:
    """Append units one after the other, then insert what was left over anywhere."""
    for rank in range(len(order)):
        best_append(k, order[rank], rank + 1.0)
    clear_unserved(k)
    for rank in range(len(order)):
        if k.D[order[rank], WHO] < 0:
            best_insert(k, order[rank])
    clear_unserved(k)


@kernel
def best_slot(k: Tables, node: int, person: int, other: int) -> tuple[int, float]:
    """Return the least price of an unserved unit with these people, and its label."""
    least, where = NO_PRICE, 0.0
    a = k.G[VISITS] + person
    end = a + k.G[PEOPLE]
    while a != end:
        label = label_between(k, a, 0.5)
        points = try_unit(k, node, label, person, other)
        revert(k)
        if points < least:
            least, where = points, label
        a = k.D[a, NEXT]
    if k.S[node, PARTNER] < 0:
        return least, where
    a = k.G[VISITS] + other
    end = a + k.G[PEOPLE]
    while a != end:
        label = label_between(k, a, 0.5)
        points = try_unit(k, node, label, person, other)
        revert(k)
        if points < least:
            least, where = points, label
        a = k.D[a, NEXT]
    return least, where


@kernel
def best_insert(k: Tables, node: int) -> bool:
    """Insert an unserved unit where it costs least; False when that is no gain."""
    people = k.G[PEOPLE]
    partner = k.S[node, PARTNER]
    least, where, who, mate = NO_PRICE, 0.0, -1, -1
    for person in range(people):
        if k.eligible[node, person] == 0:
            continue
        for other in range(people if partner >= 0 else 1):
            if partner >= 0 and (other == person or k.eligible[partner, other] == 0):
                continue
            points, label = best_slot(k, node, person, other)
            if points < least:
                least, where, who, mate = points, label, person, other
    kept = least < 0 and keep_unit(k, node, where, who, mate)
    renumber(k)
    return kept


@kernel
def restore(k: Tables, who: Ints, label: NDArray[np.float64]) -> int:
    """Rebuild the plan from people and order; return how many units no longer fit.

    The tables must hold an empty plan.
    """
    n = k.G[VISITS]
    for node in range(n):
        k.label[node] = label[node]
    sort_by_label(k)
    lost = 0
    for index in range(n):
        node = k.order[index]
        if who[node] < 0 or k.S[node, SECOND] == 1:
            continue
        partner = k.S[node, PARTNER]
        other = who[partner] if partner >= 0 else 0
        if other < 0 or not keep_unit(k, node, label[node], who[node], other):
            lost += 1
    clear_unserved(k)
    return lost
