"""A kept plan is replayed: solved again from its own documents, it must come out the same to the last minute."""

from dataclasses import dataclass
from datetime import datetime

from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.jobs.services import enqueue
from wushe.foundation.journal.selectors import history_of
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain

from . import planning
from .models import Plan
from .rules import rules_for


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay found: the parts of the solution that came out otherwise, and with which engine.

    Another version of the engine may rightly find another plan; the same version may not.
    """

    plan_id: int
    differences: list[str]
    engine_version: str
    same_version: bool
    at: datetime

    @property
    def equal(self) -> bool:
        """Say whether the plan came out exactly the same."""
        return not self.differences


def replay_plan(*, actor: Actor, at: datetime, plan_id: int) -> Replay:
    """Solve a kept plan again, compare the two, and journal what was found; raise NotFound outside the actor's area."""
    actor.require("dispatch:propose")
    plan = obtain(Plan, actor, pk=plan_id)
    again = planning.replay(plan.problem, seed=plan.seed)
    parts = sorted({*again, *plan.solution} - {"engine_version"})
    different = [part for part in parts if again.get(part) != plan.solution.get(part)]
    found = Replay(plan.pk, different, planning.engine_version, plan.engine_version == planning.engine_version, at)
    _note(actor=actor, at=at, plan=plan, found=found)
    return found


def ask_replay(*, actor: Actor, at: datetime, plan_id: int) -> Replay | None:
    """Replay a small plan at once; a large one in the background (None), its result stands in the journal."""
    actor.require("dispatch:propose")
    plan = obtain(Plan, actor, pk=plan_id)
    if len(plan.problem["visits"]) <= rules_for(area_code=plan.area_code, day=plan.day).inline_visits:
        return replay_plan(actor=actor, at=at, plan_id=plan_id)
    _ask(actor=actor, at=at, plan=plan)
    return None


def replays_of(*, plan: Plan) -> list[Replay]:
    """Return the replays of a plan that the caller has seen within scope, the latest first."""
    rows = history_of(subject=plan).filter(kind="plan.replay").order_by("-id")[:5]
    return [
        Replay(plan.pk, row.data["differences"], row.data["engine"], row.data["engine"] == plan.engine_version, row.at)
        for row in rows
    ]


@domain_call("dispatch:propose")
def _note(*, actor: Actor, at: datetime, plan: Plan, found: Replay) -> None:
    data = {"equal": found.equal, "differences": found.differences, "engine": found.engine_version}
    record(kind="plan.replay", subject=plan, actor=actor, at=at, data=data)


@domain_call("dispatch:propose")
def _ask(*, actor: Actor, at: datetime, plan: Plan) -> None:
    enqueue(name="dispatch.replay", at=at, args={"plan_id": plan.pk})
    record(kind="plan.ask_replay", subject=plan, actor=actor, at=at, data={})


def replay_in_background(*, at: datetime, plan_id: int) -> bool:
    """Replay a plan as the system; return whether it came out the same."""
    return replay_plan(actor=SYSTEM, at=at, plan_id=plan_id).equal
