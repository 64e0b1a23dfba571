"""Any need opens as the timeline of its whole chain: who, when, why, and what comes next (F1, F130)."""

from dataclasses import dataclass, field
from datetime import datetime

from wushe.chain.dispatch.models import Appointment
from wushe.chain.needs.models import Need, NeedState, Urgency
from wushe.chain.needs.selectors import WAITING
from wushe.chain.orders.models import Order, OrderState
from wushe.chain.settlement.models import Settlement, SettlementState
from wushe.chain.verification.models import CallBack, Check
from wushe.chain.visits.models import Visit
from wushe.foundation.actor import Actor
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.roles import ROLES, Reach
from wushe.foundation.scope import obtain
from wushe.registers.catalogue.models import Responsibility

from .chain_records import ChainRecords, chain_records
from .titles import title_of

STAGES = [
    ("need", "发现需求"),
    ("triage", "研判"),
    ("link", "链接五社"),
    ("order", "点单接单"),
    ("dispatch", "安排人员"),
    ("visit", "上门服务"),
    ("check", "核验"),
    ("settlement", "结算"),
]
_AHEAD = {
    "triage": "要先定服务项目、急不急、由谁负责。",
    "link": "研判以后，选定由五社中的哪一方来做、用哪一笔钱。",
    "order": "链接以后点单，送给能承接的机构。",
    "dispatch": "机构接单以后排进当天的计划。",
    "visit": "排好人员以后按约定时间上门。",
    "check": "每次签退以后，由没有参加服务的人核验。",
    "settlement": "核验通过以后记时长、结费用。",
}
_STAGE_OF = {
    "need": "need", "linkage": "link", "order": "order", "appointment": "dispatch", "visit": "visit", "check": "check",
    "callback": "check", "settlement": "settlement", "settlementrun": "settlement",
}  # fmt: skip
_STAGE_OF_KIND = {"need.triage": "triage", "need.link": "link", "need.relink": "link", "need.serve": "order",
                  "need.release": "order", "need.meet": "visit"}  # fmt: skip
# Said already by the step that caused it.
_ECHOES = {"need.link", "need.relink", "need.serve", "need.release"}


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
    """One stage of the chain: done, current, still to come, or stopped; `ahead` says what has to happen first."""

    code: str
    title: str
    status: str
    ahead: str


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit of an order with all that followed from it."""

    appointment: Appointment
    visit: Visit | None
    check: Check | None
    call_back: CallBack | None
    settlement: Settlement | None


@dataclass(frozen=True, slots=True)
class OrderChain:
    """One order with its visits."""

    order: Order
    visits: list[VisitLine]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole chain of one need: the steps of the need and its orders, its visits line by line, the full record."""

    need: Need
    steps: list[Step]
    stages: list[StageMark]
    current: str
    next_step: str
    overdue: bool
    orders: list[OrderChain] = field(default_factory=list)
    record: list[Step] = field(default_factory=list)


def need_timeline(*, actor: Actor, need_id: int, at: datetime) -> Timeline:
    """Return the chain of a need within the actor's scope; raise NotAllowed without the right, NotFound outside it.

    A resident sees the steps and the visits; what the checkers wrote to each other stays with them.
    """
    actor.require("needs:view")
    need = obtain(Need.objects.select_related("person", "item", "package", "duplicate_of"), actor, pk=need_id)
    records = chain_records(need=need)
    own = actor.reach is Reach.HOLDER
    record = [_step(entry, records) for entry in records.entries]
    reached, next_step = _position(need, records)
    return Timeline(
        need=need,
        steps=[
            step
            for entry, step in zip(records.entries, record, strict=True)
            if step.stage in ("need", "triage", "link", "order") and entry.kind not in _ECHOES
        ],
        stages=_stages(reached, need.state),
        current=reached,
        next_step=next_step,
        overdue=bool(need.due_at and need.due_at < at) and _unanswered(records),
        orders=_orders(records, with_checks=not own),
        record=[] if own else record,
    )


