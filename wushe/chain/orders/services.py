"""Orders move: placed 点单, sent 送单, accepted 接单 by the first taker, withdrawn, cancelled, fulfilled.

A deadline stands on each leg; whoever refuses says why; what nobody takes in time returns to the pool.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import BigIntegerField, F, Max
from django.utils import timezone

from wushe.chain.needs.models import Need
from wushe.chain.needs.services import mark_in_service, mark_met, mark_released
from wushe.chain.resources.models import Linkage
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.journal.services import record
from wushe.foundation.prepared import Prepared, update_where
from wushe.foundation.presets.selectors import preset
from wushe.foundation.roles import Reach
from wushe.foundation.scope import obtain
from wushe.foundation.workflow import MoveNotAllowed, StateChanged
from wushe.registers.organisations.models import Organisation
from wushe.registers.organisations.selectors import takers_at

from .deadlines import ACCEPT, ASSIGN, SEND, leg_due
from .models import RUNNING, Answer, Offer, Order, OrderState
from .placing import check_request
from .workflow import ORDER


class OfferGone(Conflict):
    """The offer can no longer be answered: another was first, it ran out, or it was taken back."""

    message = "这张订单刚刚由别的机构接走了，谢谢您的响应。"


GONE = {
    Answer.ACCEPTED: "贵机构已经接下这张订单，不用再接一次。",
    Answer.REFUSED: "贵机构已经婉拒过这张订单。",
    Answer.EXPIRED: "这张订单已超过答复时限，退回调度中心重新派单。",
    Answer.LOST: OfferGone.message,
    Answer.TAKEN_BACK: "调度中心已撤回这张订单。",
}


@domain_call("orders:place")
def place_order(
    *,
    actor: Actor,
    at: datetime,
    need_id: int,
    visits_ordered: int,
    starts_on: date,
    window_start: int,
    window_end: int,
    weekdays: str = "",
    note: str = "",
) -> Order:
    """Order the visits that answer a linked need; the window bounds when a visit begins.

    Raises NotFound outside the actor's area, Invalid for a request that cannot be carried out, and MoveNotAllowed
    if the need is not linked.
    """
    need = obtain(Need.objects.select_related("item", "person"), actor, pk=need_id)
    check_request(
        visits_ordered=visits_ordered, starts_on=starts_on, today=timezone.localdate(at),
        window_start=window_start, window_end=window_end, weekdays=weekdays,
    )  # fmt: skip
    mark_in_service(actor=actor, at=at, need_id=need.pk)
    item = need.item
    assert item is not None, "a need in service has been triaged"
    linkage = Linkage.objects.filter(need=need, ended_at=None).first()
    order = Order(
        need=need, person=need.person, item=item, area_code=need.area_code,
        budget_line_id=linkage.budget_line_id if linkage else None,
        visits_ordered=visits_ordered, starts_on=starts_on, window_start=window_start, window_end=window_end,
        weekdays="".join(sorted(weekdays)), minutes=item.minutes, price_fen=item.price_fen,
        two_people=item.two_people, urgency=need.urgency, placed_at=at, note=note.strip(),
        leg_due_at=leg_due(leg=SEND, urgency=need.urgency, area_code=need.area_code, at=at),
    )  # fmt: skip
    ORDER.start(order, event="place", actor=actor, at=at, data={"need": need.pk, "visits": visits_ordered})
    return order


@domain_call("orders:send")
def send_order(*, actor: Actor, at: datetime, order_id: int, organisation_ids: Sequence[int]) -> Order:
    """Send an order of the pool to organisations that serve its place; the first to accept has it.

    Raises NotFound outside the actor's area, MoveNotAllowed if the order is not in the pool, and Invalid for no or
    too many organisations, for one that does not take orders there, or when the rounds are used up.
    """
    order = obtain(Order, actor, pk=order_id)
    chosen = _checked_takers(order, sorted(set(organisation_ids)), at)
    round_ = (Offer.objects.filter(order=order).aggregate(last=Max("round"))["last"] or 0) + 1
    rounds = int(preset("orders.offer.rounds", area_code=order.area_code, on=timezone.localdate(at)))
    if round_ > rounds:
        raise Invalid(
            fields={
                "organisation_ids": f"已送{rounds}轮仍没有落实。请取消这张订单，回到需求改由社区、志愿者或项目来做。"
            }
        )
    due = leg_due(leg=ACCEPT, urgency=order.urgency, area_code=order.area_code, at=at)
    ORDER.move(
        order, "send", actor=actor, at=at, changes={"leg_due_at": due},
        data={"round": round_, "organisations": [one.pk for one in chosen]},
    )  # fmt: skip
    Offer.objects.bulk_create(
        Offer(order=order, organisation=one, round=round_, sent_at=at, due_at=due) for one in chosen
    )
    return order


def _checked_takers(order: Order, organisation_ids: list[int], at: datetime) -> list[Organisation]:
    day = timezone.localdate(at)
    most = int(preset("orders.offer.takers", area_code=order.area_code, on=day))
    if not organisation_ids:
        raise Invalid(fields={"organisation_ids": "请至少选择一家机构。"})
    if len(organisation_ids) > most:
        raise Invalid(fields={"organisation_ids": f"一次最多送{most}家机构，请减少几家。"})
    chosen = [one for one in takers_at(area_code=order.area_code, on=day) if one.pk in organisation_ids]
    if len(chosen) != len(organisation_ids):
        raise Invalid(fields={"organisation_ids": "有的机构不在该地区接单，请重新选择。"})
    return chosen


@domain_call("orders:accept")
def accept_order(*, actor: Actor, at: datetime, order_id: int, organisation_id: int) -> Order:
    """Accept an order for the organisation; the first has it and the other offers are lost.

    Raises NotFound if it was never offered to the organisation, and OfferGone if the offer can no longer be
    answered. Of those who accept at once exactly one succeeds, by compare-and-set on the order and on the offer.
    """
    offer = _offer(actor, order_id, organisation_id)
    if offer.answer != Answer.OPEN:
        raise OfferGone(GONE[Answer(offer.answer)])
    if offer.due_at < at:
        raise OfferGone(GONE[Answer.EXPIRED])
    order = offer.order
    changes = {
        "organisation_id": organisation_id,
        "accepted_at": at,
        "leg_due_at": leg_due(leg=ASSIGN, urgency=order.urgency, area_code=order.area_code, at=at),
    }
    try:
        ORDER.move(order, "accept", actor=actor, at=at, changes=changes, data={"organisation": organisation_id})
    except (StateChanged, MoveNotAllowed):
        raise OfferGone from None
    # The order may have run out and been sent anew since the offer was read: then this offer is no longer open.
    won, lost = {"answer": Answer.ACCEPTED, "answered_at": at}, {"answer": Answer.LOST, "answered_at": at}
    if not update_where(Offer, {"pk": offer.pk, "answer": Answer.OPEN}, won):
        raise OfferGone(GONE[Answer.EXPIRED])
    update_where(Offer, {"order_id": order_id, "answer": Answer.OPEN}, lost)
    return order


@domain_call("orders:refuse")
def refuse_offer(*, actor: Actor, at: datetime, order_id: int, organisation_id: int, reason: str) -> Offer:
    """Refuse an offer with a reason; when all have refused, the order returns to the pool.

    Raises NotFound if it was never offered to the organisation, Invalid without a reason, and OfferGone if the
    offer can no longer be answered.
    """
    offer = _offer(actor, order_id, organisation_id)
    if not reason.strip():
        raise Invalid(fields={"reason": "请写明不能接单的原因，方便调度中心改派。"})
    # The order is held first, so that of the last two to refuse one sees that nobody is left.
    order = Order.objects.select_for_update().get(pk=order_id)
    open_offers = Offer.objects.filter(order_id=order_id, answer=Answer.OPEN)
    answer = {"answer": Answer.REFUSED, "answered_at": at, "reason": reason.strip()}
    if not open_offers.filter(pk=offer.pk).update(**answer):
        offer.refresh_from_db()
        raise OfferGone(GONE.get(Answer(offer.answer)))
    for name, value in answer.items():
        setattr(offer, name, value)
    record(kind="offer.refuse", subject=order, actor=actor, at=at, data={"organisation": organisation_id})
    if not open_offers.exists():
        _to_pool(order, "return", actor=actor, at=at)
    return offer


@domain_call("orders:withdraw")
def withdraw_order(*, actor: Actor, at: datetime, order_id: int, reason: str) -> Order:
    """Give an accepted order back to the pool with a reason.

    Raises NotFound if it is not the organisation's own, Invalid without a reason, and MoveNotAllowed if it is not
    in its hands.
    """
    order = obtain(Order, actor, pk=order_id)
    if not reason.strip():
        raise Invalid(fields={"reason": "请写明退单的原因，方便调度中心改派。"})
    organisation_id = order.organisation_id
    _to_pool(
        order, "withdraw", actor=actor, at=at, data={"organisation": organisation_id, "reason": reason.strip()},
        changes={"organisation_id": None, "accepted_at": None},
    )  # fmt: skip
    assert organisation_id is not None, "an accepted order is in somebody's hands"
    Offer.objects.filter(order=order, organisation_id=organisation_id, answer=Answer.ACCEPTED).update(
        answer=Answer.REFUSED, answered_at=at, reason=reason.strip()
    )
    return order


@domain_call("orders:cancel")
def cancel_order(*, actor: Actor, at: datetime, order_id: int, reason: str) -> Order:
    """Cancel an order; open offers are taken back and the need waits for another order.

    Raises NotFound outside the actor's area, Invalid without a reason, and MoveNotAllowed once it has ended.
    """
    order = obtain(Order, actor, pk=order_id)
    if not reason.strip():
        raise Invalid(fields={"reason": "请写明取消的原因。"})
    ORDER.move(
        order,
        "cancel",
        actor=actor,
        at=at,
        changes={"ended_at": at, "leg_due_at": None},
        data={"reason": reason.strip()},
    )
    Offer.objects.filter(order=order, answer=Answer.OPEN).update(answer=Answer.TAKEN_BACK, answered_at=at)
    if not _other_orders_run(order):
        mark_released(actor=actor, at=at, need_id=order.need_id)
    return order


@domain_call("orders:expire")
def expire_orders(*, actor: Actor, at: datetime, limit: int = 500) -> int:
    """Return sent orders that nobody took in time to the pool; return how many. Safe to repeat."""
    late = Order.objects.filter(state=OrderState.SENT, leg_due_at__lt=at).order_by("leg_due_at")[:limit]
    count = 0
    for order in list(late):
        try:
            _to_pool(order, "expire", actor=actor, at=at)
        except StateChanged:
            continue  # accepted in this very moment: the taker was first
        Offer.objects.filter(order=order, answer=Answer.OPEN).update(answer=Answer.EXPIRED, answered_at=at)
        count += 1
    return count


@domain_call(None)
def record_visit_done(*, actor: Actor, at: datetime, order_id: int) -> Order:
    """Count one more visit of an order as done; with the last one the order is fulfilled and its need met.

    Called by verification once for each visit number: of the two seats of a pair only one counts. Raises Conflict
    if all visits are counted already.
    """
    counted = Order.objects.filter(pk=order_id, visits_done__lt=F("visits_ordered"))
    if not counted.update(visits_done=F("visits_done") + 1):
        raise Conflict("这张订单的服务次数已经满了，不能再计一次。")
    order = Order.objects.get(pk=order_id)
    if order.visits_done == order.visits_ordered and order.state == OrderState.ACCEPTED:
        ORDER.move(order, "fulfil", actor=actor, at=at, changes={"ended_at": at, "leg_due_at": None})
        if not _other_orders_run(order):
            mark_met(actor=actor, at=at, need_id=order.need_id)
    return order


@domain_call(None)
def note_assigned(*, actor: Actor, at: datetime, order_ids: Sequence[int]) -> int:
    """End the assign leg of orders whose coming visit has got its worker; called by dispatch."""
    waiting = Order.objects.filter(pk__in=order_ids, state=OrderState.ACCEPTED, leg_due_at__isnull=False)
    return waiting.update(leg_due_at=None)


def _offer(actor: Actor, order_id: int, organisation_id: int) -> Offer:
    """Return the organisation's latest offer of the order; raise NotFound if there is none in the actor's scope."""
    if actor.reach is Reach.ORGANISATION and actor.organisation_id == organisation_id:
        # The organisation's own offer is in its scope; this path is the one on which takers race.
        if offer := _OWN_OFFER.first(order=order_id, organisation=organisation_id):
            return offer
        raise NotFound
    offers = Offer.objects.select_related("order").order_by("-round")
    return obtain(offers, actor, order_id=order_id, organisation_id=organisation_id)


_OWN_OFFER: Prepared[Offer] = Prepared(
    lambda order, organisation: Offer.objects.select_related("order").filter(
        order_id=order, organisation_id=organisation
    ).order_by("-round")[:1],
    order=BigIntegerField(), organisation=BigIntegerField(),
)  # fmt: skip


def _to_pool(
    order: Order,
    event: str,
    *,
    actor: Actor,
    at: datetime,
    changes: dict[str, object] | None = None,
    data: dict[str, object] | None = None,
) -> None:
    due = leg_due(leg=SEND, urgency=order.urgency, area_code=order.area_code, at=at)
    back = {"leg_due_at": due, "returns": order.returns + 1, **(changes or {})}
    ORDER.move(order, event, actor=actor, at=at, changes=back, data=data)


def _other_orders_run(order: Order) -> bool:
    return Order.objects.filter(need_id=order.need_id, state__in=RUNNING).exclude(pk=order.pk).exists()
