"""Cancelling for the person served: at once while nobody is promised, by the centre's answer afterwards.

When the person no longer wants the service the need does not wait for another order: it is closed with the reason.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from wushe.chain.needs.models import Need, NeedState
from wushe.chain.needs.services import mark_unwanted
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain, visible

from .models import RUNNING, CancelAnswer, CancelRequest, Order
from .services import cancel_order

LONGEST_REASON = 120


class AnsweredAlready(Conflict):
    """Somebody else has answered the wish, or the order has ended meanwhile."""

    message = "这条取消申请已经有人处理，或者订单已经结束，请刷新看结果。"


def running_orders(*, need_id: int) -> list[Order]:
    """Return the orders of a need that have not ended."""
    return list(Order.objects.filter(need_id=need_id, state__in=RUNNING).order_by("id"))


@domain_call(None)
def drop_orders(*, actor: Actor, at: datetime, need_id: int, reason: str) -> Need:
    """Cancel all running orders of a need and close it, because its person no longer wants it.

    Offers are taken back at once; visits that have not begun are cancelled by dispatch. Called by later stages.
    """
    for order in running_orders(need_id=need_id):
        cancel_order(actor=actor, at=at, order_id=order.pk, reason=reason)
    return mark_unwanted(actor=actor, at=at, need_id=need_id, reason=reason)


@domain_call(None)
def ask_cancel(*, actor: Actor, at: datetime, order_id: int, reason: str) -> CancelRequest:
    """Note that a person wants an order cancelled; asking again changes nothing. Called by later stages.

    Raises Invalid without a reason.
    """
    reason = reason.strip()
    if not reason:
        raise Invalid(fields={"reason": "请告诉我们为什么不要了。"})
    order = Order.objects.select_for_update().get(pk=order_id)
    asked = CancelRequest.objects.filter(order=order, answer=CancelAnswer.OPEN).first()
    if asked:
        return asked
    request = CancelRequest.objects.create(
        order=order, area_code=order.area_code, reason=reason[:LONGEST_REASON], asked_at=at, asked_by=actor.user_id
    )
    record(kind="order.ask_cancel", subject=order, actor=actor, at=at, data={"reason": request.reason})
    return request


@domain_call("orders:cancel")
def grant_cancel(*, actor: Actor, at: datetime, request_id: int) -> CancelRequest:
    """Do what the person asked for: the order and its coming visits are cancelled, and the need is closed.

    Raises NotFound outside the actor's area, AnsweredAlready.
    """
    request = _open_request(actor, request_id)
    _answer(request, CancelAnswer.GRANTED, actor=actor, at=at, note="")
    reason = f"居民申请取消：{request.reason}"
    cancel_order(actor=actor, at=at, order_id=request.order_id, reason=reason)
    if Need.objects.filter(pk=request.order.need_id, state=NeedState.LINKED).exists():
        mark_unwanted(actor=actor, at=at, need_id=request.order.need_id, reason=reason)
    return request


@domain_call("orders:cancel")
def decline_cancel(*, actor: Actor, at: datetime, request_id: int, note: str) -> CancelRequest:
    """Keep the order, with words for the person who asked.

    Raises NotFound outside the actor's area, Invalid without the words, AnsweredAlready.
    """
    note = note.strip()
    request = _open_request(actor, request_id)
    if not note:
        raise Invalid(fields={"note": "请写明和居民怎么说定的，居民会看到。"})
    if len(note) > LONGEST_REASON:
        raise Invalid(fields={"note": f"最多{LONGEST_REASON}字，请写得短一些。"})
    _answer(request, CancelAnswer.DECLINED, actor=actor, at=at, note=note)
    record(kind="order.keep", subject=request.order, actor=actor, at=at, data={"reason": note})
    return request


def open_requests(*, actor: Actor) -> QuerySet[CancelRequest]:
    """Return the wishes that wait for an answer, the oldest first; raise NotAllowed without `orders:cancel`."""
    actor.require("orders:cancel")
    waiting = CancelRequest.objects.filter(answer=CancelAnswer.OPEN, order__state__in=RUNNING)
    return visible(waiting, actor).select_related("order__item", "order__person", "order__organisation").order_by("id")


def requests_of(*, need_ids: Iterable[int]) -> dict[int, CancelRequest]:
    """Return the last wish about each of these needs, as far as there is one; the caller has found them in scope."""
    rows = CancelRequest.objects.filter(order__need__in=list(need_ids)).select_related("order").order_by("id")
    return {row.order.need_id: row for row in rows}


def _open_request(actor: Actor, request_id: int) -> CancelRequest:
    request = obtain(CancelRequest.objects.select_related("order"), actor, pk=request_id)
    if request.answer != CancelAnswer.OPEN or request.order.state not in RUNNING:
        raise AnsweredAlready
    return request


def _answer(request: CancelRequest, answer: CancelAnswer, *, actor: Actor, at: datetime, note: str) -> None:
    given = {"answer": answer, "answered_at": at, "answered_by": actor.user_id, "note": note}
    if not CancelRequest.objects.filter(pk=request.pk, answer=CancelAnswer.OPEN).update(**given):
        raise AnsweredAlready
    for name, value in given.items():
        setattr(request, name, value)
