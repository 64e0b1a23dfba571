"""Matching for a province: needs bid for places, prices rise until nobody wants to change.

A forward auction with opt-out (Bertsekas 1988) from zero prices; several places at one provider
are similar objects. Each bid raises a price by at least ε, so the value ends within ε for each
place filled of the best, and the final prices prove it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from .market import Market
from .outcome import TICKS, Found, MatchStop, Prices
from .problem import Flags, Ints

_STEPS = 2_000_000
_FINEST_GAP = 1e-4


class _Hall(NamedTuple):
    """The state of an auction; every array is written to.

    A *seat* is what a pair bids for: a provider, or a slot of a provider where slots are used one
    at a time. A *unit* is one place of a provider, taken by at most one pair.
    """

    pair_start: Ints
    pair_seat: Ints
    pair_score: Ints
    seat_provider: Ints
    seat_timed: Flags
    seat_unit: Ints
    seat_start: Ints
    join: Ints  # price at which a seat can be had
    unit_start: Ints
    unit_bid: Ints
    unit_pair: Ints
    unit_line: Ints
    unit_base: Ints  # price of an empty unit: uneven load
    load: Ints
    held_start: Ints
    held: Ints  # providers held by each line
    queue: Ints
    waiting: Ints  # head and length of the queue, a ring


def run_auction(market: Market, *, seed: int, stop: MatchStop) -> Found:
    """Hold the auction; ε follows from the gap asked for."""
    hall = _open(market, seed)
    epsilon = _epsilon(market, stop)
    bids = 0
    while hall.waiting[1] > 0:
        bids += int(_bid(hall, epsilon, _STEPS))
        if stop.cancelled is not None and stop.cancelled():
            break
    chosen = hall.unit_pair[hall.unit_pair >= 0]
    figures = {"pairs": float(len(market.pair)), "bids": float(bids)}
    return Found(np.sort(chosen), _final_prices(market, hall), figures)


def _epsilon(market: Market, stop: MatchStop) -> int:
    """Choose ε so that ε for every place stays well below the gap asked for."""
    best = np.zeros(market.problem.lines, dtype=np.int64)
    np.maximum.at(best, market.line, market.score)
    typical = float(best[best > 0].mean()) if (best > 0).any() else 1.0
    return max(1, int(0.5 * max(stop.gap, _FINEST_GAP) * typical * TICKS))


def _seats(market: Market) -> tuple[Ints, Ints, Flags, Ints]:
    """Return the seat of each pair; and provider, whether timed, and slot of each seat."""
    providers = market.problem.providers
    if not market.problem.rules.one_at_a_time:
        everybody = np.arange(providers)
        return market.provider, everybody, np.zeros(providers, dtype=np.bool_), everybody * 0 - 1
    slots = int(market.slot.max(initial=-1)) + 2
    key, seat = np.unique(market.provider * slots + market.slot + 1, return_inverse=True)
    return seat, key // slots, key % slots > 0, key % slots - 1


def _open(market: Market, seed: int) -> _Hall:
    """Lay out lines, seats and units; nobody holds anything yet."""
    problem = market.problem
    lines, providers = problem.lines, problem.providers
    offered = np.bincount(market.provider, minlength=providers)
    units = np.minimum(market.room, offered + 1)  # with one to spare, nobody is displaced
    unit_start = np.concatenate([[0], np.cumsum(units)]).astype(np.int64)
    seat, seat_provider, seat_timed, _ = _seats(market)
    owner = np.repeat(np.arange(providers), units)
    rank = np.arange(len(owner)) - unit_start[owner]
    places = np.maximum(problem.provider_places, 1)
    base = (rank + market.taken[owner]) * problem.rules.load_points // places[owner]
    first = market.taken * problem.rules.load_points // places
    bidders = np.repeat(np.arange(lines), market.want)
    held_start = np.concatenate([[0], np.cumsum(market.want)]).astype(np.int64)
    return _Hall(
        pair_start=np.searchsorted(market.line, np.arange(lines + 1)),
        pair_seat=seat.astype(np.int64),
        pair_score=market.score * TICKS,
        seat_provider=seat_provider,
        seat_timed=seat_timed,
        seat_unit=np.full(len(seat_provider), -1, dtype=np.int64),
        seat_start=np.searchsorted(seat_provider, np.arange(providers + 1)),
        join=first[seat_provider] * TICKS,
        unit_start=unit_start,
        unit_bid=np.zeros(len(owner), dtype=np.int64),
        unit_pair=np.full(len(owner), -1, dtype=np.int64),
        unit_line=np.full(len(owner), -1, dtype=np.int64),
        unit_base=base * TICKS,
        load=np.zeros(providers, dtype=np.int64),
        held_start=held_start,
        held=np.full(len(bidders), -1, dtype=np.int64),
        queue=np.random.default_rng(seed).permutation(bidders),
        waiting=np.array([0, len(bidders)], dtype=np.int64),
    )


@njit(cache=True)  # type: ignore[untyped-decorator]
def _bid(hall: Any, epsilon: int, steps: int) -> int:
    """Let waiting lines bid, at most `steps` times; return the number of bids."""
    done = 0
    while hall.waiting[1] > 0 and done < steps:
        line = hall.queue[hall.waiting[0]]
        hall.waiting[0] = (hall.waiting[0] + 1) % len(hall.queue)
        hall.waiting[1] -= 1
        done += 1
        pair, second = _best_pair(hall, line)
        if pair >= 0:
            _take(hall, line, pair, hall.pair_score[pair] - second + epsilon)
    return done


@njit(cache=True)  # type: ignore[untyped-decorator]
def _best_pair(hall: Any, line: int) -> Any:
    """Return the pair worth most at the prices (−1: none), and what the second is worth."""
    many = hall.held_start[line + 1] - hall.held_start[line] > 1
    best, second = np.int64(0), np.int64(0)
    pair = np.int64(-1)
    for at in range(hall.pair_start[line], hall.pair_start[line + 1]):
        seat = hall.pair_seat[at]
        net = hall.pair_score[at] - hall.join[seat]
        if net <= second or (many and _holds(hall, line, hall.seat_provider[seat])):
            continue
        if net > best:
            best, second, pair = net, best, np.int64(at)
        else:
            second = net
    return pair, second


@njit(cache=True)  # type: ignore[untyped-decorator]
def _take(hall: Any, line: int, pair: int, price: int) -> None:
    """Give the pair its seat at the price; whoever has to leave bids again."""
    seat = hall.pair_seat[pair]
    provider = hall.seat_provider[seat]
    if hall.seat_timed[seat] and hall.seat_unit[seat] >= 0:
        unit = hall.seat_unit[seat]
    else:
        unit = _cheapest_unit(hall, provider)
    loser = hall.unit_pair[unit]
    if loser >= 0:
        out = hall.unit_line[unit]
        _replace(hall, out, provider, -1)
        hall.queue[(hall.waiting[0] + hall.waiting[1]) % len(hall.queue)] = out
        hall.waiting[1] += 1
        hall.seat_unit[hall.pair_seat[loser]] = -1
    else:
        hall.load[provider] += 1
    hall.unit_bid[unit], hall.unit_pair[unit], hall.unit_line[unit] = price, pair, line
    hall.seat_unit[seat] = unit
    _replace(hall, line, -1, provider)
    next_price = _unit_price(hall, provider, _cheapest_unit(hall, provider))
    for each in range(hall.seat_start[provider], hall.seat_start[provider + 1]):
        taken = hall.seat_timed[each] and hall.seat_unit[each] >= 0
        hall.join[each] = hall.unit_bid[hall.seat_unit[each]] if taken else next_price


@njit(cache=True)  # type: ignore[untyped-decorator]
def _cheapest_unit(hall: Any, provider: int) -> Any:
    """Return the unit a newcomer would take: the next free one, or that of the lowest bid."""
    first = hall.unit_start[provider]
    free = first + hall.load[provider]
    unit = free if free < hall.unit_start[provider + 1] else first
    price = _unit_price(hall, provider, unit)
    for at in range(first, free):
        if hall.unit_bid[at] < price:
            unit, price = at, hall.unit_bid[at]
    return unit


@njit(cache=True)  # type: ignore[untyped-decorator]
def _unit_price(hall: Any, provider: int, unit: int) -> Any:
    """Return the bid that holds a unit, or the price of an empty one."""
    taken = unit < hall.unit_start[provider] + hall.load[provider]
    return hall.unit_bid[unit] if taken else hall.unit_base[unit]


@njit(cache=True)  # type: ignore[untyped-decorator]
def _holds(hall: Any, line: int, provider: int) -> bool:
    for at in range(hall.held_start[line], hall.held_start[line + 1]):
        if hall.held[at] == provider:
            return True
    return False


@njit(cache=True)  # type: ignore[untyped-decorator]
def _replace(hall: Any, line: int, old: int, new: int) -> None:
    for at in range(hall.held_start[line], hall.held_start[line + 1]):
        if hall.held[at] == old:
            hall.held[at] = new
            return


def _final_prices(market: Market, hall: _Hall) -> Prices:
    """Read place and slot prices from the seats."""
    problem = market.problem
    _, owner, timed, slot = _seats(market)
    place = np.zeros(problem.providers, dtype=np.int64)
    if problem.rules.one_at_a_time:
        for provider in np.flatnonzero(np.diff(hall.unit_start)).tolist():
            place[provider] = _unit_price(hall, provider, _cheapest_unit(hall, provider))
    else:
        place[owner] = hall.join
    extra = hall.join - place[owner]
    dearer = timed & (extra > 0)
    return Prices(
        place=place,
        stock=np.zeros(problem.providers, dtype=np.int64),
        slot=np.stack([owner, slot, extra], axis=1)[dearer],
        community=np.zeros(len(problem.vocabulary.communities), dtype=np.int64),
    )
