"""A person comes under regular visits, is seen, or is not visited for a while; each time the next day is reckoned anew."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from wushe.foundation.access.selectors import who_may
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import obtain
from wushe.registers.organisations.models import Organisation
from wushe.registers.organisations.selectors import takers_at
from wushe.registers.people.models import Person
from wushe.registers.people.selectors import standing_codes
from wushe.registers.people.services import person_in_scope

from .frequency import Frequency, facts_of, frequency_of_risk, rules_at, strictest
from .models import SEEN, Change, Contact, NoAnswer, PauseReason, PlanState, Risk, SearchStep, VisitPlan, Way
from .reckoning import Reckoning, call_counts, reckoning_at
from .workflow import NO_ANSWER, VISIT_PLAN

RIGHT = "due_visits:visit"
_EARLIEST = timedelta(days=31)
BY_HAND = (Way.HOME, Way.PAIRING, Way.CALL, Way.NEIGHBOUR, Way.DEVICE)


class AlreadyVisited(Conflict):
    """The person is under regular visits already."""

    message = "这位居民已经在探访名单里。"


@domain_call(RIGHT)
def enrol(
    *, actor: Actor, at: datetime, person_id: int, risk: str = "", owner_id: int | None = None, client_key: str = ""
) -> VisitPlan:
    """Take a person under regular visits: by the rules of the place, or by a risk that somebody has set.

    Raises NotFound out of scope, AlreadyVisited, Invalid beside each field, and for whom no rule fits and none is set.
    """
    person, today = person_in_scope(actor=actor, person_id=person_id), timezone.localdate(at)
    if VisitPlan.objects.filter(person=person).exclude(state=PlanState.ENDED).exists():
        raise AlreadyVisited
    if risk and risk not in Risk.values:
        raise Invalid(fields={"risk": "请选择风险等级。"})
    frequency = _frequency(person, risk, today)
    if frequency is None:
        raise Invalid(fields={"risk": "按规定不属于必须探访的人；要探访请选择风险等级。"})
    owner = owner_at(person.area_code, owner_id or actor.user_id, strict=owner_id is not None)
    reckoning = reckoning_at(person.area_code, today)
    plan = plan_of(person, frequency, owner=owner, reckoning=reckoning, on=today, by_hand=bool(risk))
    VISIT_PLAN.start(plan, event="enrol", actor=actor, at=at, data={"risk": plan.risk, "days": plan.interval_days})
    return plan


def plan_of(
    person: Person,
    frequency: Frequency,
    *,
    owner: tuple[int, str],
    reckoning: Reckoning,
    on: date,
    by_hand: bool = False,
) -> VisitPlan:
    """Return a plan that begins on a day; not saved."""
    dates = reckoning.after(on, frequency.days)
    return VisitPlan(
        person=person, area_code=person.area_code, risk=frequency.risk, why=frequency.why, by_hand=by_hand,
        interval_days=frequency.days, owner_id=owner[0], owner_name=owner[1], begun_on=on,
        due_on=dates.due_on, late_on=dates.late_on, demonstration=person.demonstration,
    )  # fmt: skip


@domain_call(RIGHT)
def update_plan(*, actor: Actor, at: datetime, plan_id: int, changes: dict[str, Any]) -> VisitPlan:
    """Set by hand whose a plan is, how high the risk is, and who is sent; raises NotFound, Invalid, Conflict."""
    plan, today = _open(actor, plan_id), timezone.localdate(at)
    if "owner_id" in changes:
        plan.owner_id, plan.owner_name = owner_at(plan.area_code, changes["owner_id"], strict=True)
    if "carrier_id" in changes:
        plan.carrier = carrier_for(plan, changes["carrier_id"], on=today)
    if risk := changes.get("risk"):
        if risk not in Risk.values:
            raise Invalid(fields={"risk": "请选择风险等级。"})
        frequency = frequency_of_risk(risk, area_code=plan.area_code, on=today)
        fit(plan, frequency, reckoning=reckoning_at(plan.area_code, today))
        plan.by_hand = True
    plan.save()
    record(kind="visit_plan.amend", subject=plan, actor=actor, at=at, data={"fields": sorted(changes)})
    return plan


@domain_call(RIGHT)
def record_contact(
    *, actor: Actor, at: datetime, plan_id: int, way: str, answered: bool, note: str = "", on: date | None = None,
    client_key: str = "",
) -> Contact:  # fmt: skip
    """Write down that somebody was seen, reached, or did not answer; the same client key again changes nothing.

    Who does not answer so often in one day as the place allows is searched for at once. Raises NotFound out of scope,
    Invalid beside each field, Conflict for somebody who is not visited at present.
    """
    plan, today = _active(actor, plan_id), timezone.localdate(at)
    on = on or today
    faults = {}
    if way not in BY_HAND:
        faults["way"] = "请选择方式。"
    if not today - _EARLIEST <= on <= today:
        faults["on"] = "日期应在最近一个月内，不能晚于今天。"
    if not answered and not note.strip():
        faults["note"] = "没有回应时请写一句情况，例如：敲门无人应，邻居说没见到。"
    if faults:
        raise Invalid(fields=faults)

    def effect() -> dict[str, int]:
        made = note_contact(plan, way=way, answered=answered, note=note, on=on, actor=actor, at=at)
        return {"contact": made.pk}

    body = {"plan": plan_id, "way": way, "answered": answered, "on": str(on), "note": note.strip()}
    kept = once(actor=actor, at=at, key=client_key, call="due_visits.record_contact", body=body, effect=effect)
    return Contact.objects.get(pk=kept["contact"])


def note_contact(
    plan: VisitPlan, *, way: str, answered: bool, note: str, on: date, actor: Actor, at: datetime,
    visit_id: int | None = None, by_name: str = "",
) -> Contact:  # fmt: skip
    """Keep a contact and what follows from it: the next day, the end of a search, or its beginning."""
    counts = answered and (way in SEEN or _call_counts(plan, on))
    search = _searches(plan).first()
    contact = Contact.objects.create(
        plan=plan, on=on, way=way, answered=answered, counts=counts, note=note.strip()[:200], by_id=actor.user_id,
        by_name=by_name or actor.name, recorded_at=at, visit_id=visit_id, search=search,
    )  # fmt: skip
    changes: dict[str, Any] = {}
    if counts and (plan.seen_on is None or on >= plan.seen_on):
        dates = reckoning_at(plan.area_code, on).after(on, plan.interval_days)
        changes = {"seen_on": on, "due_on": dates.due_on, "late_on": dates.late_on}
    data = {"way": way, "answered": answered, "counts": counts}
    VISIT_PLAN.move(plan, "see" if counts else "try", actor=actor, at=at, changes=changes, data=data)
    if search and answered and on >= timezone.localdate(search.opened_at):
        close_search(search, outcome=f"{contact.get_way_display()}，已有回应。{contact.note}", actor=actor, at=at)
    elif not search and not answered:
        _begin_search(plan, on=on, actor=actor, at=at)
    return contact


@domain_call(RIGHT)
def pause_plan(*, actor: Actor, at: datetime, plan_id: int, reason: str) -> VisitPlan:
    """Stop visiting somebody who is not at home for a while; raises NotFound, Invalid, MoveNotAllowed."""
    plan = _open(actor, plan_id)
    if reason not in PauseReason.values:
        raise Invalid(fields={"reason": "请选择为什么暂停。"})
    for search in _searches(plan):
        close_search(search, outcome=PauseReason(reason).label, actor=actor, at=at)
    changes = {"pause_reason": reason, "paused_on": timezone.localdate(at)}
    VISIT_PLAN.move(plan, "pause", actor=actor, at=at, changes=changes, data={"reason": reason})
    return plan


@domain_call(RIGHT)
def resume_plan(*, actor: Actor, at: datetime, plan_id: int) -> VisitPlan:
    """Visit somebody again who has come home: soon, as after every great change. Raises NotFound, MoveNotAllowed."""
    plan = _open(actor, plan_id)
    changes = {"pause_reason": "", "paused_on": None, **_soon(plan, at)}
    VISIT_PLAN.move(plan, "resume", actor=actor, at=at, changes=changes)
    return plan


@domain_call(RIGHT)
def hasten(*, actor: Actor, at: datetime, plan_id: int, event: str) -> VisitPlan:
    """Let a visit be due soon after a fall, a bereavement or the like; raises NotFound, Invalid, Conflict."""
    plan = _active(actor, plan_id)
    if event not in Change.values:
        raise Invalid(fields={"event": "请选择出了什么事。"})
    VISIT_PLAN.move(plan, "hasten", actor=actor, at=at, changes=_soon(plan, at), data={"event": event})
    return plan


@domain_call(RIGHT)
def end_plan(*, actor: Actor, at: datetime, plan_id: int, reason: str) -> VisitPlan:
    """Visit somebody no longer; raises NotFound, Invalid without a reason, MoveNotAllowed."""
    plan = _open(actor, plan_id)
    if not reason.strip():
        raise Invalid(fields={"reason": "请写明为什么退出。"})
    end(plan, actor=actor, at=at, reason=reason)
    return plan


def end(plan: VisitPlan, *, actor: Actor, at: datetime, reason: str) -> None:
    """End a plan with its search; what was ordered is ended by the chain."""
    for search in _searches(plan):
        close_search(search, outcome=f"退出探访：{reason}", actor=actor, at=at)
    changes = {"ended_on": timezone.localdate(at)}
    VISIT_PLAN.move(plan, "end", actor=actor, at=at, changes=changes, data={"reason": reason.strip()[:200]})


def close_search(search: NoAnswer, *, outcome: str, actor: Actor, at: datetime) -> None:
    """End a search: it is known how the person is."""
    NO_ANSWER.move(search, "find", actor=actor, at=at, changes={"closed_at": at, "outcome": outcome.strip()[:200]})


def fit(plan: VisitPlan, frequency: Frequency, *, reckoning: Reckoning) -> None:
    """Give a plan a frequency, and the days that follow from it; not saved."""
    plan.risk, plan.why, plan.interval_days = frequency.risk, frequency.why, frequency.days
    plan.due_on, plan.late_on = reckoning.after(plan.seen_on or plan.begun_on, plan.interval_days)


def carrier_for(plan: VisitPlan, carrier_id: int | None, *, on: date) -> Organisation | None:
    """Return the organisation that may visit at a plan's place; None for none, Invalid for one that does not serve there."""
    if carrier_id is None:
        return None
    carrier = next((one for one in takers_at(area_code=plan.area_code, on=on) if one.pk == carrier_id), None)
    if carrier is None:
        raise Invalid(fields={"carrier_id": "这家机构的服务范围不包括这里，请换一家。"})
    return carrier


