"""The places where chains stop, as data: which stage, what is missing, what to do about it, at which desk.

Where the field sets a time limit, a row counts only once that is past: a chain that waits its turn is in hand, not
broken.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.timezone import localdate

from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.chain.needs.deadlines import triage_allowed
from wushe.chain.needs.models import Need, NeedState
from wushe.chain.orders.models import Order, OrderState
from wushe.chain.projects.models import Project, ProjectState
from wushe.chain.resources.models import Linkage
from wushe.chain.settlement.models import Settlement, SettlementState
from wushe.chain.verification.models import Check, CheckState
from wushe.chain.visits.models import EvidenceKind, Visit, VisitState
from wushe.foundation.presets.selectors import PresetMissing
from wushe.registers.volunteers.models import Post, PostHolder, Volunteer

Rows = QuerySet[Any]
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the chain; `rows` is what is in hand there."""

    code: str
    title: str
    icon: str
    unit: str
    in_hand: str
    rows: Callable[[datetime], Rows]


@dataclass(frozen=True, slots=True)
class BreakKind:
    """A place where chains stop. `desks` are the addresses at which it can be mended, the first that exists is used.

    `reason` is the column that tells why, `person` the path to the resident concerned, `since` the time from which
    the chain has stopped.
    """

    code: str
    stage: str
    title: str
    short: str
    meaning: str
    advice: str
    rows: Callable[[datetime, str], Rows]
    desks: tuple[str, ...] = ()
    reason: str = ""
    person: str = ""
    since: str = ""


def _triage_allowed(at: datetime, area_code: str) -> timedelta:
    try:
        return triage_allowed(area_code=area_code, on=localdate(at))
    except PresetMissing:
        return timedelta(0)


def _needs_untriaged(at: datetime, area_code: str) -> Rows:
    return Need.objects.filter(state=NeedState.RECORDED, recorded_at__lt=at - _triage_allowed(at, area_code))


def _needs_without_project(at: datetime, area_code: str) -> Rows:
    linked = Linkage.objects.filter(ended_at=None).values("need_id")
    return Need.objects.filter(state=NeedState.TRIAGED, projects__isnull=True).exclude(pk__in=linked)


def _projects_without_carrier(at: datetime, area_code: str) -> Rows:
    return Project.objects.filter(carrier=None, state__in=[ProjectState.DESIGNED, ProjectState.APPROVED])


def _needs_without_order(at: datetime, area_code: str) -> Rows:
    return Need.objects.filter(state=NeedState.LINKED)


def _orders_without_taker(at: datetime, area_code: str) -> Rows:
    """Nobody has it: it came back from those asked, or the time of its present leg has run out."""
    waiting = Order.objects.filter(state__in=[OrderState.PLACED, OrderState.SENT])
    return waiting.filter(Q(leg_due_at__lt=at) | Q(state=OrderState.PLACED, returns__gt=0))


def _appointments_without_person(at: datetime, area_code: str) -> Rows:
    tomorrow = localdate(at) + timedelta(days=1)
    return Appointment.objects.filter(state=AppointmentState.OPEN, day__lte=tomorrow)


def _appointments_missed(at: datetime, area_code: str) -> Rows:
    return Appointment.objects.filter(state=AppointmentState.MISSED, day__gte=localdate(at) - LOOK_BACK)


def _visits_without_proof(at: datetime, area_code: str) -> Rows:
    photos = Count("evidence", filter=~Q(evidence__kind=EvidenceKind.SIGNATURE))
    ended = Visit.objects.filter(state=VisitState.ENDED)
    return ended.annotate(photo_count=photos).filter(photo_count__lt=F("appointment__order__item__photos"))


def _work_without_money(at: datetime, area_code: str) -> Rows:
    """Settlement was tried and stopped; one that merely awaits the month's run is in hand."""
    return Settlement.objects.filter(state=SettlementState.DUE).exclude(blocked_by="")


def _volunteers_without_post(at: datetime, area_code: str) -> Rows:
    held = PostHolder.objects.filter(Q(ends_on=None) | Q(ends_on__gte=localdate(at)))
    return Volunteer.objects.filter(left_on=None).exclude(pk__in=held.values("volunteer_id"))


def _posts_without_volunteers(at: datetime, area_code: str) -> Rows:
    on = localdate(at)
    held = Count("holders", filter=Q(holders__ends_on=None) | Q(holders__ends_on__gte=on))
    open_posts = Post.objects.filter(Q(open_until=None) | Q(open_until__gte=on), open_from__lte=on)
    return open_posts.annotate(held=held).filter(held__lt=F("places"))


