"""Hotline orders in every state, made by the services themselves."""

from datetime import datetime, timedelta
from itertools import count

from tests.factories.cast import actor_of
from tests.factories.places import COMMUNITY, NOON
from wushe.practice.hotline.handling import answer_order, contact_caller, record_call
from wushe.practice.hotline.models import HotlineOrder, Kind, Satisfaction, Topic
from wushe.practice.hotline.receiving import assign_order, receive_order

_numbers = count(1)


def received(
    words: str = "楼道里堆满杂物，走不过去", *, who: str = "social_worker", at: datetime = NOON, **fields: object
) -> HotlineOrder:
    """Return an order waiting to be given out."""
    values = {
        "kind": Kind.COMPLAIN, "topic": Topic.ENVIRONMENT, "area_code": COMMUNITY, "urgency": "week",
        "number": f"12345-{next(_numbers):06d}", **fields,
    }  # fmt: skip
    return receive_order(actor=actor_of(who), at=at, words=words, **values)  # type: ignore[arg-type]


def assigned(*args: str, at: datetime = NOON, **fields: object) -> HotlineOrder:
    """Return an order that a unit works on."""
    order = received(*args, at=at, **fields)  # type: ignore[arg-type]
    return assign_order(
        actor=actor_of("social_worker"), at=at, order_id=order.pk, unit="翠屏路社区", owner_name="刘社区"
    )  # fmt: skip


def answered(
    *args: str, at: datetime = NOON, contacted_after: timedelta = timedelta(hours=2), **fields: object
) -> HotlineOrder:
    """Return an order that waits for its call-back."""
    order = assigned(*args, at=at, **fields)
    actor = actor_of("community_worker")
    contact_caller(actor=actor, at=at + contacted_after, order_id=order.pk, note="电话里问清了位置")
    return answer_order(
        actor=actor, at=at + contacted_after + timedelta(hours=1), order_id=order.pk, answer="已组织清理，请验看。"
    )  # fmt: skip


def closed(
    *args: str, reached: bool = True, solved: bool | None = True, satisfaction: str = Satisfaction.SATISFIED, **fields: object
) -> HotlineOrder:  # fmt: skip
    """Return an order with its call-back."""
    order = answered(*args, **fields)  # type: ignore[arg-type]
    record_call(
        actor=actor_of("verifier"), at=NOON + timedelta(days=1), order_id=order.pk, reached=reached, solved=solved,
        satisfaction=satisfaction,
    )  # fmt: skip
    return HotlineOrder.objects.get(pk=order.pk)


def one_of_each() -> HotlineOrder:
    """Return an order that is worked on; beside it stand one of each other state, and the same class three times."""
    closed(at=NOON)
    answered(at=NOON)
    received(at=NOON)
    return assigned(at=NOON, caller_name="张先生", caller_phone="13800001234")