def _searches(plan: VisitPlan) -> "QuerySet[NoAnswer]":
    return NoAnswer.objects.filter(plan=plan).exclude(state=SearchStep.FOUND)


def _soon(plan: VisitPlan, at: datetime) -> dict[str, date]:
    minutes = preset("care.visit.after_event", area_code=plan.area_code, on=timezone.localdate(at))
    due = timezone.localdate(at + timedelta(minutes=minutes))
    return {"due_on": due, "late_on": due + timedelta(days=1)}


def _begin_search(plan: VisitPlan, *, on: date, actor: Actor, at: datetime) -> None:
    tries = preset("care.visit.no_answer.tries", area_code=plan.area_code, on=on)
    if on != timezone.localdate(at) or plan.contacts.filter(on=on, answered=False).count() < tries:
        return
    end_of_day = timezone.localtime(at).replace(hour=23, minute=59, second=0, microsecond=0)
    search = NoAnswer(
        plan=plan, area_code=plan.area_code, opened_at=at, due_at=max(at, end_of_day), owner_name=plan.owner_name
    )
    NO_ANSWER.start(search, event="open", actor=actor, at=at, data={"plan": plan.pk})
    plan.contacts.filter(on=on, answered=False).update(search=search)


def _call_counts(plan: VisitPlan, on: date) -> bool:
    every = preset("care.visit.phone_every", area_code=plan.area_code, on=on)
    return call_counts(list(plan.contacts.filter(counts=True).order_by("-on", "-pk")[: every - 1]), every=every)


