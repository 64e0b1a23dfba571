"""The moves of the search; each changes links and says whether there is anything to price."""

from __future__ import annotations

import numpy as np

from wushe_engine.dispatch.kernels.columns import *
from wushe_engine.dispatch.kernels.compiling import inline
from wushe_engine.dispatch.kernels.links import (
    leave_out,
    leg,
    put,
    set_label,
    swap_tails,
    take,
)
from wushe_engine.dispatch.kernels.tables import Tables

EDGE_OF_DAY = 0.04
"""Share of the slots drawn at the start or end of somebody's day."""

WHOLE_DAY = 0.05
"""Share of the tail exchanges in which two people exchange all their visits."""

BESIDE_ANY = 0.2
"""Share of the labels drawn beside any other visit's, whatever the time."""


@inline
def draw(k: Tables) -> float:
    """Return a number in [0, 1): xorshift64*."""
    x = np.uint64(k.G[RANDOM])
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    k.G[RANDOM] = np.int64(x)
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@inline
def pick(k: Tables, size: int) -> int:
    """Return a whole number in [0, size)."""
    return int(draw(k) * size)


@inline
def near_slot(k: Tables, node: int) -> int:
    """Return a node that ``node`` could well follow, or -1 where the near visit is left out.

    Now and then it is the start or the last visit of anybody's day.
    """
    x = draw(k)
    side = 0 if x < 0.5 else 1
    other = k.near[side, node, pick(k, k.near.shape[2])]
    if other < 0 or x < EDGE_OF_DAY:
        person = pick(k, k.G[PEOPLE])
        start = k.G[VISITS] + person
        return start if draw(k) < 0.5 else k.D[start + k.G[PEOPLE], PREV]
    if k.D[other, WHO] < 0:
        return -1
    return other if side == 0 else k.D[other, PREV]


@inline
def slot_of(k: Tables, near: int, label: float) -> int:
    """Walk the route of ``near`` to the last node before ``label`` in the global order."""
    while k.label[near] >= label:
        near = k.D[near, PREV]
    after = k.D[near, NEXT]
    while k.label[after] < label:
        near = after
        after = k.D[near, NEXT]
    return near


@inline
def label_after(k: Tables, node: int, a: int) -> float:
    """Return a label for ``node`` after ``a`` and before what follows it.

    Labels are close to start times, so that the halves of a linked visit fall into fitting slots of
    both days. A random part keeps two units from having the same label.
    """
    low, high = k.label[a], k.label[k.D[a, NEXT]]
    k.G[RELABELS] += 1
    arrival = k.D[a, START] + k.S[a, DURATION] + leg(k, k.D[a, WHO], a, node)
    label = max(k.S[node, OPEN], arrival) + draw(k)
    if draw(k) < BESIDE_ANY:
        label = k.label[pick(k, k.G[VISITS])] + 0.002 * (draw(k) - 0.5)
    if low < label < high:
        return label
    if high > 1e300:
        return low + 1.0 + draw(k)
    if low < -1e300:
        return high - 1.0 - draw(k)
    if high - low < 1e-6:  # no room left: renumber first
        k.G[BAD] = 1
        k.G[RELABELS] += 8 * k.G[VISITS] + 1000
    return low + (high - low) * (0.01 + 0.98 * draw(k))


@inline
def detour(k: Tables, node: int, person: int, a: int, b: int) -> int:
    """Return the points, timing apart, of serving ``node`` between two nodes of a day."""
    travel = leg(k, person, a, node) + leg(k, person, node, b) - leg(k, person, a, b)
    pay = k.P[person, PAY] * (travel + k.S[node, DURATION])
    return k.G[W_TRAVEL] * travel + pay + k.affinity[node, person]


@inline
def present(k: Tables, node: int) -> int:
    """Return the points, timing apart, of serving ``node`` where it is."""
    return detour(k, node, k.D[node, WHO], k.D[node, PREV], k.D[node, NEXT])


