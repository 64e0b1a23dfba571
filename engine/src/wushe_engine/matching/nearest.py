"""The nearest providers that pass every test, looked for outwards ring by ring on a grid."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from .eligibility import facts_of, failing, metres_between
from .problem import UNLIMITED, Flags, Ints, MatchProblem

_PER_CELL = 4


class _Grid(NamedTuple):
    """Providers sorted by square cell; cell ``c`` holds ``column[start[c]:start[c + 1]]``."""

    column: Ints
    start: Ints
    wide: int
    high: int
    west: int
    south: int
    side: int


def find_nearest(problem: MatchProblem) -> tuple[Ints, Flags]:
    """Find the `Rules.candidates` nearest allowed providers of each line.

    Lines with the same requirements are taken together, so that only able people are looked at.
    Without a place on either side, the cheapest come first.

    Returns
    -------
    found
        Shape ``(m, candidates of placed providers + candidates without a place)``; −1 where none.
    more
        Shape ``(m,)``: further providers may be allowed.
    """
    wanted = min(problem.rules.candidates, max(1, problem.providers))
    near = np.full((problem.lines, wanted), -1, dtype=np.int64)
    cheap = np.full((problem.lines, wanted), -1, dtype=np.int64)
    more = np.zeros(problem.lines, dtype=np.bool_)
    facts = facts_of(problem)
    for lines, able in _kinds(problem):
        placed = problem.need_placed[problem.line_need[lines]]
        here = problem.provider_placed[able]
        cost = np.argsort(problem.provider_cost[able], kind="stable")
        if placed.any() and here.any():
            limit = _furthest(problem, able[here])
            _search(facts, lines[placed], _grid(problem, able[here]), limit, near, more)
        if placed.any() and not here.all():
            _scan(facts, lines[placed], able[cost][~here[cost]], cheap, more)
        if not placed.all():
            _scan(facts, lines[~placed], able[cost], cheap, more)
    if (cheap >= 0).any():
        near = np.concatenate([near, cheap], axis=1)
    return near, more


def _kinds(problem: MatchProblem) -> list[tuple[Ints, Ints]]:
    """Return lines with the same requirements, each with the providers who meet them."""
    if not problem.lines:
        return []
    kinds, kind_of = np.unique(problem.line_requires, axis=0, return_inverse=True)
    order = np.argsort(kind_of.ravel(), kind="stable")
    edges = np.searchsorted(kind_of.ravel()[order], np.arange(len(kinds) + 1))
    found = []
    for kind, asked in enumerate(kinds):
        able = ((problem.provider_holds & asked) == asked).all(axis=1)
        columns = np.flatnonzero(able & (problem.provider_places > 0))
        if len(columns):
            found.append((order[edges[kind] : edges[kind + 1]], columns))
    return found


def _furthest(problem: MatchProblem, able: Ints) -> int:
    """Return the distance beyond which nobody goes, `UNLIMITED` when there is none."""
    reach = problem.provider_reach[able]
    limits = [int(reach.max())] if (reach != UNLIMITED).all() else []
    limits += [problem.rules.radius] if problem.rules.radius is not None else []
    return min(limits, default=UNLIMITED)


def _grid(problem: MatchProblem, able: Ints) -> _Grid:
    place = problem.provider_place[able]
    west, south = (int(x) for x in place.min(axis=0))
    wide, high = (int(x) + 1 for x in place.max(axis=0) - place.min(axis=0))
    side = max(1, int(np.sqrt(float(wide) * high * _PER_CELL / len(able))))
    columns, rows = wide // side + 1, high // side + 1
    cell = (place[:, 1] - south) // side * columns + (place[:, 0] - west) // side
    order = np.argsort(cell, kind="stable")
    start = np.searchsorted(cell[order], np.arange(columns * rows + 1))
    return _Grid(able[order], start, columns, rows, west, south, side)


@njit(cache=True)  # type: ignore[untyped-decorator]
def _search(facts: Any, lines: Any, grid: Any, limit: int, found: Any, more: Any) -> None:
    """Fill `found` with the nearest allowed providers of each line, nearest first."""
    wanted = found.shape[1]
    metres = np.empty(wanted, dtype=np.int64)
    for line in lines:
        need = facts.line_need[line]
        across = (facts.need_place[need, 0] - grid.west) // grid.side
        up = (facts.need_place[need, 1] - grid.south) // grid.side
        ring = max(0, -across, across - grid.wide + 1, -up, up - grid.high + 1)
        last = max(across, grid.wide - 1 - across, up, grid.high - 1 - up)
        count = 0
        while ring <= last:
            for row in range(max(0, up - ring), min(grid.high - 1, up + ring) + 1):
                full = row in (up - ring, up + ring)
                step = 1 if full or ring == 0 else 2 * ring
                for column in range(across - ring, across + ring + 1, step):
                    if 0 <= column < grid.wide:
                        cell = row * grid.wide + column
                        for at in range(grid.start[cell], grid.start[cell + 1]):
                            count = _offer(
                                facts, line, need, grid.column[at], metres, found[line], count, more
                            )
            if limit >= 0 and ring * grid.side > limit:
                break
            if count == wanted and metres[count - 1] < ring * grid.side:
                more[line] |= ring < last
                break
            ring += 1


@njit(cache=True)  # type: ignore[untyped-decorator]
def _offer(
    facts: Any, line: int, need: int, provider: int, metres: Any, found: Any, count: int, more: Any
) -> int:
    """Insert a provider if it is allowed and near enough; return how many are held."""
    away = metres_between(facts, need, provider)
    at = count
    if count == len(found):
        worst = metres[count - 1]
        if away > worst or (away == worst and provider > found[count - 1]):
            more[line] = True
            return count
        at = count - 1
    if failing(facts, line, provider, away) != 0:
        return count
    if count == len(found):
        more[line] = True
    while at > 0 and (
        metres[at - 1] > away or (metres[at - 1] == away and found[at - 1] > provider)
    ):
        metres[at], found[at] = metres[at - 1], found[at - 1]
        at -= 1
    metres[at], found[at] = away, provider
    return min(count + 1, len(found))


@njit(cache=True)  # type: ignore[untyped-decorator]
def _scan(facts: Any, lines: Any, ranked: Any, found: Any, more: Any) -> None:
    """Fill `found` with the first allowed providers of a ranking."""
    wanted = found.shape[1]
    for line in lines:
        count = 0
        for provider in ranked:
            if count == wanted:
                more[line] = True
                break
            metres = metres_between(facts, facts.line_need[line], provider)
            if failing(facts, line, provider, metres) == 0:
                found[line, count] = provider
                count += 1
