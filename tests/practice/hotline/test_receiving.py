"""A call is written down once, with its limits and a name; a repetition is told, an emergency passed on."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import hotline
from tests.factories.cast import World, actor_of, world
from tests.factories.places import COMMUNITY, NOON, OTHER_COMMUNITY
from wushe.chain.needs.models import Channel, Need
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed
from wushe.practice.hotline.models import HotlineOrder, OrderState
from wushe.practice.hotline.receiving import NumberTaken, assign_order, receive_order, redirect_order, tell_progress
from wushe.practice.hotline.selectors import likely_repeats

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def test_the_first_receiver_answers_for_it_from_the_first_minute(here: World) -> None:
    order = hotline.received(caller_name="张先生", caller_phone="13800001234", place="3栋楼下", number="12345-1")
    assert (order.state, order.first_name, order.owner_name) == (OrderState.RECEIVED, "陈社工", "陈社工")
    assert (order.contact_due_at, order.due_at) == (NOON + timedelta(hours=24), NOON + timedelta(days=7))
    assert str(order.caller_phone) == "138****1234"
    entry = JournalEntry.objects.get(kind="hotline_order.receive")
    assert "13800001234" not in str(entry.data)


def test_a_residents_call_stands_in_the_one_queue_too(here: World) -> None:
    order = hotline.received("想请人上门打扫", person_id=here.elder.pk, area_code="")
    assert order.need is not None
    assert (order.need.channel, order.need.words, order.need.person) == (Channel.HOTLINE, "想请人上门打扫", here.elder)
    assert order.area_code == here.elder.area_code


def test_the_same_press_and_the_same_number_count_once(here: World) -> None:
    first = hotline.received(client_key="k", number="7")
    assert hotline.received(client_key="k", number="7") == first
    with pytest.raises(NumberTaken):
        hotline.received(number="7")
    assert HotlineOrder.objects.count() == 1


def test_what_is_wrong_is_named_and_nothing_is_written(here: World) -> None:
    cases: dict[str, dict[str, Any]] = {
        "kind": {"kind": "shout"}, "topic": {"topic": ""}, "words": {"words": " "}, "urgency": {"urgency": ""},
        "caller_phone": {"caller_phone": "12"}, "area_code": {"area_code": OTHER_COMMUNITY},
    }  # fmt: skip
    whole = {"kind": "ask", "topic": "other", "words": "问一下", "urgency": "week", "area_code": COMMUNITY}
    for field, wrong in cases.items():
        with pytest.raises(Invalid) as refusal:
            receive_order(actor=actor_of("social_worker"), at=NOON, **whole | wrong)
        assert list(refusal.value.fields) == [field]
    with pytest.raises(NotAllowed):
        receive_order(actor=actor_of("verifier"), at=NOON, **whole)
    with pytest.raises(NotFound):
        receive_order(actor=actor_of("social_worker"), at=NOON, **whole, person_id=here.far_elder.pk)
    assert not HotlineOrder.objects.exists()
    assert not Need.objects.exists()


def test_it_is_given_out_with_a_name(here: World) -> None:
    order = hotline.received()
    with pytest.raises(Invalid) as refusal:
        assign_order(actor=actor_of("social_worker"), at=NOON, order_id=order.pk, unit="物业", owner_name=" ")
    assert list(refusal.value.fields) == ["owner_name"]
    with pytest.raises(NotFound):
        assign_order(actor=actor_of("stranger"), at=NOON, order_id=order.pk, unit="物业", owner_name="李")
    assert HotlineOrder.objects.get().state == OrderState.RECEIVED
    done = hotline.assigned()
    assert (done.state, done.unit, done.owner_name, done.first_name) == ("assigned", "翠屏路社区", "刘社区", "陈社工")


def test_a_repetition_without_a_new_reason_is_told_how_it_stands(here: World) -> None:
    first = hotline.assigned(caller_phone="13800001234")
    again = hotline.received("还是那个楼道，堆得更多了", caller_phone="13800001234", at=NOON + timedelta(days=2))
    other = hotline.received("半夜有人唱歌", topic="noise")
    assert [(one.order.pk, one.why) for one in likely_repeats(order=again, at=NOON)] == [
        (first.pk, "同一电话、同一类问题")
    ]
    assert likely_repeats(order=other, at=NOON) == []
    actor = actor_of("social_worker")
    with pytest.raises(Invalid):
        tell_progress(actor=actor, at=NOON, order_id=again.pk, repeat_of_id=again.pk)
    told = tell_progress(actor=actor, at=NOON, order_id=again.pk, repeat_of_id=first.pk)
    assert (told.state, told.repeat_of_id) == (OrderState.TOLD, first.pk)
    with pytest.raises(MoveNotAllowed):
        assign_order(actor=actor, at=NOON, order_id=told.pk, unit="物业", owner_name="李")


def test_an_emergency_is_passed_on(here: World) -> None:
    order = redirect_order(actor=actor_of("social_worker"), at=NOON, order_id=hotline.received().pk, where="119")
    assert (order.state, order.unit) == (OrderState.REDIRECTED, "119")
