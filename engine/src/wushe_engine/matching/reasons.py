"""Say why a provider was chosen, who came second and by how much, and what an unmet need lacks.

Every figure follows from the prices of the match, so it can be tried: a margin is what everybody
together would lose at least if the runner-up came instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from .candidates import Candidates, find_candidates
from .eligibility import CODES, judge, names_of
from .market import Market, open_market
from .outcome import TICKS, Match
from .problem import Ints, MatchProblem
from .worth import community_bonus, pair_prices


@dataclass(frozen=True, slots=True)
class MatchRemedy:
    """What would make a place fillable.

    ``kind`` is ``reach`` (metres more), ``slot``, ``language``, ``category``, ``community``,
    ``skill`` (this provider lacks only that), ``place`` (one more place at the provider),
    ``points`` (the need would have to be worth at least that much more) or ``role`` (so many
    people are lacking in the shortest role of a team).
    """

    kind: str
    provider: str | None
    amount: int = 0


@dataclass(frozen=True, slots=True)
class MatchReason:
    """Why one place of a need went to this provider, or to nobody.

    Attributes
    ----------
    code
        Filled: ``pinned``, ``only_candidate``, ``existing_tie``, ``nearest``, ``best_for_all``.
        Unfilled: ``nobody_able``, ``too_far``, ``slot``, ``language``, ``category``,
        ``community`` (what most of those who lack one thing lack), ``nobody_fits`` (everybody
        lacks several), ``banned``, ``team_incomplete``, ``not_worth_it``, ``all_taken``.
    runner_up, margin
        The next best provider, and the points that would be lost at least with it.
    candidates
        How many providers were allowed and looked at.
    figures
        Parts of the score: ``worth``, ``distance``, ``cost``, ``tie``, ``metres``.
    lacking
        Counts of providers by the one test each fails.
    """

    need: str
    role: str
    code: str
    provider: str | None = None
    runner_up: str | None = None
    margin: int | None = None
    candidates: int = 0
    figures: Mapping[str, int] = field(default_factory=dict)
    lacking: Mapping[str, int] = field(default_factory=dict)
    remedies: tuple[MatchRemedy, ...] = ()


@dataclass(frozen=True, slots=True)
class Worth:
    """What more of a provider would be worth to all, at most, in points."""

    provider: str
    next_place: float
    next_hour: float
    slots: Mapping[str, float]


class Explainer:
    """Answers questions about one match; build it once for many questions."""

    def __init__(
        self, problem: MatchProblem, match: Match, candidates: Candidates | None = None
    ) -> None:
        self._problem = problem
        self._match = match
        self._candidates = candidates or find_candidates(problem)
        self._market = open_market(problem, self._candidates)
        self._net = _net(self._market, match)
        self._need_index = {name: at for at, name in enumerate(problem.need_ids)}

    def explain(self, need_id: str) -> tuple[MatchReason, ...]:
        """Return a reason for each place of a need; KeyError when the need is unknown."""
        need = self._need_index[need_id]
        lines = np.flatnonzero(self._problem.line_need == need)
        return tuple(reason for line in lines for reason in self._line(int(line)))

    def worth(self, provider_id: str) -> Worth:
        """Return what one more place, hour (60 units of stock) or slot would be worth at most."""
        at = self._problem.provider_ids.index(provider_id)
        prices, names = self._match.prices, self._problem.vocabulary.slots
        mine = prices.slot[prices.slot[:, 0] == at] if len(prices.slot) else prices.slot
        return Worth(
            provider_id,
            max(0, int(prices.place[at])) / TICKS,
            60 * int(prices.stock[at]) / TICKS,
            {names[int(slot)]: int(ticks) / TICKS for _, slot, ticks in mine},
        )

    def _line(self, line: int) -> list[MatchReason]:
        chosen = self._match.provider[self._match.line == line].tolist()
        reasons = [self._filled(line, provider) for provider in chosen]
        missing = int(self._problem.line_count[line]) - len(chosen)
        return reasons + ([self._unfilled(line)] if missing else [])

    def _label(self, line: int) -> tuple[str, str]:
        problem = self._problem
        role = problem.vocabulary.roles[int(problem.line_role[line])]
        return problem.need_ids[int(problem.line_need[line])], role

    def _rows(self, line: int) -> Ints:
        first, last = self._candidates.start[line : line + 2]
        return np.arange(first, last)

    def _filled(self, line: int, provider: int) -> MatchReason:
        problem, found = self._problem, self._candidates
        rows = self._rows(line)
        own = rows[found.provider[rows] == provider][0]
        others = np.unique(found.provider[rows]).size - 1
        parts = self._parts(line, int(own))
        runner_up, margin = self._second(line)
        pinned = ((problem.pins[:, 0] == line) & (problem.pins[:, 1] == provider)).any()
        if pinned:
            code = "pinned"
        elif not others and not found.more[line]:
            code = "only_candidate"
        elif parts["tie"] > 0:
            code = "existing_tie"
        elif 0 <= found.metres[own] <= found.metres[rows].min():
            code = "nearest"
        else:
            code = "best_for_all"
        return MatchReason(
            *self._label(line),
            code,
            problem.provider_ids[provider],
            None if runner_up is None else problem.provider_ids[runner_up],
            margin,
            others + 1,
            parts,
        )

    def _parts(self, line: int, row: int) -> dict[str, int]:
        """Split a score into its parts."""
        problem, found = self._problem, self._candidates
        metres = int(found.metres[row])
        parts = {
            "worth": int(problem.line_points[line]),
            "distance": -(max(0, metres) * problem.rules.points_per_km // 1000),
            "cost": -int(problem.provider_cost[found.provider[row]]),
        }
        parts["tie"] = int(found.score[row]) - sum(parts.values())
        return parts | ({"metres": metres} if metres >= 0 else {})

    def _second(self, line: int) -> tuple[int | None, int | None]:
        """Return the best provider not chosen, and the least loss if it had to come."""
        market = self._market
        rows = np.flatnonzero(market.line == line)
        need = self._problem.line_need[line]
        mine = self._match.provider[self._problem.line_need[self._match.line] == need]
        rows = rows[~np.isin(market.provider[rows], mine)]
        if not len(rows):
            return None, None
        best = rows[np.argmax(self._net[rows])]
        loss = self._bought(int(need), None) - self._bought(int(need), int(best))
        slack = (self._match.bound - self._match.value) * TICKS
        return int(market.provider[best]), max(0, -(-(loss - slack) // TICKS))

    def _bought(self, need: int, forced: int | None) -> int:
        """Return the best purchase of a need at the prices, in ticks, with one pair forced."""
        market = self._market
        total = 0
        for line in np.flatnonzero(self._problem.line_need == need).tolist():
            rows = np.flatnonzero(market.line == line)
            want = int(market.want[line])
            gains: dict[int, int] = {}
            for row in rows.tolist():
                who = int(market.provider[row])
                gains[who] = max(gains.get(who, -(1 << 62)), int(self._net[row]))
            if forced is not None and market.line[forced] == line:
                gains.pop(int(market.provider[forced]))
                total += int(self._net[forced])
                want -= 1
            best = sorted(gains.values(), reverse=True)[:want]
            total += sum(best) if market.whole[need] else sum(max(0, gain) for gain in best)
        return max(0, total) if market.whole[need] and forced is None else total

    def _unfilled(self, line: int) -> MatchReason:
        problem, market = self._problem, self._market
        need = int(problem.line_need[line])
        rows = self._rows(line)
        if not len(rows):
            return self._nobody(line)
        open_rows = np.flatnonzero(market.line == line)
        counted = np.unique(self._candidates.provider[rows]).size
        remedies: tuple[MatchRemedy, ...] = ()
        lacking = self._short_line(need)
        if lacking is not None:
            code = "team_incomplete"
            remedies = (MatchRemedy("role", None, lacking),)
        elif (self._candidates.score[rows] <= 0).all():
            code = "not_worth_it"
            remedies = (MatchRemedy("points", None, 1 - int(self._candidates.score[rows].max())),)
        else:
            code = "all_taken"
            remedies = self._what_would_free(open_rows, need)
        return MatchReason(*self._label(line), code, candidates=counted, remedies=remedies)

    def _short_line(self, need: int) -> int | None:
        """Return how many people an all-or-nothing need lacks in its shortest role, if any."""
        problem = self._problem
        if not problem.need_whole[need]:
            return None
        short = 0
        for line in np.flatnonzero(problem.line_need == need).tolist():
            offered = np.unique(self._candidates.provider[self._rows(line)]).size
            short = max(short, int(problem.line_count[line]) - offered)
        return short or None

    def _what_would_free(self, rows: Ints, need: int) -> tuple[MatchRemedy, ...]:
        """Return the provider whose one more place would help most, and the points lacking."""
        market, problem = self._market, self._problem
        if not len(rows):
            return ()
        best = int(rows[np.argmax(market.score[rows])])
        gap = -self._bought(need, int(rows[np.argmax(self._net[rows])]))
        return (
            MatchRemedy("place", problem.provider_ids[int(market.provider[best])], 1),
            MatchRemedy("points", None, max(1, -(-gap // TICKS))),
        )

    def _nobody(self, line: int) -> MatchReason:
        """Say what those who come closest to being allowed lack."""
        problem = self._problem
        everybody = np.arange(problem.providers)
        metres, failed = judge(problem, np.full(problem.providers, line), everybody)
        need = int(problem.line_need[line])
        banned = np.isin(everybody, problem.bans[problem.bans[:, 0] == need, 1])
        open_to = problem.provider_places > 0
        single = {
            code: np.flatnonzero((failed == 1 << bit) & open_to & ~banned)
            for bit, code in enumerate(CODES)
        }
        lacking = {code: len(found) for code, found in single.items() if len(found)}
        able = [at for at in failed[open_to].tolist() if "skill" not in names_of(at)]
        if (banned & (failed == 0)).any():
            code = "banned"
        elif not able:
            code = "nobody_able"
        else:
            others = {name: count for name, count in lacking.items() if name != "skill"}
            code = max(others, key=lambda name: others[name]) if others else "nobody_fits"
        remedies = [self._remedy(line, name, found, metres) for name, found in single.items()]
        return MatchReason(
            *self._label(line),
            code,
            lacking=lacking,
            remedies=tuple(remedy for remedy in remedies if remedy is not None),
        )

    def _remedy(self, line: int, code: str, found: Ints, metres: Ints) -> MatchRemedy | None:
        if not len(found):
            return None
        problem = self._problem
        nearest = int(found[np.argmin(metres[found])])
        name = problem.provider_ids[nearest]
        if code != "too_far":
            return MatchRemedy(code, name)
        limits = [int(problem.provider_reach[nearest]), problem.rules.radius]
        least = min(limit for limit in limits if limit is not None and limit >= 0)
        return MatchRemedy("reach", name, int(metres[nearest]) - least)


def explain(problem: MatchProblem, match: Match, need_id: str) -> tuple[MatchReason, ...]:
    """Explain one need of a match; KeyError when it is unknown. See `Explainer` for many."""
    return Explainer(problem, match).explain(need_id)


def _net(market: Market, match: Match) -> Ints:
    paid = pair_prices(market, match.prices)
    earned = community_bonus(market, match.prices)
    return np.asarray(market.score * TICKS - paid + earned)
