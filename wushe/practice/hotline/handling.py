"""The unit works on an order: calls first, asks others to help, answers; its clock stands still only by rule."""

from datetime import datetime

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotAllowed
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain
from wushe.foundation.workflow import MoveNotAllowed

from .models import Dispute, Extension, Helper, HotlineCall, HotlineOrder, OrderState, Pause, PauseRule, Satisfaction
from .workflow import HOTLINE_ORDER


class ContactFirst(Conflict):
    """An order is answered only after its caller has been spoken with."""

    message = "还没有联系诉求人，请先记下首次联系。"


class NotDueYet(Conflict):
    """The call-back comes after the limit or after the answer, whichever is first."""

    message = "还没有答复，也没有到期，先不回访。"


@domain_call("hotline:handle")
def contact_caller(*, actor: Actor, at: datetime, order_id: int, note: str) -> HotlineOrder:
    """Write down the first contact with the caller; it counts once. Raises NotFound, Invalid, MoveNotAllowed."""
    order = obtain(HotlineOrder, actor, pk=order_id)
    text = _given(note, "note", "请写一句联系的情况。")[:200]
    if order.contacted_at:
        raise MoveNotAllowed("首次联系已经记过了。")
    changes = {"contacted_at": at, "contact_note": text}
    HOTLINE_ORDER.move(order, "contact", actor=actor, at=at, changes=changes)
    return order


@domain_call(None)
def reveal_caller(*, actor: Actor, at: datetime, order_id: int) -> str:
    """Return the caller's telephone in full, and journal the look. Raises NotAllowed, NotFound."""
    if not actor.may("hotline:handle") and not actor.may("hotline:call"):
        raise NotAllowed
    order = obtain(HotlineOrder, actor, pk=order_id)
    record(kind="hotline_order.reveal_caller", subject=order, actor=actor, at=at)
    plain: str = order.caller_phone.reveal()
    return plain


@domain_call("hotline:handle")
def ask_helper(*, actor: Actor, at: datetime, order_id: int, unit: str, task: str) -> Helper:
    """Ask another department to help with a part; raises NotFound, Invalid, MoveNotAllowed if it is not worked on."""
    order = _worked_on(actor, order_id)
    unit, task = _given(unit, "unit", "请写明请谁协办。")[:60], _given(task, "task", "请写明协办什么。")[:200]
    if order.helpers.filter(unit=unit).exists():
        raise Invalid(fields={"unit": "这个单位已经在协办了。"})
    helper = Helper.objects.create(order=order, unit=unit, task=task, asked_at=at)
    record(kind="hotline_order.ask_helper", subject=order, actor=actor, at=at, data={"helper": helper.pk})
    return helper


@domain_call("hotline:handle")
def report_help(*, actor: Actor, at: datetime, helper_id: int, report: str) -> Helper:
    """Write down what a helping department reports back, once; raises NotFound, Invalid, MoveNotAllowed."""
    helper = Helper.objects.select_related("order").filter(pk=helper_id).first()
    order = obtain(HotlineOrder, actor, pk=helper.order_id if helper else None)
    assert helper is not None
    text = _given(report, "report", "请写明协办的结果。")[:500]
    if Helper.objects.filter(pk=helper.pk, reported_at=None).update(report=text, reported_at=at) != 1:
        raise MoveNotAllowed("协办结果已经反馈过了。")
    helper.refresh_from_db()
    record(kind="hotline_order.report_help", subject=order, actor=actor, at=at, data={"helper": helper.pk})
    return helper


@domain_call("hotline:handle")
def answer_order(*, actor: Actor, at: datetime, order_id: int, answer: str) -> HotlineOrder:
    """Answer the caller: what was done. Raises NotFound, Invalid, ContactFirst, MoveNotAllowed."""
    order = obtain(HotlineOrder, actor, pk=order_id)
    text = _given(answer, "answer", "请写明办理结果，诉求人看得懂的话。")[:1000]
    if order.contacted_at is None:
        raise ContactFirst(ContactFirst.message)
    HOTLINE_ORDER.move(order, "answer", actor=actor, at=at, changes={"answered_at": at, "answer": text})
    return order


