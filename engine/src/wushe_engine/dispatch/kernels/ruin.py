"""Ruin and recreate: take near visits, or a whole day, out at once and insert them anew.

Small moves seldom close a route; this does. The strings removed follow the idea of slack induction
by string removals (Christiaens, Vanden Berghe, Transportation Science 2020).
"""

from __future__ import annotations

import math

from wushe_engine.dispatch.kernels.anneal import begin, clear_unserved, keep_best, renumber
from wushe_engine.dispatch.kernels.columns import *
from wushe_engine.dispatch.kernels.compiling import inline, kernel
from wushe_engine.dispatch.kernels.insert import NO_PRICE, keep_unit
from wushe_engine.dispatch.kernels.links import Ints, Tables, leave_out, leg, put, set_label
from wushe_engine.dispatch.kernels.moves import draw, label_after, pick, slot_of
from wushe_engine.dispatch.kernels.timing import commit, price, revert

BLINK = 0.02
"""Chance to overlook a slot."""

CLOSE_DAY = 0.15
"""Share of ruins that empty somebody's whole day."""

STRING = 10
"""Most visits in a row taken from one day."""


@inline
def copy_table(source: Ints, target: Ints) -> None:
    """Copy a table into another of the same shape."""
    for row in range(source.shape[0]):
        for column in range(source.shape[1]):
            target[row, column] = source[row, column]


@kernel
def save(k: Tables) -> None:
    """Copy the present plan aside."""
    copy_table(k.D, k.day_before)
    copy_table(k.Q, k.quota_before)
    copy_table(k.series, k.series_before)
    for node in range(k.G[VISITS]):
        k.label_before[node] = k.label[node]
    for column in (TOTAL, TIMING, MAX_LATE, UNSERVED):
        k.scalars_before[column] = k.G[column]


@kernel
def load(k: Tables) -> None:
    """Return to the plan put aside, keeping the counters of the search."""
    copy_table(k.day_before, k.D)
    copy_table(k.quota_before, k.Q)
    copy_table(k.series_before, k.series)
    for node in range(k.G[VISITS]):
        k.label[node] = k.label_before[node]
    for column in (TOTAL, TIMING, MAX_LATE, UNSERVED):
        k.G[column] = k.scalars_before[column]


@kernel
def remove(k: Tables, node: int) -> bool:
    """Leave a unit out for now and list it as absent."""
    first = k.S[node, PARTNER] if k.S[node, SECOND] == 1 else node
    begin(k)
    leave_out(k, first)
    if k.S[first, PARTNER] >= 0:
        leave_out(k, k.S[first, PARTNER])
    if not price(k, 4.0e18):
        revert(k)
        return False
    commit(k)
    for half in (first, k.S[first, PARTNER]):
        if half >= 0:
            k.D[half, START] = -1
            k.D[half, COST] = 0
            k.D[half, LATE] = 0
    k.absent[k.G[ABSENT]] = first
    k.G[ABSENT] += 1
    return True


@kernel
def close_day(k: Tables, node: int) -> None:
    """Remove all visits of the person who serves ``node``."""
    start = k.G[VISITS] + k.D[node, WHO]
    for _ in range(3 * STRING):
        following = k.D[start, NEXT]
        if following >= k.G[VISITS] or not remove(k, following):
            return


@kernel
def day_length(k: Tables, person: int) -> int:
    """Count the visits of a person."""
    node, count = k.D[k.G[VISITS] + person, NEXT], 0
    while node < k.G[VISITS]:
        count += 1
        node = k.D[node, NEXT]
    return count


@kernel
def shorter_day(k: Tables, node: int) -> int:
    """Return the first visit of the day of ``node`` or of somebody else's, whichever is shorter."""
    person = k.D[node, WHO]
    other = pick(k, k.G[PEOPLE])
    length = day_length(k, other)
    if 0 < length < day_length(k, person):
        person = other
    return k.D[k.G[VISITS] + person, NEXT]


@kernel
def remove_string(k: Tables, node: int, length: int) -> None:
    """Remove up to ``length`` visits in a row around ``node``."""
    a = node
    for _ in range(pick(k, length)):
        if k.D[a, PREV] >= k.G[VISITS]:
            break
        a = k.D[a, PREV]
    before = k.D[a, PREV]
    for _ in range(length):
        following = k.D[before, NEXT]
        if following >= k.G[VISITS] or not remove(k, following):
            return
        if k.D[before, WHO] < 0:  # the other half of what was removed
            return


@kernel
def ruin(k: Tables) -> None:
    """Remove strings of visits near a random one, or a whole day."""
    k.G[ABSENT] = 0
    n = k.G[VISITS]
    for node in range(n):
        if k.D[node, WHO] < 0 and k.S[node, SECOND] == 0 and k.G[ABSENT] < STRING:
            k.absent[k.G[ABSENT]] = node
            k.G[ABSENT] += 1
    centre = pick(k, n)
    if k.D[centre, WHO] < 0:
        return
    if draw(k) < CLOSE_DAY:
        close_day(k, shorter_day(k, centre))
        return
    strings = 1 + pick(k, 3)
    side = pick(k, 2)
    remove_string(k, centre, 1 + pick(k, STRING))
    at = 0
    while strings > 0 and at < k.near.shape[2]:
        other = k.near[side, centre, at]
        at += 1 + pick(k, 2)
        if other >= 0 and k.D[other, WHO] >= 0:
            remove_string(k, other, 1 + pick(k, STRING))
            strings -= 1


