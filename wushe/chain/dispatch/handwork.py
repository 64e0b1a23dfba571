"""The day is changed by hand: one visit reassigned, locked, moved to another day, kept or missed.

A change that breaks a rule is refused, unless a dispatcher takes it on with a reason; kinship, absence and the same
person twice are never overridden.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from wushe.chain.orders.services import note_assigned
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.scope import STREET, obtain
from wushe.foundation.workflow import MoveNotAllowed, StateChanged
from wushe.registers.workforce.models import Worker

from .consequences import Alternative, Consequences, alternatives, weigh
from .facts import DayFacts, minute_now, read_day
from .fitting import best_fit
from .keeping import keep_hand_plan
from .models import Appointment, AppointmentState, Plan
from .rules import rules_for
from .workflow import APPOINTMENT

MOVABLE = {AppointmentState.OPEN.value, AppointmentState.CONFIRMED.value}


class ChangeBreaksRules(Conflict):
    """The change breaks rules of the field; `consequences` says which."""

    def __init__(self, consequences: Consequences) -> None:
        self.consequences = consequences
        rules = consequences.forbidden or consequences.broken
        super().__init__(f"不能这样改派：{'；'.join(rule.text for rule in rules)}。")


class NoFit(Invalid):
    """The visit fits nowhere into the worker's day, so a time has to be named."""

    message = "这位人员当天的空档排不下这次服务，请换人，或自己填写上门时间看看后果。"


def preview_change(
    *, actor: Actor, at: datetime, appointment_id: int, worker_id: int, planned_start: int | None = None
) -> Consequences:
    """Say what would follow if another worker came, or at another time; nothing is changed.

    Without a time the best one is looked for; raises NoFit if there is none, NotFound outside the actor's scope,
    MoveNotAllowed for a visit that can no longer be changed.
    """
    return _look(actor, at, appointment_id, worker_id, planned_start)[1]


def _look(
    actor: Actor, at: datetime, appointment_id: int, worker_id: int, planned_start: int | None
) -> tuple[DayFacts, Consequences]:
    actor.require("dispatch:change")
    appointment = _movable(actor, appointment_id)
    worker = obtain(Worker.objects.select_related("person"), actor, pk=worker_id)
    facts = read_day(area_code=appointment.area_code[:STREET], day=appointment.day, now=minute_now(at, appointment.day))
    if planned_start is None:
        fit = best_fit(facts, worker, appointment)
        if fit is None:
            raise NoFit(fields={"planned_start": NoFit.message})
        planned_start = fit.start
    return facts, weigh(facts, appointment, worker, planned_start)


def find_alternatives(*, actor: Actor, at: datetime, appointment_id: int) -> list[Alternative]:
    """Return who else could come and when; raises as `preview_change` does."""
    actor.require("dispatch:view")
    appointment = _movable(actor, appointment_id)
    facts = read_day(area_code=appointment.area_code[:STREET], day=appointment.day, now=minute_now(at, appointment.day))
    rows = alternatives(facts, appointment)
    if actor.organisation_id:
        rows = [row for row in rows if row.worker.organisation_id == actor.organisation_id]
    return rows


@domain_call("dispatch:change")
def change_appointment(
    *,
    actor: Actor,
    at: datetime,
    appointment_id: int,
    worker_id: int,
    planned_start: int | None = None,
    reason: str = "",
    lock: bool = False,
) -> Appointment:
    """Give a visit another worker or time by hand; a pair moves to the same time together. The change is kept as a plan.

    Raises ChangeBreaksRules if rules are broken and the actor may not override them (`dispatch:confirm`) or gives no
    reason, and otherwise as `preview_change` does.
    """
    facts, found = _look(actor, at, appointment_id, worker_id, planned_start)
    overrides = bool(reason.strip()) and actor.may("dispatch:confirm")
    if found.forbidden or (found.broken and not overrides):
        raise ChangeBreaksRules(found)
    row = found.appointment
    partner = _partner(row, AppointmentState.CONFIRMED)
    moved = {row.pk: (worker_id, found.start)}
    if partner is not None and partner.worker_id is not None and partner.planned_start != found.start:
        moved[partner.pk] = (partner.worker_id, found.start)
    broken = [rule.code for rule in found.broken]
    plan = keep_hand_plan(actor=actor, at=at, facts=facts, changed=moved, overridden=broken)
    by: dict[str, Any] = {"plan": plan, "actor": actor, "at": at}
    _assign(row, worker_id, found.start, lock=lock, reason=reason, overridden=broken, **by)
    if partner is not None and partner.pk in moved:
        _assign(partner, partner.worker_id, found.start, lock=partner.locked, reason="", overridden=[], **by)
    note_assigned(actor=actor, at=at, order_ids=[row.order_id])
    return row


