"""The due list 探访台账, and the list of those who do not answer, as their desks show them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from wushe.chain.orders.cancelling import drop_orders
from wushe.foundation.actor import Actor
from wushe.foundation.errors import Conflict
from wushe.foundation.scope import obtain, visible
from wushe.registers.desk import facets
from wushe.registers.desk.declaration import (
    Blank,
    BulkAct,
    Choices,
    Coded,
    Column,
    Done,
    Order,
    Register,
    Values,
    declare,
)
from wushe.registers.desk.finding import held_by
from wushe.registers.desk.setting import setting
from wushe.registers.organisations.selectors import takers_at

from .models import NoAnswer, PauseReason, PlanState, Risk, SearchStep, VisitPlan
from .ordering import order_visit
from .visiting import RIGHT, update_plan

ORDER = "due_visits:order"
_SOON = timedelta(days=7)
_ACTIVE = Q(state=PlanState.ACTIVE)


def standing_of(plan: VisitPlan, on: date) -> Coded:
    """Return how a plan stands on a day."""
    if plan.state != PlanState.ACTIVE:
        return Coded(plan.state, PauseReason(plan.pause_reason).label if plan.pause_reason else "已退出")
    if plan.late_on <= on:
        return Coded("over", f"逾期{(on - plan.due_on).days}天")
    if plan.due_on <= on:
        return Coded("soon", "该去了")
    return Coded("later", "未到期")


def _update(actor: Actor, at: datetime, pk: int, changes: dict[str, Any]) -> VisitPlan:
    return update_plan(actor=actor, at=at, plan_id=pk, changes=changes)


def _takers(actor: Actor, on: date) -> Choices:
    return [(str(one.pk), one.name) for one in takers_at(area_code=actor.area_code, on=on)]


def _send(actor: Actor, at: datetime, pk: int, values: Values) -> Done:
    plan = order_visit(
        actor=actor, at=at, plan_id=pk, carrier_id=int(values["carrier_id"]), starts_on=values["starts_on"]
    )
    return Done("没有排", f"订单 {plan.order_id}", plan.order_id)


def _call_off(actor: Actor, at: datetime, pk: int, token: Any) -> None:
    plan = obtain(VisitPlan.objects.select_related("order"), actor, pk=pk)
    if plan.order is None or plan.order_id != token or plan.order.state not in {"placed", "sent"}:
        raise Conflict("机构已经接单，请到订单里取消。")
    drop_orders(actor=actor, at=at, need_id=plan.order.need_id, reason="撤回批量排单")


DUE_VISITS = declare(
    Register(
        code="due_visits",
        title="定期探访",
        noun="人",
        model=VisitPlan,
        permission="due_visits:view",
        rows=lambda actor, on: visible(VisitPlan.objects.exclude(state=PlanState.ENDED), actor),
        dress=lambda rows, on: rows.select_related("person", "carrier", "order").annotate(today=facets.day(on)),
        name=lambda row: row.person.name,
        search=lambda text: (held_by(text) or Q(pk=None)) | Q(owner_name__contains=text),
        search_hint="姓名两个字、拼音首字母、电话后四位、责任人",
        columns=(
            Column("name", "姓名", lambda p: p.person.name),
            Column("state", "情况", lambda p: standing_of(p, p.today)),
            Column("due", "应探访", lambda p: p.due_on, sort="due"),
            Column("risk", "等级", lambda p: p.get_risk_display()),
            Column("why", "依据", lambda p: p.why, quiet=True),
            Column("days", "间隔（天）", lambda p: p.interval_days, number=True, quiet=True),
            Column("seen", "上次见到", lambda p: p.seen_on or "还没有", sort="seen"),
            Column("owner", "责任人", lambda p: p.owner_name),
            Column("carrier", "由谁上门", lambda p: p.carrier.name if p.carrier else "责任人自己"),
            Column("order", "已排上门", lambda p: p.order.get_state_display() if p.order else "", quiet=True),
            Column("place", "社区", lambda p: p.place),
        ),
        facets=(
            facets.cases(
                "when", "什么时候",
                late=("已逾期", lambda on: _ACTIVE & Q(late_on__lte=on)),
                due=("到期未逾期", lambda on: _ACTIVE & Q(due_on__lte=on, late_on__gt=on)),
                week=("7天内到期", lambda on: _ACTIVE & Q(due_on__gt=on, due_on__lte=on + _SOON)),
                never=("还没见过", lambda on: _ACTIVE & Q(seen_on=None)),
                paused=("暂停", lambda on: Q(state=PlanState.PAUSED)),
            ),
            facets.code_list("risk", "等级", Risk),
            facets.cases(
                "goes", "由谁上门", own=("责任人自己", lambda on: Q(carrier=None)),
                carrier=("机构", lambda on: Q(carrier__isnull=False)),
                ordered=("已排上门", lambda on: Q(order__state__in=["placed", "sent", "accepted"])),
            ),
            facets.place(),
        ),
        orders=(
            Order("due", "先到期的在前", "due_on"),
            Order("seen", "上次见到", facets.or_never("seen_on")),
            Order("newest", "新纳入的在前", descending=True),
        ),
        bulk=(
            BulkAct(
                "send", "排进上门服务", ORDER, _send, _call_off,
                (Blank("carrier_id", "由哪家机构上门", "choice", _takers), Blank("starts_on", "哪天上门", "day")),
                "每人下一张探访订单，机构接单后进当天排班。",
            ),
            setting(
                "carrier", "长期交给机构上门", permission=RIGHT, model=VisitPlan, field="carrier_id", update=_update,
                blank=Blank("carrier_id", "由哪家机构上门", "choice_id", _takers),
                hint="以后快到期时，系统自动给这家机构下探访订单。",
            ),
        ),
    )
)  # fmt: skip


def _searches(actor: Actor, on: date) -> "QuerySet[NoAnswer]":
    return visible(NoAnswer.objects.all(), actor)


NO_ANSWERS = declare(
    Register(
        code="no_answers",
        title="无人应答",
        noun="件",
        model=NoAnswer,
        permission="due_visits:view",
        rows=_searches,
        dress=lambda rows, on: rows.select_related("plan__person"),
        name=lambda row: row.plan.person.name,
        search=lambda text: (held_by(text, person="plan__person") or Q(pk=None)) | Q(owner_name__contains=text),
        search_hint="姓名两个字、拼音首字母、电话后四位、责任人",
        columns=(
            Column("name", "姓名", lambda s: s.plan.person.name),
            Column("state", "进展", lambda s: Coded(f"search.{s.state}", s.get_state_display())),
            Column("due", "本步时限", lambda s: s.due_at if s.state != SearchStep.FOUND else None, sort="due"),
            Column("owner", "责任人", lambda s: s.owner_name),
            Column("opened", "开始", lambda s: s.opened_at),
            Column("outcome", "结果", lambda s: s.outcome),
            Column("place", "社区", lambda s: s.place),
        ),
        facets=(
            facets.code_list("state", "进展", SearchStep),
            facets.cases(
                "open", "是否了结", open=("还在找", lambda on: ~Q(state=SearchStep.FOUND)),
                found=("已确认平安", lambda on: Q(state=SearchStep.FOUND)),
            ),
            facets.place(),
        ),
        orders=(Order("newest", "新的在前", descending=True), Order("due", "时限", "due_at")),
    )
)  # fmt: skip
