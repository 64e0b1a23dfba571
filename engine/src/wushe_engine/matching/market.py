"""What is left to decide once pins are set: open pairs, places, stock, and what couples them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .problem import NOT_STATED, UNLIMITED, Flags, Ints, MatchProblem

if TYPE_CHECKING:  # numba is heavy to import: allocating funds uses this module without it
    from .candidates import Candidates


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """The open part of a matching problem.

    Attributes
    ----------
    pair
        Shape ``(e,)``: the candidate pairs still open, indices into the candidates.
    line, provider, slot, score
        Shape ``(e,)``, of those pairs.
    want
        Shape ``(m,)``: places still to fill.
    room, stock
        Shape ``(p,)``: places and stock left; stock is `UNLIMITED` where it cannot bind.
    taken
        Shape ``(p,)``: places used by pins.
    whole
        Shape ``(n,)``: needs that are worth nothing in part.
    twice
        A provider is a candidate for two roles of one need.
    """

    problem: MatchProblem
    pair: Ints
    line: Ints
    provider: Ints
    slot: Ints
    score: Ints
    want: Ints
    room: Ints
    stock: Ints
    taken: Ints
    whole: Flags
    twice: bool

    @property
    def coupled(self) -> bool:
        """Whether more than counts of places ties the pairs together."""
        return bool(self.twice or self.whole.any() or (self.stock != UNLIMITED).any())


def open_market(problem: MatchProblem, candidates: Candidates) -> Market:
    """Set the pins and keep the pairs that may still be chosen."""
    want, room, stock = (
        problem.line_count.copy(),
        problem.provider_places.copy(),
        problem.provider_stock.copy(),
    )
    pin_line, pin_provider = problem.pins[:, 0], problem.pins[:, 1]
    taken = np.bincount(pin_provider, minlength=problem.providers).astype(np.int64)
    np.subtract.at(want, pin_line, 1)
    room -= taken
    spent = np.zeros(problem.providers, dtype=np.int64)
    np.add.at(spent, pin_provider, problem.line_amount[pin_line])
    stock = np.where(stock == UNLIMITED, UNLIMITED, stock - spent)
    whole = _whole_needs(problem)
    keep = _still_open(problem, candidates, want, room, stock)
    if not problem.rules.balance_points:
        keep &= (candidates.score > 0) | whole[problem.line_need[candidates.line]]
    keep &= ~_hopeless(problem, candidates, keep, want, whole)
    pair = np.flatnonzero(keep)
    line, provider = candidates.line[pair], candidates.provider[pair]
    room, stock = _places_from_stock(problem, line, provider, room, stock)
    whole = whole & (np.bincount(problem.line_need[line], minlength=problem.needs) > 0)
    return Market(
        problem=problem,
        pair=pair,
        line=line,
        provider=provider,
        slot=candidates.slot[pair],
        score=candidates.score[pair],
        want=want,
        room=room,
        stock=stock,
        taken=taken,
        whole=whole,
        twice=_meets_twice(problem, line, provider),
    )


def _whole_needs(problem: MatchProblem) -> Flags:
    """Return needs that ask for more than one place, all or nothing, and carry no pin."""
    asked = np.bincount(problem.line_need, weights=problem.line_count, minlength=problem.needs)
    whole = problem.need_whole & (asked > 1)
    whole[problem.line_need[problem.pins[:, 0]]] = False
    return np.asarray(whole)


def _still_open(
    problem: MatchProblem, candidates: Candidates, want: Ints, room: Ints, stock: Ints
) -> Flags:
    line, provider = candidates.line, candidates.provider
    keep = (want[line] > 0) & (room[provider] > 0)
    keep &= (stock[provider] == UNLIMITED) | (problem.line_amount[line] <= stock[provider])
    if len(problem.pins):
        pinned = problem.line_need[problem.pins[:, 0]] * problem.providers + problem.pins[:, 1]
        keep &= ~np.isin(problem.line_need[line] * problem.providers + provider, pinned)
    return np.asarray(keep)


def _hopeless(
    problem: MatchProblem, candidates: Candidates, keep: Flags, want: Ints, whole: Flags
) -> Flags:
    """Mark pairs of all-or-nothing needs where some role has too few candidates."""
    if not whole.any():
        return np.zeros(len(keep), dtype=np.bool_)
    kept = np.flatnonzero(keep)
    key = np.unique(candidates.line[kept] * max(1, problem.providers) + candidates.provider[kept])
    offered = np.bincount(key // max(1, problem.providers), minlength=problem.lines)
    lacking = np.zeros(problem.needs, dtype=np.bool_)
    lacking[problem.line_need[offered < want]] = True
    return np.asarray((lacking & whole)[problem.line_need[candidates.line]])


def _places_from_stock(
    problem: MatchProblem, line: Ints, provider: Ints, room: Ints, stock: Ints
) -> tuple[Ints, Ints]:
    """Turn stock into places where all candidates spend the same; drop caps that cannot bind."""
    amount = problem.line_amount[line]
    most = np.zeros(problem.providers, dtype=np.int64)
    least = np.full(problem.providers, np.iinfo(np.int64).max)
    np.maximum.at(most, provider, amount)
    np.minimum.at(least, provider, amount)
    uniform = (stock != UNLIMITED) & (most == least) & (most > 0)
    room = np.where(uniform, np.minimum(room, stock // np.maximum(most, 1)), room)
    ample = (stock >= 0) & (room.astype(np.float64) * most <= stock)
    return room, np.where(uniform | ample, UNLIMITED, stock)


def _meets_twice(problem: MatchProblem, line: Ints, provider: Ints) -> bool:
    key = np.unique(line * max(1, problem.providers) + provider)
    need = problem.line_need[key // max(1, problem.providers)]
    both = need * max(1, problem.providers) + key % max(1, problem.providers)
    return len(np.unique(both)) < len(both)


def load_costs(problem: MatchProblem, provider: int, first: int, last: int) -> Ints:
    """Return what the places ``first:last`` of a provider cost for fairness (0-based)."""
    places = max(1, int(problem.provider_places[provider]))
    return np.arange(first, last, dtype=np.int64) * problem.rules.load_points // places


def community_units(problem: MatchProblem) -> Ints:
    """Return the places wanted by each community."""
    community = problem.need_community[problem.line_need]
    stated = community != NOT_STATED
    units = np.zeros(len(problem.vocabulary.communities), dtype=np.int64)
    np.add.at(units, community[stated], problem.line_count[stated])
    return units


def balance_gains(problem: MatchProblem, wanted: int) -> Ints:
    """Return what the 1st, 2nd … place filled of a community earns on top."""
    rank = np.arange(1, wanted + 1, dtype=np.int64)
    return problem.rules.balance_points * (wanted - rank) // max(1, wanted)
