"""An independent audit of a match: every rule and every figure recomputed from the problem alone.

Shares no code with the candidates, the solvers or their bounds.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from .outcome import Match
from .problem import MatchProblem

_TICKS = 1 << 20
_ALL_PAIRS = 200_000


@dataclass(frozen=True, slots=True)
class Report:
    """What the audit found.

    Attributes
    ----------
    faults
        One sentence for each broken rule or wrong figure; empty when the match is sound.
    value
        Points recomputed.
    bound
        Upper bound over *all* allowed pairs, recomputed from the match's prices; ``None`` when the
        problem is too large to go through every pair.
    """

    faults: tuple[str, ...]
    value: int
    bound: int | None

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


def check_match(problem: MatchProblem, match: Match) -> Report:
    """Audit a match; never raises for a wrong one, but reports it."""
    pairs = list(
        zip(match.line.tolist(), match.provider.tolist(), match.slot.tolist(), strict=True)
    )
    outside = [
        f"pair {pair} is outside the problem"
        for pair in pairs
        if not (0 <= pair[0] < problem.lines and 0 <= pair[1] < problem.providers)
    ]
    if outside:
        return Report(tuple(outside), 0, None)
    banned = {(int(need), int(provider)) for need, provider in problem.bans}
    faults = [fault for pair in pairs for fault in _pair_faults(problem, *pair)]
    faults += [
        f"{_label(problem, line, provider)}: the pair is banned"
        for line, provider, _ in pairs
        if (int(problem.line_need[line]), provider) in banned
    ]
    faults += _count_faults(problem, pairs)
    faults += _team_faults(problem, pairs)
    faults += _slot_faults(problem, pairs)
    value = _value(problem, pairs)
    if value != match.value:
        faults.append(f"value is {value}, not {match.value}")
    if value > match.bound:
        faults.append(f"value {value} exceeds the bound {match.bound}")
    bound = None
    if problem.lines * problem.providers <= _ALL_PAIRS:
        bound = _bound(problem, match)
        if value > bound:
            faults.append(f"value {value} exceeds what the prices allow, {bound}")
    return Report(tuple(faults), value, bound)


def _bits(row: Any) -> int:
    """Read a mask as one integer."""
    return sum(int(word) << (64 * at) for at, word in enumerate(row))


def _metres(problem: MatchProblem, need: int, provider: int) -> int | None:
    if not (problem.need_placed[need] and problem.provider_placed[provider]):
        return None
    east, north = (problem.need_place[need] - problem.provider_place[provider]).tolist()
    return math.isqrt(east * east + north * north)


def _label(problem: MatchProblem, line: int, provider: int) -> str:
    need = problem.need_ids[int(problem.line_need[line])]
    return f"need {need!r} with provider {problem.provider_ids[provider]!r}"


def _pair_faults(problem: MatchProblem, line: int, provider: int, slot: int) -> list[str]:
    need = int(problem.line_need[line])
    label = _label(problem, line, provider)
    faults = []
    asked, held = _bits(problem.line_requires[line]), _bits(problem.provider_holds[provider])
    if asked & ~held:
        faults.append(f"{label}: role or skill is missing")
    metres = _metres(problem, need, provider)
    limits = (int(problem.provider_reach[provider]), problem.rules.radius)
    if metres is not None and any(x is not None and 0 <= x < metres for x in limits):
        faults.append(f"{label}: {metres} m is too far")
    wanted, offered = _bits(problem.need_slots[need]), _bits(problem.provider_slots[provider])
    if wanted and offered and not wanted & offered:
        faults.append(f"{label}: no time suits both")
    tongues = _bits(problem.need_languages[need])
    if tongues and not tongues & _bits(problem.provider_languages[provider]):
        faults.append(f"{label}: no language in common")
    for name, mine, rule in (
        ("category", problem.need_category[need], problem.provider_categories[provider]),
        ("community", problem.need_community[need], problem.provider_communities[provider]),
    ):
        free = all(int(word) == 2**64 - 1 for word in rule)
        if not free and (mine < 0 or not _bits(rule) >> int(mine) & 1):
            faults.append(f"{label}: the use rule on {name} forbids it")
    if problem.rules.one_at_a_time and offered:
        common = wanted & offered if wanted else offered
        if slot < 0 or not common >> slot & 1:
            faults.append(f"{label}: slot {slot} does not suit both")
    elif slot != -1:
        faults.append(f"{label}: no slot should be used, got {slot}")
    return faults


def _count_faults(problem: MatchProblem, pairs: list[tuple[int, int, int]]) -> list[str]:
    faults = []
    filled = Counter(line for line, _, _ in pairs)
    load = Counter(provider for _, provider, _ in pairs)
    spent: Counter[int] = Counter()
    served = Counter((int(problem.line_need[line]), provider) for line, provider, _ in pairs)
    for line, provider, _ in pairs:
        spent[provider] += int(problem.line_amount[line])
    for line, count in filled.items():
        if count > problem.line_count[line]:
            faults.append(f"line {line}: {count} filled, {problem.line_count[line]} wanted")
    for provider, count in load.items():
        if count > problem.provider_places[provider]:
            name, places = problem.provider_ids[provider], problem.provider_places[provider]
            faults.append(f"provider {name!r}: {count} pairs, {places} places")
        if 0 <= problem.provider_stock[provider] < spent[provider]:
            name, stock = problem.provider_ids[provider], problem.provider_stock[provider]
            faults.append(f"provider {name!r}: {spent[provider]} spent of {stock}")
    for (need, provider), count in served.items():
        if count > 1:
            name = problem.provider_ids[provider]
            faults.append(f"need {problem.need_ids[need]!r}: provider {name!r} {count} times")
    present = {(line, provider) for line, provider, _ in pairs}
    for line, provider in problem.pins.tolist():
        if (line, provider) not in present:
            faults.append(f"{_label(problem, line, provider)}: the pin is not kept")
    return faults


def _team_faults(problem: MatchProblem, pairs: list[tuple[int, int, int]]) -> list[str]:
    """Find all-or-nothing needs that are met in part."""
    pinned = {int(problem.line_need[line]) for line, _ in problem.pins.tolist()}
    wanted: Counter[int] = Counter()
    for line, need in enumerate(problem.line_need.tolist()):
        wanted[need] += int(problem.line_count[line])
    filled = Counter(int(problem.line_need[line]) for line, _, _ in pairs)
    return [
        f"need {problem.need_ids[need]!r}: {count} of {wanted[need]} filled, all or none wanted"
        for need, count in filled.items()
        if problem.need_whole[need] and need not in pinned and count != wanted[need]
    ]


def _slot_faults(problem: MatchProblem, pairs: list[tuple[int, int, int]]) -> list[str]:
    if not problem.rules.one_at_a_time:
        return []
    used = Counter((provider, slot) for _, provider, slot in pairs if slot >= 0)
    faults = [
        f"provider {problem.provider_ids[provider]!r}: slot {slot} used {count} times"
        for (provider, slot), count in used.items()
        if count > 1
    ]
    pinned = {int(problem.line_need[line]) for line, _ in problem.pins.tolist()}
    times = defaultdict(set)
    for line, _, slot in pairs:
        need = int(problem.line_need[line])
        if slot >= 0 and problem.need_whole[need] and need not in pinned:
            times[need].add(slot)
    faults += [
        f"need {problem.need_ids[need]!r}: the team comes at {len(slots)} different times"
        for need, slots in times.items()
        if len(slots) > 1
    ]
    return faults


def _value(problem: MatchProblem, pairs: list[tuple[int, int, int]]) -> int:
    rules = problem.rules
    ties: Counter[tuple[int, int]] = Counter()
    for (need, provider), points in zip(
        problem.ties.tolist(), problem.tie_points.tolist(), strict=True
    ):
        ties[need, provider] += points
    total = 0
    for line, provider, _ in pairs:
        need = int(problem.line_need[line])
        metres = _metres(problem, need, provider) or 0
        total += int(problem.line_points[line]) - metres * rules.points_per_km // 1000
        total += ties[need, provider] - int(problem.provider_cost[provider])
    for provider, load in Counter(provider for _, provider, _ in pairs).items():
        places = int(problem.provider_places[provider])
        total -= sum(k * rules.load_points // places for k in range(load))
    wanted, filled = _communities(problem, pairs)
    for community, count in filled.items():
        n = wanted[community]
        total += sum(rules.balance_points * (n - k) // n for k in range(1, count + 1))
    return total


def _communities(
    problem: MatchProblem, pairs: list[tuple[int, int, int]]
) -> tuple[Counter[int], Counter[int]]:
    of_line = [int(problem.need_community[need]) for need in problem.line_need.tolist()]
    wanted: Counter[int] = Counter()
    for line, community in enumerate(of_line):
        wanted[community] += int(problem.line_count[line])
    filled = Counter(of_line[line] for line, _, _ in pairs)
    del wanted[-1], filled[-1]
    return wanted, filled


def _bound(problem: MatchProblem, match: Match) -> int:
    """Sell every place, slot and unit of stock at the prices; let each need buy alone."""
    rules, prices = problem.rules, match.prices
    pinned = defaultdict(list)
    for line, provider in problem.pins.tolist():
        pinned[line].append(provider)
    slots = {(int(p), int(s)): int(t) for p, s, t in prices.slot}
    total = sum(max(0, ticks) for ticks in slots.values())
    for provider in range(problem.providers):
        total += _income(problem, provider, int(prices.place[provider]))
        if problem.provider_stock[provider] >= 0:
            total += int(problem.provider_stock[provider]) * max(0, int(prices.stock[provider]))
    if rules.balance_points:
        for community, n in _communities(problem, [])[0].items():
            price = int(prices.community[community])
            gains = [rules.balance_points * (n - k) // n * _TICKS - price for k in range(1, n + 1)]
            total += max(0, *_running(gains))
    teams: Counter[int] = Counter()
    for line in range(problem.lines):
        need = int(problem.line_need[line])
        net = _net(problem, match, line, slots)
        gains = [int(net[p]) for p in pinned[line]]
        net[pinned[line]] = np.iinfo(np.int64).min
        rest = np.sort(net)[::-1][: int(problem.line_count[line]) - len(gains)].tolist()
        rest = [gain for gain in rest if gain > np.iinfo(np.int64).min]
        whole = problem.need_whole[need] and not any(
            pinned[other] for other in np.flatnonzero(problem.line_need == need)
        )
        if whole:
            teams[need] += sum(rest) if len(rest) == problem.line_count[line] else -(1 << 62)
        else:
            total += sum(gains) + sum(max(0, gain) for gain in rest)
    total += sum(max(0, gain) for gain in teams.values())
    return total // _TICKS


def _running(steps: list[int]) -> list[int]:
    sums = [0]
    for step in steps:
        sums.append(sums[-1] + step)
    return sums


def _income(problem: MatchProblem, provider: int, price: int) -> int:
    """Return the most a provider can keep by selling any number of its places."""
    places = int(problem.provider_places[provider])
    if not problem.rules.load_points:
        return max(0, price) * places
    if price <= 0:
        return 0
    points = problem.rules.load_points
    return sum(max(0, price - k * points // places * _TICKS) for k in range(places))


def _net(
    problem: MatchProblem, match: Match, line: int, slots: dict[tuple[int, int], int]
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return what each provider is worth to one line at the prices; the least number if barred."""
    need = int(problem.line_need[line])
    barred = np.iinfo(np.int64).min
    wanted = _bits(problem.need_slots[need])
    net = np.full(problem.providers, barred, dtype=np.int64)
    asked = problem.line_requires[line]
    able = ((problem.provider_holds & asked) == asked).all(axis=1)
    able &= problem.provider_places > 0
    able[problem.bans[problem.bans[:, 0] == need, 1]] = False
    community = int(problem.need_community[need])
    earned = int(match.prices.community[community]) if community >= 0 else 0
    ties = Counter[int]()
    mine = problem.ties[:, 0] == need
    for p, points in zip(
        problem.ties[mine, 1].tolist(), problem.tie_points[mine].tolist(), strict=True
    ):
        ties[p] += points
    for provider in np.flatnonzero(able).tolist():
        offered = _bits(problem.provider_slots[provider])
        common = [-1]
        if problem.rules.one_at_a_time and offered:
            bits = wanted & offered if wanted else offered
            common = [bit for bit in range(bits.bit_length()) if bits >> bit & 1]
        if not common or _pair_faults(problem, line, provider, common[0]):
            continue
        metres = _metres(problem, need, provider) or 0
        score = int(problem.line_points[line]) - metres * problem.rules.points_per_km // 1000
        score += ties[provider] - int(problem.provider_cost[provider])
        paid = int(match.prices.place[provider])
        paid += min(max(0, slots.get((provider, slot), 0)) for slot in common)
        if problem.provider_stock[provider] >= 0:
            paid += int(problem.line_amount[line]) * max(0, int(match.prices.stock[provider]))
        net[provider] = score * _TICKS - paid + (earned if problem.rules.balance_points else 0)
    return net
