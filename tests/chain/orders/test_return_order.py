"""How an order comes back to the pool: refused by all, run out, given back; and how it ends."""

from datetime import timedelta

import pytest

from tests.factories import orders
from tests.factories.cast import actor_of, world
from tests.factories.places import NOON
from wushe.chain.needs.models import Need
from wushe.chain.orders.models import Offer, Order
from wushe.chain.orders.services import (
    OfferGone,
    accept_order,
    cancel_order,
    expire_orders,
    record_visit_done,
    refuse_offer,
    withdraw_order,
)
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed

pytestmark = pytest.mark.django_db


def test_when_all_have_refused_the_order_is_back_in_the_pool() -> None:
    w = world()
    order = orders.sent(w.elder, w.organisation, w.second_organisation)
    refuse_offer(
        actor=actor_of("organisation_a"),
        at=NOON,
        order_id=order.pk,
        organisation_id=w.organisation.pk,
        reason="没有人手",
    )
    order.refresh_from_db()
    assert order.state == "sent"
    refuse_offer(
        actor=actor_of("organisation_b"), at=NOON, order_id=order.pk, organisation_id=w.second_organisation.pk,
        reason="路太远",
    )  # fmt: skip
    order.refresh_from_db()
    assert (order.state, order.returns, order.leg_due_at) == ("placed", 1, NOON + timedelta(minutes=60))
    assert {one.reason for one in Offer.objects.filter(order=order)} == {"没有人手", "路太远"}
    assert JournalEntry.objects.filter(kind="offer.refuse").count() == 2
    assert JournalEntry.objects.filter(kind="order.return", subject_id=order.pk).count() == 1


def test_a_refusal_needs_a_reason_and_an_open_offer() -> None:
    w = world()
    order = orders.sent(w.elder, w.organisation)
    mine = {"order_id": order.pk, "organisation_id": w.organisation.pk}
    with pytest.raises(Invalid) as refused:
        refuse_offer(actor=actor_of("organisation_a"), at=NOON, reason="  ", **mine)
    assert list(refused.value.fields) == ["reason"]
    assert orders.answers(order) == {w.organisation.name: "open"}
    with pytest.raises(NotFound):
        refuse_offer(actor=actor_of("organisation_b"), at=NOON, reason="忙", **mine)
    accept_order(actor=actor_of("organisation_a"), at=NOON, **mine)
    with pytest.raises(OfferGone):
        refuse_offer(actor=actor_of("organisation_a"), at=NOON, reason="忙", **mine)
    assert orders.answers(order) == {w.organisation.name: "accepted"}


def test_what_nobody_took_in_time_returns_to_the_pool_once() -> None:
    w = world()
    late, fresh = (
        orders.sent(w.elder, w.organisation),
        orders.sent(w.daughter, w.organisation, at=NOON + timedelta(hours=1)),
    )
    at = NOON + timedelta(minutes=121)
    assert expire_orders(actor=SYSTEM, at=at) == 1
    assert expire_orders(actor=SYSTEM, at=at) == 0
    late.refresh_from_db()
    fresh.refresh_from_db()
    assert (late.state, late.returns, fresh.state) == ("placed", 1, "sent")
    assert orders.answers(late) == {w.organisation.name: "expired"}
    assert late.leg_due_at == at + timedelta(minutes=60)
    with pytest.raises(NotAllowed):
        expire_orders(actor=actor_of("dispatcher"), at=at)


def test_an_organisation_gives_an_order_back_with_a_reason() -> None:
    w = world()
    order = orders.accepted(w.elder, w.organisation)
    with pytest.raises(Invalid):
        withdraw_order(actor=actor_of("organisation_a"), at=NOON, order_id=order.pk, reason="")
    with pytest.raises(NotFound):
        withdraw_order(actor=actor_of("organisation_b"), at=NOON, order_id=order.pk, reason="不是我的")
    withdraw_order(actor=actor_of("organisation_a"), at=NOON, order_id=order.pk, reason="护理员离职")
    order.refresh_from_db()
    assert (order.state, order.organisation_id, order.accepted_at, order.returns) == ("placed", None, None, 1)
    offer = Offer.objects.get(order=order)
    assert (offer.answer, offer.reason) == ("refused", "护理员离职")
    assert JournalEntry.objects.get(kind="order.withdraw").data["organisation"] == w.organisation.pk


def test_a_cancelled_order_releases_its_need_and_takes_offers_back() -> None:
    w = world()
    order = orders.sent(w.elder, w.organisation)
    with pytest.raises(Invalid):
        cancel_order(actor=actor_of("dispatcher"), at=NOON, order_id=order.pk, reason=" ")
    with pytest.raises(NotFound):
        cancel_order(actor=actor_of("stranger"), at=NOON, order_id=order.pk, reason="住院")
    cancel_order(actor=actor_of("dispatcher"), at=NOON, order_id=order.pk, reason="住院")
    order.refresh_from_db()
    assert (order.state, order.ended_at, order.leg_due_at) == ("cancelled", NOON, None)
    assert orders.answers(order) == {w.organisation.name: "taken_back"}
    assert Need.objects.get(pk=order.need_id).state == "linked"
    with pytest.raises(MoveNotAllowed):
        cancel_order(actor=actor_of("dispatcher"), at=NOON, order_id=order.pk, reason="再来一次")


def test_with_its_last_visit_an_order_is_fulfilled_and_the_need_met() -> None:
    w = world()
    order = orders.accepted(w.elder, w.organisation, visits=2)
    record_visit_done(actor=SYSTEM, at=NOON, order_id=order.pk)
    assert Order.objects.get(pk=order.pk).state == "accepted"
    done = record_visit_done(actor=SYSTEM, at=NOON, order_id=order.pk)
    assert (done.state, done.visits_done, done.ended_at) == ("fulfilled", 2, NOON)
    assert Need.objects.get(pk=order.need_id).state == "met"
    with pytest.raises(Conflict):
        record_visit_done(actor=SYSTEM, at=NOON, order_id=order.pk)
    assert Order.objects.get(pk=order.pk).visits_done == 2
