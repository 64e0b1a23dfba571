"""The result of a matching: who fills which place, what it is worth, how near to the best it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .problem import Ints

TICKS = 1 << 20
"""Prices are whole numbers of ticks, so that a bound is exact; 2²⁰ ticks are one point."""


@dataclass(frozen=True, slots=True)
class MatchStop:
    """When the search may end.

    Parameters
    ----------
    gap
        Stop once the value is proven to be within this share of the best, e.g. ``0.001``.
    seconds
        Limit of the exact solver in wall time; results then depend on the machine.
    cancelled
        Asked between steps; return ``True`` to stop with the best so far.
    exact_pairs
        Up to so many candidate pairs the exact solver is used.
    """

    gap: float = 0.0
    seconds: float | None = None
    cancelled: Callable[[], bool] | None = None
    exact_pairs: int = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """What one more place, slot or unit of stock of a provider would be worth to all, in ticks.

    Attributes
    ----------
    place, stock
        Shape ``(p,)``.
    slot
        Shape ``(s, 3)``: provider, slot, ticks; only those above zero.
    community
        Shape ``(communities,)``: what serving one more of a community earns for balance.
    """

    place: Ints
    stock: Ints
    slot: Ints
    community: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a solver found: rows of the market chosen, prices, and figures of the run."""

    chosen: Ints
    prices: Prices
    figures: dict[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """Pairs chosen, sorted by line and provider.

    Attributes
    ----------
    line, provider, slot
        Shape ``(k,)``; slot is −1 where no slot is used up.
    value
        Points: worth of all pairs, plus balance between communities, minus uneven load.
    bound
        No match over the same candidates is worth more than this.
    proof
        ``"prices"`` when `prices` alone prove the bound (anybody can check it),
        ``"solver"`` when the exact solver proved it (by branching, or by rules that have no price).
    """

    line: Ints
    provider: Ints
    slot: Ints
    value: int
    bound: int
    proof: str
    prices: Prices
    seed: int
    solver: str
    figures: dict[str, float] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """Share by which the best possible may exceed this value; 0 when proven best."""
        if self.bound <= self.value:
            return 0.0
        return (self.bound - self.value) / max(1, abs(self.bound))
