"""Re-time what a move touched, in the global order, and stop as soon as the price is too high."""

from __future__ import annotations

from wushe_engine.dispatch.kernels.columns import *
from wushe_engine.dispatch.kernels.compiling import entry, inline, kernel
from wushe_engine.dispatch.kernels.links import leg, seed, undo
from wushe_engine.dispatch.kernels.tables import Tables
from wushe_engine.dispatch.model import FOREVER


@inline
def rest_delay(k: Tables, person: int, free: int, travel: int, start: int, length: int) -> int:
    """Delay a start by the break where this is the last chance to take it.

    The break is taken on arrival, or before leaving where the arrival is after its window.
    """
    latest = k.P[person, REST_LATE]
    if start + length <= latest:
        return start
    begin = max(free + travel, k.P[person, REST_EARLY])
    if begin <= latest:
        return max(start, begin + k.P[person, REST_LENGTH])
    begin = max(free, k.P[person, REST_EARLY])
    if begin <= latest:
        return max(start, begin + k.P[person, REST_LENGTH] + travel)
    return FOREVER + 1


@inline
def rest_fits(k: Tables, person: int, free: int, travel: int, start: int) -> bool:
    """Say whether the break lies between ``free`` and ``start``."""
    begin = max(free + travel, k.P[person, REST_EARLY])
    if begin <= k.P[person, REST_LATE]:
        return begin + k.P[person, REST_LENGTH] <= start
    begin = max(free, k.P[person, REST_EARLY])
    if begin <= k.P[person, REST_LATE]:
        return begin + k.P[person, REST_LENGTH] + travel <= start
    return False


@inline
def settle(k: Tables, node: int, start: int, rested: int) -> int:
    """Write a visit's trial start; return its points less the old ones, and queue what follows."""
    if start == k.D[node, START] and k.G[PERSONAL] == 0:
        if k.D[node, TRIAL] != start:
            k.D[node, TRIAL] = start
        return 0
    late = max(0, start - k.S[node, DUE])
    cost = k.S[node, LATE_W] * late
    promised = k.S[node, PROMISED]
    if promised >= -1 and (
        promised != k.D[node, WHO] or abs(start - k.S[node, PROMISE]) > k.G[TOLERANCE]
    ):
        cost += k.G[W_CHANGE]
    moved = start != k.D[node, START] or rested != k.D[node, RESTED]
    k.D[node, TRIAL] = start
    k.D[node, TRIAL_RESTED] = rested
    k.D[node, TRIAL_COST] = cost
    k.D[node, TOUCHED] = k.G[STAMP]
    k.lists[IN_RETIMED, k.G[RETIMED]] = node
    k.G[RETIMED] += 1
    k.G[NEW_MAX] = max(k.G[NEW_MAX], late)
    if k.D[node, LATE] == k.G[MAX_LATE]:
        k.G[MAX_HIT] = 1
    if moved:
        seed(k, k.D[node, NEXT])
    return cost - k.D[node, COST]


@inline
def time_home(k: Tables, node: int) -> int:
    """Time the way home; return the points of overtime less the old ones, or -1 - FOREVER."""
    before = k.D[node, PREV]
    person = node - k.G[VISITS] - k.G[PEOPLE]
    finish = k.D[before, TRIAL]
    cost = 0
    if before < k.G[VISITS]:
        free = finish + k.S[before, DURATION]
        travel = leg(k, person, before, node)
        finish = free + travel
        if k.D[before, TRIAL_RESTED] == 0 and finish > k.P[person, REST_LATE]:
            finish = rest_delay(k, person, free, travel, finish, FOREVER)
        if finish > k.S[node, LIMIT]:
            k.G[BAD] = 1
            return 0
        cost = k.S[node, LATE_W] * max(0, finish - k.S[node, DUE])
    k.D[node, TRIAL] = finish
    k.D[node, TRIAL_COST] = cost
    k.D[node, TOUCHED] = k.G[STAMP]
    k.lists[IN_RETIMED, k.G[RETIMED]] = node
    k.G[RETIMED] += 1
    return cost - k.D[node, COST]


@inline
def time_unit(k: Tables, first: int) -> int:
    """Time a visit or a linked pair; return the points less the old ones."""
    before = k.D[first, PREV]
    who = k.D[first, WHO]
    free = k.D[before, TRIAL] + k.S[before, DURATION]
    travel = leg(k, who, before, first)
    start = max(k.S[first, OPEN], free + travel)
    rested = k.D[before, TRIAL_RESTED]
    second = k.S[first, PARTNER]
    if second < 0:
        if rested == 0:
            start = rest_delay(k, who, free, travel, start, k.S[first, DURATION])
            if rest_fits(k, who, free, travel, start):
                rested = 1
        if start > k.S[first, LIMIT]:
            k.G[BAD] = 1
            return 0
        return settle(k, first, start, rested)
    before2 = k.D[second, PREV]
    who2 = k.D[second, WHO]
    free2 = k.D[before2, TRIAL] + k.S[before2, DURATION]
    travel2 = leg(k, who2, before2, second)
    rested2 = k.D[before2, TRIAL_RESTED]
    start2 = max(k.S[second, OPEN], free2 + travel2)
    low, high = k.S[first, GAP_LOW], k.S[first, GAP_HIGH]
    start2 = max(start2, start + low)
    start = max(start, start2 - high)
    if rested == 0 or rested2 == 0:
        for _ in range(4):
            if rested == 0:
                start = rest_delay(k, who, free, travel, start, k.S[first, DURATION])
            if rested2 == 0:
                start2 = rest_delay(k, who2, free2, travel2, start2, k.S[second, DURATION])
            start2 = max(start2, start + low)
            start = max(start, start2 - high)
        if rested == 0 and rest_fits(k, who, free, travel, start):
            rested = 1
        if rested2 == 0 and rest_fits(k, who2, free2, travel2, start2):
            rested2 = 1
    if start > k.S[first, LIMIT] or start2 > k.S[second, LIMIT]:
        k.G[BAD] = 1
        return 0
    return settle(k, first, start, rested) + settle(k, second, start2, rested2)


