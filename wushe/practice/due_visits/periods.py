"""Festivals and bad weather: declared for an area, they let visits come due earlier (节日、恶劣天气增加探访)."""

from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.scope import covers, obtain, visible, within

from .enrolling import reckon_anew
from .models import CarePeriod, CarePeriodKind, PlanState, VisitPlan

_LONGEST = timedelta(days=60)


@domain_call("due_visits:order")
def declare_period(
    *, actor: Actor, at: datetime, title: str, kind: str, area_code: str, starts_on: date, ends_on: date
) -> CarePeriod:
    """Declare a care period and reckon the visits of its area anew; raises Invalid beside each field."""
    today, faults = timezone.localdate(at), {}
    if not title.strip():
        faults["title"] = "请填写名称，例如：春节、寒潮。"
    if kind not in CarePeriodKind.values:
        faults["kind"] = "请选择节日还是恶劣天气。"
    if not area_code or not covers(actor, area_code):
        faults["area_code"] = "请选择本辖区内的地方。"
    if not today <= ends_on <= starts_on + _LONGEST or ends_on < starts_on:
        faults["ends_on"] = "结束日期不能早于今天和开始日期，最长60天。"
    if faults:
        raise Invalid(fields=faults)
    period = CarePeriod.objects.create(
        title=title.strip()[:40], kind=kind, area_code=area_code, starts_on=starts_on, ends_on=ends_on,
        declared_at=at, declared_by=actor.user_id,
    )  # fmt: skip
    moved = _reckon(area_code, today)
    record(kind="care_period.declare", subject=period, actor=actor, at=at, data={"kind": kind, "moved": moved})
    return period


@domain_call("due_visits:order")
def end_period(*, actor: Actor, at: datetime, period_id: int) -> CarePeriod:
    """End a care period today; one that has not begun is taken back. Raises NotFound, Invalid if it is over."""
    period, today = obtain(CarePeriod, actor, pk=period_id), timezone.localdate(at)
    if period.ends_on < today:
        raise Invalid("这段时间已经过去了。")
    period.ends_on = max(period.starts_on, today)
    if period.starts_on > today:
        period.delete()
        period.pk = period_id
    else:
        period.save(update_fields=["ends_on"])
    moved = _reckon(period.area_code, today)
    record(kind="care_period.end", subject=period, actor=actor, at=at, data={"moved": moved})
    return period


def periods(*, actor: Actor) -> "QuerySet[CarePeriod]":
    """Return the care periods of the actor's area, the latest first; raise NotAllowed."""
    actor.require("due_visits:view")
    return visible(CarePeriod.objects.all(), actor).order_by("-starts_on", "-pk")


def _reckon(area_code: str, on: date) -> int:
    return reckon_anew(VisitPlan.objects.filter(within(area_code), state=PlanState.ACTIVE), on=on)
