"""Stable matching: no need and provider would both rather have each other than what they got.

Deferred acceptance (Gale and Shapley 1962), the needs proposing, with several places on both
sides. A need prefers the provider with the higher score; a provider prefers the need that is
worth more, then the better tie and shorter way. The result is the best stable one for the needs.
"""

from __future__ import annotations

import heapq
from collections import deque

import numpy as np

from .outcome import Found, Match, Prices
from .problem import Ints, MatchInputError, MatchProblem


def match_stably(problem: MatchProblem, *, seed: int = 0) -> Match:
    """Match so that nobody has a reason to go round the match.

    The value is honest but not the largest possible; the bound says by how much at most.

    Raises
    ------
    MatchInputError
        When the problem has teams, stock that binds, slots used one at a time, or fairness
        weights: stability is not defined for them.
    """
    from .candidates import find_candidates
    from .market import open_market
    from .solve import assemble

    candidates = find_candidates(problem)
    market = open_market(problem, candidates)
    rules = problem.rules
    if market.coupled or rules.one_at_a_time or rules.balance_points or rules.load_points:
        raise MatchInputError(
            ["stable matching knows no teams, binding stock, exclusive slots or fairness weights"]
        )
    order = np.random.default_rng(seed).permutation(len(market.pair))
    mine = np.lexsort((order, -market.score, market.line))
    worth = problem.line_points[market.line]
    rank = np.empty(len(order), dtype=np.int64)
    rank[np.lexsort((order, market.score, worth))] = np.arange(len(order))
    chosen = _defer(mine, market.line, market.provider, rank, market.want, market.room)
    nothing = np.zeros(problem.providers, dtype=np.int64)
    free = Prices(
        place=nothing,
        stock=nothing,
        slot=np.zeros((0, 3), dtype=np.int64),
        community=np.zeros(len(problem.vocabulary.communities), dtype=np.int64),
    )
    figures = {"pairs": float(len(market.pair))}
    return assemble(market, candidates, Found(chosen, free, figures), "stable", seed)


def _defer(order: Ints, line: Ints, provider: Ints, rank: Ints, want: Ints, room: Ints) -> Ints:
    """Let lines propose down their lists; providers keep the best they have room for."""
    first = np.searchsorted(line[order], np.arange(len(want) + 1))
    at = first[:-1].copy()
    held: dict[int, list[tuple[int, int]]] = {}
    waiting = deque(np.repeat(np.arange(len(want)), want).tolist())
    while waiting:
        proposer = waiting.popleft()
        if at[proposer] == first[proposer + 1]:
            continue
        pair = int(order[at[proposer]])
        at[proposer] += 1
        who = int(provider[pair])
        kept = held.setdefault(who, [])
        heapq.heappush(kept, (int(rank[pair]), pair))
        if len(kept) > room[who]:
            _, refused = heapq.heappop(kept)
            waiting.append(int(line[refused]))
    return np.sort(np.array([pair for kept in held.values() for _, pair in kept], dtype=np.int64))
