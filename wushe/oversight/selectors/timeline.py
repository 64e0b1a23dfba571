"""Any need opens as the timeline of its whole chain: who, when, why, and what comes next (F1, F130)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wushe.chain.dispatch.models import Appointment
from wushe.chain.needs.models import Need, NeedState
from wushe.chain.orders.models import Order
from wushe.chain.resources.models import Linkage
from wushe.chain.settlement.models import Settlement
from wushe.chain.verification.models import CallBack, Check
from wushe.chain.visits.models import Visit
from wushe.foundation.access.models import User
from wushe.foundation.actor import Actor
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.journal.selectors import history_of_many
from wushe.foundation.roles import ROLES
from wushe.foundation.scope import obtain
from wushe.foundation.workflow import Workflow

STAGES = [
    ("need", "发现需求"),
    ("triage", "研判"),
    ("link", "链接五社"),
    ("order", "点单送单接单"),
    ("dispatch", "安排人员"),
    ("visit", "上门服务"),
    ("check", "核验"),
    ("settlement", "结算"),
]

_OTHER_TITLES = {
    "need.record": "登记需求",
    "project.design": "设计项目",
    "linkage.link": "链接资源",
    "linkage.end": "终止链接",
    "order.place": "点单",
    "order.refuse": "机构婉拒",
    "order.offer": "送达机构",
    "visit.start": "签到",
    "visit.evidence": "上传凭证",
    "visit.rate": "服务评价",
    "check.open": "进入核验",
    "call_back.draw": "抽中回访",
    "settlement.open": "生成结算单",
    "person.reveal": "查看隐私信息",
}
_STAGE_OF = {
    "need": "need", "linkage": "link", "order": "order", "offer": "order", "appointment": "dispatch",
    "visit": "visit", "evidence": "visit", "rating": "visit", "check": "check", "call_back": "check",
    "settlement": "settlement",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened in the chain."""

    at: datetime
    stage: str
    title: str
    who: str
    role: str
    why: str
    subject_kind: str
    subject_id: int


@dataclass(frozen=True, slots=True)
class StageMark:
    """One stage of the chain: done, current or still to come."""

    code: str
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole chain of one need."""

    need: Need
    steps: list[Step]
    stages: list[StageMark]
    next_step: str
    overdue: bool
    orders: list[Order] = field(default_factory=list)


def need_timeline(*, actor: Actor, need_id: int, at: datetime) -> Timeline:
    """Return the chain of a need within the actor's scope; raise NotFound outside it."""
    need = obtain(Need.objects.select_related("person", "item", "package"), actor, pk=need_id)
    subjects = _subjects(need)
    entries = [e for e in history_of_many(subjects=subjects) if e.kind not in ("person.reveal",)]
    names = dict(User.objects.filter(pk__in={e.actor_id for e in entries}).values_list("pk", "name"))
    steps = [_step(entry, names) for entry in entries]
    orders = list(Order.objects.filter(need=need).select_related("organisation", "item").order_by("id"))
    reached, next_step = _position(need, orders)
    return Timeline(
        need=need,
        steps=steps,
        stages=_stages(reached, need.state),
        next_step=next_step,
        overdue=bool(need.due_at and need.due_at < at and need.state in _OPEN),
        orders=orders,
    )


_OPEN = {NeedState.RECORDED, NeedState.TRIAGED, NeedState.LINKED, NeedState.IN_SERVICE}


def _subjects(need: Need) -> list[tuple[str, int]]:
    """Return (kind, id) of everything that belongs to the chain of this need."""
    found = [("need", need.pk)]
    sources: list[tuple[Any, dict[str, Any]]] = [
        (Linkage, {"need": need}),
        (Order, {"need": need}),
        (Appointment, {"order__need": need}),
        (Visit, {"appointment__order__need": need}),
        (Check, {"visit__appointment__order__need": need}),
        (CallBack, {"visit__appointment__order__need": need}),
        (Settlement, {"visit__appointment__order__need": need}),
    ]
    for model, lookup in sources:
        kind = model._meta.model_name
        found += [(kind, pk) for pk in model.objects.filter(**lookup).values_list("pk", flat=True)]
    return found


def _step(entry: JournalEntry, names: dict[int, str]) -> Step:
    workflow = entry.kind.partition(".")[0]
    stage = _STAGE_OF.get(workflow, "need")
    if entry.kind == "need.triage":
        stage = "triage"
    if entry.kind in ("need.link", "need.relink"):
        stage = "link"
    role = ROLES.get(entry.role_code)
    return Step(
        at=entry.at,
        stage=stage,
        title=title_of(entry.kind),
        who=names.get(entry.actor_id, "系统"),
        role=role.title if role else "",
        why=str(entry.data.get("reason") or entry.data.get("why") or ""),
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
    )


def title_of(kind: str) -> str:
    """Return the Chinese title of a journal kind: the edge's title of its workflow, or that of a plain act."""
    name, _, event = kind.partition(".")
    workflow = Workflow.registry.get(name)
    if workflow:
        for edge in workflow.edges:
            if edge.event == event:
                return edge.title
    return _OTHER_TITLES.get(kind, kind)


def _position(need: Need, orders: list[Order]) -> tuple[str, str]:
    """Return the stage that is current and the sentence that says what comes next."""
    if need.state == NeedState.RECORDED:
        return "triage", "请研判：确定服务项目、紧急程度和责任方。"
    if need.state == NeedState.TRIAGED:
        return "link", "请链接：选定由五社中的哪一方来做、用哪一笔钱。"
    if need.state == NeedState.LINKED:
        return "order", "请点单：确定次数和时间，送给承接机构。"
    if need.state == NeedState.IN_SERVICE:
        return _order_position(orders)
    if need.state == NeedState.MET:
        return "settlement", "服务已完成。可查看核验与结算结果。"
    return "need", "本需求已办结，如情况有变可重新受理。"


def _order_position(orders: list[Order]) -> tuple[str, str]:
    live = next((o for o in reversed(orders) if o.state in ("placed", "sent", "accepted")), None)
    if live is None:
        return "check", "服务次数已完成，等待核验。"
    if live.state == "placed":
        return "order", "订单还没有机构接手，请送单。"
    if live.state == "sent":
        return "order", "等待机构接单，超过时限会自动退回。"
    appointment = live.appointments.filter(state__in=["open", "confirmed"]).order_by("day", "planned_start").first()
    if appointment is None:
        return "check", "本批上门服务已完成，等待核验。"
    if appointment.state == "open":
        return "dispatch", f"等待调度安排{appointment.day:%m月%d日}的上门人员。"
    return "visit", f"已安排{appointment.day:%m月%d日}上门，等待服务人员签到。"


def _stages(reached: str, state: str) -> list[StageMark]:
    codes = [code for code, _ in STAGES]
    position = codes.index(reached)
    done_all = state == NeedState.MET
    stopped = state in (NeedState.REFERRED, NeedState.CLOSED)
    marks = []
    for index, (code, title) in enumerate(STAGES):
        if done_all or index < position:
            status = "done"
        elif index == position and not stopped:
            status = "current"
        else:
            status = "future"
        marks.append(StageMark(code, title, status))
    return marks
