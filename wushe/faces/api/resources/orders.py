"""Orders: placed, sent, accepted; the first to accept has it."""

from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from wushe.chain.needs.models import Urgency
from wushe.chain.orders import services
from wushe.chain.orders.models import Offer, Order, OrderState
from wushe.chain.orders.selectors import OrderFilter, find_orders, inbox, open_order, suggest_takers
from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import LARGEST, AreaFilter, Body, Code, Day, Id, Minute, WithReason, Words
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging, once_each
from wushe.foundation.errors import Invalid

router = Resource("订单")


class OrderLine(Schema):
    """An order as a list shows one."""

    id: int
    need_id: int
    person_id: int
    person_name: str
    area_code: str
    item_id: int
    item_name: str
    budget_line_id: int | None
    organisation_id: int | None
    state: str
    visits_ordered: int
    visits_done: int
    weekdays: str
    starts_on: date
    window_start: int
    window_end: int
    minutes: int
    price_fen: int
    two_people: bool
    urgency: str
    placed_at: datetime
    leg_due_at: datetime | None
    accepted_at: datetime | None
    ended_at: datetime | None
    returns: int
    note: str

    @staticmethod
    def resolve_person_name(order: Order) -> str:
        """Return the name of whom it concerns."""
        return order.person.name

    @staticmethod
    def resolve_item_name(order: Order) -> str:
        """Return the name of the service."""
        return order.item.name


class OfferShown(Schema):
    """An order sent to one organisation."""

    id: int
    order_id: int
    organisation_id: int
    round: int
    sent_at: datetime
    due_at: datetime
    answer: str
    answered_at: datetime | None
    reason: str


class OrderShown(OrderLine):
    """An order with the offers that the token may see."""

    offers: list[OfferShown]

    @staticmethod
    def resolve_offers(order: Any) -> list[Offer]:
        """Return the offers that were read with the order: those that the token may see."""
        return list(order.offers.all())


class TakerShown(Schema):
    """An organisation that could take an order, with what speaks for and against it."""

    organisation_id: int
    name: str
    workers: int
    free_minutes: int
    running: int
    sent: int
    refused: int
    offered_before: bool


class OrderQuery(Schema):
    """What the list is narrowed to."""

    state: OrderState | None = None
    area_code: AreaFilter = ""
    organisation_id: Id | None = None
    category: Code = ""
    urgency: Urgency | None = None
    overdue: bool = False
    text: Words = ""


class NewOrder(Body):
    """Visits that answer a linked need."""

    need_id: Id
    visits_ordered: Annotated[int, Field(ge=1, le=LARGEST)]
    starts_on: Day
    window_start: Minute
    window_end: Minute
    weekdays: Annotated[str, Field(pattern=r"^[1-7]{0,7}$")] = ""
    note: Words = ""


class Sending(Body):
    """To whom an order is sent."""

    organisation_ids: list[Id]


class Answering(Body):
    """For which organisation an offer is answered; one's own need not be named."""

    organisation_id: Id | None = None


class Refusing(Answering):
    """Why an offer is refused."""

    reason: Words


@router.lists("/orders", "orders:view", item=OrderLine, name="order_list", summary="订单")
def orders(request: ApiRequest, where: Query[OrderQuery], paging: Query[Paging]) -> QuerySet[Order]:
    """List the orders that match."""
    asked = OrderFilter(
        state=where.state or "", area_code=where.area_code, organisation_id=where.organisation_id,
        category=where.category, urgency=where.urgency or "", overdue=where.overdue, text=where.text,
    )  # fmt: skip
    found = find_orders(actor=request.actor, at=timezone.now(), where=asked)
    return once_each(request.actor, found.select_related("person", "item"))


@router.reads("/orders/{order_id}", "orders:view", gives=OrderShown, name="order", summary="一张订单")
def order(request: ApiRequest, order_id: Id) -> Order:
    """Show one order with its offers."""
    return _seen(request, order_id)


@router.reads(
    "/orders/{order_id}/takers", "orders:send", gives=list[TakerShown], name="order_takers", summary="可以派给谁"
)
def takers(request: ApiRequest, order_id: Id) -> list[dict[str, Any]]:
    """Say who could take the order, with free capacity and refusals."""
    found = suggest_takers(actor=request.actor, at=timezone.now(), order_id=order_id)
    names = [name for name in TakerShown.model_fields if name not in {"organisation_id", "name"}]
    return [
        {"organisation_id": one.organisation.pk, "name": one.organisation.name}
        | {name: getattr(one, name) for name in names}
        for one in found
    ]


@router.lists("/offers", "orders:accept", item=OfferShown, name="offer_list", summary="等本机构答复的送单")
def offers(request: ApiRequest, paging: Query[Paging]) -> QuerySet[Offer]:
    """List the offers that wait for the organisation's answer."""
    return inbox(actor=request.actor)


@router.acts("/orders", "orders:place", gives=OrderShown, status=201, name="order_place", summary="点单")
def place(request: ApiRequest, body: NewOrder) -> Order:
    """Order the visits that answer a linked need."""
    made = services.place_order(actor=request.actor, at=timezone.now(), **body.dict())
    return _seen(request, made.pk)


@router.acts("/orders/{order_id}/send", "orders:send", gives=OrderShown, name="order_send", summary="送单")
def send(request: ApiRequest, order_id: Id, body: Sending) -> Order:
    """Send an order to organisations; the first to accept has it."""
    services.send_order(
        actor=request.actor, at=timezone.now(), order_id=order_id, organisation_ids=body.organisation_ids
    )
    return _seen(request, order_id)


@router.acts("/orders/{order_id}/accept", "orders:accept", gives=OrderShown, name="order_accept", summary="接单")
def accept(request: ApiRequest, order_id: Id, body: Answering) -> Order:
    """Accept an order; of those who accept at once exactly one succeeds."""
    services.accept_order(
        actor=request.actor, at=timezone.now(), order_id=order_id, organisation_id=_organisation(request, body)
    )
    return _seen(request, order_id)


@router.acts("/orders/{order_id}/refuse", "orders:refuse", gives=OfferShown, name="order_refuse", summary="婉拒")
def refuse(request: ApiRequest, order_id: Id, body: Refusing) -> Offer:
    """Refuse an offer with a reason."""
    return services.refuse_offer(
        actor=request.actor, at=timezone.now(), order_id=order_id, organisation_id=_organisation(request, body),
        reason=body.reason,
    )  # fmt: skip


@router.acts("/orders/{order_id}/withdraw", "orders:withdraw", gives=OrderLine, name="order_withdraw", summary="退单")
def withdraw(request: ApiRequest, order_id: Id, body: WithReason) -> Order:
    """Give an accepted order back to the pool."""
    return services.withdraw_order(actor=request.actor, at=timezone.now(), order_id=order_id, reason=body.reason)


@router.acts("/orders/{order_id}/cancel", "orders:cancel", gives=OrderShown, name="order_cancel", summary="取消订单")
def cancel(request: ApiRequest, order_id: Id, body: WithReason) -> Order:
    """Cancel an order; its need waits for another."""
    services.cancel_order(actor=request.actor, at=timezone.now(), order_id=order_id, reason=body.reason)
    return _seen(request, order_id)


def _seen(request: ApiRequest, order_id: int) -> Order:
    return open_order(actor=request.actor, order_id=order_id)


def _organisation(request: ApiRequest, body: Answering) -> int:
    number = body.organisation_id or request.actor.organisation_id
    if number is None:
        raise Invalid(fields={"organisation_id": "请写明替哪家机构答复。"})
    return number
