"""Match needs and providers: candidates, pins, then the solver that fits the size and the couplings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .outcome import Match, MatchStop, Prices
from .problem import Ints, MatchProblem

if TYPE_CHECKING:  # numba is heavy to import: only a match pays for it
    from .candidates import Candidates
    from .market import Market

EXACT_PAIRS = 20_000


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
    market = open_market(problem, candidates)
    if market.coupled or market.problem.rules.balance_points or len(market.pair) <= EXACT_PAIRS:
        return _exactly(market, candidates, seed, stop)
    return _by_auction(market, candidates, seed, stop)


def _exactly(market: Market, candidates: Candidates, seed: int, stop: MatchStop) -> Match:
    from .exact import solve_exactly

    result = solve_exactly(market, seed=seed, stop=stop)
    figures = {"pairs": float(len(market.pair)), "nodes": float(result.nodes)}
    return assemble(
        market,
        candidates,
        result.chosen,
        result.prices,
        proven=result.bound,
        seed=seed,
        solver="exact",
        figures=figures,
    )


def _by_auction(market: Market, candidates: Candidates, seed: int, stop: MatchStop) -> Match:
    from .auction import run_auction

    result = run_auction(market, seed=seed, stop=stop)
    return assemble(
        market,
        candidates,
        result.chosen,
        result.prices,
        proven=None,
        seed=seed,
        solver="auction",
        figures=result.figures,
    )


def assemble(
    market: Market,
    candidates: Candidates,
    chosen: Ints,
    prices: Prices,
    *,
    proven: int | None,
    seed: int,
    solver: str,
    figures: dict[str, float],
) -> Match:
    """Put pins and chosen pairs together, with value and bound."""
    from .worth import bound_by, pinned_rows, value_of

    problem = market.problem
    rows = np.concatenate([pinned_rows(problem, candidates), market.pair[chosen]])
    rows = rows[np.lexsort((candidates.provider[rows], candidates.line[rows]))]
    line, provider = candidates.line[rows], candidates.provider[rows]
    value = value_of(problem, line, provider, candidates.score[rows])
    by_prices = bound_by(market, candidates, prices)
    tighter = proven is not None and proven < by_prices
    return Match(
        line=line,
        provider=provider,
        slot=candidates.slot[rows],
        value=value,
        bound=max(value, proven if tighter and proven is not None else by_prices),
        proof="solver" if tighter else "prices",
        prices=prices,
        seed=seed,
        solver=solver,
        figures=figures,
    )