@domain_call("hotline:handle")
def dispute_order(*, actor: Actor, at: datetime, order_id: int, reason: str) -> Dispute:
    """Say that an order is not the unit's own; the street decides. Raises NotFound, Invalid, MoveNotAllowed."""
    order = obtain(HotlineOrder, actor, pk=order_id)
    text = _given(reason, "reason", "请写明为什么不是本单位的事。")[:300]
    if not order.returnable:
        raise MoveNotAllowed("这件已经裁定过，不能再退单。")
    HOTLINE_ORDER.move(order, "dispute", actor=actor, at=at, data={"reason": text})
    return Dispute.objects.create(order=order, reason=text, asked_at=at, asked_by=actor.user_id)


@domain_call("hotline:handle")
def ask_extension(*, actor: Actor, at: datetime, order_id: int, reason: str, until: datetime) -> Extension:
    """Ask for more time, before the limit and with a reason; raises NotFound, Invalid, MoveNotAllowed."""
    order = _worked_on(actor, order_id)
    text = _given(reason, "reason", "请写明为什么要延期。")[:300]
    if at > order.due_at:
        raise MoveNotAllowed("已经超过时限，不能再申请延期。")
    if until <= order.due_at:
        raise Invalid(fields={"until": "延到的时间应晚于现在的时限。"})
    if order.extensions.filter(agreed=None).exists():
        raise MoveNotAllowed("已经有一份延期申请在等审批。")
    asked = Extension.objects.create(order=order, reason=text, until=until, asked_at=at, asked_by=actor.user_id)
    record(kind="hotline_order.ask_extension", subject=order, actor=actor, at=at, data={"extension": asked.pk})
    return asked


@domain_call("hotline:handle")
def pause_order(*, actor: Actor, at: datetime, order_id: int, rule: str, note: str) -> Pause:
    """Stop the clock by one of the rules, before the limit; raises NotFound, Invalid, MoveNotAllowed."""
    order = obtain(HotlineOrder, actor, pk=order_id)
    text = _given(note, "note", "请写明在等什么。")[:200]
    if rule not in PauseRule.values:
        raise Invalid(fields={"rule": "请选择暂停的依据，没有依据不能停表。"})
    if at > order.due_at:
        raise MoveNotAllowed("已经超过时限，不能再暂停。")
    HOTLINE_ORDER.move(order, "pause", actor=actor, at=at, changes={"paused_at": at}, data={"rule": rule})
    return Pause.objects.create(order=order, rule=rule, note=text, began_at=at)


@domain_call("hotline:handle")
def resume_order(*, actor: Actor, at: datetime, order_id: int) -> HotlineOrder:
    """Let the clock run again: the limit moves by as long as it stood still. Raises NotFound, MoveNotAllowed."""
    order = obtain(HotlineOrder, actor, pk=order_id)
    stood = at - order.paused_at if order.paused_at else None
    due = order.due_at + stood if stood else order.due_at
    HOTLINE_ORDER.move(order, "resume", actor=actor, at=at, changes={"paused_at": None, "due_at": due})
    Pause.objects.filter(order=order, ended_at=None).update(ended_at=at)
    return order


@domain_call("hotline:call")
def record_call(
    *, actor: Actor, at: datetime, order_id: int, reached: bool, solved: bool | None = None, satisfaction: str = "",
    comment: str = "",
) -> HotlineCall:  # fmt: skip
    """Write down the call-back of an answered order and close it; raises NotFound, Invalid, NotDueYet.

    Who was not reached is neither solved nor satisfied, and counts in the raw rates alone.
    """
    order = obtain(HotlineOrder, actor, pk=order_id)
    if order.state != OrderState.ANSWERED:
        raise NotDueYet(NotDueYet.message)
    faults = {}
    if reached and solved is None:
        faults["solved"] = "请选择解决了没有。"
    if reached and satisfaction not in Satisfaction.values:
        faults["satisfaction"] = "请选择满意程度。"
    if faults:
        raise Invalid(fields=faults)
    HOTLINE_ORDER.move(order, "close", actor=actor, at=at, changes={"closed_at": at}, data={"reached": reached})
    return HotlineCall.objects.create(
        order=order, called_at=at, called_by=actor.user_id, reached=reached, solved=solved if reached else None,
        satisfaction=satisfaction if reached else "", comment=comment.strip()[:300],
    )  # fmt: skip


def _worked_on(actor: Actor, order_id: int) -> HotlineOrder:
    order = obtain(HotlineOrder, actor, pk=order_id)
    if order.state != OrderState.ASSIGNED:
        raise MoveNotAllowed
    return order


def _given(text: str, field: str, message: str) -> str:
    if not text.strip():
        raise Invalid(fields={field: message})
    return text.strip()
