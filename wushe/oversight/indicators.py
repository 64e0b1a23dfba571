"""Indicators as data: code, title, unit, and the rows that make numerator and denominator.

A rate is never stored: numerator and denominator are, so that a street's rate is the sum over its communities and
not the mean of their rates (handbook §9.3).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils.timezone import make_aware

from wushe.chain.needs.models import Need, NeedState
from wushe.chain.orders.models import Order
from wushe.chain.settlement.models import Settlement, SettlementState
from wushe.chain.verification.models import CallBack, CallBackState
from wushe.chain.visits.models import Visit, VisitState
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person
from wushe.registers.volunteers.models import Volunteer
from wushe.registers.workforce.models import Worker, WorkerKind

Rows = QuerySet[Any]
Window = tuple[datetime, datetime]
MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure of oversight. `add` names a column to sum instead of counting rows; `day` the time of a row."""

    code: str
    title: str
    unit: str
    numerator: Callable[[Window], Rows]
    denominator: Callable[[Window], Rows] | None = None
    add: str = ""
    day: str = ""


def window(as_of: date) -> Window:
    """Return the thirty days that end with this day, as instants."""
    end = make_aware(datetime.combine(as_of + timedelta(days=1), time()))
    return end - MONTH, end


def _needs_recorded(w: Window) -> Rows:
    return Need.objects.filter(recorded_at__gte=w[0], recorded_at__lt=w[1])


def _needs_met(w: Window) -> Rows:
    return _needs_recorded(w).filter(state=NeedState.MET)


def _orders_placed(w: Window) -> Rows:
    return Order.objects.filter(placed_at__gte=w[0], placed_at__lt=w[1])


def _orders_accepted(w: Window) -> Rows:
    return _orders_placed(w).filter(accepted_at__isnull=False)


def _visits_made(w: Window) -> Rows:
    return Visit.objects.filter(started_at__gte=w[0], started_at__lt=w[1]).exclude(state=VisitState.REJECTED)


def _visits_checked(w: Window) -> Rows:
    return Visit.objects.filter(
        started_at__gte=w[0], started_at__lt=w[1],
        state__in=[VisitState.ACCEPTED, VisitState.SETTLED, VisitState.REJECTED],
    )  # fmt: skip


def _visits_passed(w: Window) -> Rows:
    return _visits_checked(w).exclude(state=VisitState.REJECTED)


def _calls_answered(w: Window) -> Rows:
    return CallBack.objects.filter(state=CallBackState.ANSWERED, called_at__gte=w[0], called_at__lt=w[1])


def _calls_satisfied(w: Window) -> Rows:
    return _calls_answered(w).filter(satisfied=True)


def _settled(w: Window) -> Rows:
    return Settlement.objects.filter(state=SettlementState.SETTLED, settled_at__gte=w[0], settled_at__lt=w[1])


def _people_served(w: Window) -> Rows:
    served = _visits_made(w).values("appointment__order__person_id")
    return Person.objects.filter(pk__in=served)


def _residents(w: Window) -> Rows:
    return Person.objects.filter(died_on=None, moved_out_on=None)


def _volunteers(w: Window) -> Rows:
    return Volunteer.objects.filter(left_on=None, registered_on__lt=w[1])


def _certified(w: Window) -> Rows:
    posts = Worker.objects.filter(kind=WorkerKind.SOCIAL_WORKER, ends_on=None)
    return posts.exclude(qualification="")


def _organisations(w: Window) -> Rows:
    return Organisation.objects.filter(left_on=None)


INDICATORS = [
    Indicator("needs_recorded", "新登记需求", "件", _needs_recorded, day="recorded_at"),
    Indicator("needs_met", "需求满足率", "%", _needs_met, _needs_recorded),
    Indicator("orders_accepted", "订单接单率", "%", _orders_accepted, _orders_placed),
    Indicator("visits_made", "上门服务", "人次", _visits_made, day="started_at"),
    Indicator("people_served", "服务人数", "人", _people_served),
    Indicator("service_minutes", "服务时长", "分钟", _visits_made, add="minutes", day="started_at"),
    Indicator("visits_passed", "核验通过率", "%", _visits_passed, _visits_checked),
    Indicator("calls_satisfied", "回访满意率", "%", _calls_satisfied, _calls_answered),
    Indicator("money_settled", "结算金额", "分", _settled, add="payable_fen", day="settled_at"),
    Indicator("residents", "在册居民", "人", _residents),
    Indicator("volunteers", "注册志愿者", "人", _volunteers),
    Indicator("volunteer_share", "注册志愿者占居民比例", "%", _volunteers, _residents),
    Indicator("certified_workers", "持证社工", "人", _certified),
    Indicator("organisations", "在册组织", "家", _organisations),
]
BY_CODE = {indicator.code: indicator for indicator in INDICATORS}


def by_community(rows: Rows, add: str) -> dict[str, int]:
    """Return the count of rows, or the sum of a column, for each community."""
    measure = Sum(add) if add else Count("pk", distinct=True)
    return {code: n or 0 for code, n in rows.values_list("community_code").annotate(n=measure).order_by("community_code")}
