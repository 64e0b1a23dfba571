"""Build a plan in the tables, complete it, and bring one back, a unit at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wushe_engine.dispatch.kernels import columns as c

if TYPE_CHECKING:
    from wushe_engine.dispatch.kernels.tables import Tables

POLISH_ROUNDS = 8


def empty(tables: Tables) -> None:
    """Leave all visits out."""
    from wushe_engine.dispatch.kernels.reset import restore_exactly

    n = int(tables.G[c.VISITS])
    restore_exactly(tables, np.full(n, -1, np.int64), tables.label[:n].copy())


def construct(tables: Tables) -> None:
    """Append units to the days, the first due first, then insert what was left over anywhere."""
    from wushe_engine.dispatch.kernels.anneal import tidy

    empty(tables)
    firsts = np.flatnonzero(tables.S[: tables.G[c.VISITS], c.SECOND] == 0)
    order = firsts[np.argsort(tables.S[firsts, c.DUE], kind="stable")]
    for rank, node in enumerate(order):
        take_on(tables, best_place(tables, node, rank + 1.0))
    tidy(tables)
    insert_all(tables)


def insert_all(tables: Tables) -> None:
    """Insert whatever is left out, the most valued first, as long as that is a gain."""
    from wushe_engine.dispatch.kernels.anneal import tidy

    fixed = tables.S[: tables.G[c.VISITS]]
    left_out = tables.D[: len(fixed), c.WHO] < 0
    waiting = np.flatnonzero(left_out & (fixed[:, c.SECOND] == 0) & (fixed[:, c.PENALTY] > 0))
    for node in waiting[np.argsort(-fixed[waiting, c.PENALTY], kind="stable")]:
        take_on(tables, best_place(tables, node))
        tidy(tables)


class Place(NamedTuple):
    """Where a unit would go: price, first visit, label in the global order, people."""

    price: int
    node: int
    label: float
    who: int
    mate: int


def best_place(tables: Tables, node: int, label: float = 0.0) -> Place | None:
    """Return the cheapest place of an unserved unit (at ``label``, if given); None: nowhere."""
    from wushe_engine.dispatch.kernels.insert import NO_PRICE, offers

    people = int(tables.G[c.PEOPLE])
    points, labels = np.zeros(people, np.int64), np.zeros(people)
    partner = tables.S[node, c.PARTNER]
    best = None
    mates = np.flatnonzero(tables.eligible[partner]) if partner >= 0 else np.array([-1])
    for mate in map(int, mates):
        offers(tables, node, node, mate, label, points, labels)
        who = int(np.argmin(points))
        if points[who] < (NO_PRICE if best is None else best.price):
            best = Place(int(points[who]), node, float(labels[who]), who, mate)
    return best


def take_on(tables: Tables, place: Place | None) -> None:
    """Serve a unit at a place where that is a gain."""
    from wushe_engine.dispatch.kernels.insert import keep_unit

    if place is not None and place.price < 0:
        keep_unit(tables, *place[1:])


def appraise(tables: Tables, node: int, improve: bool = False) -> tuple[int, NDArray[np.int64]]:
    """Price a served visit with everybody, the rest of the plan as it stands.

    Returns the price of the present place, and that of serving it by each person (its other half
    keeps its person), ``NO_PRICE`` where that is impossible or the visit cannot be taken out. With
    ``improve`` the visit moves to a strictly better place.
    """
    from wushe_engine.dispatch.kernels.anneal import tidy
    from wushe_engine.dispatch.kernels.insert import NO_PRICE, keep_unit, offers, withdraw

    first = tables.S[node, c.PARTNER] if tables.S[node, c.SECOND] == 1 else node
    partner = tables.S[first, c.PARTNER]
    team = [int(tables.D[half, c.WHO]) if half >= 0 else -1 for half in (first, partner)]
    label = float(tables.label[first])
    points = np.full(int(tables.G[c.PEOPLE]), NO_PRICE)
    labels = np.zeros(len(points))
    present = -int(withdraw(tables, first))
    if present == -NO_PRICE:
        return NO_PRICE, points
    own, mate = team if node == first else team[::-1]
    offers(tables, first, node, mate, 0.0, points, labels)
    best = int(np.argmin(points))
    if improve and points[best] < present:
        team[0 if node == first else 1], label = best, float(labels[best])
    points[own] = min(int(points[own]), present)
    keep_unit(tables, first, label, *team)
    tidy(tables)
    return present, points


def polish(tables: Tables) -> None:
    """Move single visits to better places until none is left."""
    for _ in range(POLISH_ROUNDS):
        before = tables.G[c.TOTAL]
        for node in range(tables.G[c.VISITS]):
            if tables.D[node, c.WHO] >= 0:
                appraise(tables, node, improve=True)
        if tables.G[c.TOTAL] == before:
            return


def restore(tables: Tables, who: NDArray[np.int64], label: NDArray[np.float64]) -> None:
    """Make a plan the present one: whole if it keeps all rules, else what still fits of it."""
    from wushe_engine.dispatch.kernels.anneal import tidy
    from wushe_engine.dispatch.kernels.insert import keep_unit
    from wushe_engine.dispatch.kernels.reset import restore_exactly

    if restore_exactly(tables, who, label):
        return
    empty(tables)
    tables.label[: len(label)] = label
    for node in np.argsort(label, kind="stable"):
        partner = tables.S[node, c.PARTNER]
        mate = who[partner] if partner >= 0 else 0
        if who[node] >= 0 and mate >= 0 and tables.S[node, c.SECOND] == 0:
            keep_unit(tables, node, label[node], who[node], mate)
    tidy(tables)
