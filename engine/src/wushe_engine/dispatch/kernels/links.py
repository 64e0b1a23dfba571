"""Change routes one link at a time, keep the sums, and take everything back.

Each operation adds its price (travel, pay, continuity, series, penalties) to ``G[DELTA]`` and is
logged; ``undo`` runs the log backwards.
"""

from __future__ import annotations

from wushe_engine.dispatch.kernels.columns import *
from wushe_engine.dispatch.kernels.compiling import inline, kernel
from wushe_engine.dispatch.kernels.tables import Tables


@inline
def leg(k: Tables, person: int, a: int, b: int) -> int:
    """Return the travel time from node to node; nothing for a person who stays at home."""
    n = k.G[VISITS]
    if a >= n and b >= n:
        return 0
    return k.T[k.P[person, PROFILE], k.S[a, PLACE], k.S[b, PLACE]]


@inline
def mark(k: Tables, person: int) -> None:
    """Remember a person's working time before the move."""
    if k.Q[person, MARK] != k.G[STAMP]:
        k.Q[person, MARK] = k.G[STAMP]
        k.Q[person, WORK_BEFORE] = k.Q[person, WORK]
        k.lists[IN_MARKED, k.G[MARKED]] = person
        k.G[MARKED] += 1


@inline
def seed(k: Tables, node: int) -> None:
    """Queue a node (for a linked visit: its first half) for timing."""
    n = k.G[VISITS]
    if node >= n:
        if node < n + k.G[PEOPLE] or k.P[node - n - k.G[PEOPLE], END_FREE] == 1:
            return
    elif k.D[node, WHO] < 0:
        return
    elif k.S[node, SECOND] == 1:
        node = k.S[node, PARTNER]
    if k.D[node, QUEUED] != k.G[STAMP]:
        k.D[node, QUEUED] = k.G[STAMP]
        k.lists[IN_QUEUE, k.G[SEEDS]] = node
        k.G[SEEDS] += 1


@inline
def record(k: Tables, operation: int, node: int, after: int, person: int) -> None:
    """Append an operation to the log."""
    at = k.G[LOGGED]
    k.log[at, 0] = operation
    k.log[at, 1] = node
    k.log[at, 2] = after
    k.log[at, 3] = person
    k.G[LOGGED] = at + 1


@kernel
def count_series(k: Tables, node: int, person: int, step: int) -> int:
    """Count a visit in or out of its series; return the points gained."""
    row = k.S[node, SERIES]
    people = k.G[PEOPLE]
    before = k.series[row, people + 1]
    after = before
    k.series[row, person] += step
    if step > 0 and k.series[row, person] == 1:
        after = before + 1
    elif step < 0 and k.series[row, person] == 0:
        after = before - 1
    k.series[row, people + 1] = after
    return k.series[row, people] * (max(0, after - 1) - max(0, before - 1))


@inline
def unlink(k: Tables, node: int) -> None:
    """Take a visit out of its route."""
    person = k.D[node, WHO]
    a = k.D[node, PREV]
    b = k.D[node, NEXT]
    mark(k, person)
    travel = leg(k, person, a, b) - leg(k, person, a, node) - leg(k, person, node, b)
    if travel > UNREACHED // 2:
        k.G[BAD] = 1
    work = travel - k.S[node, DURATION]
    k.Q[person, WORK] += work
    k.Q[person, CARRIED] -= k.S[node, LOAD]
    k.G[DELTA] += (
        k.G[W_TRAVEL] * travel
        + k.P[person, PAY] * work
        - k.affinity[node, person]
        + k.S[node, PENALTY]
    )
    if k.S[node, SERIES] >= 0:
        k.G[DELTA] += count_series(k, node, person, -1)
    k.D[a, NEXT] = b
    k.D[b, PREV] = a
    k.D[node, WHO] = -1


@inline
def link(k: Tables, node: int, a: int, person: int) -> None:
    """Put a visit into a person's route after node ``a``."""
    b = k.D[a, NEXT]
    mark(k, person)
    travel = leg(k, person, a, node) + leg(k, person, node, b) - leg(k, person, a, b)
    if travel > UNREACHED // 2:
        k.G[BAD] = 1
    work = travel + k.S[node, DURATION]
    k.Q[person, WORK] += work
    k.Q[person, CARRIED] += k.S[node, LOAD]
    k.G[DELTA] += (
        k.G[W_TRAVEL] * travel
        + k.P[person, PAY] * work
        + k.affinity[node, person]
        - k.S[node, PENALTY]
    )
    if k.S[node, SERIES] >= 0:
        k.G[DELTA] += count_series(k, node, person, 1)
    k.D[a, NEXT] = node
    k.D[node, PREV] = a
    k.D[node, NEXT] = b
    k.D[b, PREV] = node
    k.D[node, WHO] = person


@kernel
def retag(k: Tables, node: int, last: int, person: int) -> int:
    """Give the nodes from ``node`` to ``last`` to a person; return their inner working time."""
    work = 0
    old = k.D[node, WHO]
    while True:
        work += k.S[node, DURATION]
        k.Q[old, CARRIED] -= k.S[node, LOAD]
        k.Q[person, CARRIED] += k.S[node, LOAD]
        k.G[DELTA] += k.affinity[node, person] - k.affinity[node, old]
        if k.S[node, SERIES] >= 0:
            k.G[DELTA] += count_series(k, node, old, -1) + count_series(k, node, person, 1)
        k.D[node, WHO] = person
        if k.G[PERSONAL] == 1:
            seed(k, node)
        if node == last:
            return work
        work += leg(k, person, node, k.D[node, NEXT])
        node = k.D[node, NEXT]


