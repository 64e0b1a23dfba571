"""What a choice of pairs is worth, and what prices prove about every other choice."""

from __future__ import annotations

import numpy as np

from .candidates import Candidates
from .market import Market, balance_gains, community_units, load_costs
from .outcome import TICKS, Prices
from .problem import NOT_STATED, UNLIMITED, Ints, MatchProblem


def value_of(problem: MatchProblem, line: Ints, provider: Ints, score: Ints) -> int:
    """Return the points of chosen pairs, pins included."""
    total = int(score.sum())
    if problem.rules.load_points:
        load = np.bincount(provider, minlength=problem.providers)
        for each in np.flatnonzero(load > 1):
            total -= int(load_costs(problem, int(each), 0, int(load[each])).sum())
    if problem.rules.balance_points:
        community = problem.need_community[problem.line_need[line]]
        filled = np.bincount(
            community[community != NOT_STATED], minlength=len(problem.vocabulary.communities)
        )
        for wanted, done in zip(community_units(problem), filled, strict=True):
            total += int(balance_gains(problem, int(wanted))[:done].sum())
    return total


def pair_prices(market: Market, prices: Prices) -> Ints:
    """Return what each open pair has to pay, in ticks: the place, its slot and its stock."""
    problem = market.problem
    paid = prices.place[market.provider].copy()
    binding = market.stock[market.provider] != UNLIMITED
    amount = problem.line_amount[market.line]
    paid += np.where(binding, amount * prices.stock[market.provider], 0)
    if len(prices.slot):
        slots = max(1, len(problem.vocabulary.slots), int(prices.slot[:, 1].max()) + 1)
        key = prices.slot[:, 0] * slots + prices.slot[:, 1]
        order = np.argsort(key)
        mine = market.provider * slots + market.slot
        at = np.minimum(np.searchsorted(key[order], mine), len(key) - 1)
        hit = (key[order][at] == mine) & (market.slot >= 0)
        paid += np.where(hit, prices.slot[order, 2][at], 0)
    return np.asarray(paid)


def community_bonus(market: Market, prices: Prices) -> Ints:
    """Return what each open pair earns by the price of its community, in ticks."""
    if not market.problem.rules.balance_points or not len(prices.community):
        return np.zeros(len(market.line), dtype=np.int64)
    community = market.problem.need_community[market.problem.line_need[market.line]]
    stated = community != NOT_STATED
    return np.where(stated, prices.community[np.where(stated, community, 0)], 0)


def bound_by(market: Market, candidates: Candidates, prices: Prices) -> int:
    """Return the bound that the prices prove, in whole points.

    Every provider sells its places, slots and stock at the given prices and keeps the income;
    every need then buys what suits it best on its own. No match can be worth more than the sum.
    """
    return open_bound(market, prices) + _pinned_value(market.problem, candidates)


def open_bound(market: Market, prices: Prices) -> int:
    """Return the bound for what is still open once the pins are set, in whole points."""
    net = market.score * TICKS - pair_prices(market, prices) + community_bonus(market, prices)
    total = _bought(market, net)
    total += _sum(np.where(market.stock == UNLIMITED, 0, market.stock * prices.stock))
    total += _sum(prices.slot[:, 2]) if len(prices.slot) else 0
    total += _income(market, prices)
    total += _communities(market, prices)
    return total // TICKS


def _sum(ticks: Ints) -> int:
    """Add without overflow."""
    return (int((ticks >> 20).sum()) << 20) + int((ticks & (TICKS - 1)).sum())


def _bought(market: Market, net: Ints) -> int:
    """Let each line (or all-or-nothing need) take its best pairs at the prices."""
    best = _best_slot(market, net)
    line, gain = market.line[best], net[best]
    order = np.lexsort((-gain, line))
    line, gain = line[order], gain[order]
    first = np.searchsorted(line, line)
    within = np.arange(len(line)) - first < market.want[line]
    need = market.problem.line_need[line]
    part = ~market.whole[need]
    total = _sum(np.where(within & part & (gain > 0), gain, 0))
    if market.whole.any():
        sums = np.zeros(market.problem.needs, dtype=np.int64)
        np.add.at(sums, need[within & ~part], gain[within & ~part])
        total += _sum(np.maximum(sums, 0))
    return total


def _best_slot(market: Market, net: Ints) -> Ints:
    """Return for each pair of line and provider the row of its best slot."""
    if not len(net) or not market.problem.rules.one_at_a_time:
        return np.arange(len(net))
    key = market.line * market.problem.providers + market.provider
    order = np.lexsort((-net, key))
    return np.asarray(order[np.concatenate([[True], np.diff(key[order]) > 0])])


def _income(market: Market, prices: Prices) -> int:
    """Return what the providers keep: the best number of places to sell at the price."""
    if not market.problem.rules.load_points:
        return _sum(np.maximum(prices.place, 0) * market.room)
    total = 0
    for each in np.flatnonzero(prices.place > 0):
        first = int(market.taken[each])
        costs = load_costs(market.problem, int(each), first, first + int(market.room[each]))
        total += int(np.maximum(prices.place[each] - costs * TICKS, 0).sum())
    return total


def _communities(market: Market, prices: Prices) -> int:
    problem = market.problem
    if not problem.rules.balance_points:
        return 0
    community = problem.need_community[problem.line_need[problem.pins[:, 0]]]
    done = np.bincount(
        community[community != NOT_STATED], minlength=len(problem.vocabulary.communities)
    )
    total = 0
    for wanted, pinned, price in zip(community_units(problem), done, prices.community, strict=True):
        gains = balance_gains(problem, int(wanted))[int(pinned) :]
        total += int(np.maximum(gains * TICKS - price, 0).sum())
    return total


def _pinned_value(problem: MatchProblem, candidates: Candidates) -> int:
    """Return what the pins are worth by themselves."""
    if not len(problem.pins):
        return 0
    rows = pinned_rows(problem, candidates)
    return value_of(problem, problem.pins[:, 0], problem.pins[:, 1], candidates.score[rows])


def pinned_rows(problem: MatchProblem, candidates: Candidates) -> Ints:
    """Return the candidate row of each pin (its first slot where slots are used up)."""
    width = max(1, problem.providers)
    key = candidates.line * width + candidates.provider
    return np.searchsorted(key, problem.pins[:, 0] * width + problem.pins[:, 1])
