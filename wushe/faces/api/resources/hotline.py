"""Hotline orders 接诉即办: taken over from a city's hotline, given out, worked on and called back."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from wushe.chain.needs.models import Urgency
from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import AreaCode, AreaFilter, Body, Id, InPlace, LongWords, Masked, Words
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging
from wushe.practice.hotline import handling, receiving
from wushe.practice.hotline.models import HotlineCall, HotlineOrder, Kind, OrderState, Satisfaction, Topic
from wushe.practice.hotline.selectors import OrderFilter, find_orders, order_of

router = Resource("接诉即办")

Short = Annotated[Words, Field(max_length=60)]
Name = Annotated[Words, Field(max_length=40)]


class HotlineShown(Schema):
    """One hotline order; the telephone is masked."""

    id: int
    number: str
    kind: str
    topic: str
    words: str
    place: str
    area_code: str
    caller_name: str
    caller_phone: Masked
    person_id: int | None
    need_id: int | None
    urgency: str
    state: str
    received_at: datetime
    first_name: str
    unit: str
    owner_name: str
    contact_due_at: datetime
    contacted_at: datetime | None
    due_at: datetime
    answered_at: datetime | None
    answer: str
    closed_at: datetime | None
    repeat_of_id: int | None
    exclusion: str


class CallShown(Schema):
    """What a call-back brought."""

    order_id: int
    called_at: datetime
    reached: bool
    solved: bool | None
    satisfaction: str
    comment: str


class HotlineQuery(Schema):
    """What the list is narrowed to."""

    state: Annotated[OrderState, InPlace] | None = None
    kind: Annotated[Kind, InPlace] | None = None
    topic: Topic | None = None
    area_code: AreaFilter = ""
    overdue: bool = False
    unsolved: bool = False
    text: Words = ""


class NewHotlineOrder(Body):
    """What was called in."""

    kind: Annotated[Kind, InPlace]
    topic: Topic
    words: LongWords
    area_code: AreaCode
    urgency: Urgency
    caller_name: Name = ""
    caller_phone: Annotated[Words, Field(max_length=30)] = ""
    place: Annotated[Words, Field(max_length=100)] = ""
    number: Name = ""
    person_id: Id | None = None


class Assignment(Body):
    """To which unit, and whose name stands on it."""

    unit: Short
    owner_name: Name


class Contact(Body):
    """What was said at the first contact."""

    note: Words


class Answer(Body):
    """What was done."""

    answer: Annotated[LongWords, Field(max_length=1000)]


class CallBack(Body):
    """What the caller says."""

    reached: bool
    solved: bool | None = None
    satisfaction: Satisfaction | None = None
    comment: Words = ""


@router.lists("/hotline", "hotline:view", item=HotlineShown, name="hotline_list", summary="热线工单")
def orders(request: ApiRequest, where: Query[HotlineQuery], paging: Query[Paging]) -> QuerySet[HotlineOrder]:
    """List the hotline orders that match."""
    given: dict[str, Any] = {name: value for name, value in where.dict().items() if value is not None}
    return find_orders(actor=request.actor, at=timezone.now(), where=OrderFilter(**given))


@router.reads("/hotline/{order_id}", "hotline:view", gives=HotlineShown, name="hotline_order", summary="一件热线工单")
def order(request: ApiRequest, order_id: Id) -> HotlineOrder:
    """Show one hotline order."""
    return order_of(actor=request.actor, order_id=order_id)


@router.acts("/hotline", "hotline:receive", gives=HotlineShown, status=201, name="hotline_receive", summary="登记来电")
def receive(request: ApiRequest, body: NewHotlineOrder) -> HotlineOrder:
    """Write down what was called in; a number that is known already is refused."""
    return receiving.receive_order(actor=request.actor, at=timezone.now(), **body.dict())


@router.acts("/hotline/{order_id}/assign", "hotline:receive", gives=HotlineShown, name="hotline_assign", summary="派单")
def assign(request: ApiRequest, order_id: Id, body: Assignment) -> HotlineOrder:
    """Give an order to a unit, with a name on it."""
    return receiving.assign_order(actor=request.actor, at=timezone.now(), order_id=order_id, **body.dict())


@router.acts(
    "/hotline/{order_id}/contact", "hotline:handle", gives=HotlineShown, name="hotline_contact", summary="记首次联系"
)
def contact(request: ApiRequest, order_id: Id, body: Contact) -> HotlineOrder:
    """Write down the first contact with the caller."""
    return handling.contact_caller(actor=request.actor, at=timezone.now(), order_id=order_id, note=body.note)


@router.acts("/hotline/{order_id}/answer", "hotline:handle", gives=HotlineShown, name="hotline_answer", summary="答复")
def answer(request: ApiRequest, order_id: Id, body: Answer) -> HotlineOrder:
    """Answer the caller."""
    return handling.answer_order(actor=request.actor, at=timezone.now(), order_id=order_id, answer=body.answer)


@router.acts(
    "/hotline/{order_id}/call-back", "hotline:call", gives=CallShown, status=201, name="hotline_call", summary="记回访"
)
def call_back(request: ApiRequest, order_id: Id, body: CallBack) -> HotlineCall:
    """Write down the call-back of an answered order and close it."""
    given = {**body.dict(), "satisfaction": body.satisfaction or ""}
    return handling.record_call(actor=request.actor, at=timezone.now(), order_id=order_id, **given)