@kernel
def inner_work(k: Tables, node: int, last: int, person: int) -> int:
    """Return the working time from ``node`` to ``last`` inclusive."""
    work = k.S[node, DURATION]
    while node != last:
        work += leg(k, person, node, k.D[node, NEXT])
        node = k.D[node, NEXT]
        work += k.S[node, DURATION]
    return work


@kernel
def exchange(k: Tables, a: int, b: int, p: int, q: int) -> None:
    """Exchange what follows ``a`` in the route of ``p`` with what follows ``b`` in ``q``'s."""
    first_end = k.G[VISITS] + k.G[PEOPLE]
    end_p, end_q = first_end + p, first_end + q
    head_p, head_q = k.D[a, NEXT], k.D[b, NEXT]
    last_p, last_q = k.D[end_p, PREV], k.D[end_q, PREV]
    mark(k, p)
    mark(k, q)
    work_p = leg(k, p, a, head_p)
    work_q = leg(k, q, b, head_q)
    if head_p != end_p:
        work_p += inner_work(k, head_p, last_p, p) + leg(k, p, last_p, end_p)
    if head_q != end_q:
        work_q += inner_work(k, head_q, last_q, q) + leg(k, q, last_q, end_q)
    gain_p = -work_p
    gain_q = -work_q
    if head_p != end_p:
        gain_q += retag(k, head_p, last_p, q)
        k.D[b, NEXT] = head_p
        k.D[head_p, PREV] = b
        k.D[last_p, NEXT] = end_q
        k.D[end_q, PREV] = last_p
        gain_q += leg(k, q, b, head_p) + leg(k, q, last_p, end_q)
    else:
        k.D[b, NEXT] = end_q
        k.D[end_q, PREV] = b
        gain_q += leg(k, q, b, end_q)
    if head_q != end_q:
        gain_p += retag(k, head_q, last_q, p)
        k.D[a, NEXT] = head_q
        k.D[head_q, PREV] = a
        k.D[last_q, NEXT] = end_p
        k.D[end_p, PREV] = last_q
        gain_p += leg(k, p, a, head_q) + leg(k, p, last_q, end_p)
    else:
        k.D[a, NEXT] = end_p
        k.D[end_p, PREV] = a
        gain_p += leg(k, p, a, end_p)
    if gain_p > UNREACHED // 2 or gain_q > UNREACHED // 2:
        k.G[BAD] = 1
    k.Q[p, WORK] += gain_p
    k.Q[q, WORK] += gain_q
    # service time only moves between the two people, so both gains together are travel
    k.G[DELTA] += k.G[W_TRAVEL] * (gain_p + gain_q)
    k.G[DELTA] += k.P[p, PAY] * gain_p + k.P[q, PAY] * gain_q


@kernel
def undo(k: Tables) -> None:
    """Take back all operations of the move."""
    for at in range(k.G[LOGGED] - 1, -1, -1):
        operation, node = k.log[at, 0], k.log[at, 1]
        if operation == OP_LINK:
            unlink(k, node)
        elif operation == OP_UNLINK:
            link(k, node, k.log[at, 2], k.log[at, 3])
        elif operation == OP_EXCHANGE:
            a, b = node, k.log[at, 2]
            exchange(k, a, b, k.D[a, WHO], k.D[b, WHO])
        else:
            k.label[node] = k.labels[LOG_LABEL, at]
            if k.S[node, PARTNER] >= 0:
                k.label[k.S[node, PARTNER]] = k.labels[LOG_LABEL, at]
    k.G[LOGGED] = 0


@inline
def set_label(k: Tables, node: int, label: float) -> None:
    """Move a unit in the global order."""
    k.labels[LOG_LABEL, k.G[LOGGED]] = k.label[node]
    record(k, OP_LABEL, node, 0, 0)
    k.label[node] = label
    partner = k.S[node, PARTNER]
    if partner >= 0:
        k.label[partner] = label


@inline
def take(k: Tables, node: int) -> None:
    """Unlink, logged and queued."""
    record(k, OP_UNLINK, node, k.D[node, PREV], k.D[node, WHO])
    after = k.D[node, NEXT]
    unlink(k, node)
    seed(k, after)


@inline
def leave_out(k: Tables, node: int) -> None:
    """Take a visit out for good: its lateness goes with it."""
    take(k, node)
    k.G[GONE] += k.D[node, COST]
    if k.D[node, LATE] == k.G[MAX_LATE]:
        k.G[MAX_HIT] = 1


@inline
def put(k: Tables, node: int, a: int, person: int) -> None:
    """Link, logged and queued."""
    record(k, OP_LINK, node, a, person)
    link(k, node, a, person)
    seed(k, node)
    seed(k, k.D[node, NEXT])


@inline
def swap_tails(k: Tables, a: int, b: int) -> None:
    """Exchange tails, logged and queued."""
    p, q = k.D[a, WHO], k.D[b, WHO]
    record(k, OP_EXCHANGE, a, b, 0)
    exchange(k, a, b, p, q)
    seed(k, k.D[a, NEXT])
    seed(k, k.D[b, NEXT])
    first_end = k.G[VISITS] + k.G[PEOPLE]
    seed(k, first_end + p)
    seed(k, first_end + q)
