"""The compiled moves of haggling: a need buys, is put in, is taken out, gives way to rivals."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

GROUP = 6
"""Needs that are taken out together, at most."""


@njit(cache=True, inline="always")  # type: ignore[untyped-decorator]
def _net(table: Any, pair: int, line: int, prices: Any) -> Any:
    """Return what a pair is worth at the prices."""
    provider = table.provider[pair]
    net = table.score[pair] - prices[0][provider]
    if table.binding[provider]:
        net -= table.amount[line] * prices[1][provider]
    if table.seat[pair] >= 0:
        net -= prices[2][table.seat[pair]]
    return net


@njit(cache=True)  # type: ignore[untyped-decorator]
def relaxed(
    table: Any, prices: Any, use_place: Any, use_stock: Any, use_seat: Any, gains: Any
) -> Any:
    """Let every need buy alone; add up what is used; return the sum of gains."""
    total = 0.0
    chosen = np.empty(max(1, len(table.held)), dtype=np.int64)
    for need in range(len(table.whole)):
        gain, count = _purchase(table, need, prices, False, -2, chosen)
        gains[need] = gain
        if gain <= 0:
            continue
        total += gain
        for at in range(count):
            pair = chosen[at]
            use_place[table.provider[pair]] += 1
            if table.seat[pair] >= 0:
                use_seat[table.seat[pair]] += 1
        at = 0
        for line in range(table.need_line[need], table.need_line[need + 1]):
            while at < count and chosen[at] < table.line_pair[line + 1]:
                use_stock[table.provider[chosen[at]]] += table.amount[line]
                at += 1
    return total


@njit(cache=True)  # type: ignore[untyped-decorator]
def _purchase(
    table: Any, need: int, prices: Any, real: bool, slot: int, chosen: Any
) -> tuple[float, int]:
    """Choose the best pairs of a need at the prices, in the order of its lines.

    With `real`, only what is still free can be chosen, nobody twice, and uneven load and balance
    count. `slot` is the time at which a team meets; −2 for any.
    """
    total, count = 0.0, 0
    filled = table.filled[table.community[need]] if table.community[need] >= 0 else 0
    for line in range(table.need_line[need], table.need_line[need + 1]):
        first = count
        for _ in range(table.want[line]):
            best, gain = -1, -np.inf if table.whole[need] else 0.0
            for pair in range(table.line_pair[line], table.line_pair[line + 1]):
                if slot != -2 and table.slot[pair] >= 0 and table.slot[pair] != slot:
                    continue
                net = _net(table, pair, line, prices)
                if real:
                    net += _fairness(table, pair, need, filled + count)
                if net > gain and _open(table, pair, line, chosen, first, count, real):
                    best, gain = pair, net
            if best < 0:
                if table.whole[need]:
                    return 0.0, 0
                break
            at = count
            while at > first and chosen[at - 1] > best:
                chosen[at] = chosen[at - 1]
                at -= 1
            chosen[at] = best
            total += gain
            count += 1
    return total, count


@njit(cache=True, inline="always")  # type: ignore[untyped-decorator]
def _open(table: Any, pair: int, line: int, chosen: Any, first: int, count: int, real: bool) -> Any:
    """Tell whether a pair may be chosen beside those chosen already."""
    provider = table.provider[pair]
    free = True
    for at in range(0 if real else first, count):
        free &= table.provider[chosen[at]] != provider
    if real:
        free &= table.room[provider] > 0
        free &= not table.binding[provider] or table.stock[provider] >= table.amount[line]
        free &= table.seat[pair] < 0 or table.seat_free[table.seat[pair]]
    return free


@njit(cache=True, inline="always")  # type: ignore[untyped-decorator]
def _fairness(table: Any, pair: int, need: int, filled: int) -> Any:
    """Return the balance gained minus the uneven load of one more pair."""
    provider, community = table.provider[pair], table.community[need]
    worth = 0.0
    level = table.level_start[provider] + table.load[provider]
    if level < table.level_start[provider + 1]:
        worth -= table.level[level]
    if community >= 0:
        at = table.gain_start[community] + filled
        if at < table.gain_start[community + 1]:
            worth += table.gain[at]
    return worth


@njit(cache=True)  # type: ignore[untyped-decorator]
def _move(table: Any, need: int, chosen: Any, count: int, sign: int) -> Any:
    """Put pairs of a need in (+1) or take them out (−1); return the change in value."""
    change, at = 0.0, 0
    for line in range(table.need_line[need], table.need_line[need + 1]):
        while at < count and chosen[at] < table.line_pair[line + 1]:
            pair = chosen[at]
            provider = table.provider[pair]
            if sign < 0:
                table.load[provider] -= 1
                if table.community[need] >= 0:
                    table.filled[table.community[need]] -= 1
            filled = table.filled[table.community[need]] if table.community[need] >= 0 else 0
            change += sign * (table.score[pair] + _fairness(table, pair, need, filled))
            if sign > 0:
                table.load[provider] += 1
                if table.community[need] >= 0:
                    table.filled[table.community[need]] += 1
            table.room[provider] -= sign
            if table.binding[provider]:
                table.stock[provider] -= sign * table.amount[line]
            if table.seat[pair] >= 0:
                table.seat_free[table.seat[pair]] = sign < 0
            at += 1
    return change


@njit(cache=True)  # type: ignore[untyped-decorator]
def _insert(table: Any, need: int, prices: Any, chosen: Any) -> Any:
    """Buy for a need what is free; a team meets at one time; return the gain in value."""
    gain, count = _purchase(table, need, prices, True, -2, chosen)
    if count > 0 and table.whole[need]:
        meeting = _common_slot(table, chosen, count)
        if meeting == -3:
            gain, count = _best_meeting(table, need, prices, chosen)
    if count == 0 or gain <= 0:
        return 0.0
    change = _move(table, need, chosen, count, 1)
    if change <= 0:
        _move(table, need, chosen, count, -1)
        return 0.0
    table.held[table.held_start[need] : table.held_start[need] + count] = chosen[:count]
    return change


@njit(cache=True)  # type: ignore[untyped-decorator]
def _common_slot(table: Any, chosen: Any, count: int) -> int:
    """Return the one slot of the pairs, −1 when none is timed, −3 when they differ."""
    slot = -1
    for at in range(count):
        other = table.slot[chosen[at]]
        if other >= 0 and slot not in (-1, other):
            return -3
        slot = max(slot, other)
    return slot


@njit(cache=True)  # type: ignore[untyped-decorator]
def _best_meeting(table: Any, need: int, prices: Any, chosen: Any) -> Any:
    """Try every slot for a team."""
    first = table.line_pair[table.need_line[need]]
    last = table.line_pair[table.need_line[need + 1]]
    slots = np.unique(table.slot[first:last])
    best, slot = 0.0, -3
    for each in slots:
        gain, count = _purchase(table, need, prices, True, each, chosen)
        if count > 0 and gain > best:
            best, slot = gain, each
    if slot == -3:
        return 0.0, 0
    return _purchase(table, need, prices, True, slot, chosen)


@njit(cache=True)  # type: ignore[untyped-decorator]
def _remove(table: Any, need: int, chosen: Any) -> tuple[float, int]:
    """Take a need out; keep its pairs in `chosen`; return the change in value and the count."""
    count = 0
    for at in range(table.held_start[need], table.held_start[need + 1]):
        if table.held[at] >= 0:
            chosen[count] = table.held[at]
            table.held[at] = -1
            count += 1
    return _move(table, need, chosen, count, -1), count


@njit(cache=True)  # type: ignore[untyped-decorator]
def insert_all(table: Any, order: Any, prices: Any) -> None:
    """Let every need that holds nothing yet buy in the given order."""
    chosen = np.empty(max(1, len(table.held)), dtype=np.int64)
    for need in order:
        first = table.held_start[need]
        if first < table.held_start[need + 1] and table.held[first] < 0:
            _insert(table, need, prices, chosen)


@njit(cache=True)  # type: ignore[untyped-decorator]
def improve(table: Any, starts: Any, draws: Any, pressed: Any) -> None:
    """Take out a need's rivals, put the need in first, then them; undo what does not gain."""
    size = max(1, len(table.held))
    chosen = np.empty(size, dtype=np.int64)
    holder = _holders(table)
    group = np.empty(GROUP, dtype=np.int64)
    old = np.empty((GROUP, 64), dtype=np.int64)
    counts = np.empty(GROUP, dtype=np.int64)
    zero = (np.zeros_like(pressed[0]), np.zeros_like(pressed[1]), np.zeros_like(pressed[2]))
    for at in range(len(starts)):
        members = _rivals(table, starts[at], draws[at], holder, group)
        if members == 0:
            continue
        change = 0.0
        for k in range(members):
            lost, counts[k] = _remove(table, group[k], old[k])
            change += lost
        prices = pressed if draws[at, 0] < 0.5 else zero
        for k in range(members):
            change += _insert(table, group[k], prices, chosen)
        if change < -1e-9:
            for k in range(members):
                _remove(table, group[k], chosen)
            for k in range(members):
                _move(table, group[k], old[k], counts[k], 1)
                first = table.held_start[group[k]]
                table.held[first : first + counts[k]] = old[k, : counts[k]]
        for k in range(members):
            for each in range(table.held_start[group[k]], table.held_start[group[k] + 1]):
                if table.held[each] >= 0:
                    holder[table.provider[table.held[each]]] = group[k]


@njit(cache=True)  # type: ignore[untyped-decorator]
def _holders(table: Any) -> Any:
    """Return for each provider some need that it serves, −1 for none."""
    holder = np.full(len(table.room), -1, dtype=np.int64)
    for need in range(len(table.whole)):
        for at in range(table.held_start[need], table.held_start[need + 1]):
            if table.held[at] >= 0:
                holder[table.provider[table.held[at]]] = need
    return holder


@njit(cache=True)  # type: ignore[untyped-decorator]
def _rivals(table: Any, need: int, draws: Any, holder: Any, group: Any) -> int:
    """Collect a need and others served by providers it could use; return how many."""
    first = table.line_pair[table.need_line[need]]
    last = table.line_pair[table.need_line[need + 1]]
    if first == last or table.held_start[need + 1] - table.held_start[need] > 64:
        return 0
    group[0], members = need, 1
    for k in range(1, len(group)):
        pair = first + int(draws[k] * (last - first))
        rival = holder[table.provider[pair]]
        if rival < 0 or table.held_start[rival + 1] - table.held_start[rival] > 64:
            continue
        known = False
        for j in range(members):
            known |= group[j] == rival
        if not known:
            group[members] = rival
            members += 1
    return members
