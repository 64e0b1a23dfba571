"""Placing an order: what a valid request is, and what it does to the need."""

from datetime import timedelta

import pytest

from tests.factories import orders
from tests.factories.cast import actor_of, world
from tests.factories.places import NOON, TODAY
from wushe.chain.orders.models import Order
from wushe.chain.orders.services import place_order
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed

pytestmark = pytest.mark.django_db

GOOD = {"visits_ordered": 4, "starts_on": TODAY, "window_start": 540, "window_end": 600, "weekdays": "31"}


def test_an_order_takes_over_the_terms_of_the_item() -> None:
    w = world()
    need = orders.linked_need(w.elder, urgency="day")
    order = place_order(actor=actor_of("social_worker"), at=NOON, need_id=need.pk, note=" 先打电话 ", **GOOD)
    assert (order.state, order.visits_ordered, order.weekdays, order.note) == ("placed", 4, "13", "先打电话")
    assert (order.minutes, order.price_fen, order.two_people) == (need.item.minutes, need.item.price_fen, False)
    assert (order.area_code, order.person_id, order.urgency) == (need.area_code, w.elder.pk, "day")
    assert order.leg_due_at == NOON + timedelta(minutes=60)
    need.refresh_from_db()
    assert need.state == "in_service"
    entry = JournalEntry.objects.get(kind="order.place")
    assert (entry.subject_id, entry.data["need"]) == (order.pk, need.pk)


def test_an_emergency_must_be_sent_in_ten_minutes() -> None:
    w = world()
    order = orders.placed(w.elder, urgency="now")
    assert order.leg_due_at == NOON + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("visits_ordered", 0),
        ("visits_ordered", 367),
        ("starts_on", TODAY - timedelta(days=1)),
        ("window_end", 540),
        ("window_end", 1441),
        ("weekdays", "18"),
        ("weekdays", "11"),
    ],
)
def test_a_request_that_cannot_be_carried_out_names_the_field(field: str, value: object) -> None:
    w = world()
    need = orders.linked_need(w.elder)
    with pytest.raises(Invalid) as refused:
        place_order(actor=actor_of("dispatcher"), at=NOON, need_id=need.pk, **{**GOOD, field: value})
    assert list(refused.value.fields) == [field]
    assert not Order.objects.exists()
    need.refresh_from_db()
    assert need.state == "linked"


def test_a_need_is_ordered_once() -> None:
    w = world()
    need = orders.linked_need(w.elder)
    place_order(actor=actor_of("dispatcher"), at=NOON, need_id=need.pk, **GOOD)
    with pytest.raises(MoveNotAllowed):
        place_order(actor=actor_of("dispatcher"), at=NOON, need_id=need.pk, **GOOD)
    assert Order.objects.count() == 1


def test_the_need_of_another_street_is_not_found() -> None:
    w = world()
    need = orders.linked_need(w.elder)
    with pytest.raises(NotFound):
        place_order(actor=actor_of("stranger"), at=NOON, need_id=need.pk, **GOOD)
    with pytest.raises(NotAllowed):
        place_order(actor=actor_of("auditor"), at=NOON, need_id=need.pk, **GOOD)
    assert not Order.objects.exists()
