"""Indicators as data: code, title, unit, and the rows that make numerator and denominator.

A rate is never stored: numerator and denominator are, so that a street's rate is the sum over its communities and
not the mean of their rates (handbook §9.3).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet, Sum

from wushe.chain.needs.models import Need, NeedState
from wushe.chain.orders.models import Order
from wushe.chain.settlement.models import Settlement, SettlementState
from wushe.chain.verification.models import CallBack, CallBackState
from wushe.chain.visits.models import Visit, VisitState
from wushe.registers.areas.models import Area, Level
from wushe.registers.facilities.models import Facility, FacilityKind
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person
from wushe.registers.volunteers.models import Team, Volunteer
from wushe.registers.workforce.models import Worker, WorkerKind

from .periods import Window

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure of oversight. `add` names a column to sum instead of counting rows; `day` the time of a row.

    `meaning` says in words what is divided by what; a stock does not depend on the period.
    """

    code: str
    group: str
    title: str
    unit: str
    meaning: str
    numerator: Callable[[Window], Rows]
    denominator: Callable[[Window], Rows] | None = None
    add: str = ""
    day: str = ""
    stock: bool = False

    @property
    def is_rate(self) -> bool:
        """Say whether the figure is a share of its denominator."""
        return self.denominator is not None


def _needs_recorded(w: Window) -> Rows:
    return Need.objects.filter(recorded_at__gte=w[0], recorded_at__lt=w[1])


def _needs_met(w: Window) -> Rows:
    return _needs_recorded(w).filter(state=NeedState.MET)


def _needs_finished(w: Window) -> Rows:
    return Need.objects.filter(state=NeedState.MET, met_at__gte=w[0], met_at__lt=w[1])


def _needs_on_time(w: Window) -> Rows:
    return _needs_finished(w).filter(met_at__lte=F("due_at"))


def _needs_with_time(w: Window) -> Rows:
    return _needs_finished(w).filter(due_at__isnull=False)


def _orders_placed(w: Window) -> Rows:
    return Order.objects.filter(placed_at__gte=w[0], placed_at__lt=w[1])


def _orders_accepted(w: Window) -> Rows:
    return _orders_placed(w).filter(accepted_at__isnull=False)


def _visits_begun(w: Window) -> Rows:
    return Visit.objects.filter(started_at__gte=w[0], started_at__lt=w[1])


def _visits_made(w: Window) -> Rows:
    return _visits_begun(w).exclude(state=VisitState.REJECTED)


def _visits_checked(w: Window) -> Rows:
    return _visits_begun(w).filter(state__in=[VisitState.ACCEPTED, VisitState.SETTLED, VisitState.REJECTED])


def _visits_passed(w: Window) -> Rows:
    return _visits_checked(w).exclude(state=VisitState.REJECTED)


def _calls_answered(w: Window) -> Rows:
    return CallBack.objects.filter(state=CallBackState.ANSWERED, called_at__gte=w[0], called_at__lt=w[1])


def _calls_satisfied(w: Window) -> Rows:
    return _calls_answered(w).filter(satisfied=True)


def _settled(w: Window) -> Rows:
    return Settlement.objects.filter(state=SettlementState.SETTLED, settled_at__gte=w[0], settled_at__lt=w[1])


def _people_served(w: Window) -> Rows:
    return Person.objects.filter(pk__in=_visits_made(w).values("appointment__order__person_id"))


def _residents(w: Window) -> Rows:
    return Person.objects.filter(died_on=None, moved_out_on=None)


def _volunteers(w: Window) -> Rows:
    return Volunteer.objects.filter(left_on=None, registered_on__lt=w[1].date())


def _volunteers_serving(w: Window) -> Rows:
    return _volunteers(w).filter(person__in=_visits_made(w).values("worker__person_id"))


def _social_workers(w: Window) -> Rows:
    return Worker.objects.filter(kind=WorkerKind.SOCIAL_WORKER, ends_on=None)


def _certified(w: Window) -> Rows:
    return _social_workers(w).exclude(qualification="")


def _organisations(w: Window) -> Rows:
    return Organisation.objects.filter(left_on=None)


