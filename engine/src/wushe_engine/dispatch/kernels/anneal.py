"""Simulated annealing at one temperature for a number of moves."""

from __future__ import annotations

import math

from wushe_engine.dispatch.kernels.columns import *
from wushe_engine.dispatch.kernels.compiling import entry, inline, kernel
from wushe_engine.dispatch.kernels.links import undo
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
from wushe_engine.dispatch.kernels.tables import Floats, Grid, Tables
from wushe_engine.dispatch.kernels.timing import commit, price, revert

NO_LIMIT = 2**62
"""Nothing is hopeless."""


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
            node = k.lists[IN_ORDER, index]
            at = index
            while at >= gap and k.label[k.lists[IN_ORDER, at - gap]] > k.label[node]:
                k.lists[IN_ORDER, at] = k.lists[IN_ORDER, at - gap]
                at -= gap
            k.lists[IN_ORDER, at] = node
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
        node = k.lists[IN_ORDER, index]
        if k.D[node, WHO] < 0 or k.S[node, SECOND] == 1:
            continue
        label = later_than(k, node, k.D[node, START] + draw(k))
        partner = k.S[node, PARTNER]
        if partner >= 0:
            label = later_than(k, partner, label)
            k.label[partner] = label
        k.label[node] = label
    k.G[RELABELS] = 0


@entry
def keep_best(k: Tables) -> None:
    """Copy the present plan as the best one."""
    for node in range(k.G[VISITS]):
        k.lists[IN_BEST, node] = k.D[node, WHO]
        k.labels[BEST_LABEL, node] = k.label[node]
    k.G[BEST] = k.G[TOTAL]
    k.G[IMPROVED] = k.G[ITERATIONS]
    k.G[GAINS] += 1


@inline
def propose(k: Tables, weights: Floats) -> int:
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


@entry
def tidy(k: Tables) -> None:
    """Clear the times of the unserved and renumber."""
    clear_unserved(k)
    renumber(k)


@inline
def draw_threshold(k: Tables, temperature: float, sampling: bool) -> float:
    """Draw how many points a move may add, and note what is hopeless before timing.

    Timing can at best take back all the points that timing costs now.
    """
    k.G[MOST] = NO_LIMIT
    if sampling:
        return 4.0e18
    threshold = -temperature * math.log(1.0 - draw(k))
    if k.G[W_UNFAIR] == 0:
        k.G[MOST] = int(threshold) + 1 + k.G[TIMING] + k.G[W_MAX] * k.G[MAX_LATE]
    return threshold


@entry
def anneal(
    k: Tables, temperature: float, moves: int, weights: Floats, tally: Grid, deltas: Floats
) -> int:
    """Try ``moves`` moves at a temperature (in points); the best plan is kept in the tables.

    A worse plan is accepted below a threshold drawn beforehand, so that pricing can stop early. If
    ``deltas`` has places, nothing is accepted: they get the points by which moves would worsen it.
    """
    found = 0
    sampling = len(deltas) > 0
    for _ in range(moves):
        if not sampling:
            k.G[ITERATIONS] += 1
        elif found == len(deltas):
            break
        begin(k)
        threshold = draw_threshold(k, temperature, sampling)
        kind = propose(k, weights)
        if kind < 0:
            if k.G[LOGGED] > 0:
                undo(k)
            continue
        tally[kind, 0] += 1
        fits = price(k, threshold)
        if sampling and fits and k.G[DELTA] > 0:
            deltas[found] = k.G[DELTA]
            found += 1
        if fits and not sampling:
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
    return found
