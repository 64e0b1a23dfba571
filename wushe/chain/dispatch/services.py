"""The day is planned: appointments opened, a plan proposed by the engine, and confirmed by a person.

A search runs between two short transactions, never inside one: what it read may have changed by the time a person
confirms, and the confirmation looks again.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from wushe.chain.orders.services import note_assigned
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.jobs.services import enqueue
from wushe.foundation.scope import covers, obtain

from . import planning
from .appointments import due_in, open_due
from .facts import DayFacts, appointments_of, minute_now, read_day
from .handwork import (
    change_appointment,
    find_alternatives,
    keep_appointment,
    lock_appointment,
    miss_overdue,
    preview_change,
    reschedule_appointment,
)
from .keeping import confirmed_plan, keep_plan
from .models import Appointment, AppointmentState, Emphasis, Plan, PlanKind, PlanSearch, PlanState
from .outdated import find_changes
from .reasons import clash_sentences
from .replays import ask_replay, replay_plan
from .rules import rules_for
from .workflow import APPOINTMENT, PLAN

__all__ = [
    "ask_replay",
    "ask_search",
    "change_appointment",
    "confirm_plan",
    "confirmed_plan",
    "discard_plan",
    "ensure_appointments",
    "find_alternatives",
    "keep_appointment",
    "keep_plan",
    "lock_appointment",
    "mend_day",
    "miss_overdue",
    "plan_day",
    "preview_change",
    "propose_plan",
    "replay_plan",
    "reschedule_appointment",
]

MOST_SECONDS = 120


class NothingToPlan(Invalid):
    """No visit of the day waits for a plan."""

    message = "这一天没有需要安排的服务。"


class LocksClash(Conflict):
    """Locked visits contradict each other, so no plan can keep them all."""

    message = "锁定的安排互相冲突，请先解锁其中一个。"


class PlanOutdated(Conflict):
    """The day has changed since the plan was made; `changes` says how."""

    def __init__(self, changes: list[str]) -> None:
        self.changes = changes
        shown = "；".join(changes[:5]) + ("……" if len(changes) > 5 else "")
        super().__init__(f"方案提出以后有{len(changes)}处变化，请重新排班后再确认：{shown}")


@domain_call("dispatch:propose")
def ensure_appointments(*, actor: Actor, at: datetime, area_code: str, day: date) -> int:
    """Open the appointments of an area that are due up to this day; return how many. Safe to repeat.

    Raises NotFound outside the actor's area.
    """
    _must_cover(actor, area_code)
    return open_due(orders=due_in(area_code), actor=actor, at=at, until=day)


def propose_plan(
    *,
    actor: Actor,
    at: datetime,
    area_code: str,
    day: date,
    seed: int,
    seconds: int,
    emphasis: str = Emphasis.BALANCED,
    on_progress: Callable[[float, int], None] | None = None,
) -> Plan:
    """Propose a plan for an area and day; the same facts, seed and emphasis give the same plan.

    Raises NotFound outside the actor's area, Invalid for a day that is over, NothingToPlan, and LocksClash.
    """
    facts = prepare_day(actor=actor, at=at, area_code=area_code, day=day, seconds=seconds)

    def search() -> planning.Proposal:
        return planning.propose(facts, seed=seed, seconds=seconds, emphasis=emphasis, on_progress=on_progress)

    proposal = _searched(search, facts)
    return keep_plan(actor=actor, at=at, facts=facts, proposal=proposal, kind=PlanKind.DAY, seed=seed)


def mend_day(*, actor: Actor, at: datetime, area_code: str, day: date, seed: int) -> Plan:
    """Propose how to mend a published day after an absence, an urgent order or a delay, with the fewest changes.

    Raises as `propose_plan` does.
    """
    facts = prepare_day(actor=actor, at=at, area_code=area_code, day=day, seconds=1)
    proposal = _searched(lambda: planning.mend(facts, seed=seed), facts)
    return keep_plan(actor=actor, at=at, facts=facts, proposal=proposal, kind=PlanKind.MEND, seed=seed)


def prepare_day(*, actor: Actor, at: datetime, area_code: str, day: date, seconds: int) -> DayFacts:
    """Open what is due and read the facts that a plan is made from; raises as `propose_plan` does."""
    actor.require("dispatch:propose")
    _must_cover(actor, area_code)
    _check_request(at, day, seconds)
    ensure_appointments(actor=actor, at=at, area_code=area_code, day=day)
    facts = read_day(area_code=area_code, day=day, now=minute_now(at, day))
    if not any(a.state != AppointmentState.KEPT for a in facts.appointments):
        raise NothingToPlan
    return facts


def plan_day(
    *,
    actor: Actor,
    at: datetime,
    area_code: str,
    day: date,
    seed: int,
    seconds: int,
    emphasis: str = Emphasis.BALANCED,
) -> Plan | PlanSearch:
    """Plan a small day at once and return its proposal; ask for a large one in the background and return the search.

    Raises as `propose_plan` does; what a search in the background is refused stands in its row.
    """
    actor.require("dispatch:propose")
    _must_cover(actor, area_code)
    _check_request(at, day, seconds)
    ensure_appointments(actor=actor, at=at, area_code=area_code, day=day)
    largest = rules_for(area_code=area_code, day=day).inline_visits
    small = appointments_of(area_code=area_code, day=day)[: largest + 1].count() <= largest
    plan: Callable[..., Plan | PlanSearch] = propose_plan if small else ask_search
    return plan(actor=actor, at=at, area_code=area_code, day=day, seed=seed, seconds=seconds, emphasis=emphasis)


@domain_call("dispatch:propose")
def ask_search(
    *,
    actor: Actor,
    at: datetime,
    area_code: str,
    day: date,
    seed: int,
    seconds: int,
    emphasis: str = Emphasis.BALANCED,
) -> PlanSearch:
    """Ask for a plan in the background; the search's row tells how far it is and which plan it found.

    Raises NotFound outside the actor's area and Invalid for a day that is over.
    """
    _must_cover(actor, area_code)
    _check_request(at, day, seconds)
    search = PlanSearch.objects.create(
        area_code=area_code, day=day, seed=seed, seconds=seconds, emphasis=emphasis, asked_at=at,
        asked_by=actor.user_id,
    )  # fmt: skip
    key = f"dispatch.search:{search.pk}"
    enqueue(name="dispatch.search", at=at, args={"search_id": search.pk}, key=key, priority=5)
    return search


@domain_call("dispatch:confirm")
def confirm_plan(*, actor: Actor, at: datetime, plan_id: int) -> Plan:
    """Publish a proposed plan: its visits get their workers and times, and the plan before it is superseded.

    Raises NotFound outside the actor's area, MoveNotAllowed if it is no longer a proposal, and PlanOutdated if an
    appointment or a worker has changed since it was made; then nothing is changed.
    """
    plan = obtain(Plan, actor, pk=plan_id)
    PLAN.move(plan, "confirm", actor=actor, at=at, changes={"confirmed_at": at, "confirmed_by": actor.user_id})
    appointments = Appointment.objects.select_for_update().filter(pk__in=_ids_of(plan)).order_by("pk")
    rows = {row.pk: row for row in appointments}
    if changes := find_changes(plan=plan, rows=rows):
        raise PlanOutdated(changes)
    assigned = _publish(plan, rows, actor=actor, at=at)
    note_assigned(actor=actor, at=at, order_ids=assigned)
    same_day = Plan.objects.filter(area_code=plan.area_code, day=plan.day)
    others = same_day.defer("problem", "solution").exclude(pk=plan.pk)
    for earlier in others.filter(state=PlanState.CONFIRMED):
        PLAN.move(earlier, "supersede", actor=actor, at=at, data={"by": plan.pk})
    for rival in others.filter(state=PlanState.PROPOSED):
        PLAN.move(rival, "discard", actor=actor, at=at, data={"for": plan.pk})
    return plan


@domain_call("dispatch:confirm")
def discard_plan(*, actor: Actor, at: datetime, plan_id: int) -> Plan:
    """Put a proposal away; raise NotFound outside the actor's area, MoveNotAllowed if it is not a proposal."""
    plan = obtain(Plan, actor, pk=plan_id)
    PLAN.move(plan, "discard", actor=actor, at=at)
    return plan