STAGES = [
    Stage("need", "发现需求", "inbox", "件", "待研判", lambda at: Need.objects.filter(state=NeedState.RECORDED)),
    Stage("link", "链接五社", "link", "件", "待链接、待下单",
          lambda at: Need.objects.filter(state__in=[NeedState.TRIAGED, NeedState.LINKED])),
    Stage("order", "点单接单", "send", "单", "待接单",
          lambda at: Order.objects.filter(state__in=[OrderState.PLACED, OrderState.SENT])),
    Stage("dispatch", "安排人员", "route", "次", "今天起已排、待排的上门",
          lambda at: Appointment.objects.filter(
              state__in=[AppointmentState.OPEN, AppointmentState.CONFIRMED], day__gte=localdate(at))),
    Stage("visit", "上门服务", "home-heart", "次", "正在服务",
          lambda at: Visit.objects.filter(state=VisitState.STARTED)),
    Stage("check", "核验", "shield-check", "次", "待核验", lambda at: Check.objects.filter(state=CheckState.WAITING)),
    Stage("settlement", "结算", "receipt", "笔", "待结算",
          lambda at: Settlement.objects.filter(state=SettlementState.DUE)),
    Stage("volunteer", "志愿力量", "heart-handshake", "人", "在册志愿者", lambda at: Volunteer.objects.filter(left_on=None)),
]  # fmt: skip

KINDS = [
    BreakKind("needs_untriaged", "need", "有需求，没有人看", "没人看", "登记以后超过研判时限，还没有人研判。",
              "请社区工作者当天研判：定服务项目、急不急、谁负责。", _needs_untriaged, ("community:needs",),
              reason="channel", person="person", since="recorded_at"),
    BreakKind("needs_without_project", "link", "有需求，没有项目承接", "没有项目", "研判过了，但没有并入项目，也没有链接到服务方。",
              "请链接五社资源：选定由谁来做、用哪笔钱；同类需求多的，设计一个项目。", _needs_without_project,
              ("community:needs",), reason="item__category", person="person", since="triaged_at"),
    BreakKind("needs_without_order", "link", "说好了谁来做，还没下单", "没有下单", "已经链接服务方，但没有点单。",
              "请点单并送单。", _needs_without_order, ("community:needs",), reason="item__category", person="person",
              since="triaged_at"),
    BreakKind("projects_without_carrier", "link", "有项目，没有承接机构", "没人承接", "项目已经设计，但没有组织承接。",
              "请引入或委托社会组织承接。", _projects_without_carrier, ("community:projects",), reason="scene"),
    BreakKind("orders_without_taker", "order", "有订单，没有人接", "没人接单", "过了时限没有机构接，或被退回后还没有再送。",
              "请扩大送单范围，或改由社工、志愿者、邻里互助员服务。", _orders_without_taker, ("community:orders", "centre:orders"),
              reason="item__category", person="person", since="placed_at"),
    BreakKind("appointments_without_person", "dispatch", "到了日子，没有排人", "没有排人", "今天、明天或更早的上门还没有定人。",
              "请在调度中心排班，排不下的及早告诉居民改期。", _appointments_without_person, ("centre:dispatch", "centre:home"),
              reason="order__item__category", person="order__person"),
    BreakKind("appointments_missed", "visit", "约好了，没有上门", "没有上门", "近30天约好却没有人上门，也没有改期。",
              "请当天向居民说明，并改期或换人。", _appointments_missed, ("centre:dispatch", "centre:home"),
              reason="order__organisation__name", person="order__person"),
    BreakKind("visits_without_proof", "check", "上了门，照片不全", "凭证不全", "签退了，但照片少于服务项目的要求。",
              "请质控员核实，由机构补充说明。", _visits_without_proof, ("quality:home", "quality:verification"),
              reason="appointment__order__organisation__name", person="appointment__order__person", since="ended_at"),
    BreakKind("work_without_money", "settlement", "干了活，没有钱结", "没有钱", "核验通过，但预算科目缺失或余额不足，结不了算。",
              "请补充预算，或调整资金来源。", _work_without_money, ("accounts:settlement", "accounts:home"),
              reason="blocked_by", person="visit__appointment__order__person", since="visit__ended_at"),
    BreakKind("volunteers_without_post", "volunteer", "有志愿者，没有岗位", "没有岗位", "注册了，但没有任何固定岗位。",
              "请按专长推荐岗位，或邀请参加活动。", _volunteers_without_post, ("community:volunteers",), reason="team__name"),
    BreakKind("posts_without_volunteers", "volunteer", "有岗位，缺志愿者", "缺志愿者", "固定岗位还没有招满。",
              "请招募，或从相近社区调配。", _posts_without_volunteers, ("community:volunteers",), reason="title"),
]  # fmt: skip
BY_CODE = {kind.code: kind for kind in KINDS}
