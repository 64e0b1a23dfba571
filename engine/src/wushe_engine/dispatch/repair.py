"""Mend a published plan during the day with no more changes than needed."""

from __future__ import annotations

from wushe_engine.dispatch.model import Problem
from wushe_engine.dispatch.plan import Plan, Stop
from wushe_engine.dispatch.solver import solve


def repair(problem: Problem, published: Plan, *, seed: int = 0, seconds: float = 1.0) -> Plan:
    """Mend ``published`` for the changed ``problem``."""
    return solve(problem, stop=Stop(seconds=seconds), seed=seed, warm=published)
