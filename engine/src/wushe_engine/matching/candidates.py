"""The sparse graph of pairs worth looking at: by skill first, then the nearest that pass every test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .eligibility import NO_DISTANCE, distances, eligible
from .problem import Flags, Ints, MatchProblem

ANY_SLOT = -1
_PAIRS_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Pairs of line and provider, sorted by line, provider and slot.

    Attributes
    ----------
    start
        Shape ``(m + 1,)``: pairs of line ``i`` are ``start[i]:start[i + 1]``.
    line, provider, slot, score, metres
        Shape ``(pairs,)``; slot is `ANY_SLOT` unless slots are used one at a time; score is the
        worth of the place filled, plus ties, minus distance and cost.
    more
        Shape ``(m,)``: further eligible providers were left out.
    """

    start: Ints
    line: Ints
    provider: Ints
    slot: Ints
    score: Ints
    metres: Ints
    more: Flags

    def __len__(self) -> int:
        return len(self.provider)


def find_candidates(problem: MatchProblem) -> Candidates:
    """Find for each line the nearest eligible providers, and all that have a tie or a pin.

    Time grows with lines × `Rules.candidates`; no table of all pairs is made.
    """
    near_line, near_provider, more = _nearest(problem)
    tied_line, tied_provider = _tied(problem)
    key = np.unique(
        np.concatenate([near_line, tied_line, problem.pins[:, 0]]) * max(1, problem.providers)
        + np.concatenate([near_provider, tied_provider, problem.pins[:, 1]])
    )
    line, provider = np.divmod(key, max(1, problem.providers))
    line, provider = _without_bans(problem, line, provider)
    metres = distances(problem, problem.line_need[line], provider)
    score = scores(problem, line, provider, metres)
    slot = np.full(len(line), ANY_SLOT, dtype=np.int64)
    if problem.rules.one_at_a_time:
        line, provider, slot, score, metres = _by_slot(problem, line, provider, score, metres)
    start = np.searchsorted(line, np.arange(problem.lines + 1))
    return Candidates(start, line, provider, slot, score, metres, more)


def scores(problem: MatchProblem, line: Ints, provider: Ints, metres: Ints) -> Ints:
    """Return points of each pair: worth + tie − distance − cost."""
    away = np.maximum(metres, 0) * problem.rules.points_per_km // 1000
    score = problem.line_points[line] - away - problem.provider_cost[provider]
    if len(problem.ties):
        width = max(1, problem.providers)
        known, where = np.unique(
            problem.ties[:, 0] * width + problem.ties[:, 1], return_inverse=True
        )
        points = np.zeros(len(known), dtype=np.int64)
        np.add.at(points, where, problem.tie_points)
        key = problem.line_need[line] * width + provider
        at = np.minimum(np.searchsorted(known, key), len(known) - 1)
        score = score + np.where(known[at] == key, points[at], 0)
    return np.asarray(score, dtype=np.int64)


def _nearest(problem: MatchProblem) -> tuple[Ints, Ints, Flags]:
    """Take lines with the same requirements together and look outwards from each."""
    lines: list[Ints] = [np.zeros(0, dtype=np.int64)]
    providers: list[Ints] = [np.zeros(0, dtype=np.int64)]
    more = np.zeros(problem.lines, dtype=np.bool_)
    if not problem.lines or not problem.providers:
        return lines[0], providers[0], more
    kinds, kind_of = np.unique(problem.line_requires, axis=0, return_inverse=True)
    order = np.argsort(kind_of.ravel(), kind="stable")
    edges = np.searchsorted(kind_of.ravel()[order], np.arange(len(kinds) + 1))
    for kind, asked in enumerate(kinds):
        group = order[edges[kind] : edges[kind + 1]]
        able = np.flatnonzero(((problem.provider_holds & asked) == asked).all(axis=1))
        able = able[problem.provider_places[able] > 0]
        if not len(able):
            continue
        placed = problem.need_placed[problem.line_need[group]]
        here, elsewhere = problem.provider_placed[able], ~problem.provider_placed[able]
        for rows, columns, by_place in (
            (group[placed], able[here], True),
            (group[placed], able[elsewhere], False),
            (group[~placed], able, False),
        ):
            if len(rows) and len(columns):
                ranked = _Outwards if by_place else _Cheapest
                for found in _collect(problem, ranked(problem, rows, columns), more):
                    lines.append(found[0])
                    providers.append(found[1])
    return np.concatenate(lines), np.concatenate(providers), more


class _Ranking:
    """Lines still short of candidates, with the ranked providers of each in blocks."""

    def __init__(self, rows: Ints, count: int) -> None:
        self.rows = rows
        self.count = count

    def block(self, rows: Ints, first: int, last: int) -> Ints:
        """Return providers of rank ``first:last`` for `rows`, −1 where there is none."""
        raise NotImplementedError


