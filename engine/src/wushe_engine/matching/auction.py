"""Matching for a province: needs bid for places, prices rise until nobody wants to change.

A forward auction with opt-out (Bertsekas 1988) from zero prices; several places at one provider
are similar objects. Each bid raises a price by at least ε, so the value ends within ε for each
place filled of the best, and the final prices prove it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from .market import Market
from .outcome import TICKS, MatchStop, Prices
from .problem import Flags, Ints

_STEPS = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class AuctionResult:
    """Chosen pairs of the market, the final prices, and figures of the run."""

    chosen: Ints
    prices: Prices
    figures: dict[str, float]


def run_auction(market: Market, *, seed: int, stop: MatchStop) -> AuctionResult:
    """Hold the auction; ε follows from the gap asked for."""
    state = _open(market, seed, _epsilon(market, stop))
    bids = 0
    while state["waiting"][1] > 0:
        bids += int(_bid(**state, steps=_STEPS))
        if stop.cancelled is not None and stop.cancelled():
            break
    chosen = state["unit_pair"][state["unit_pair"] >= 0]
    prices = _final_prices(market, state)
    return AuctionResult(np.sort(chosen), prices, {"pairs": len(market.pair), "bids": bids})


def _epsilon(market: Market, stop: MatchStop) -> int:
    """Choose ε so that ε for every place stays well below the gap asked for."""
    gap = max(stop.gap, 1e-4)
    best = np.zeros(market.problem.lines, dtype=np.int64)
    np.maximum.at(best, market.line, market.score)
    typical = float(best[best > 0].mean()) if (best > 0).any() else 1.0
    return max(1, int(0.5 * gap * typical * TICKS))


def _open(market: Market, seed: int, epsilon: int) -> dict[str, Any]:
    """Lay out lines, seats (provider, or provider and slot) and the units of each provider."""
    problem = market.problem
    lines, providers = problem.lines, problem.providers
    offered = np.bincount(market.provider, minlength=providers)
    units = np.minimum(market.room, offered + 1)  # with a place to spare, nobody is ever displaced
    unit_start = np.concatenate([[0], np.cumsum(units)]).astype(np.int64)
    slots = int(market.slot.max(initial=-1)) + 2
    seat_key, seat = np.unique(market.provider * slots + market.slot + 1, return_inverse=True)
    seat_provider = seat_key // slots
    rank = np.arange(unit_start[-1]) - np.repeat(unit_start[:-1], units)
    owner = np.repeat(np.arange(providers), units)
    places = np.maximum(problem.provider_places[owner], 1)
    base = (rank + market.taken[owner]) * problem.rules.load_points // places
    queue = np.repeat(np.arange(lines), market.want)
    queue = np.random.default_rng(seed).permutation(queue)
    held_start = np.concatenate([[0], np.cumsum(market.want)]).astype(np.int64)
    seat_start = np.searchsorted(seat_provider, np.arange(providers + 1))
    cost_of_next = (
        market.taken * problem.rules.load_points // np.maximum(problem.provider_places, 1)
    )
    return {
        "pair_start": np.searchsorted(market.line, np.arange(lines + 1)),
        "pair_seat": seat.astype(np.int32),
        "pair_score": market.score * TICKS,
        "seat_provider": seat_provider.astype(np.int32),
        "seat_timed": seat_key % slots > 0,
        "seat_unit": np.full(len(seat_key), -1, dtype=np.int64),
        "seat_start": seat_start,
        "join": cost_of_next[seat_provider] * TICKS,
        "unit_start": unit_start,
        "unit_bid": np.zeros(len(base), dtype=np.int64),
        "unit_pair": np.full(len(base), -1, dtype=np.int64),
        "unit_line": np.full(len(base), -1, dtype=np.int64),
        "unit_base": base * TICKS,
        "load": np.zeros(providers, dtype=np.int64),
        "held_start": held_start,
        "held": np.full(int(held_start[-1]), -1, dtype=np.int32),
        "queue": queue,
        "waiting": np.array([0, len(queue)], dtype=np.int64),
        "epsilon": epsilon,
    }


@njit(cache=True)  # type: ignore[untyped-decorator]
def _holds(held: Any, first: int, last: int, provider: int) -> bool:
    for at in range(first, last):
        if held[at] == provider:
            return True
    return False


@njit(cache=True)  # type: ignore[untyped-decorator]
def _replace(held: Any, first: int, last: int, old: int, new: int) -> None:
    for at in range(first, last):
        if held[at] == old:
            held[at] = new
            return


@njit(cache=True)  # type: ignore[untyped-decorator]
def _cheapest_unit(
    provider: int, load: Any, unit_start: Any, unit_bid: Any, unit_base: Any
) -> tuple[int, int]:
    """Return the unit a newcomer would take, and its price: the next free or the lowest bid."""
    first = unit_start[provider]
    free = first + load[provider]
    unit, price = -1, np.int64(0)
    if free < unit_start[provider + 1]:
        unit, price = free, unit_base[free]
    for at in range(first, free):
        if unit < 0 or unit_bid[at] < price:
            unit, price = at, unit_bid[at]
    return unit, price


@njit(cache=True)  # type: ignore[untyped-decorator]
def _bid(
    pair_start: Any,
    pair_seat: Any,
    pair_score: Any,
    seat_provider: Any,
    seat_timed: Any,
    seat_unit: Any,
    seat_start: Any,
    join: Any,
    unit_start: Any,
    unit_bid: Any,
    unit_pair: Any,
    unit_line: Any,
    unit_base: Any,
    load: Any,
    held_start: Any,
    held: Any,
    queue: Any,
    waiting: Any,
    epsilon: int,
    steps: int,
) -> int:
    """Let waiting lines bid, at most `steps` times; return the number of bids."""
    size = len(queue)
    done = 0
    while waiting[1] > 0 and done < steps:
        line = queue[waiting[0]]
        waiting[0] = (waiting[0] + 1) % size
        waiting[1] -= 1
        done += 1
        first, last = held_start[line], held_start[line + 1]
        many = last - first > 1
        best, pair, second, chosen = np.int64(0), -1, np.int64(0), -1
        for at in range(pair_start[line], pair_start[line + 1]):
            seat = pair_seat[at]
            net = pair_score[at] - join[seat]
            if net <= second:
                continue
            provider = seat_provider[seat]
            if many and _holds(held, first, last, provider):
                continue
            if net > best:
                second, best, pair, chosen = best, net, at, provider
            else:
                second = net
        if pair < 0:
            continue
        seat = pair_seat[pair]
        price = pair_score[pair] - second + epsilon
        if seat_timed[seat] and seat_unit[seat] >= 0:
            unit = seat_unit[seat]
        else:
            unit, _ = _cheapest_unit(chosen, load, unit_start, unit_bid, unit_base)
        loser = unit_pair[unit]
        if loser >= 0:
            out = unit_line[unit]
            _replace(held, held_start[out], held_start[out + 1], chosen, -1)
            queue[(waiting[0] + waiting[1]) % size] = out
            waiting[1] += 1
            seat_unit[pair_seat[loser]] = -1
        else:
            load[chosen] += 1
        unit_bid[unit], unit_pair[unit], unit_line[unit] = price, pair, line
        seat_unit[seat] = unit
        _replace(held, first, last, -1, chosen)
        _, price = _cheapest_unit(chosen, load, unit_start, unit_bid, unit_base)
        for each in range(seat_start[chosen], seat_start[chosen + 1]):
            taken = seat_timed[each] and seat_unit[each] >= 0
            join[each] = unit_bid[seat_unit[each]] if taken else price
    return done


def _final_prices(market: Market, state: dict[str, Any]) -> Prices:
    """Read place and slot prices from the seats."""
    providers = market.problem.providers
    place = np.zeros(providers, dtype=np.int64)
    owner, join = state["seat_provider"], state["join"]
    for provider in range(providers) if market.problem.rules.one_at_a_time else ():
        if state["unit_start"][provider] < state["unit_start"][provider + 1]:
            place[provider] = _cheapest_unit(
                provider, state["load"], state["unit_start"], state["unit_bid"], state["unit_base"]
            )[1]
    if not market.problem.rules.one_at_a_time:
        place[owner] = join
    extra = join - place[owner]
    timed: Flags = state["seat_timed"] & (extra > 0)
    slots = int(market.slot.max(initial=-1)) + 2
    seats = np.unique(market.provider * slots + market.slot + 1)
    slot = np.stack([seats // slots, seats % slots - 1, extra], axis=1)[timed]
    return Prices(
        place=place,
        stock=np.zeros(providers, dtype=np.int64),
        slot=slot,
        community=np.zeros(len(market.problem.vocabulary.communities), dtype=np.int64),
    )
