"""What haggling reads and writes: the market laid out in flat tables for compiled functions."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .market import Market, balance_gains, community_units, load_costs
from .problem import NOT_STATED, UNLIMITED, Ints


class Table(NamedTuple):
    """The market as the kernels read it; `room`, `stock` … at the end are written to."""

    need_line: Ints  # (n + 1,) lines of each need
    line_pair: Ints  # (m + 1,) pairs of each line
    want: Ints
    amount: Ints
    whole: Any
    community: Ints
    provider: Ints
    seat: Ints  # −1: no slot is used up
    slot: Ints
    score: Any
    binding: Any  # stock of the provider can bind
    level_start: Ints  # (p + 1,) load costs of each provider
    level: Any
    gain_start: Ints  # (c + 1,) balance gains of each community
    gain: Any
    room: Ints
    stock: Ints
    seat_free: Any
    load: Ints
    filled: Ints
    held: Ints  # (places of each need,) pair held there or −1
    held_start: Ints


def lay_table(market: Market) -> tuple[Table, Ints]:
    """Lay out the tables; also return provider and slot of each seat, shape ``(seats, 2)``."""
    problem = market.problem
    seats, seat = _seats(market)
    levels, gains = _levels(market), _gains(market)
    wanted_by = np.zeros(problem.needs, dtype=np.int64)
    np.add.at(wanted_by, problem.line_need, market.want)
    table = Table(
        need_line=np.searchsorted(problem.line_need, np.arange(problem.needs + 1)),
        line_pair=np.searchsorted(market.line, np.arange(problem.lines + 1)),
        want=market.want,
        amount=problem.line_amount,
        whole=market.whole,
        community=problem.need_community,
        provider=market.provider,
        seat=seat,
        slot=market.slot,
        score=market.score.astype(np.float64),
        binding=market.stock != UNLIMITED,
        level_start=_starts(levels, problem.providers),
        level=_joined(levels),
        gain_start=_starts(gains, len(gains)),
        gain=_joined(gains),
        room=market.room.copy(),
        stock=market.stock.copy(),
        seat_free=np.ones(len(seats), dtype=np.bool_),
        load=np.zeros(problem.providers, dtype=np.int64),
        filled=np.zeros(max(1, len(gains)), dtype=np.int64),
        held=np.full(int(wanted_by.sum()), -1, dtype=np.int64),
        held_start=np.concatenate([[0], np.cumsum(wanted_by)]).astype(np.int64),
    )
    return table, seats


def _seats(market: Market) -> tuple[Ints, Ints]:
    """Return provider and slot of each seat, and the seat that each pair takes; −1 for none."""
    width = int(market.slot.max(initial=-1)) + 2
    timed = market.slot >= 0
    key, seat_of = np.unique(
        market.provider[timed] * width + market.slot[timed], return_inverse=True
    )
    seat = np.full(len(market.pair), -1, dtype=np.int64)
    seat[timed] = seat_of
    return np.stack([key // width, key % width], axis=1), seat


def _levels(market: Market) -> list[Ints]:
    """Return what each further need costs each provider; nothing where uneven load is free."""
    problem = market.problem
    if not problem.rules.load_points:
        return []
    taken = market.taken
    offered = np.minimum(market.room, np.bincount(market.provider, minlength=problem.providers))
    return [
        load_costs(problem, p, int(taken[p]), int(taken[p] + offered[p]))
        for p in range(problem.providers)
    ]


def _gains(market: Market) -> list[Ints]:
    """Return what each further unit gains each community, after those that are pinned."""
    problem = market.problem
    of_pin = problem.need_community[problem.line_need[problem.pins[:, 0]]]
    names = len(problem.vocabulary.communities)
    done = np.bincount(of_pin[of_pin != NOT_STATED], minlength=names)
    return [
        balance_gains(problem, int(wanted))[int(done[c]) :]
        for c, wanted in enumerate(community_units(problem))
    ]


def _starts(parts: list[Ints], rows: int) -> Ints:
    if not parts:
        return np.zeros(rows + 1, dtype=np.int64)
    return np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)


def _joined(parts: list[Ints]) -> Any:
    return np.concatenate([*parts, np.zeros(1)]).astype(np.float64)