def _unanswered(records: ChainRecords) -> bool:
    """Say whether nobody has come yet: a service of many visits is answered by its first."""
    state = records.need.state
    return state in WAITING or (state == NeedState.IN_SERVICE and not records.visits)


def _orders(records: ChainRecords, *, with_checks: bool) -> list[OrderChain]:
    visits = {visit.appointment_id: visit for visit in records.visits}
    checks = {check.visit_id: check for check in records.checks} if with_checks else {}
    calls = {call.visit_id: call for call in records.call_backs} if with_checks else {}
    paid = {one.visit_id: one for one in records.settlements if one.state != SettlementState.REVERSED}

    def line(appointment: Appointment) -> VisitLine:
        visit = visits.get(appointment.pk)
        if visit is None:
            return VisitLine(appointment, None, None, None, None)
        return VisitLine(appointment, visit, checks.get(visit.pk), calls.get(visit.pk), paid.get(visit.pk))

    return [
        OrderChain(order, [line(a) for a in records.appointments if a.order_id == order.pk]) for order in records.orders
    ]


def _step(entry: JournalEntry, records: ChainRecords) -> Step:
    role = ROLES.get(entry.role_code)
    return Step(
        at=entry.at,
        stage=_STAGE_OF_KIND.get(entry.kind) or _STAGE_OF.get(entry.subject_kind, "need"),
        title=title_of(entry.kind, entry.data),
        who=records.names.get(entry.actor_id, "系统"),
        role=role.title if role and role.code != "system" else "",
        why=_why(entry, records),
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
    )


def _why(entry: JournalEntry, records: ChainRecords) -> str:
    """Return in words why the step was taken, or what it says beyond its title."""
    say = _WORDS.get(entry.kind)
    words = say(entry, records) if say else ""
    return words or str(entry.data.get("reason") or entry.data.get("why") or "")


def _triaged(entry: JournalEntry, records: ChainRecords) -> str:
    need = records.need
    code = entry.data.get("item") or (need.item.code if need.item else "")
    item = need.item.name if need.item and need.item.code == code else code
    package = f"（{need.package.name}）" if need.package else ""
    urgency = dict(Urgency.choices).get(entry.data.get("urgency") or need.urgency, "")
    party = dict(Responsibility.choices).get(entry.data.get("party") or need.responsible_party, "")
    return f"服务：{item}{package}；{urgency}；责任方：{party}。"


def _closed(entry: JournalEntry, records: ChainRecords) -> str:
    original = entry.data.get("duplicate_of")
    return f"与需求 #{original} 重复，并入办理。" if original else ""


def _linked(entry: JournalEntry, records: ChainRecords) -> str:
    linkage = next((one for one in records.linkages if one.pk == entry.subject_id), None)
    if linkage is None:
        return ""
    parts = [f"由{linkage.get_society_display()}来做"]
    parts += [f"机构：{linkage.organisation.name}"] if linkage.organisation else []
    parts += [f"项目：{linkage.project.title}"] if linkage.project else []
    parts += [f"资金：{linkage.budget_line.title}"] if linkage.budget_line else []
    parts += [f"资源：{linkage.resource.title}×{linkage.resource_quantity}"] if linkage.resource else []
    return "；".join(parts) + "。" + linkage.reason


def _organisations(entry: JournalEntry, records: ChainRecords) -> str:
    names = {offer.organisation_id: offer.organisation.name for offer in records.offers}
    names |= {order.organisation.pk: order.organisation.name for order in records.orders if order.organisation}
    wanted = entry.data.get("organisations") or [entry.data.get("organisation")]
    named = "、".join(names[pk] for pk in wanted if pk in names)
    reason = str(entry.data.get("reason") or "")
    return "：".join(part for part in (named, reason) if part)


def _refused(entry: JournalEntry, records: ChainRecords) -> str:
    offers = [
        one
        for one in records.offers
        if one.order_id == entry.subject_id and one.organisation_id == entry.data.get("organisation")
    ]
    offer = next((one for one in reversed(offers) if one.reason), None)
    return f"{offer.organisation.name}：{offer.reason}" if offer else ""