@inline
def attempt(k: Tables, node: int, a: int, other: int, b: int, least: int) -> tuple[int, float]:
    """Price a unit after ``a`` (its other half in the day of ``b``); the label that was tried."""
    label = label_after(k, node, a)
    begin(k)
    set_label(k, node, label)
    put(k, node, a, k.D[a, WHO])
    if other >= 0:
        put(k, other, slot_of(k, b, label), k.D[b, WHO])
    points = k.G[DELTA] if price(k, float(least)) else NO_PRICE
    revert(k)
    return points, label


@inline
def promising(k: Tables, node: int, a: int, least: int) -> bool:
    """Say whether the detour alone leaves a chance to be better than ``least``."""
    person = k.D[a, WHO]
    if k.eligible[node, person] == 0:
        return False
    b = k.D[a, NEXT]
    detour = leg(k, person, a, node) + leg(k, person, node, b) - leg(k, person, a, b)
    floor = k.G[W_TRAVEL] * detour - k.S[node, PENALTY] + k.affinity[node, person]
    return floor - k.G[TIMING] - k.G[W_MAX] * k.G[MAX_LATE] < least


@inline
def slot_number(k: Tables, node: int, number: int) -> int:
    """Return the node of candidate slot ``number``: near visits first, then idle people, or -1."""
    size = k.near.shape[2]
    if number < 2 * size:
        side = number % 2
        other = k.near[side, node, number // 2]
        if other < 0 or k.D[other, WHO] < 0:
            return -1
        return other if side == 0 else k.D[other, PREV]
    start = k.G[VISITS] + number - 2 * size
    return start if k.D[start, NEXT] >= k.G[VISITS] else -1


@kernel
def recreate_single(k: Tables, node: int) -> bool:
    """Insert a visit where it costs least among the near slots."""
    least, where, who = 0, 0.0, -1
    for number in range(2 * k.near.shape[2] + k.G[PEOPLE]):
        a = slot_number(k, node, number)
        if a < 0 or not promising(k, node, a, least) or draw(k) < BLINK:
            continue
        points, label = attempt(k, node, a, -1, -1, least)
        if points < least:
            least, where, who = points, label, k.D[a, WHO]
    return who >= 0 and keep_unit(k, node, where, who, 0)


@kernel
def recreate_pair(k: Tables, node: int) -> bool:
    """Insert a linked visit where it costs least among drawn pairs of near slots."""
    partner = k.S[node, PARTNER]
    slots = 2 * k.near.shape[2] + k.G[PEOPLE]
    least, where, who, mate = 0, 0.0, -1, -1
    for number in range(slots):
        a = slot_number(k, node, number)
        if a < 0 or not promising(k, node, a, least + k.S[partner, PENALTY]):
            continue
        for _ in range(8):
            b = slot_number(k, partner, pick(k, slots))
            if b < 0 or k.eligible[partner, k.D[b, WHO]] == 0 or k.D[b, WHO] == k.D[a, WHO]:
                continue
            points, label = attempt(k, node, a, partner, b, least)
            if points < least:
                least, where, who, mate = points, label, k.D[a, WHO], k.D[b, WHO]
    return who >= 0 and keep_unit(k, node, where, who, mate)


@inline
def urgency(k: Tables, node: int, rule: int) -> float:
    """Return the rank of an absent unit under an insertion order: smallest first."""
    if rule == 0:
        return float(k.S[node, DUE])
    if rule == 1:
        return -float(k.S[node, OPEN])
    paired = 0.0 if k.S[node, PARTNER] >= 0 else 1.0
    return paired + draw(k)


@kernel
def recreate(k: Tables) -> None:
    """Insert the absent units one after the other."""
    rule = pick(k, 4)
    size = k.G[ABSENT]
    for index in range(size):
        k.rank[index] = urgency(k, k.absent[index], rule)
    for index in range(1, size):
        node, rank = k.absent[index], k.rank[index]
        at = index
        while at > 0 and k.rank[at - 1] > rank:
            k.absent[at], k.rank[at] = k.absent[at - 1], k.rank[at - 1]
            at -= 1
        k.absent[at], k.rank[at] = node, rank
    for index in range(size):
        node = k.absent[index]
        if k.S[node, PARTNER] >= 0:
            recreate_pair(k, node)
        else:
            recreate_single(k, node)
    clear_unserved(k)


@kernel
def rebuild(k: Tables, temperature: float, rounds: int) -> int:
    """Ruin and recreate ``rounds`` times; return how often the outcome was kept."""
    kept = 0
    for _ in range(rounds):
        save(k)
        before = k.G[TOTAL]
        if k.G[RELABELS] > 4 * k.G[VISITS] + 1000:
            renumber(k)
            save(k)
        ruin(k)
        recreate(k)
        threshold = -temperature * math.log(1.0 - draw(k))
        if k.G[TOTAL] - before > threshold:
            load(k)
            continue
        kept += 1
        if k.G[TOTAL] < k.G[BEST]:
            keep_best(k)
    return kept