def _communities(w: Window) -> Rows:
    return Area.objects.filter(level=Level.COMMUNITY, valid_until=None).defer("boundary")


def _communities_with_station(w: Window) -> Rows:
    stations = Facility.objects.filter(
        kind__in=[FacilityKind.COMMUNITY_STATION, FacilityKind.STREET_STATION], closed_on=None
    )
    return _communities(w).filter(area_code__in=stations.values("community_code"))


def _communities_with_team(w: Window) -> Rows:
    return _communities(w).filter(area_code__in=Team.objects.values("community_code"))


NEEDS, VISITS, QUALITY, MONEY, PEOPLE = "需求与订单", "上门服务", "质量", "资金", "人与组织"

INDICATORS = [
    Indicator("needs_recorded", NEEDS, "新登记需求", "件", "期内登记的需求", _needs_recorded, day="recorded_at"),
    Indicator("needs_met", NEEDS, "需求满足率", "%", "期内登记、已经满足 ÷ 期内登记", _needs_met, _needs_recorded),
    Indicator("needs_finished", NEEDS, "办结需求", "件", "期内满足的需求", _needs_finished, day="met_at"),
    Indicator("needs_on_time", NEEDS, "按时办结率", "%", "在时限内满足 ÷ 期内满足", _needs_on_time, _needs_with_time),
    Indicator("orders_accepted", NEEDS, "订单接单率", "%", "有机构接单 ÷ 期内点单", _orders_accepted, _orders_placed),
    Indicator("visits_made", VISITS, "上门服务", "人次", "期内签到的上门，不含核验不通过", _visits_made, day="started_at"),
    Indicator("people_served", VISITS, "服务人数", "人", "期内接受过上门服务的居民，每人只算一次", _people_served),
    Indicator("service_minutes", VISITS, "服务时长", "分钟", "期内上门的实际分钟之和", _visits_made, add="minutes",
              day="started_at"),
    Indicator("visits_passed", QUALITY, "核验通过率", "%", "核验通过 ÷ 已核验的上门", _visits_passed, _visits_checked),
    Indicator("calls_satisfied", QUALITY, "回访满意率", "%", "回访说满意 ÷ 联系上的回访", _calls_satisfied, _calls_answered),
    Indicator("money_settled", MONEY, "结算金额", "分", "期内结算的应付之和", _settled, add="payable_fen", day="settled_at"),
    Indicator("residents", PEOPLE, "在册居民", "人", "登记在册的居民", _residents, stock=True),
    Indicator("volunteers", PEOPLE, "注册志愿者", "人", "在册、没有退出的志愿者", _volunteers, stock=True),
    Indicator("volunteer_share", PEOPLE, "志愿者占居民比例", "%", "注册志愿者 ÷ 在册居民", _volunteers, _residents, stock=True),
    Indicator("volunteers_serving", PEOPLE, "志愿者活跃率", "%", "期内上过门的志愿者 ÷ 注册志愿者", _volunteers_serving,
              _volunteers),
    Indicator("certified_workers", PEOPLE, "社工持证率", "%", "登记了资格证书的社工 ÷ 在岗社工", _certified, _social_workers,
              stock=True),
    Indicator("organisations", PEOPLE, "在册组织", "家", "在册、没有退出的组织", _organisations, stock=True),
    Indicator("station_cover", PEOPLE, "社工站点覆盖率", "%", "有社工站（室）的社区 ÷ 全部社区", _communities_with_station,
              _communities, stock=True),
    Indicator("team_cover", PEOPLE, "志愿队伍覆盖率", "%", "有志愿队伍的社区 ÷ 全部社区", _communities_with_team, _communities,
              stock=True),
]  # fmt: skip
BY_CODE = {indicator.code: indicator for indicator in INDICATORS}


def by_community(rows: Rows, add: str) -> dict[str, int]:
    """Return the count of rows, or the sum of a column, for each community."""
    measure = Sum(add) if add else Count("pk")
    counted = rows.order_by().values_list("community_code").annotate(n=measure)
    return {code: n or 0 for code, n in counted.order_by("community_code")}