@inline
def hopeless(k: Tables, node: int, person: int, a: int) -> bool:
    """Say whether a served visit adds too many points after ``a``, whatever its time.

    Most moves end here, before any table is changed.
    """
    if k.S[node, SERIES] >= 0 or k.D[node, WHO] < 0:
        return False
    return detour(k, node, person, a, k.D[a, NEXT]) - present(k, node) > k.G[MOST]


@inline
def take_unit(k: Tables, node: int) -> None:
    """Take a visit, and its other half, out of their routes if they are served."""
    if k.D[node, WHO] >= 0:
        take(k, node)
        if k.S[node, PARTNER] >= 0:
            take(k, k.S[node, PARTNER])


@inline
def move_single(k: Tables, node: int) -> bool:
    """Put a visit that needs one person elsewhere."""
    a = near_slot(k, node)
    if a < 0 or a == node or (k.D[node, WHO] >= 0 and k.D[node, PREV] == a):
        return False
    person = k.D[a, WHO]
    if k.eligible[node, person] == 0 or hopeless(k, node, person, a):
        return False
    take_unit(k, node)
    set_label(k, node, label_after(k, node, a))
    put(k, node, a, person)
    return True


@inline
def move_half(k: Tables, node: int) -> bool:
    """Give a visit to another person at its place in the global order."""
    a = near_slot(k, node)
    if a < 0 or k.D[node, WHO] < 0:
        return False
    person = k.D[a, WHO]
    partner = k.S[node, PARTNER]
    if person == k.D[node, WHO] or k.eligible[node, person] == 0:
        return False
    if partner >= 0 and k.D[partner, WHO] == person:
        return False
    a = slot_of(k, a, k.label[node])
    if hopeless(k, node, person, a):
        return False
    take(k, node)
    put(k, node, a, person)
    return True


@inline
def pair_label(k: Tables, node: int, a: int, b: int) -> float:
    """Return a label after ``a`` and, where that is possible, also directly after ``b``."""
    low = max(k.label[a], k.label[b])
    high = min(k.label[k.D[a, NEXT]], k.label[k.D[b, NEXT]])
    if -1e300 < low < high - 1e-6 and high < 1e300 and draw(k) < 0.7:
        k.G[RELABELS] += 1
        return low + (high - low) * (0.01 + 0.98 * draw(k))
    return label_after(k, node, a)


@inline
def move_pair(k: Tables, node: int) -> bool:
    """Put both halves of a linked visit elsewhere, at one new place in the global order."""
    partner = k.S[node, PARTNER]
    a = near_slot(k, node)
    if a < 0 or a in (node, partner):
        return False
    person = k.D[a, WHO]
    if k.eligible[node, person] == 0:
        return False
    other = k.D[partner, WHO]
    b = -1
    if other >= 0 and other != person and draw(k) < 0.5:
        b = k.D[partner, PREV]
    else:
        b = near_slot(k, partner)
        if b < 0 or b in (node, partner):
            return False
        other = k.D[b, WHO]
        if other == person or k.eligible[partner, other] == 0:
            return False
    if k.D[node, WHO] >= 0 and k.S[node, SERIES] < 0 and k.S[partner, SERIES] < 0:
        added = detour(k, node, person, a, k.D[a, NEXT]) - present(k, node)
        if k.D[b, NEXT] != partner:
            added += detour(k, partner, other, b, k.D[b, NEXT]) - present(k, partner)
        if added > k.G[MOST]:
            return False
    take_unit(k, node)
    label = pair_label(k, node, a, b)
    set_label(k, node, label)
    put(k, node, slot_of(k, a, label), person)
    put(k, partner, slot_of(k, b, label), other)
    return True