@domain_call("dispatch:change")
def lock_appointment(*, actor: Actor, at: datetime, appointment_id: int, locked: bool) -> Appointment:
    """Keep a planned visit as it is in every later plan, or free it again.

    Raises NotFound outside the actor's scope and MoveNotAllowed for a visit that is not planned.
    """
    row = obtain(Appointment, actor, pk=appointment_id)
    if not Appointment.objects.filter(pk=row.pk, state=AppointmentState.CONFIRMED).update(locked=locked):
        raise MoveNotAllowed
    row.locked = locked
    record(kind="appointment.lock" if locked else "appointment.unlock", subject=row, actor=actor, at=at)
    return row


@domain_call("dispatch:change")
def reschedule_appointment(*, actor: Actor, at: datetime, appointment_id: int, day: date) -> Appointment:
    """Give a missed visit another day, both seats of a pair together; it then waits for a plan.

    Raises NotFound outside the actor's scope, Invalid for a day that is over, MoveNotAllowed for one not missed.
    """
    row = obtain(Appointment, actor, pk=appointment_id)
    if day < timezone.localdate(at):
        raise Invalid(fields={"day": "改期的日子不能早于今天。"})
    partner = _partner(row, AppointmentState.MISSED)
    for seat in [row, partner] if partner else [row]:
        fresh: dict[str, Any] = {
            "day": day,
            "worker_id": None,
            "planned_start": None,
            "plan": None,
            "locked": False,
            "reason": {},
        }
        APPOINTMENT.move(
            seat, "reschedule", actor=actor, at=at, changes=fresh, data={"day_before": str(seat.day), "day": str(day)}
        )
    return row


@domain_call(None)
def keep_appointment(*, actor: Actor, at: datetime, appointment_id: int) -> Appointment:
    """Note that the worker has come; called by the sign-in. Raises MoveNotAllowed if the visit is not planned."""
    row = Appointment.objects.get(pk=appointment_id)
    APPOINTMENT.move(row, "keep", actor=actor, at=at)
    return row


@domain_call("orders:expire")
def miss_overdue(*, actor: Actor, at: datetime, limit: int = 1000) -> int:
    """Note as missed what nobody came to: planned visits some time after their start, open ones after their day.

    A sign-in that a telephone could send only later still keeps the visit. Returns how many; safe to repeat.
    """
    today = timezone.localdate(at)
    due = Appointment.objects.filter(state__in=MOVABLE, day__lte=today, day__gte=today - timedelta(days=366))
    count = 0
    for row in due.order_by("day", "id")[:limit]:
        if not _is_overdue(row, at, today):
            continue
        try:
            APPOINTMENT.move(row, "miss", actor=actor, at=at, data={"day": str(row.day)})
        except StateChanged:
            continue  # somebody signed in at this very moment
        count += 1
    return count


def _partner(row: Appointment, state: AppointmentState) -> Appointment | None:
    """Return the other seat of a pair while it stands there."""
    return None if row.pair_id is None else Appointment.objects.filter(pk=row.pair_id, state=state).first()


def _is_overdue(row: Appointment, at: datetime, today: date) -> bool:
    if row.day < today:
        return True
    if row.state == AppointmentState.OPEN or row.planned_start is None:
        return False
    local = timezone.localtime(at)
    after = rules_for(area_code=row.area_code, day=row.day).no_show_after
    return local.hour * 60 + local.minute >= row.planned_start + after


def _assign(
    row: Appointment,
    worker_id: int | None,
    start: int,
    *,
    lock: bool,
    reason: str,
    overridden: list[str],
    plan: Plan,
    actor: Actor,
    at: datetime,
) -> None:
    data = {
        "worker_before": row.worker_id, "start_before": row.planned_start, "worker": worker_id, "start": start,
        "by_hand": True, "overridden": overridden, "plan": plan.pk,
    }  # fmt: skip
    why = {"code": "by_hand", "text": reason.strip()}
    changes = {"worker_id": worker_id, "planned_start": start, "locked": lock, "plan": plan, "reason": why}
    event = "change" if row.state == AppointmentState.CONFIRMED else "confirm"
    # The row may have been moved by somebody since it was read, without a change of state.
    same = Appointment.objects.filter(pk=row.pk, worker=row.worker_id, planned_start=row.planned_start)
    if not same.exists():
        raise StateChanged
    APPOINTMENT.move(row, event, actor=actor, at=at, changes=changes, data=data)


def _movable(actor: Actor, appointment_id: int) -> Appointment:
    row = obtain(
        Appointment.objects.select_related("order__item", "order__person__household"), actor, pk=appointment_id
    )
    if row.state not in MOVABLE:
        raise MoveNotAllowed("这次服务已经开始、完成或取消，不能再改派。")
    return row
