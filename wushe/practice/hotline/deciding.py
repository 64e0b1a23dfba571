"""What the street decides about hotline orders: disputes, extensions, what does not count, and the topic of the month."""

from datetime import date, datetime

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import covers, obtain
from wushe.foundation.workflow import MoveNotAllowed

from .models import Dispute, Exclusion, Extension, HotlineOrder, MonthlyTopic, Request, Topic
from .selectors import repeated_orders
from .workflow import HOTLINE_ORDER


class ExtendedEnough(Conflict):
    """The number of extensions that policy allows is used up."""

    message = "延期次数已经用完，不能再延。"


class LiftedAlready(Conflict):
    """The topic is taken up this month already."""

    message = "本月已经把这类问题列为每月一题。"


@domain_call("hotline:decide")
def decide_dispute(*, actor: Actor, at: datetime, order_id: int, agreed: bool, decision: str) -> Dispute:
    """Decide whose an order is: returned to be given out anew, or kept by the unit for good.

    Raises NotFound, Invalid without words, MoveNotAllowed if nothing is disputed.
    """
    order = obtain(HotlineOrder, actor, pk=order_id)
    text = _words(decision)
    changes = {"unit": "", "owner_name": order.first_name} if agreed else {"returnable": False}
    HOTLINE_ORDER.move(order, "uphold" if agreed else "turn_down", actor=actor, at=at, changes=changes)
    dispute: Dispute = order.disputes.get(agreed=None)
    _decide(dispute, agreed, text, actor=actor, at=at)
    return dispute


@domain_call("hotline:decide")
def decide_extension(*, actor: Actor, at: datetime, order_id: int, agreed: bool, decision: str) -> Extension:
    """Grant or refuse more time; who asked does not decide. Raises NotFound, Invalid, MoveNotAllowed, ExtendedEnough."""
    order = obtain(HotlineOrder, actor, pk=order_id)
    text = _words(decision)
    asked: Extension | None = order.extensions.filter(agreed=None).first()
    if asked is None:
        raise MoveNotAllowed("没有等审批的延期申请。")
    if asked.asked_by == actor.user_id:
        raise MoveNotAllowed("不能审批自己提出的延期。")
    if agreed:
        most = preset("needs.extension.limit", area_code=order.area_code, on=timezone.localdate(at))
        if order.extensions.filter(agreed=True).count() >= most:
            raise ExtendedEnough(ExtendedEnough.message)
        HOTLINE_ORDER.move(order, "extend", actor=actor, at=at, changes={"due_at": asked.until})
    else:
        record(kind="hotline_order.refuse_extension", subject=order, actor=actor, at=at)
    _decide(asked, agreed, text, actor=actor, at=at)
    return asked


@domain_call("hotline:decide")
def exclude_order(*, actor: Actor, at: datetime, order_id: int, exclusion: str, note: str) -> HotlineOrder:
    """Take an order out of the adjusted rates, with the reason; it stays in the raw ones. Raises NotFound, Invalid."""
    order = obtain(HotlineOrder, actor, pk=order_id)
    if exclusion not in Exclusion.values:
        raise Invalid(fields={"exclusion": "请选择剔除的原因。"})
    order.exclusion, order.exclusion_note = exclusion, _words(note, "note")[:200]
    order.save(update_fields=["exclusion", "exclusion_note"])
    record(kind="hotline_order.exclude", subject=order, actor=actor, at=at, data={"exclusion": exclusion})
    return order


@domain_call("hotline:decide")
def lift_topic(
    *, actor: Actor, at: datetime, area_code: str, topic: str, title: str, measures: str, owner_name: str, due_on: date
) -> MonthlyTopic:
    """Take up a repeated problem as the topic of the month, with the orders behind it and somebody's name.

    Raises Invalid, and LiftedAlready if the area has this topic this month.
    """
    today = timezone.localdate(at)
    given = {"title": title, "measures": measures, "owner_name": owner_name}
    faults = {name: "这一项要填。" for name, value in given.items() if not value.strip()}
    if topic not in Topic.values:
        faults["topic"] = "请选择类别。"
    if due_on < today:
        faults["due_on"] = "完成期限不能早于今天。"
    if not area_code or not covers(actor, area_code):
        faults["area_code"] = "只能列本辖区的题目。"
    if faults:
        raise Invalid(fields=faults)
    month = today.replace(day=1)
    if MonthlyTopic.objects.filter(area_code=area_code, topic=topic, month=month).exists():
        raise LiftedAlready(LiftedAlready.message)
    lifted = MonthlyTopic.objects.create(
        area_code=area_code, topic=topic, month=month, title=title.strip()[:80], measures=measures.strip()[:500],
        owner_name=owner_name.strip()[:40], due_on=due_on, lifted_at=at, lifted_by=actor.user_id,
    )  # fmt: skip
    count = repeated_orders(area_code=area_code, topic=topic, at=at).update(monthly_topic=lifted)
    record(kind="monthly_topic.lift", subject=lifted, actor=actor, at=at, data={"topic": topic, "orders": count})
    return lifted


def _decide(asked: Request, agreed: bool, decision: str, *, actor: Actor, at: datetime) -> None:
    asked.agreed, asked.decision, asked.decided_at, asked.decided_by = agreed, decision, at, actor.user_id
    asked.save(update_fields=["agreed", "decision", "decided_at", "decided_by"])


def _words(text: str, field: str = "decision") -> str:
    if not text.strip():
        raise Invalid(fields={field: "请写明意见。"})
    return text.strip()[:300]
