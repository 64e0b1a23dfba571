"""Plans are kept whole: problem, solution, seed, engine version and reasons, so that each can be replayed exactly."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call

from . import planning
from .facts import DayFacts
from .models import Plan, PlanKind, PlanState
from .workflow import PLAN


@domain_call("dispatch:propose")
def keep_plan(
    *, actor: Actor, at: datetime, facts: DayFacts, proposal: planning.Proposal, kind: PlanKind, seed: int
) -> Plan:
    """Keep a proposal with everything that is needed to replay it; called by the services that search."""
    current = confirmed_plan(area_code=facts.area_code, day=facts.day)
    plan = Plan(
        area_code=facts.area_code, day=facts.day, kind=kind, problem={**proposal.problem, "basis": _basis(facts)},
        solution=proposal.solution, summary=proposal.summary, seed=seed, engine_version=planning.engine_version,
        proposed_at=at, proposed_by=actor.user_id, base=current,
    )  # fmt: skip
    figures = {name: proposal.summary[name] for name in ("visits", "served", "left_out", "changes")}
    PLAN.start(plan, event="propose", actor=actor, at=at, data={"day": str(facts.day), "kind": kind, **figures})
    return plan


def keep_hand_plan(
    *, actor: Actor, at: datetime, facts: DayFacts, changed: Mapping[int, planning.Chosen], overridden: list[str]
) -> Plan:
    """Keep a change by hand as the plan of those whom it concerns, confirmed by who made it. Inside a transaction."""
    part, proposal = planning.by_hand(facts, changed, overridden=overridden)
    plan = keep_plan(actor=actor, at=at, facts=part, proposal=proposal, kind=PlanKind.HAND, seed=0)
    PLAN.move(plan, "confirm", actor=actor, at=at, changes={"confirmed_at": at, "confirmed_by": actor.user_id})
    return plan


def confirmed_plan(*, area_code: str, day: date) -> Plan | None:
    """Return the plan in force for exactly this area and day."""
    plans = Plan.objects.defer("problem", "solution").filter(area_code=area_code, day=day, state=PlanState.CONFIRMED)
    return plans.exclude(kind=PlanKind.HAND).order_by("-id").first()


def _basis(facts: DayFacts) -> dict[str, list[Any]]:
    """Return what the plan was made from, so that the confirmation can see what has changed."""
    return {f"a{a.pk}": [a.state, a.worker_id, a.planned_start, a.locked] for a in facts.appointments}
