"""Match needs and providers: candidates, pins, then the solver that fits size and couplings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .outcome import Found, Match, MatchStop
from .problem import MatchProblem

if TYPE_CHECKING:  # numba is heavy to import: only a match pays for it
    from .candidates import Candidates
    from .market import Market


def match(
    problem: MatchProblem,
    *,
    seed: int = 0,
    stop: MatchStop | None = None,
    candidates: Candidates | None = None,
) -> Match:
    """Match needs and providers as well as can be proven.

    Parameters
    ----------
    problem
        What is wanted and who may serve.
    seed
        Decides between equally good choices; the same seed gives the same match.
    stop
        Wanted gap, limits; the default asks for the best.
    candidates
        Found beforehand by `find_candidates`, to reuse them.

    Returns
    -------
    Match
        With a bound over all choices from the same candidates. A gap of 0 means proven best.
    """
    from .candidates import find_candidates
    from .market import open_market

    stop = stop or MatchStop()
    candidates = candidates or find_candidates(problem)
    return _solve(open_market(problem, candidates), candidates, seed, stop)


def _solve(market: Market, candidates: Candidates, seed: int, stop: MatchStop) -> Match:
    """Use the solver that fits the size of the market and how its choices bear on each other."""
    entangled = market.coupled or market.problem.rules.balance_points > 0
    if len(market.pair) <= stop.exact_pairs:
        found = _exactly(market, candidates, seed, stop)
        if stop.seconds is None or found.gap <= stop.gap or not entangled:
            return found
        other = _by_haggling(market, candidates, seed, stop)  # the exact solver ran out of time
        return found if found.value >= other.value else replace(other, bound=found.bound)
    if entangled:
        return _by_haggling(market, candidates, seed, stop)
    return _by_auction(market, candidates, seed, stop)


def _exactly(market: Market, candidates: Candidates, seed: int, stop: MatchStop) -> Match:
    from .exact import solve_exactly

    result = solve_exactly(market, seed=seed, stop=stop)
    figures = {"pairs": float(len(market.pair)), "nodes": float(result.nodes)}
    found = Found(result.chosen, result.prices, figures)
    return assemble(market, candidates, found, "exact", seed, proven=result.bound)


def _by_auction(market: Market, candidates: Candidates, seed: int, stop: MatchStop) -> Match:
    from .auction import run_auction

    return assemble(market, candidates, run_auction(market, seed=seed, stop=stop), "auction", seed)


def _by_haggling(market: Market, candidates: Candidates, seed: int, stop: MatchStop) -> Match:
    from .haggling import haggle

    return assemble(market, candidates, haggle(market, seed=seed, stop=stop), "haggling", seed)


def assemble(
    market: Market,
    candidates: Candidates,
    found: Found,
    solver: str,
    seed: int,
    *,
    proven: int | None = None,
) -> Match:
    """Put pins and chosen pairs together, with value and bound."""
    from .worth import bound_by, pinned_rows, value_of

    problem = market.problem
    rows = np.concatenate([pinned_rows(problem, candidates), market.pair[found.chosen]])
    rows = rows[np.lexsort((candidates.provider[rows], candidates.line[rows]))]
    line, provider = candidates.line[rows], candidates.provider[rows]
    value = value_of(problem, line, provider, candidates.score[rows])
    by_prices = bound_by(market, candidates, found.prices)
    tighter = proven is not None and proven < by_prices
    return Match(
        line=line,
        provider=provider,
        slot=candidates.slot[rows],
        value=value,
        bound=max(value, proven if tighter and proven is not None else by_prices),
        proof="solver" if tighter else "prices",
        prices=found.prices,
        seed=seed,
        solver=solver,
        figures=found.figures,
    )
