"""Needs that arrive one after another: promise now, but keep scarce people for those still to come.

A provider's reserve price is what one more of its places was worth on a day like this
(`Prices.place` of an earlier match). A need is served at once when some provider is worth more to
it than the reserve, which fades as the day goes by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from .outcome import TICKS, Match
from .problem import MatchInputError, MatchProblem
from .records import Ban, Need, Provider, Rules, Tie


@dataclass(frozen=True, slots=True)
class Offer:
    """The answer to one need.

    ``pairs`` are (role, provider) now promised. ``code`` is ``served``, ``held_back`` (somebody is
    free, but worth more to those expected) or ``nobody``; ``short`` the points lacking then.
    """

    need: str
    code: str
    pairs: tuple[tuple[str, str], ...] = ()
    value: int = 0
    short: int = 0


def reserve_prices(problem: MatchProblem, match: Match) -> dict[str, int]:
    """Read from a match what one more place of each provider would have been worth, in points."""
    ticks = match.prices.place.tolist()
    return {
        name: price // TICKS
        for name, price in zip(problem.provider_ids, ticks, strict=True)
        if price >= TICKS
    }


class OnlineMatcher:
    """Keeps what is left of each provider while needs arrive.

    Parameters
    ----------
    providers, rules
        As for `MatchProblem.of`.
    reserve
        Provider id → points a place is kept for; see `reserve_prices`.
    """

    def __init__(
        self,
        providers: Iterable[Provider],
        *,
        rules: Rules | None = None,
        reserve: Mapping[str, int] | None = None,
    ) -> None:
        self._left = {provider.id: provider for provider in providers}
        self._rules = rules or Rules()
        self._reserve = dict(reserve or {})
        self._seen: set[str] = set()

    @property
    def left(self) -> Mapping[str, Provider]:
        """Providers with the places and stock still free."""
        return dict(self._left)

    def arrive(
        self,
        need: Need,
        *,
        remaining: float = 1.0,
        ties: Iterable[Tie] = (),
        bans: Iterable[Ban] = (),
    ) -> Offer:
        """Answer a need.

        Parameters
        ----------
        remaining
            Share of the expected needs still to come, 0…1; reserves are multiplied by it.

        Raises
        ------
        MatchInputError
            When the need is malformed or has arrived before.
        """
        if need.id in self._seen:
            raise MatchInputError([f"need {need.id!r} has arrived before"])
        if not 0.0 <= remaining <= 1.0:
            raise MatchInputError([f"remaining is {remaining}, allowed 0…1"])
        self._seen.add(need.id)
        ties, bans = tuple(ties), tuple(bans)
        priced = self._solve(need, remaining, ties, bans)
        if priced.line.size:
            return self._promise(need, priced)
        free = self._solve(need, 0.0, ties, bans)
        if not free.line.size:
            return Offer(need.id, "nobody")
        dearer = sum(
            int(remaining * self._reserve.get(self._names[at], 0)) for at in free.provider.tolist()
        )
        return Offer(need.id, "held_back", short=max(1, dearer - free.value))

    def _solve(
        self, need: Need, remaining: float, ties: tuple[Tie, ...], bans: tuple[Ban, ...]
    ) -> Match:
        from .solve import match

        priced = [
            replace(p, cost=p.cost + int(remaining * self._reserve.get(p.id, 0)))
            for p in self._left.values()
        ]
        self._names = [p.id for p in priced]
        return match(MatchProblem.of([need], priced, ties=ties, bans=bans, rules=self._rules))

    def _promise(self, need: Need, found: Match) -> Offer:
        pairs = []
        for line, provider in zip(found.line.tolist(), found.provider.tolist(), strict=True):
            role, name = need.roles[line], self._names[provider]
            pairs.append((role.name, name))
            before = self._left[name]
            stock = None if before.stock is None else before.stock - role.amount
            self._left[name] = replace(before, places=before.places - 1, stock=stock)
        return Offer(need.id, "served", tuple(pairs), found.value)
