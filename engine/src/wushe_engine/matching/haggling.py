"""Large matchings with teams, caps and fairness: prices by subgradient, choices by insertion.

Prices are moved until what the needs would buy fits what the providers have (Held and Karp 1971);
any prices prove a bound. At the best prices the needs buy one after another; then small groups of
needs are taken out and put back in another order as long as that gains. Deterministic by seed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .haggling_moves import GROUP, improve, insert_all, relaxed
from .haggling_table import Table, lay_table
from .market import Market
from .outcome import TICKS, Found, MatchStop, Prices
from .problem import UNLIMITED, Ints
from .worth import open_bound, value_of

_ROUNDS = 300
_TRIES_PER_NEED = 60


def haggle(market: Market, *, seed: int, stop: MatchStop) -> Found:
    """Find good choices and prices that bound how much better any choice could be."""
    table, seats = lay_table(market)
    cancelled = stop.cancelled or (lambda: False)
    place, stock, seat, order = _find_prices(table, market, seats, cancelled)
    pressed = (place, stock, seat)
    rng = np.random.default_rng(seed)
    insert_all(table, order, pressed)
    insert_all(table, order, tuple(np.zeros_like(price) for price in pressed))
    final = _ticks(market, pressed, seats)
    needs = market.problem.needs
    goal = open_bound(market, final) * (1.0 - stop.gap)
    for _ in range(_TRIES_PER_NEED):
        if cancelled() or not needs or _value(market, table) >= goal:
            break
        improve(table, rng.integers(0, needs, needs), rng.random((needs, GROUP)), pressed)
    chosen = np.sort(table.held[table.held >= 0])
    figures = {"pairs": float(len(market.pair)), "rounds": float(_ROUNDS)}
    return Found(chosen, final, figures)


def _value(market: Market, table: Table) -> int:
    """Return the points of what is held; level costs of pins are left out on both sides."""
    rows = table.held[table.held >= 0]
    line, provider = market.line[rows], market.provider[rows]
    return value_of(market.problem, line, provider, market.score[rows])


def _find_prices(table: Table, market: Market, seats: Ints, cancelled: Any) -> Any:
    """Move prices along the subgradient; keep those with the least bound."""
    providers = market.problem.providers
    typical = max(1.0, float(table.amount[table.amount > 0].mean()) if table.amount.any() else 1.0)
    prices = [np.zeros(providers), np.zeros(providers), np.zeros(len(seats))]
    rooms = [
        np.minimum(market.room, 10**9).astype(np.float64),
        np.where(table.binding, market.stock, 0) / typical,
        np.ones(len(seats)),
    ]
    best, kept, step, stale = np.inf, [p.copy() for p in prices], 1.0, 0
    gains = np.zeros(market.problem.needs)
    order = np.arange(market.problem.needs)
    for _ in range(_ROUNDS):
        used = [np.zeros(providers), np.zeros(providers), np.zeros(len(seats))]
        scaled = (prices[0], prices[1] / typical, prices[2])
        bought = relaxed(table, scaled, used[0], used[1], used[2], gains)
        bound = bought + sum(float(p @ r) for p, r in zip(prices, rooms, strict=True))
        if bound < best - 1e-9:
            best, kept, stale = bound, [p.copy() for p in prices], 0
            order = np.argsort(-gains, kind="stable")
        else:
            stale += 1
            if stale >= 8:
                step, stale, prices = step * 0.6, 0, [p.copy() for p in kept]
                continue
        used[1] = np.where(table.binding, used[1] / typical, 0.0)
        slopes = [u - r for u, r in zip(used, rooms, strict=True)]
        slopes = [np.where((p <= 0) & (s < 0), 0.0, s) for p, s in zip(prices, slopes, strict=True)]
        norm = sum(float(s @ s) for s in slopes)
        if norm < 1e-9 or cancelled():
            break
        length = step * 0.05 * max(bound, 1.0) / norm
        prices = [np.maximum(0.0, p + length * s) for p, s in zip(prices, slopes, strict=True)]
    return kept[0], kept[1] / typical, kept[2], order


def _ticks(market: Market, prices: Any, seats: Ints) -> Prices:
    place, stock, seat = (np.asarray(np.rint(p * TICKS), dtype=np.int64) for p in prices)
    slot = np.concatenate([seats, seat[:, None]], axis=1)
    return Prices(
        place=place,
        stock=np.where(market.stock == UNLIMITED, 0, stock),
        slot=slot[slot[:, 2] > 0],
        community=np.zeros(len(market.problem.vocabulary.communities), dtype=np.int64),
    )
