"""Where the chain breaks in an area: needs with no project, orders with no taker, visits with no proof, work with no
money, volunteers with no post (F1, F130). Each figure is a query, and the same query gives its rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Model, Q, QuerySet
from django.utils.timezone import localdate

from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.chain.needs.models import Need, NeedState
from wushe.chain.orders.models import Order, OrderState
from wushe.chain.projects.models import Project, ProjectState
from wushe.chain.resources.models import Linkage
from wushe.chain.settlement.models import Settlement, SettlementState
from wushe.chain.visits.models import EvidenceKind, Visit, VisitState
from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.scope import visible, within
from wushe.registers.volunteers.models import Post, PostHolder, Volunteer

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class BreakKind:
    """A place where chains stop: which stage, what is missing, what to do about it."""

    code: str
    stage: str
    title: str
    meaning: str
    advice: str
    rows: Callable[[datetime], Rows]


@dataclass(frozen=True, slots=True)
class Break:
    """How many chains stop at one place in one area."""

    kind: BreakKind
    count: int


def _needs_untriaged(at: datetime) -> Rows:
    return Need.objects.filter(state=NeedState.RECORDED, recorded_at__lt=at - timedelta(days=1))


def _needs_without_project(at: datetime) -> Rows:
    linked = Linkage.objects.filter(ended_at=None).values("need_id")
    return Need.objects.filter(state=NeedState.TRIAGED, projects__isnull=True).exclude(pk__in=linked)


def _needs_without_order(at: datetime) -> Rows:
    return Need.objects.filter(state=NeedState.LINKED)


def _projects_without_carrier(at: datetime) -> Rows:
    return Project.objects.filter(carrier=None, state__in=[ProjectState.DESIGNED, ProjectState.APPROVED])


def _orders_without_taker(at: datetime) -> Rows:
    return Order.objects.filter(state__in=[OrderState.PLACED, OrderState.SENT])


def _appointments_without_person(at: datetime) -> Rows:
    tomorrow = localdate(at) + timedelta(days=1)
    return Appointment.objects.filter(state=AppointmentState.OPEN, day__lte=tomorrow)


def _appointments_missed(at: datetime) -> Rows:
    return Appointment.objects.filter(state=AppointmentState.MISSED, day__gte=localdate(at) - timedelta(days=30))


def _visits_without_proof(at: datetime) -> Rows:
    photos = Count("evidence", filter=~Q(evidence__kind=EvidenceKind.SIGNATURE))
    ended = Visit.objects.filter(state__in=[VisitState.ENDED, VisitState.ACCEPTED])
    return ended.annotate(photo_count=photos).filter(photo_count__lt=F("appointment__order__item__photos"))


def _work_without_money(at: datetime) -> Rows:
    return Settlement.objects.filter(state=SettlementState.DUE)


def _volunteers_without_post(at: datetime) -> Rows:
    held = PostHolder.objects.filter(Q(ends_on=None) | Q(ends_on__gte=localdate(at)))
    return Volunteer.objects.filter(left_on=None).exclude(pk__in=held.values("volunteer_id"))


def _posts_without_volunteers(at: datetime) -> Rows:
    on = localdate(at)
    held = Count("holders", filter=Q(holders__ends_on=None) | Q(holders__ends_on__gte=on))
    open_posts = Post.objects.filter(Q(open_until=None) | Q(open_until__gte=on), open_from__lte=on)
    return open_posts.annotate(held=held).filter(held__lt=F("places"))


KINDS = [
    BreakKind("needs_untriaged", "need", "登记超过一天还没研判", "需求登记后没有人看", "请社区工作者研判", _needs_untriaged),
    BreakKind("needs_without_project", "link", "有需求，没有项目承接", "研判后没有链接到项目或服务方",
              "请链接五社资源，或并入项目", _needs_without_project),
    BreakKind("needs_without_order", "order", "已链接，还没下单", "说好了谁来做，但没有点单", "请点单并送单", _needs_without_order),
    BreakKind("projects_without_carrier", "link", "有项目，没有承接机构", "项目已设计，但没有社会组织承接",
              "请引入或委托社会组织", _projects_without_carrier),
    BreakKind("orders_without_taker", "order", "有订单，没人接", "还在等机构接单，或已被退回",
              "请扩大送单范围，或改由社工、志愿者服务", _orders_without_taker),
    BreakKind("appointments_without_person", "dispatch", "有安排，没人上门", "今明两天的服务还没有定下人员",
              "请在调度中心排班", _appointments_without_person),
    BreakKind("appointments_missed", "visit", "约好了，没有上门", "近30天内漏掉的上门", "请改期并向居民说明", _appointments_missed),
    BreakKind("visits_without_proof", "visit", "上了门，凭证不全", "照片少于服务项目的要求", "请质控员核实，机构补充说明",
              _visits_without_proof),
    BreakKind("work_without_money", "settlement", "干了活，没有钱", "核验通过，但预算科目缺失或余额不足",
              "请补充预算或调整资金来源", _work_without_money),
    BreakKind("volunteers_without_post", "resources", "有志愿者，没有岗位", "已注册但没有任何固定岗位",
              "请设置岗位或推荐活动", _volunteers_without_post),
    BreakKind("posts_without_volunteers", "resources", "有岗位，缺志愿者", "固定岗位没有招满", "请招募或调配", _posts_without_volunteers),
]  # fmt: skip
_BY_CODE = {kind.code: kind for kind in KINDS}


def breaks(*, actor: Actor, area_code: str, at: datetime) -> list[Break]:
    """Return how many chains stop where, inside one area of the actor's scope; raise NotAllowed without the right."""
    return [Break(kind, _rows(actor, kind, area_code, at).count()) for kind in KINDS]


def break_rows(*, actor: Actor, code: str, area_code: str, at: datetime) -> QuerySet[Model]:
    """Return the rows behind one figure, oldest first; raise NotFound for an unknown code."""
    return _rows(actor, kind_of(code), area_code, at).order_by("id")


def kind_of(code: str) -> BreakKind:
    """Return the kind of break; raise NotFound for an unknown code."""
    if code not in _BY_CODE:
        raise NotFound
    return _BY_CODE[code]


def breaks_by_area(*, actor: Actor, code: str, area_code: str, at: datetime, column: str) -> dict[str, int]:
    """Return the figure of one break for each street or community (`column`) inside an area; for the map."""
    rows = _rows(actor, kind_of(code), area_code, at)
    pairs = rows.model._default_manager.filter(pk__in=rows.values("pk")).values_list(column).annotate(n=Count("pk"))
    return dict(pairs.order_by(column))


def _rows(actor: Actor, kind: BreakKind, area_code: str, at: datetime) -> Rows:
    actor.require("oversight:view")
    return visible(kind.rows(at), actor).filter(within(area_code))
