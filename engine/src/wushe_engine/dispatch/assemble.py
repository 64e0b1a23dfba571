"""Turn decisions into a plan: times, routes, what is left out, value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from wushe_engine import __version__
from wushe_engine.dispatch.check import evaluate
from wushe_engine.dispatch.model import Problem
from wushe_engine.dispatch.plan import Plan, Reason, Route, Statistics, Value
from wushe_engine.dispatch.schedule import Decision, Scheduler


class InfeasibleDecisionsError(ValueError):
    """Decisions that cannot all be kept; names the first unit or person that fails."""


def assemble(
    problem: Problem,
    decisions: Sequence[Decision],
    *,
    seed: int,
    statistics: Statistics = Statistics(),
    reasons: Mapping[str, Reason] | None = None,
) -> Plan:
    """Build the plan of decisions given in a global order.

    Raises
    ------
    InfeasibleDecisionsError
        When a decision does not fit after the earlier ones.
    """
    scheduler = Scheduler(problem)
    for decision in decisions:
        if not scheduler.place_unit(decision):
            raise InfeasibleDecisionsError(
                f"{decision.visits} cannot be served by {decision.people}"
            )
    routes: list[Route] = []
    for person in problem.people:
        route = scheduler.close(person.id)
        if route is None:
            raise InfeasibleDecisionsError(f"{person.id} cannot be home in time")
        routes.append(route)
    served = {visit for decision in decisions for visit in decision.visits}
    unserved = tuple(visit.id for visit in problem.visits if visit.id not in served)
    draft = Plan(
        tuple(routes),
        unserved,
        Value(),
        seed,
        __version__,
        reasons=reasons or {},
        statistics=statistics,
    )
    return replace(draft, value=evaluate(problem, draft))