@inline
def next_queued(k: Tables) -> int:
    """Take the queued node that is earliest in the global order."""
    at = 0
    size = k.G[SEEDS]
    least = k.label[k.lists[IN_QUEUE, 0]]
    for index in range(1, size):
        label = k.label[k.lists[IN_QUEUE, index]]
        if label < least:
            least = label
            at = index
    node = k.lists[IN_QUEUE, at]
    k.lists[IN_QUEUE, at] = k.lists[IN_QUEUE, size - 1]
    k.G[SEEDS] = size - 1
    return node


@kernel
def untouched_max(k: Tables) -> int:
    """Return the largest lateness of the visits that keep their time."""
    most = 0
    for node in range(k.G[VISITS]):
        if k.D[node, TOUCHED] != k.G[STAMP] and k.D[node, LATE] > most and k.D[node, WHO] >= 0:
            most = k.D[node, LATE]
    return most


@inline
def limits_hold(k: Tables) -> bool:
    """Check caps of the people touched, and add what unfairness changes."""
    for index in range(k.G[MARKED]):
        person = k.lists[IN_MARKED, index]
        work = k.Q[person, WORK]
        before = k.Q[person, WORK_BEFORE]
        if work > before and work > k.P[person, WORK_CAP]:
            return False
        if k.Q[person, CARRIED] > k.P[person, LOAD_CAP]:
            return False
        if k.G[W_UNFAIR] > 0:
            share = k.P[person, SHARE]
            k.G[DELTA] += k.G[W_UNFAIR] * (max(0, work - share) - max(0, before - share))
    return True


@inline
def price(k: Tables, threshold: float) -> bool:
    """Price the move in the tables; True when its points stay within ``threshold``.

    The price so far, less all the timing points that could still vanish, is a lower bound: past
    the threshold the rest is not computed.
    """
    if k.G[BAD] == 1 or not limits_hold(k):
        return False
    delta = k.G[DELTA] - k.G[GONE]
    avoidable = k.G[TIMING] - k.G[GONE] + k.G[W_MAX] * k.G[MAX_LATE]
    timing = 0
    while k.G[SEEDS] > 0:
        if delta + timing - avoidable > threshold:
            return False
        node = next_queued(k)
        if node < k.G[VISITS] and k.D[node, WHO] < 0:
            continue
        at = k.G[RETIMED]
        timing += time_home(k, node) if node >= k.G[VISITS] else time_unit(k, node)
        if k.G[BAD] == 1:
            return False
        for index in range(at, k.G[RETIMED]):
            avoidable -= k.D[k.lists[IN_RETIMED, index], COST]
    if k.G[W_MAX] > 0:
        if k.G[NEW_MAX] < k.G[MAX_LATE]:
            others = untouched_max(k) if k.G[MAX_HIT] == 1 else k.G[MAX_LATE]
            k.G[NEW_MAX] = max(k.G[NEW_MAX], others)
        delta += k.G[W_MAX] * (k.G[NEW_MAX] - k.G[MAX_LATE])
    k.G[DELTA] = delta + timing
    return k.G[DELTA] <= threshold


@inline
def commit(k: Tables) -> None:
    """Keep the move that was priced last."""
    for index in range(k.G[RETIMED]):
        node = k.lists[IN_RETIMED, index]
        k.G[TIMING] += k.D[node, TRIAL_COST] - k.D[node, COST]
        k.D[node, START] = k.D[node, TRIAL]
        k.D[node, COST] = k.D[node, TRIAL_COST]
        k.D[node, RESTED] = k.D[node, TRIAL_RESTED]
        if node < k.G[VISITS]:
            k.D[node, LATE] = max(0, k.D[node, START] - k.S[node, DUE])
    k.G[TIMING] -= k.G[GONE]
    k.G[MAX_LATE] = k.G[NEW_MAX]
    k.G[TOTAL] += k.G[DELTA]
    k.G[LOGGED] = 0


@inline
def revert(k: Tables) -> None:
    """Forget the move that was priced last."""
    for index in range(k.G[RETIMED]):
        node = k.lists[IN_RETIMED, index]
        k.D[node, TRIAL] = k.D[node, START]
        k.D[node, TRIAL_RESTED] = k.D[node, RESTED]
    undo(k)


@entry
def revert_move(k: Tables) -> None:
    """Forget the move that was priced last (callable from outside the kernels)."""
    revert(k)
