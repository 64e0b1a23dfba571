"""Sending an order: to whom, how many at once, and for how many rounds."""

from datetime import timedelta

import pytest

from tests.factories import orders, organisations
from tests.factories.cast import actor_of, world
from tests.factories.places import NOON, OTHER_STREET
from wushe.chain.orders.models import Offer
from wushe.chain.orders.services import expire_orders, send_order
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed

pytestmark = pytest.mark.django_db


def test_each_organisation_gets_an_offer_with_the_deadline() -> None:
    w = world()
    order = orders.placed(w.elder)
    both = [w.organisation.pk, w.second_organisation.pk]
    order = send_order(actor=actor_of("dispatcher"), at=NOON, order_id=order.pk, organisation_ids=both)
    assert order.state == "sent"
    assert order.leg_due_at == NOON + timedelta(minutes=120)
    offers = Offer.objects.filter(order=order)
    assert {(one.organisation_id, one.answer, one.round) for one in offers} == {(pk, "open", 1) for pk in both}
    assert {one.due_at for one in offers} == {order.leg_due_at}
    assert JournalEntry.objects.get(kind="order.send").data["organisations"] == sorted(both)


def test_only_carriers_of_the_place_are_chosen() -> None:
    w = world()
    order = orders.placed(w.elder)
    elsewhere = organisations.organisation("外街机构", serves=(OTHER_STREET,))
    left = organisations.organisation("已退出", left_on=NOON.date())
    for wrong in ([], [elsewhere.pk], [w.charity.pk], [left.pk], [w.organisation.pk, 999_999]):
        with pytest.raises(Invalid) as refused:
            send_order(actor=actor_of("dispatcher"), at=NOON, order_id=order.pk, organisation_ids=wrong)
        assert list(refused.value.fields) == ["organisation_ids"]
    assert not Offer.objects.exists()


def test_no_more_than_five_at_once() -> None:
    w = world()
    order = orders.placed(w.elder)
    many = [organisations.organisation().pk for _ in range(6)]
    with pytest.raises(Invalid, match="最多送5家"):
        send_order(actor=actor_of("dispatcher"), at=NOON, order_id=order.pk, organisation_ids=many)


def test_after_three_rounds_another_way_is_asked_for() -> None:
    w = world()
    order, at = orders.sent(w.elder, w.organisation), NOON
    for _ in range(2):
        at += timedelta(hours=3)
        expire_orders(actor=SYSTEM, at=at)
        send_order(actor=actor_of("dispatcher"), at=at, order_id=order.pk, organisation_ids=[w.organisation.pk])
    at += timedelta(hours=3)
    expire_orders(actor=SYSTEM, at=at)
    with pytest.raises(Invalid, match="已送3轮"):
        send_order(actor=actor_of("dispatcher"), at=at, order_id=order.pk, organisation_ids=[w.organisation.pk])
    assert [one.round for one in Offer.objects.filter(order=order).order_by("round")] == [1, 2, 3]


def test_a_sent_order_is_not_sent_again() -> None:
    w = world()
    order = orders.sent(w.elder, w.organisation)
    with pytest.raises(MoveNotAllowed):
        send_order(
            actor=actor_of("dispatcher"), at=NOON, order_id=order.pk, organisation_ids=[w.second_organisation.pk]
        )
    assert orders.answers(order) == {w.organisation.name: "open"}


def test_strangers_and_takers_do_not_send() -> None:
    w = world()
    order = orders.placed(w.elder)
    with pytest.raises(NotFound):
        send_order(actor=actor_of("stranger"), at=NOON, order_id=order.pk, organisation_ids=[w.organisation.pk])
    with pytest.raises(NotAllowed):
        send_order(actor=actor_of("organisation_a"), at=NOON, order_id=order.pk, organisation_ids=[w.organisation.pk])
    assert not Offer.objects.exists()
