"""A call is drafted, announced with its rules, and cancelled with a reason; what may not be bought is refused at once."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from wushe.chain.projects.models import SourceClass
from wushe.chain.projects.services import LARGEST_SUM
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import obtain
from wushe.registers.areas.selectors import area_at

from .models import Selection
from .rules import barred_by, rules_of, way_of
from .states import ProposalState, SelectionKind
from .workflow import PROPOSAL, SELECTION

RIGHT = "selections:manage"
LONGEST_YEARS = 20  # a slip of the keyboard, not a policy
FIELDS = ("kind", "title", "area_code", "wanted", "listed_as", "source_class", "budget_fen", "limit_fen", "due_on",
          "starts_on", "ends_on")  # fmt: skip


@domain_call(RIGHT)
def draft_selection(*, actor: Actor, at: datetime, client_key: str = "", **values: Any) -> Selection:
    """Draft a call; the amount decides the way of a purchase. The same client key again gives the same call.

    Raises Invalid beside each field: what the negative list bars, what the purchase list does not have, sums and days.
    """
    selection = Selection(opened_by=actor.user_id, **{name: values[name] for name in FIELDS if name in values})
    _set(actor, selection, on=timezone.localdate(at))

    def effect() -> dict[str, Any]:
        SELECTION.start(selection, event="draft", actor=actor, at=at, data={"kind": selection.kind})
        return {"selection": selection.pk}

    body = {"title": selection.title, "budget": selection.budget_fen}
    answer = once(actor=actor, at=at, key=client_key, call="selections.draft_selection", body=body, effect=effect)
    return Selection.objects.get(pk=answer["selection"])


@domain_call(RIGHT)
def amend_selection(*, actor: Actor, at: datetime, selection_id: int, changes: dict[str, Any]) -> Selection:
    """Change a call that is not announced yet; raises NotFound, MoveNotAllowed, Invalid."""
    selection = obtain(Selection, actor, pk=selection_id)
    SELECTION.edge(selection.state, "amend")
    for name in FIELDS:
        setattr(selection, name, changes.get(name, getattr(selection, name)))
    _set(actor, selection, on=timezone.localdate(at))
    told = {name: getattr(selection, name) for name in (*FIELDS, "way")}
    SELECTION.move(selection, "amend", actor=actor, at=at, changes=told)
    return selection


@domain_call(RIGHT)
def announce(*, actor: Actor, at: datetime, selection_id: int) -> Selection:
    """Publish a call; it stays open for the days that its kind or way asks for.

    Raises NotFound, MoveNotAllowed, Conflict for too short a time.
    """
    selection = obtain(Selection, actor, pk=selection_id)
    SELECTION.edge(selection.state, "announce")
    today = timezone.localdate(at)
    least = rules_of(selection, on=today).least_days
    if selection.due_on < today + timedelta(days=least):
        raise Conflict(f"从发布到截止不能少于{least}天，请先修改截止日期。")
    SELECTION.move(selection, "announce", actor=actor, at=at, changes={"announced_on": today})
    return selection


@domain_call(RIGHT)
def cancel_selection(*, actor: Actor, at: datetime, selection_id: int, reason: str) -> Selection:
    """End a call without a result, with all its proposals; raises NotFound, MoveNotAllowed, Invalid without a reason."""
    selection = obtain(Selection.objects.select_for_update(), actor, pk=selection_id)
    if not reason.strip():
        raise Invalid(fields={"reason": "请写明为什么终止，会公开。"})
    SELECTION.move(selection, "cancel", actor=actor, at=at, changes={"outcome": reason.strip()[:200]})
    for proposal in selection.proposals.all():
        if PROPOSAL.allows(proposal.state, "lose"):
            PROPOSAL.move(proposal, "lose", actor=actor, at=at)
    return selection


@domain_call(RIGHT)
def close_entry(*, actor: Actor, at: datetime, selection_id: int) -> Selection:
    """Close entry after the last day; what was not filed lapses. Raises NotFound, MoveNotAllowed, Conflict before it."""
    selection = obtain(Selection, actor, pk=selection_id)
    SELECTION.edge(selection.state, "close_entry")
    if timezone.localdate(at) <= selection.due_on:
        raise Conflict(f"{selection.due_on:%Y年%-m月%-d日}还可以提交，过了这一天才能截止。")
    shut(selection, actor=actor, at=at)
    return selection


def shut(selection: Selection, *, actor: Actor, at: datetime) -> None:
    """Close entry; late is late for everybody."""
    SELECTION.move(selection, "close_entry", actor=actor, at=at)
    for proposal in selection.proposals.filter(state=ProposalState.DRAFTED):
        PROPOSAL.move(proposal, "lapse", actor=actor, at=at, changes={"remark": "截止前没有提交"})


def _set(actor: Actor, selection: Selection, *, on: date) -> None:
    """Put the words in order, find the way, and refuse what breaks a rule."""
    selection.title, selection.wanted = selection.title.strip(), selection.wanted.strip()
    faults = _faults(actor, selection, on=on)
    if selection.kind == SelectionKind.PURCHASE and not faults:
        faults |= _not_for_sale(selection, on=on)
        # One package, one supplier: the limit of a purchase is its budget.
        selection.limit_fen = selection.budget_fen
    if faults:
        raise Invalid(fields=faults)
    selection.way = way_of(selection.kind, selection.budget_fen, area_code=selection.area_code, on=on)


def _faults(actor: Actor, selection: Selection, *, on: date) -> dict[str, str]:
    faults = {}
    if selection.kind not in SelectionKind.values:
        faults["kind"] = "请选择公益创投还是政府购买。"
    if not 2 <= len(selection.title) <= 60:
        faults["title"] = "请填写名称（2到60个字）。"
    if not 20 <= len(selection.wanted) <= 3000:
        faults["wanted"] = "请写明要解决什么问题、对项目有什么要求（20到3000个字）。"
    if not selection.area_code.startswith(actor.area_code) or area_at(code=selection.area_code, on=on) is None:
        faults["area_code"] = "请选择本辖区内的地方。"
    if selection.source_class not in SourceClass.values:
        faults["source_class"] = "请选择资金来源。"
    if not 0 < selection.budget_fen <= LARGEST_SUM:
        faults["budget_fen"] = "金额应大于零，请以元为单位填写。"
    elif selection.kind != SelectionKind.PURCHASE and not 0 < selection.limit_fen <= selection.budget_fen:
        faults["limit_fen"] = "每个项目的上限应大于零，不超过总预算。"
    return faults | _wrong_days(selection, on=on)


def _wrong_days(selection: Selection, *, on: date) -> dict[str, str]:
    faults = {}
    if selection.due_on <= on:
        faults["due_on"] = "截止日期应在今天以后。"
    if selection.starts_on <= selection.due_on:
        faults["starts_on"] = "项目在截止以后才能开始。"
    if selection.ends_on <= selection.starts_on:
        faults["ends_on"] = "结束日期应在开始以后。"
    elif selection.ends_on.year > on.year + LONGEST_YEARS:
        faults["ends_on"] = "结束日期太远，请核对。"
    return faults


def _not_for_sale(selection: Selection, *, on: date) -> dict[str, str]:
    """Return what bars a purchase: the list of what may be bought, the list of what may not, and the longest term."""

    def value(name: str) -> Any:
        return preset(f"selections.{name}", area_code=selection.area_code, on=on)

    faults = {}
    if selection.listed_as not in value("catalogue.purchase"):
        faults["listed_as"] = "只能购买指导性目录里有的服务，请从目录里选。"
    if barred := barred_by(f"{selection.title}{selection.wanted}", value("negative.purchase")):
        faults["wanted"] = f"负面清单：“{barred}”不能作为政府购买服务（政府购买服务管理办法第十条）。"
    months = int(value("term_months.purchase"))
    if (selection.ends_on - selection.starts_on).days > months * 31:
        faults["ends_on"] = f"合同期限最长{months}个月（政府购买服务管理办法第二十四条）。"
    return faults