class _Outwards(_Ranking):
    """Providers by distance, from a KD-tree over those who hold the skills."""

    def __init__(self, problem: MatchProblem, rows: Ints, columns: Ints) -> None:
        from scipy.spatial import cKDTree

        super().__init__(rows, len(columns))
        self._problem = problem
        self._columns = columns
        self._tree = cKDTree(problem.provider_place[columns].astype(np.float64))
        radius = problem.rules.radius
        self._radius = np.inf if radius is None else radius + 1.0

    def block(self, rows: Ints, first: int, last: int) -> Ints:
        places = self._problem.need_place[self._problem.line_need[rows]].astype(np.float64)
        last = min(last, self.count)
        _, found = self._tree.query(
            places, k=range(first + 1, last + 1), distance_upper_bound=self._radius, workers=-1
        )
        missing = found == self.count
        return np.where(missing, -1, self._columns[np.where(missing, 0, found)])


class _Cheapest(_Ranking):
    """Providers by cost, the same for every line: place does not matter."""

    def __init__(self, problem: MatchProblem, rows: Ints, columns: Ints) -> None:
        super().__init__(rows, len(columns))
        self._columns = columns[np.argsort(problem.provider_cost[columns], kind="stable")]

    def block(self, rows: Ints, first: int, last: int) -> Ints:
        return np.broadcast_to(self._columns[first:last], (len(rows), len(self._columns[first:last])))


def _collect(problem: MatchProblem, scan: _Ranking, more: Flags) -> Iterator[tuple[Ints, Ints]]:
    """Yield pairs until each line has its number of candidates or the ranking ends."""
    wanted = problem.rules.candidates
    size = max(1, _PAIRS_AT_ONCE // (2 * wanted))
    for at in range(0, len(scan.rows), size):
        rows = scan.rows[at : at + size]
        short = np.full(len(rows), wanted, dtype=np.int64)
        first, last = 0, wanted + wanted // 2 + 1
        while len(rows) and first < scan.count:
            ranked = scan.block(rows, first, last)
            fits = _fits(problem, rows, ranked)
            take = fits & (np.cumsum(fits, axis=1) <= short[:, None])
            row, column = np.nonzero(take)
            yield rows[row], ranked[row, column].astype(np.int64)
            short -= take.sum(axis=1)
            more[rows[(fits & ~take).any(axis=1)]] = True
            ended = (ranked[:, -1] < 0) | (last >= scan.count)
            more[rows[(short == 0) & ~ended]] = True
            keep = (short > 0) & ~ended
            rows, short = rows[keep], short[keep]
            step = min(2 * (last - first), max(wanted, _PAIRS_AT_ONCE // max(1, len(rows))))
            first, last = last, last + step


def _fits(problem: MatchProblem, rows: Ints, ranked: Ints) -> Flags:
    present = ranked >= 0
    lines = np.broadcast_to(rows[:, None], ranked.shape)
    return present & eligible(problem, lines, np.where(present, ranked, 0))


def _tied(problem: MatchProblem) -> tuple[Ints, Ints]:
    """Return eligible pairs of all lines of the needs that have a tie."""
    first = np.searchsorted(problem.line_need, problem.ties[:, 0])
    last = np.searchsorted(problem.line_need, problem.ties[:, 0], side="right")
    counts = last - first
    provider = np.repeat(problem.ties[:, 1], counts)
    offset = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    line = np.repeat(first, counts) + offset
    keep = eligible(problem, line, provider) & (problem.provider_places[provider] > 0)
    return line[keep], provider[keep]


def _without_bans(problem: MatchProblem, line: Ints, provider: Ints) -> tuple[Ints, Ints]:
    if not len(problem.bans):
        return line, provider
    width = max(1, problem.providers)
    banned = problem.bans[:, 0] * width + problem.bans[:, 1]
    keep = ~np.isin(problem.line_need[line] * width + provider, banned)
    return line[keep], provider[keep]


def _by_slot(
    problem: MatchProblem, line: Ints, provider: Ints, score: Ints, metres: Ints
) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Repeat each pair for every slot both sides have; sides without times stay at `ANY_SLOT`."""
    need = problem.line_need[line]
    wanted, offered = problem.need_slots[need], problem.provider_slots[provider]
    any_wanted, any_offered = ~wanted.any(axis=1), ~offered.any(axis=1)
    common = np.where(any_wanted[:, None], offered, wanted & offered)
    common[any_offered] = 0
    bits = np.unpackbits(common.view(np.uint8), axis=1, bitorder="little")
    bits = np.concatenate([any_offered[:, None], bits.astype(np.bool_)], axis=1)
    row, column = np.nonzero(bits)
    return line[row], provider[row], column - 1, score[row], metres[row]
