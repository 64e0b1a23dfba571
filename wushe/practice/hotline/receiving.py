"""A call comes in: written down with its limits, told what is known if it repeats, or given to somebody by name."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from wushe.chain.needs.deadlines import due_after
from wushe.chain.needs.models import Channel, Urgency
from wushe.chain.needs.services import record_need
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import obtain
from wushe.registers.areas.selectors import may_place_in
from wushe.registers.people.identity import is_phone, normalise_phone, phone_index
from wushe.registers.people.services import person_in_scope

from .models import HotlineOrder, Kind, Topic
from .workflow import HOTLINE_ORDER

MOST_WORDS = 2000


class NumberTaken(Conflict):
    """An order of this number is on the list already."""

    message = "这个热线工单号已经登记过了。"


@domain_call("hotline:receive")
def receive_order(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    topic: str,
    words: str,
    area_code: str,
    urgency: str,
    caller_name: str = "",
    caller_phone: str = "",
    place: str = "",
    number: str = "",
    person_id: int | None = None,
    client_key: str = "",
) -> HotlineOrder:
    """Write down what was called in; who does so answers for it until somebody else has it by name.

    A registered resident's call stands in the one queue of needs as well. The same client key again gives the order
    that it made. Raises NotFound for a person out of scope, NumberTaken, and Invalid.
    """
    person = person_in_scope(actor=actor, person_id=person_id) if person_id else None
    phone = normalise_phone(caller_phone)
    order = HotlineOrder(
        number=number.strip(), kind=kind, topic=topic, words=words.strip(), place=place.strip(), urgency=urgency,
        area_code=area_code or (person.area_code if person else ""), person=person, caller_name=caller_name.strip(),
        caller_phone=phone, caller_index=phone_index(phone) if phone else "", client_key=client_key,
    )  # fmt: skip
    _check(order, phone, actor=actor, at=at)

    def effect() -> dict[str, Any]:
        _begin(order, actor=actor, at=at)
        return {"order": order.pk}

    body = {"kind": kind, "words": order.words, "area": order.area_code, "number": order.number, "person": person_id}
    answer = once(actor=actor, at=at, key=client_key, call="hotline.receive_order", body=body, effect=effect)
    return HotlineOrder.objects.get(pk=answer["order"])


@domain_call("hotline:receive")
def assign_order(*, actor: Actor, at: datetime, order_id: int, unit: str, owner_name: str) -> HotlineOrder:
    """Give an order to a unit, with the name of who answers for it; raises NotFound, Invalid, MoveNotAllowed."""
    order = obtain(HotlineOrder, actor, pk=order_id)
    faults = {}
    if not unit.strip():
        faults["unit"] = "请写明派给哪个单位。"
    if not owner_name.strip():
        faults["owner_name"] = "请写明责任人姓名，逾期时找得到人。"
    if faults:
        raise Invalid(fields=faults)
    changes = {"unit": unit.strip()[:60], "owner_name": owner_name.strip()[:40]}
    HOTLINE_ORDER.move(order, "assign", actor=actor, at=at, changes=changes, data={"unit": changes["unit"]})
    return order


@domain_call("hotline:receive")
def tell_progress(*, actor: Actor, at: datetime, order_id: int, repeat_of_id: int) -> HotlineOrder:
    """End a repetition without a new reason: the caller was told how the first order stands (条例第十一条).

    Raises NotFound, Invalid for an order that is not another's first, MoveNotAllowed.
    """
    order = obtain(HotlineOrder, actor, pk=order_id)
    first = obtain(HotlineOrder, actor, pk=repeat_of_id)
    if first.pk == order.pk or first.repeat_of_id is not None or first.received_at > order.received_at:
        raise Invalid(fields={"repeat_of_id": "请选更早的、本身不是重复的一件。"})
    HOTLINE_ORDER.move(order, "tell", actor=actor, at=at, changes={"repeat_of": first}, data={"repeat_of": first.pk})
    return order


@domain_call("hotline:receive")
def redirect_order(*, actor: Actor, at: datetime, order_id: int, where: str) -> HotlineOrder:
    """Pass an emergency to 110, 119, 120 or 122, or a lawsuit to where it belongs; raises NotFound, Invalid."""
    order = obtain(HotlineOrder, actor, pk=order_id)
    if not where.strip():
        raise Invalid(fields={"where": "请写明转到哪里，例如120、法院。"})
    changes = {"unit": where.strip()[:60]}
    HOTLINE_ORDER.move(order, "redirect", actor=actor, at=at, changes=changes, data={"where": changes["unit"]})
    return order


def _begin(order: HotlineOrder, *, actor: Actor, at: datetime) -> None:
    """Start an order with its limits and the name of who received it; a resident's stands in the queue of needs too."""
    if order.number and HotlineOrder.objects.filter(number=order.number).exists():
        raise NumberTaken(NumberTaken.message)
    if order.person_id:
        order.need = record_need(
            actor=actor, at=at, person_id=order.person_id, channel=Channel.HOTLINE, words=order.words
        )  # fmt: skip
    on = timezone.localdate(at)
    minutes = int(preset("needs.deadline.first_contact", area_code=order.area_code, on=on))
    order.received_at, order.contact_due_at = at, at + timedelta(minutes=minutes)
    order.due_at = due_after(at, urgency=order.urgency, area_code=order.area_code, on=on)
    order.first_receiver, order.first_name, order.owner_name = actor.user_id, actor.name, actor.name
    HOTLINE_ORDER.start(order, event="receive", actor=actor, at=at, data={"kind": order.kind, "topic": order.topic})


def _check(order: HotlineOrder, phone: str, *, actor: Actor, at: datetime) -> None:
    faults = {}
    if order.kind not in Kind.values:
        faults["kind"] = "请选择诉求类型。"
    if order.topic not in Topic.values:
        faults["topic"] = "请选择类别。"
    if not order.words:
        faults["words"] = "请写下诉求内容。"
    elif len(order.words) > MOST_WORDS:
        faults["words"] = f"内容太长，请控制在{MOST_WORDS}字以内。"
    if order.urgency not in Urgency.values:
        faults["urgency"] = "请选择紧急程度。"
    if phone and not is_phone(phone):
        faults["caller_phone"] = "电话号码不对，请写手机或带区号的座机。"
    if not may_place_in(actor=actor, area_code=order.area_code, on=timezone.localdate(at)):
        faults["area_code"] = "请选择本辖区内的社区。"
    if faults:
        raise Invalid(fields=faults)
