"""Price and keep single places: who could serve a visit, where, and for how many points."""

from __future__ import annotations

from wushe_engine.dispatch.kernels.anneal import begin, clear_unserved
from wushe_engine.dispatch.kernels.columns import *
from wushe_engine.dispatch.kernels.compiling import entry, merged
from wushe_engine.dispatch.kernels.links import leave_out, put, set_label
from wushe_engine.dispatch.kernels.moves import draw, label_after, slot_of
from wushe_engine.dispatch.kernels.tables import Floats, Ints, Tables
from wushe_engine.dispatch.kernels.timing import commit, price, revert

NO_PRICE = 2**62
"""Price of what is not possible."""


@entry
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


@entry
def keep_unit(k: Tables, node: int, label: float, person: int, other: int) -> bool:
    """Put an unserved unit into the plan for good; False when it does not fit."""
    if try_unit(k, node, label, person, other) == NO_PRICE:
        revert(k)
        return False
    commit(k)
    return True


@merged
def best_slot(k: Tables, node: int, person: int, other: int) -> tuple[int, float]:
    """Return the least price of an unserved unit with these people, and its label.

    A single visit is tried after each node of the day, a linked one directly before and after each
    visit of both days: these are all the places in the global order that differ for them.
    """
    least, where = NO_PRICE, 0.0
    halves = 1 if k.S[node, PARTNER] < 0 else 2
    for half in range(halves):
        start = k.G[VISITS] + (person if half == 0 else other)
        end = start + k.G[PEOPLE]
        a = start
        while a != end:
            for side in range(halves):
                if halves == 1:
                    label = label_after(k, node, a)
                elif a == start:
                    label = float(k.S[node, OPEN]) + draw(k)
                else:
                    label = k.label[a] + (0.001 if side == 0 else -0.001) * (0.5 + draw(k))
                points = try_unit(k, node, label, person, other)
                revert(k)
                if points < least:
                    least, where = points, label
            a = k.D[a, NEXT]
    return least, where


@entry
def offers(
    k: Tables, node: int, half: int, other: int, label: float, points: Ints, labels: Floats
) -> None:
    """Price an unserved unit with everybody, the rest of the plan as it stands.

    Fills ``points`` and ``labels`` (people,) with the least price and its place in the global order
    when the person serves ``half`` of the unit (the unit's first visit ``node``, or its second) and
    ``other`` the other half; ``NO_PRICE`` where that is impossible. Only ``label`` is tried unless
    it is zero.
    """
    partner = k.S[node, PARTNER]
    for person in range(k.G[PEOPLE]):
        points[person] = NO_PRICE
        if k.eligible[half, person] == 0 or (partner >= 0 and person == other):
            continue
        first, second = (person, other) if half == node else (other, person)
        if label == 0.0:
            points[person], labels[person] = best_slot(k, node, first, second)
        else:
            points[person], labels[person] = try_unit(k, node, label, first, second), label
            revert(k)


@entry
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
