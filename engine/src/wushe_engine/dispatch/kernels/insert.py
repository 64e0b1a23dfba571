"""Build a first plan, and find the best slot of a visit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wushe_engine.dispatch.kernels.anneal import begin, clear_unserved, renumber, sort_by_label
from wushe_engine.dispatch.kernels.columns import *
from wushe_engine.dispatch.kernels.compiling import kernel
from wushe_engine.dispatch.kernels.links import Ints, Tables, leave_out, put, set_label
from wushe_engine.dispatch.kernels.moves import draw, label_after, slot_of
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
    renumber(k)
    insert_all(k)


@kernel
def best_slot(k: Tables, node: int, person: int, other: int) -> tuple[int, float]:
    """Return the least price of an unserved unit with these people, and its label."""
    start = k.G[VISITS] + person
    if k.S[node, PARTNER] < 0:
        return best_single_slot(k, node, person)
    least, where = slots_beside(k, node, start, person, other)
    least2, where2 = slots_beside(k, node, k.G[VISITS] + other, person, other)
    return (least, where) if least <= least2 else (least2, where2)


@kernel
def best_single_slot(k: Tables, node: int, person: int) -> tuple[int, float]:
    """Try a visit after each node of a person's day."""
    least, where = NO_PRICE, 0.0
    a = k.G[VISITS] + person
    end = a + k.G[PEOPLE]
    while a != end:
        label = label_after(k, node, a)
        points = try_unit(k, node, label, person, 0)
        revert(k)
        if points < least:
            least, where = points, label
        a = k.D[a, NEXT]
    return least, where


@kernel
def slots_beside(k: Tables, node: int, start: int, person: int, other: int) -> tuple[int, float]:
    """Try a linked visit directly before and after each visit of the day that begins at ``start``.

    Over both people's days these are all the places in the global order that differ for them.
    """
    least, where = NO_PRICE, 0.0
    a = start
    end = start + k.G[PEOPLE]
    while a != end:
        for side in range(2):
            label = k.label[a] + (0.001 if side == 0 else -0.001) * (0.5 + draw(k))
            if a == start:
                label = float(k.S[node, OPEN]) + draw(k)
            points = try_unit(k, node, label, person, other)
            revert(k)
            if points < least:
                least, where = points, label
        a = k.D[a, NEXT]
    return least, where


@kernel
def best_team(k: Tables, node: int) -> tuple[int, float, int, int]:
    """Return the least price of an unserved unit, its label and its people (-1: impossible)."""
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
    return least, where, who, mate


@kernel
def best_insert(k: Tables, node: int) -> bool:
    """Insert an unserved unit where it costs least; False when that is no gain."""
    least, where, who, mate = best_team(k, node)
    kept = least < 0 and keep_unit(k, node, where, who, mate)
    clear_unserved(k)
    renumber(k)
    return kept


@kernel
def insert_all(k: Tables) -> None:
    """Insert whatever is left out, the most valued first, as long as that is a gain."""
    for _ in range(k.G[UNSERVED]):
        chosen, value = -1, 0
        for node in range(k.G[VISITS]):
            worth = k.S[node, PENALTY]
            waiting = k.D[node, WHO] < 0 and k.S[node, SECOND] == 0 and k.D[node, QUEUED] >= 0
            if waiting and worth > value:
                chosen, value = node, worth
        if chosen < 0:
            break
        if not best_insert(k, chosen):
            k.D[chosen, QUEUED] = -1
    for node in range(k.G[VISITS]):
        k.D[node, QUEUED] = 0


@kernel
def withdraw(k: Tables, first: int) -> int:
    """Take a served unit out of the plan; return the points gained, or NO_PRICE."""
    begin(k)
    leave_out(k, first)
    if k.S[first, PARTNER] >= 0:
        leave_out(k, k.S[first, PARTNER])
    if not price(k, 4.0e18):
        revert(k)
        return NO_PRICE
    points = k.G[DELTA]
    commit(k)
    clear_unserved(k)
    return points


@kernel
def appraise(k: Tables, node: int, points: Ints, improve: bool) -> int:
    """Price a served visit with everybody, the rest of the plan as it stands.

    Fills ``points`` (people,) with the price of serving it by each person (its other half keeps
    its person), ``NO_PRICE`` where that is impossible. With ``improve`` the visit moves to a
    strictly better place. Returns the price of the present place, or ``NO_PRICE`` when the visit
    cannot be taken out.
    """
    first = k.S[node, PARTNER] if k.S[node, SECOND] == 1 else node
    partner = k.S[first, PARTNER]
    who = k.D[first, WHO]
    mate = k.D[partner, WHO] if partner >= 0 else -1
    label = k.label[first]
    present = withdraw(k, first)
    if present == NO_PRICE:
        return NO_PRICE
    present = -present
    own = mate if node != first else who
    least, best, best_label = present, own, label
    points[own] = NO_PRICE
    for person in range(k.G[PEOPLE]):
        points[person] = NO_PRICE
        if k.eligible[node, person] == 0 or person == (who if node != first else mate):
            continue
        if node == first:
            points[person], where = best_slot(k, first, person, mate)
        else:
            points[person], where = best_slot(k, first, who, person)
        if improve and points[person] < least:
            least, best, best_label = points[person], person, where
    points[own] = min(points[own], present)
    if node == first:
        keep_unit(k, first, best_label, best, mate)
    else:
        keep_unit(k, first, best_label, who, best)
    clear_unserved(k)
    return present


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
    renumber(k)
    return lost


@kernel
def polish(k: Tables, points: Ints) -> None:
    """Move single visits to better places until none is left."""
    for _ in range(8):
        before = k.G[TOTAL]
        for node in range(k.G[VISITS]):
            if k.D[node, WHO] >= 0:
                appraise(k, node, points, True)
                renumber(k)
        if k.G[TOTAL] == before:
            return