def _frequency(person: Person, risk: str, on: date) -> Frequency | None:
    if risk:
        return frequency_of_risk(risk, area_code=person.area_code, on=on)
    facts = facts_of(person, standing_codes(person=person, on=on), on)
    return strictest(rules_at(person.area_code, on), facts)


def owner_at(area_code: str, user_id: int, *, strict: bool) -> tuple[int, str]:
    """Return who answers for the visits of a place: the one who is named, or else the first who may."""
    able = who_may(RIGHT, area_code=area_code)
    chosen = next((user for user in able if user.pk == user_id), None)
    if chosen is None and (strict or not able):
        raise Invalid(fields={"owner_id": "请选择一位能在这里探访的工作人员。"})
    user = chosen or able[0]
    return user.pk, user.name


def _open(actor: Actor, plan_id: int) -> VisitPlan:
    plan = obtain(VisitPlan.objects.select_related("person", "order"), actor, pk=plan_id)
    if plan.state == PlanState.ENDED:
        raise Conflict("这位居民已退出探访名单。")
    return plan


def _active(actor: Actor, plan_id: int) -> VisitPlan:
    plan = _open(actor, plan_id)
    if plan.state != PlanState.ACTIVE:
        raise Conflict("这位居民的探访正在暂停，请先恢复。")
    return plan
