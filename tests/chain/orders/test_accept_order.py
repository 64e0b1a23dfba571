"""Accepting an order: the first has it, the others are told, and it costs few queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import orders
from tests.factories.cast import actor_of, world
from tests.factories.places import NOON
from wushe.chain.orders import services
from wushe.chain.orders.models import Offer, Order
from wushe.chain.orders.services import OfferGone, accept_order, cancel_order, expire_orders, send_order
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=30)


def test_the_first_has_it_and_the_other_is_told() -> None:
    w = world()
    order = orders.sent(w.elder, w.organisation, w.second_organisation)
    taken = accept_order(
        actor=actor_of("organisation_b"), at=LATER, order_id=order.pk, organisation_id=w.second_organisation.pk
    )
    assert (taken.state, taken.organisation_id, taken.accepted_at) == ("accepted", w.second_organisation.pk, LATER)
    assert taken.leg_due_at == LATER + timedelta(minutes=240)
    with pytest.raises(OfferGone, match="别的机构接走"):
        accept_order(actor=actor_of("organisation_a"), at=LATER, order_id=order.pk, organisation_id=w.organisation.pk)
    with pytest.raises(OfferGone, match="不用再接一次"):
        accept_order(
            actor=actor_of("organisation_b"), at=LATER, order_id=order.pk, organisation_id=w.second_organisation.pk
        )
    assert orders.answers(order) == {w.organisation.name: "lost", w.second_organisation.name: "accepted"}
    assert JournalEntry.objects.filter(kind="order.accept").count() == 1
    order.refresh_from_db()
    assert order.organisation_id == w.second_organisation.pk


def test_it_takes_few_queries() -> None:
    w = world()
    order = orders.sent(w.elder, w.organisation, w.second_organisation)
    actor = actor_of("organisation_a")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        accept_order(actor=actor, at=LATER, order_id=order.pk, organisation_id=w.organisation.pk)
    statements = [q["sql"] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
    # offer with order, preset, order, lane, row, lane, own offer, other offers
    assert len(statements) == 8


def test_too_late_is_too_late() -> None:
    w = world()
    order = orders.sent(w.elder, w.organisation)
    with pytest.raises(OfferGone, match="超过答复时限"):
        accept_order(
            actor=actor_of("organisation_a"), at=NOON + timedelta(minutes=121), order_id=order.pk,
            organisation_id=w.organisation.pk,
        )  # fmt: skip
    order.refresh_from_db()
    assert (order.state, order.organisation_id) == ("sent", None)


def test_an_offer_of_an_earlier_round_does_not_win_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """The order runs out and is sent anew to others between the reading of an offer and the taking."""
    w = world()
    order = orders.sent(w.elder, w.organisation)
    read = services._offer

    def read_then_lose(*args: object) -> Offer:
        offer = read(*args)
        Order.objects.filter(pk=order.pk).update(leg_due_at=NOON - timedelta(minutes=1))
        expire_orders(actor=SYSTEM, at=NOON)
        send_order(
            actor=actor_of("dispatcher"), at=NOON, order_id=order.pk, organisation_ids=[w.second_organisation.pk]
        )
        return offer

    monkeypatch.setattr(services, "_offer", read_then_lose)
    with pytest.raises(OfferGone, match="超过答复时限"):
        accept_order(actor=actor_of("organisation_a"), at=NOON, order_id=order.pk, organisation_id=w.organisation.pk)


def test_a_cancelled_order_is_gone() -> None:
    w = world()
    order = orders.sent(w.elder, w.organisation)
    cancel_order(actor=actor_of("dispatcher"), at=NOON, order_id=order.pk, reason="老人住院")
    with pytest.raises(OfferGone, match="撤回"):
        accept_order(actor=actor_of("organisation_a"), at=NOON, order_id=order.pk, organisation_id=w.organisation.pk)


def test_nobody_accepts_for_another_or_without_an_offer() -> None:
    w = world()
    order = orders.sent(w.elder, w.organisation)
    with pytest.raises(NotFound):
        accept_order(actor=actor_of("organisation_b"), at=NOON, order_id=order.pk, organisation_id=w.organisation.pk)
    with pytest.raises(NotFound):
        accept_order(
            actor=actor_of("organisation_b"), at=NOON, order_id=order.pk, organisation_id=w.second_organisation.pk
        )
    with pytest.raises(NotAllowed):
        accept_order(actor=actor_of("dispatcher"), at=NOON, order_id=order.pk, organisation_id=w.organisation.pk)
    assert orders.answers(order) == {w.organisation.name: "open"}
