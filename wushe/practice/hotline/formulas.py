"""The three rates of 接诉即办 and the score made of them; every figure raw, and adjusted for what does not count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WHOLE = 100


@dataclass(frozen=True, slots=True)
class Case:
    """What one order adds to the rates: None where it says nothing."""

    excluded: bool
    in_time: bool
    called: bool
    reached: bool
    solved: bool
    satisfied: float


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with what it is a share of; without anything to count there is no rate."""

    counted: float
    of: int

    @property
    def percent(self) -> float | None:
        """Return the rate in per cent, two decimals."""
        return round(WHOLE * self.counted / self.of, 2) if self.of else None


@dataclass(frozen=True, slots=True)
class Rates:
    """响应率, 解决率, 满意率."""

    response: Rate
    solution: Rate
    satisfaction: Rate

    def score(self, weights: Sequence[float]) -> float | None:
        """Return the weighted score out of 100; None unless all three can be told."""
        shares = (self.response.percent, self.solution.percent, self.satisfaction.percent)
        if None in shares:
            return None
        return round(sum(w * (share or 0.0) for w, share in zip(weights, shares, strict=True)) / sum(weights), 2)


def raw_rates(cases: Iterable[Case]) -> Rates:
    """Return the rates over every order, and over every call that was tried."""
    rows = list(cases)
    return _rates(rows, [case for case in rows if case.called])


def adjusted_rates(cases: Iterable[Case]) -> Rates:
    """Return the rates without excluded orders, and over effective call-backs alone."""
    rows = [case for case in cases if not case.excluded]
    return _rates(rows, [case for case in rows if case.reached])


def _rates(orders: list[Case], calls: list[Case]) -> Rates:
    return Rates(
        response=Rate(sum(case.in_time for case in orders), len(orders)),
        solution=Rate(sum(case.solved for case in calls), len(calls)),
        satisfaction=Rate(sum(case.satisfied for case in calls), len(calls)),
    )


def satisfaction_points(percent: float, *, target: float, full: float, step: float, least: float) -> float:
    """Return the points of a bulletin for satisfaction: the full number less a step for each point under the target."""
    return round(min(full, max(least, full - step * max(0.0, target - percent))), 2)


def on_time_points(percent: float, *, full: float, step: float) -> float:
    """Return the points of a bulletin for being on time: the full number less a step for each point missing."""
    return round(max(0.0, full - step * (WHOLE - percent)), 2)
