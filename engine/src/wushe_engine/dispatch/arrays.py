"""Write a problem into the tables of the kernels.

Shapes: ``n`` visits, ``p`` people, ``n + 2p`` nodes; times in the problem's unit, costs in points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wushe_engine.dispatch.kernels import columns as c
from wushe_engine.dispatch.model import (
    FOREVER,
    UNREACHABLE,
    LinkKind,
    Problem,
    may_serve,
    start_bounds,
)

if TYPE_CHECKING:
    from wushe_engine.dispatch.kernels.tables import Tables

NEAR = 24
"""Near visits kept for each visit, before and after."""

LOG_LENGTH = 64
"""Most operations of one move."""

WAITING = 0.2
LATE = 1.0
"""How much a wait, and an unavoidable lateness, count against nearness (times travel)."""


def fair_shares(problem: Problem) -> list[int]:
    """Return each person's share of the working time (``Person.fair_share`` or the average)."""
    wanted = sum(visit.duration for visit in problem.visits)
    lengths = [person.shift[1] - person.shift[0] for person in problem.people]
    if any(person.shift[1] >= FOREVER for person in problem.people):
        lengths = [1] * len(lengths)
    whole = max(1, sum(lengths))
    return [
        wanted * length // whole if person.fair_share is None else person.fair_share
        for person, length in zip(problem.people, lengths, strict=True)
    ]


def build(problem: Problem, seed: int) -> Tables:
    """Return tables that hold the problem and an empty plan."""
    from wushe_engine.dispatch.kernels.tables import Tables

    n, p = len(problem.visits), len(problem.people)
    nodes, scalars = _nodes(problem), _scalars(problem)
    travel, eligible = _travel(problem), _eligible(problem)
    label = np.concatenate([np.arange(1.0, n + 1), np.full(p, -np.inf), np.full(p, np.inf)])
    lists = np.zeros((c.LISTS, n + 2 * p + 1), np.int64)
    lists[c.IN_ORDER, :n] = np.arange(n)
    lists[c.IN_BEST, :n] = -1
    labels = np.zeros((c.LABELS, max(n, LOG_LENGTH)))
    labels[c.BEST_LABEL, :n] = label[:n]
    scalars[c.RANDOM] = _random_state(seed)
    return Tables(
        S=nodes,
        D=_empty_day(problem),
        P=_people(problem, nodes),
        Q=np.zeros((p, c.QUOTA_WIDTH), np.int64),
        G=scalars,
        label=label,
        T=travel,
        eligible=eligible,
        affinity=_affinity(problem),
        near=_near(problem, nodes, travel, eligible),
        series=_series(problem),
        log=np.zeros((LOG_LENGTH, 4), np.int64),
        lists=lists,
        labels=labels,
    )


def _eligible(problem: Problem) -> NDArray[np.int8]:
    """Return 1 where a person (column) may serve a visit (row)."""
    rows = [[may_serve(problem, who, visit) for who in problem.people] for visit in problem.visits]
    return np.array(rows, dtype=np.int8).reshape(len(problem.visits), len(problem.people))


def _random_state(seed: int) -> np.int64:
    """Spread a seed over the generator's state (never zero)."""
    mixed = np.random.SeedSequence(abs(seed)).generate_state(1, np.uint64)
    return np.int64((mixed | np.uint64(1)).view(np.int64)[0])


def _nodes(problem: Problem) -> NDArray[np.int64]:
    n, p = len(problem.visits), len(problem.people)
    place = {name: index for index, name in enumerate(problem.places)}
    index = {visit.id: row for row, visit in enumerate(problem.visits)}
    people = {person.id: row for row, person in enumerate(problem.people)}
    weights = problem.objective
    table = np.zeros((n + 2 * p, c.NODE_WIDTH), np.int64)
    table[:, [c.PARTNER, c.SERIES]] = -1
    table[:, c.PROMISED] = -2
    for row, visit in enumerate(problem.visits):
        table[row, [c.OPEN, c.LIMIT]] = start_bounds(problem, visit)
        table[row, [c.DUE, c.LATE_W]] = visit.window[1], weights.lateness
        table[row, [c.DURATION, c.PLACE]] = visit.duration, place[visit.place]
        table[row, [c.LOAD, c.PENALTY]] = visit.load, visit.penalty * weights.unserved
        promise = problem.published.get(visit.id)
        if promise is not None and weights.changes > 0:
            table[row, c.PROMISED] = people.get(promise.person, -1)
            table[row, c.PROMISE] = promise.start
            table[row, c.PENALTY] += weights.changes
    for link in problem.links:
        first, second = index[link.first], index[link.second]
        simultaneous = link.kind is LinkKind.SIMULTANEOUS
        gaps = (0, 0) if simultaneous else (link.min_gap, link.max_gap)
        for row, partner in ((first, second), (second, first)):
            table[row, [c.PARTNER, c.GAP_LOW, c.GAP_HIGH]] = partner, *gaps
        table[second, c.SECOND] = 1
    for number, series in enumerate(problem.series):
        for visit_id in series.visits:
            table[index[visit_id], c.SERIES] = number
    for row, person in enumerate(problem.people):
        start, end = n + row, n + p + row
        table[start, c.PLACE], table[end, c.PLACE] = place[person.start], place[person.end]
        table[end, c.DUE] = person.shift[1]
        table[end, c.LIMIT] = min(FOREVER, person.shift[1] + person.max_overtime)
        table[end, c.LATE_W] = weights.overtime
    return table


