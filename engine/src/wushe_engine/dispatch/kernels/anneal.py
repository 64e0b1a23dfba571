"""Simulated annealing at one temperature for a number of moves."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from wushe_engine.dispatch.kernels.columns import *
from wushe_engine.dispatch.kernels.compiling import inline, kernel
from wushe_engine.dispatch.kernels.links import Ints, Tables, undo
from wushe_engine.dispatch.kernels.moves import (
    draw,
    drop,
    exchange_tails,
    move_half,
    move_pair,
    move_segment,
    move_single,
    pick,
    replace,
    swap_people,
)
from wushe_engine.dispatch.kernels.timing import commit, price, revert


@inline
def begin(k: Tables) -> None:
    """Start a new move: empty log, queue and sums."""
    k.G[STAMP] += 1
    k.G[DELTA] = 0
    k.G[BAD] = 0
    k.G[LOGGED] = 0
    k.G[SEEDS] = 0
    k.G[MARKED] = 0
    k.G[RETIMED] = 0
    k.G[NEW_MAX] = 0
    k.G[MAX_HIT] = 0
    k.G[GONE] = 0


@kernel
def clear_unserved(k: Tables) -> None:
    """Forget the times of visits that the accepted move left out, and count the unserved."""
    count = 0
    for node in range(k.G[VISITS]):
        if k.D[node, WHO] < 0:
            count += 1
            k.D[node, START] = -1
            k.D[node, COST] = 0
            k.D[node, LATE] = 0
    k.G[UNSERVED] = count


@kernel
def sort_by_label(k: Tables) -> None:
    """Sort ``k.order`` by the labels (shell sort: it is nearly sorted already)."""
    n = k.G[VISITS]
    gap = n // 2
    while gap > 0:
        for index in range(gap, n):
            node = k.order[index]
            at = index
            while at >= gap and k.label[k.order[at - gap]] > k.label[node]:
                k.order[at] = k.order[at - gap]
                at -= gap
            k.order[at] = node
        gap //= 2


@inline
def later_than(k: Tables, node: int, label: float) -> float:
    """Return the least label of a visit at or above ``label`` that keeps its day in order."""
    return max(label, k.label[k.D[node, PREV]] + 0.01)


@kernel
def renumber(k: Tables) -> None:
    """Give the units labels close to their start times, keeping the order within every day.

    No two labels are equal: with a tie a visit could later be slotted in before another one and
    still be timed after it.
    """
    sort_by_label(k)
    for index in range(k.G[VISITS]):
        node = k.order[index]
        if k.D[node, WHO] < 0 or k.S[node, SECOND] == 1:
            continue
        label = later_than(k, node, k.D[node, START] + draw(k))
        partner = k.S[node, PARTNER]
        if partner >= 0:
            label = later_than(k, partner, label)
            k.label[partner] = label
        k.label[node] = label
    k.G[RELABELS] = 0


@kernel
def keep_best(k: Tables) -> None:
    """Copy the present plan as the best one."""
    for node in range(k.G[VISITS]):
        k.best_who[node] = k.D[node, WHO]
        k.best_label[node] = k.label[node]
    k.G[BEST] = k.G[TOTAL]
    k.G[IMPROVED] = k.G[ITERATIONS]
    k.G[GAINS] += 1


@inline
def propose(k: Tables, weights: NDArray[np.float64]) -> int:
    """Make a random move; return its kind, or -1 when there is nothing to price."""
    node = pick(k, k.G[VISITS])
    paired = k.S[node, PARTNER] >= 0
    if k.D[node, WHO] < 0:
        if not paired and draw(k) < 0.3:
            return 6 if replace(k, node) else -1
        if paired:
            return 8 if move_pair(k, node) else -1
        return 8 if move_single(k, node) else -1
    x = draw(k)
    if x < weights[0]:
        if not paired:
            return 0 if move_single(k, node) else -1
        if draw(k) < 0.5:
            return 1 if move_pair(k, node) else -1
        return 2 if move_half(k, node) else -1
    if x < weights[1]:
        return 3 if swap_people(k, node) else -1
    if x < weights[2]:
        return 4 if move_segment(k, node) else -1
    if x < weights[3]:
        return 5 if exchange_tails(k, node) else -1
    return 7 if drop(k, node) else -1


@kernel
def anneal(
    k: Tables, temperature: float, moves: int, weights: NDArray[np.float64], tally: Ints
) -> None:
    """Try ``moves`` moves at a temperature (in points); the best plan is kept in the tables.

    A worse plan is accepted when its points stay below a threshold drawn beforehand, so that
    pricing can stop early.
    """
    for _ in range(moves):
        k.G[ITERATIONS] += 1
        begin(k)
        kind = propose(k, weights)
        if kind < 0:
            if k.G[LOGGED] > 0:
                undo(k)
            continue
        tally[kind, 0] += 1
        threshold = -temperature * math.log(1.0 - draw(k))
        if price(k, threshold):
            if k.G[DELTA] != 0:
                tally[kind, 1] += 1
            commit(k)
            if kind >= 6:
                clear_unserved(k)
            if k.G[TOTAL] < k.G[BEST]:
                keep_best(k)
        else:
            revert(k)
        if k.G[RELABELS] > 4 * k.G[VISITS] + 1000:
            renumber(k)


@kernel
def sample(k: Tables, weights: NDArray[np.float64], deltas: NDArray[np.float64]) -> int:
    """Price random moves of the present plan without making them.

    Fills ``deltas`` with the points by which feasible moves would worsen the plan; returns how
    many were found in ten tries for each place.
    """
    found = 0
    for _ in range(10 * len(deltas)):
        begin(k)
        kind = propose(k, weights)
        if kind < 0:
            undo(k)
            continue
        if price(k, 4.0e18) and k.G[DELTA] > 0:
            deltas[found] = k.G[DELTA]
            found += 1
        revert(k)
        if k.G[RELABELS] > 4 * k.G[VISITS] + 1000:
            renumber(k)
        if found == len(deltas):
            break
    return found