def _publish(plan: Plan, rows: dict[int, Appointment], *, actor: Actor, at: datetime) -> list[int]:
    """Move each appointment to what the plan says; return the orders whose visits have got a worker."""
    chosen = {
        int(given["visit"][1:]): (int(given["person"][1:]), given["start"])
        for route in plan.solution["routes"]
        for given in route["visits"]
    }
    fixed = {row["id"] for row in plan.problem["visits"] if row["locked_start"] is not None}
    assigned = []
    for pk, row in rows.items():
        if f"a{pk}" in fixed:
            continue
        reason = plan.solution["reasons"].get(f"a{pk}", {})
        if pk in chosen:
            _place(row, *chosen[pk], plan=plan, reason=reason, actor=actor, at=at)
            assigned.append(row.order_id)
        elif row.state == AppointmentState.CONFIRMED:
            none = {"worker_id": None, "planned_start": None, "plan": plan, "reason": reason}
            APPOINTMENT.move(row, "release", actor=actor, at=at, changes=none, data={"plan": plan.pk})
        else:
            Appointment.objects.filter(pk=pk).update(plan=plan, reason=reason)
    return assigned


def _place(
    row: Appointment, worker_id: int, start: int, *, plan: Plan, reason: dict[str, Any], actor: Actor, at: datetime
) -> None:
    if row.state == AppointmentState.CONFIRMED and (row.worker_id, row.planned_start) == (worker_id, start):
        # A mended plan explains what it changes; what stays keeps the reason it had.
        Appointment.objects.filter(pk=row.pk).update(plan=plan, reason=reason or row.reason)
        return
    before = {"worker_before": row.worker_id, "start_before": row.planned_start}
    APPOINTMENT.move(
        row, "change" if row.state == AppointmentState.CONFIRMED else "confirm", actor=actor, at=at,
        changes={"worker_id": worker_id, "planned_start": start, "plan": plan, "reason": reason},
        data={"plan": plan.pk, "worker": worker_id, "start": start, **before},
    )  # fmt: skip


def _ids_of(plan: Plan) -> list[int]:
    return [int(name[1:]) for name in plan.problem["basis"]]


def _searched(search: Callable[[], planning.Proposal], facts: DayFacts) -> planning.Proposal:
    try:
        return search()
    except planning.Clash as clash:
        sentences = clash_sentences(clash.issues, facts)
        raise LocksClash(f"{LocksClash.message}{'；'.join(sentences[:3])}") from clash


def _check_request(at: datetime, day: date, seconds: int) -> None:
    if day < timezone.localdate(at):
        raise Invalid(fields={"day": "这一天已经过去，不能再排班。"})
    if not 1 <= seconds <= MOST_SECONDS:
        raise Invalid(fields={"seconds": f"排班用时应在1到{MOST_SECONDS}秒之间。"})


def _must_cover(actor: Actor, area_code: str) -> None:
    if not covers(actor, area_code):
        raise NotFound