@inline
def swap_people(k: Tables, node: int) -> bool:
    """Exchange the people of two near visits; single visits also exchange their order."""
    other = k.near[pick(k, 2), node, pick(k, k.near.shape[2])]
    if other < 0 or k.D[node, WHO] < 0 or k.D[other, WHO] < 0:
        return False
    p, q = k.D[node, WHO], k.D[other, WHO]
    if p == q or k.eligible[node, q] == 0 or k.eligible[other, p] == 0:
        return False
    mate, other_mate = k.S[node, PARTNER], k.S[other, PARTNER]
    if mate >= 0 and mate != other and k.D[mate, WHO] == q:
        return False
    if other_mate >= 0 and other_mate != node and k.D[other_mate, WHO] == p:
        return False
    a, b = k.D[node, PREV], k.D[other, PREV]
    if k.S[node, SERIES] < 0 and k.S[other, SERIES] < 0:
        added = detour(k, node, q, b, k.D[other, NEXT]) + detour(k, other, p, a, k.D[node, NEXT])
        if added - present(k, node) - present(k, other) > k.G[MOST]:
            return False
    if mate < 0 and other_mate < 0 and draw(k) < 0.5:
        first, second = k.label[node], k.label[other]
        take(k, node)
        take(k, other)
        set_label(k, node, second)
        set_label(k, other, first)
        put(k, node, b, q)
        put(k, other, a, p)
    else:
        take(k, node)
        take(k, other)
        put(k, node, slot_of(k, b, k.label[node]), q)
        put(k, other, slot_of(k, a, k.label[other]), p)
    return True


@inline
def move_segment(k: Tables, node: int) -> bool:
    """Move two or three visits in a row into another route."""
    a = near_slot(k, node)
    if a < 0 or k.D[node, WHO] < 0:
        return False
    p, q = k.D[node, WHO], k.D[a, WHO]
    if p == q:
        return False
    length = 2 + pick(k, 2)
    free = True
    last = node
    following = node
    for _ in range(length):
        if following >= k.G[VISITS]:
            return False
        mate = k.S[following, PARTNER]
        if k.eligible[following, q] == 0 or (mate >= 0 and k.D[mate, WHO] == q):
            return False
        free = free and mate < 0
        last = following
        following = k.D[following, NEXT]
    before = k.D[a, NEXT]
    fits = k.label[a] < k.label[node] and k.label[last] < k.label[before]
    if not fits and not free:
        return False
    current = node
    low = k.label[a]
    for _ in range(length):
        following = k.D[current, NEXT]
        take(k, current)
        if not fits:
            set_label(k, current, label_after(k, current, a))
        put(k, current, a, q)
        a = current
        current = following
    return low < k.label[a]


@inline
def exchange_tails(k: Tables, node: int) -> bool:
    """Let a visit and all after it follow another person's visit, and the reverse.

    Now and then two people exchange all their visits.
    """
    if k.D[node, WHO] < 0:
        return False
    a = near_slot(k, node)
    if draw(k) < WHOLE_DAY:
        a = k.G[VISITS] + pick(k, k.G[PEOPLE])
        node = k.D[k.G[VISITS] + k.D[node, WHO], NEXT]
    if a < 0:
        return False
    p, q = k.D[a, WHO], k.D[node, WHO]
    if p == q:
        return False
    b = k.D[node, PREV]
    head = k.D[a, NEXT]
    if k.label[a] >= k.label[node] or k.label[b] >= k.label[head]:
        return False
    n = k.G[VISITS]
    current = node
    while current < n:
        if k.eligible[current, p] == 0:
            return False
        current = k.D[current, NEXT]
    current = head
    while current < n:
        if k.eligible[current, q] == 0:
            return False
        current = k.D[current, NEXT]
    swap_tails(k, a, b)
    return True


@inline
def replace(k: Tables, node: int) -> bool:
    """Serve a visit that is left out in the place of one that is served."""
    other = k.near[pick(k, 2), node, pick(k, k.near.shape[2])]
    if other < 0 or k.D[node, WHO] >= 0 or k.D[other, WHO] < 0:
        return False
    if k.S[node, PARTNER] >= 0 or k.S[other, PARTNER] >= 0:
        return False
    person = k.D[other, WHO]
    if k.eligible[node, person] == 0:
        return False
    a = k.D[other, PREV]
    leave_out(k, other)
    set_label(k, node, k.label[other])
    put(k, node, a, person)
    return True


@inline
def drop(k: Tables, node: int) -> bool:
    """Leave a visit, or both halves of a linked one, out."""
    if k.D[node, WHO] < 0:
        return False
    leave_out(k, node)
    if k.S[node, PARTNER] >= 0:
        leave_out(k, k.S[node, PARTNER])
    return True