def _placed(entry: JournalEntry, records: ChainRecords) -> str:
    order = next((one for one in records.orders if one.pk == entry.subject_id), None)
    return f"{order.item.name}，{order.visits_ordered}次，{order.starts_on:%m月%d日}起。" if order else ""


def _decided(entry: JournalEntry, records: ChainRecords) -> str:
    check = next((one for one in records.checks if one.pk == entry.subject_id), None)
    if check is None:
        return ""
    return check.appeal if entry.kind == "check.appeal" else check.reason


def _blocked(entry: JournalEntry, records: ChainRecords) -> str:
    one = next((one for one in records.settlements if one.pk == entry.subject_id), None)
    return one.blocked_by if one else ""


_WORDS = {
    "need.triage": _triaged,
    "need.close": _closed,
    "linkage.link": _linked,
    "order.place": _placed,
    "order.send": _organisations,
    "order.accept": _organisations,
    "order.withdraw": _organisations,
    "offer.refuse": _refused,
    "check.accept": _decided,
    "check.reject": _decided,
    "check.appeal": _decided,
    "settlement.open": _blocked,
}


def _position(need: Need, records: ChainRecords) -> tuple[str, str]:
    """Return the stage that is current and the sentence that says what comes next."""
    if need.state == NeedState.RECORDED:
        return "triage", "请研判：确定服务项目、紧急程度和责任方。"
    if need.state == NeedState.TRIAGED:
        return "link", "请链接：选定由五社中的哪一方来做、用哪一笔钱。"
    if need.state == NeedState.LINKED:
        return "order", "请点单：确定次数和时间，送给承接机构。"
    if need.state == NeedState.IN_SERVICE:
        return _order_position(records)
    if need.state == NeedState.MET:
        return _after_service(records)
    return "need", "本需求已办结，如情况有变可重新受理。"


def _order_position(records: ChainRecords) -> tuple[str, str]:
    live = next(
        (o for o in reversed(records.orders) if o.state not in (OrderState.FULFILLED, OrderState.CANCELLED)), None
    )
    if live is None:
        return "check", "服务次数已完成，等待核验。"
    if live.state == OrderState.PLACED:
        return "order", "订单还没有机构接手，请送单。"
    if live.state == OrderState.SENT:
        return "order", "等待机构接单，超过时限会自动退回。"
    coming = [a for a in records.appointments if a.order_id == live.pk and a.state in ("open", "confirmed")]
    appointment = min(coming, key=lambda a: (a.day, a.planned_start or a.window_start), default=None)
    if any(visit.state == "started" for visit in records.visits):
        return "visit", "服务人员正在上门服务。"
    if appointment is None:
        return "dispatch", "等待调度安排下一次上门。"
    if appointment.state == "open":
        return "dispatch", f"等待调度安排{appointment.day:%m月%d日}的上门人员。"
    return "visit", f"已安排{appointment.day:%m月%d日}上门，等待服务人员签到。"


def _after_service(records: ChainRecords) -> tuple[str, str]:
    if any(check.state == "waiting" for check in records.checks):
        return "check", "服务已完成，还有上门在等核验。"
    due = [one for one in records.settlements if one.state == SettlementState.DUE]
    if due:
        return "settlement", f"服务已完成，还有{len(due)}笔在等结算。"
    return "done", "服务已完成，核验和结算都已办好。"


def _stages(reached: str, state: str) -> list[StageMark]:
    codes = [code for code, _ in STAGES]
    stopped = state in (NeedState.REFERRED, NeedState.CLOSED)
    position = len(codes) if reached == "done" else codes.index(reached)
    marks = []
    for index, (code, title) in enumerate(STAGES):
        status = "done" if index < position else "current" if index == position else "future"
        if stopped:
            status = "done" if index == 0 else "stopped"
        marks.append(StageMark(code, title, status, _AHEAD.get(code, "")))
    return marks
