"""The sparse graph of pairs worth looking at: by skill, then the nearest that pass every test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .eligibility import judge
from .nearest import find_nearest
from .problem import Flags, Ints, MatchProblem

ANY_SLOT = -1


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
        Shape ``(m,)``: further allowed providers may have been left out.
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
    """Find for each line the nearest allowed providers, and all that have a tie or a pin.

    Time grows with lines × `Rules.candidates`; no table of all pairs is made.
    """
    found, more = find_nearest(problem)
    found.sort(axis=1)
    line, at = (np.asarray(index) for index in np.nonzero(found >= 0))
    width = max(1, problem.providers)
    key = line * width + found[line, at]
    if len(problem.ties) or len(problem.pins):
        tied = _tied(problem) @ np.array([width, 1])
        key = np.unique(np.concatenate([key, tied, problem.pins @ np.array([width, 1])]))
    if len(problem.bans):
        banned = problem.bans @ np.array([width, 1])
        key = key[~np.isin(problem.line_need[key // width] * width + key % width, banned)]
    line, provider = np.divmod(key, width)
    metres, _ = judge(problem, line, provider)
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
        known, where = np.unique(problem.ties @ np.array([width, 1]), return_inverse=True)
        points = np.zeros(len(known), dtype=np.int64)
        np.add.at(points, where, problem.tie_points)
        key = problem.line_need[line] * width + provider
        at = np.minimum(np.searchsorted(known, key), len(known) - 1)
        score = score + np.where(known[at] == key, points[at], 0)
    return np.asarray(score, dtype=np.int64)


def _tied(problem: MatchProblem) -> Ints:
    """Return the allowed pairs of all lines of the needs that have a tie; shape ``(k, 2)``."""
    first = np.searchsorted(problem.line_need, problem.ties[:, 0])
    last = np.searchsorted(problem.line_need, problem.ties[:, 0], side="right")
    counts = last - first
    provider = np.repeat(problem.ties[:, 1], counts)
    offset = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    line = np.repeat(first, counts) + offset
    keep = (judge(problem, line, provider)[1] == 0) & (problem.provider_places[provider] > 0)
    return np.stack([line[keep], provider[keep]], axis=1)


def _by_slot(
    problem: MatchProblem, line: Ints, provider: Ints, score: Ints, metres: Ints
) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Repeat each pair for every slot both sides have; sides without times stay at `ANY_SLOT`."""
    need = problem.line_need[line]
    wanted, offered = problem.need_slots[need], problem.provider_slots[provider]
    any_wanted = np.asarray(~wanted.any(axis=1))
    any_offered = np.asarray(~offered.any(axis=1))
    common = np.where(any_wanted[:, None], offered, wanted & offered)
    common[any_offered] = 0
    bits = np.unpackbits(common.astype("<u8").view(np.uint8), axis=1, bitorder="little")
    bits = np.concatenate([any_offered[:, None], bits.astype(np.bool_)], axis=1)
    row, column = np.nonzero(bits)
    return line[row], provider[row], column - 1, score[row], metres[row]