def _empty_day(problem: Problem) -> NDArray[np.int64]:
    n, p = len(problem.visits), len(problem.people)
    day = np.zeros((n + 2 * p, c.DAY_WIDTH), np.int64)
    day[:, [c.PREV, c.NEXT, c.WHO]] = -1
    day[:n, [c.START, c.TRIAL]] = -1
    for row, person in enumerate(problem.people):
        start, end = n + row, n + p + row
        day[start, c.NEXT], day[end, c.PREV] = end, start
        day[[start, end], c.WHO] = row
        day[[start, end], c.START] = person.shift[0]
        day[[start, end], c.TRIAL] = person.shift[0]
        rested = int(person.rest is None)
        day[[start, end], c.RESTED] = rested
        day[[start, end], c.TRIAL_RESTED] = rested
    return day


def _people(problem: Problem, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
    profile = {travel.id: row for row, travel in enumerate(problem.travel)}
    table = np.zeros((len(problem.people), c.PERSON_WIDTH), np.int64)
    shares = fair_shares(problem)
    for row, person in enumerate(problem.people):
        table[row, c.WORK_CAP] = person.work_limit
        table[row, c.LOAD_CAP] = FOREVER if person.capacity is None else person.capacity
        table[row, c.SHARE] = shares[row]
        table[row, c.PAY] = person.cost_per_unit * problem.objective.pay
        table[row, c.PROFILE] = profile[person.travel]
        rest = person.rest
        table[row, c.REST_LENGTH] = -1
        table[row, c.REST_LATE] = FOREVER
        if rest is not None:
            table[row, c.REST_EARLY], table[row, c.REST_LATE] = rest.earliest, rest.latest
            table[row, c.REST_LENGTH] = rest.length
        unbounded = person.shift[1] >= FOREVER and rest is None
        table[row, c.END_FREE] = int(unbounded)
    return table


def _scalars(problem: Problem) -> NDArray[np.int64]:
    weights = problem.objective
    table = np.zeros(c.SCALARS, np.int64)
    table[c.VISITS], table[c.PEOPLE] = len(problem.visits), len(problem.people)
    table[c.W_TRAVEL], table[c.W_MAX] = weights.travel, weights.lateness_max
    table[c.W_UNFAIR], table[c.W_CHANGE] = weights.unfairness, weights.changes
    table[c.TOLERANCE] = problem.change_tolerance
    rests = any(person.rest is not None for person in problem.people)
    ways = len({person.travel for person in problem.people}) > 1
    promises = weights.changes > 0 and bool(problem.published)
    table[c.PERSONAL] = int(rests or ways or promises)
    table[c.STAMP] = 1
    penalties = sum(visit.penalty for visit in problem.visits) * weights.unserved
    known = {visit.id for visit in problem.visits}
    promised = weights.changes * sum(visit in known for visit in problem.published)
    table[c.TOTAL] = table[c.BEST] = penalties + promised
    table[c.UNSERVED] = len(problem.visits)
    return table


def _travel(problem: Problem) -> NDArray[np.int32]:
    size = len(problem.places)
    table = np.zeros((max(1, len(problem.travel)), size, size), np.int32)
    for row, travel in enumerate(problem.travel):
        matrix = np.asarray(travel.matrix, dtype=np.int64)
        none = (matrix == UNREACHABLE) | (matrix >= c.UNREACHED // 4)
        table[row] = np.where(none, c.UNREACHED, matrix)
    return table


def _affinity(problem: Problem) -> NDArray[np.int64]:
    weight = problem.objective.continuity
    table = np.zeros((len(problem.visits), len(problem.people)), np.int64)
    for row, visit in enumerate(problem.visits):
        if visit.preferred:
            points = [visit.broken_continuity(person.id) for person in problem.people]
            table[row] = np.array(points, np.int64) * weight
    return table


def _series(problem: Problem) -> NDArray[np.int64]:
    p = len(problem.people)
    table = np.zeros((len(problem.series) + 1, p + 2), np.int64)
    for row, series in enumerate(problem.series):
        table[row, p] = series.points * problem.objective.continuity
    return table


def _near(
    problem: Problem,
    nodes: NDArray[np.int64],
    travel: NDArray[np.int32],
    eligible: NDArray[np.int8],
) -> NDArray[np.int32]:
    """Return for each visit those it could well come after, and those it could well come before.

    Near means close in place and time, and some person may serve both.
    """
    n = len(problem.visits)
    size = min(NEAR, max(1, n - 1))
    near = np.full((2, n, size), -1, np.int32)
    if n < 2 or not problem.people:
        return near
    used = sorted({int(profile) for profile in _people(problem, nodes)[:, c.PROFILE]})
    place = nodes[:n, c.PLACE]
    opens, closes = nodes[:n, c.OPEN], np.minimum(nodes[:n, c.DUE], nodes[:n, c.LIMIT])
    duration = nodes[:n, c.DURATION]
    way = travel[used].min(axis=0)[np.ix_(place, place)].astype(np.float64)
    ready = opens[:, None] + duration[:, None] + way
    wait = np.maximum(0, opens[None, :] - (closes + duration)[:, None] - way)
    late = np.maximum(0, ready - closes[None, :])
    cost = way + WAITING * wait + LATE * late  # row: earlier visit, column: later visit
    together = (eligible.astype(np.int32) @ eligible.T.astype(np.int32)) > 0
    cost[~together] = np.inf
    np.fill_diagonal(cost, np.inf)
    rows = np.arange(n)
    paired = nodes[:n, c.PARTNER] >= 0
    cost[rows[paired], nodes[:n, c.PARTNER][paired]] = np.inf
    for side, table in enumerate((cost.T, cost)):
        order = np.argsort(table, axis=1, kind="stable")[:, :size]
        found = np.take_along_axis(table, order, axis=1)
        near[side] = np.where(np.isfinite(found), order, -1)
    return near
