"""Lists of orders: scope, counts, search, the pool, and who could take an order."""

from datetime import timedelta

import pytest

from tests.factories import orders, organisations
from tests.factories.cast import actor_of, world
from tests.factories.places import NOON, OTHER_STREET
from wushe.chain.orders import selectors
from wushe.chain.orders.selectors import OrderFilter
from wushe.chain.orders.services import refuse_offer
from wushe.foundation.errors import NotAllowed, NotFound

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=5)


def test_a_list_holds_what_the_actor_may_see_and_counts_it() -> None:
    w = world()
    taken = orders.accepted(w.elder, w.organisation)
    waiting = orders.placed(w.daughter)
    far = orders.placed(w.far_elder)
    dispatcher = actor_of("dispatcher")
    assert list(selectors.find_orders(actor=dispatcher, at=NOON)) == [far, waiting, taken]
    assert list(selectors.find_orders(actor=actor_of("stranger"), at=NOON)) == [far]
    assert list(selectors.find_orders(actor=actor_of("organisation_a"), at=NOON)) == [taken]
    counts = selectors.order_counts(actor=dispatcher, at=LATER)
    assert counts == {"placed": 2, "sent": 0, "accepted": 1, "fulfilled": 0, "cancelled": 0, "overdue": 3}
    with pytest.raises(NotAllowed):
        selectors.find_orders(actor=actor_of("carer"), at=NOON)


def test_filters_narrow_a_list_and_its_counts() -> None:
    w = world()
    mine, other = orders.placed(w.elder, urgency="now"), orders.placed(w.daughter)
    dispatcher = actor_of("dispatcher")

    def found(**where: object) -> list[int]:
        return [o.pk for o in selectors.find_orders(actor=dispatcher, at=LATER, where=OrderFilter(**where))]  # type: ignore[arg-type]

    assert found(text="王桂芳") == [mine.pk]
    assert found(text="wgf") == [mine.pk]
    assert found(text=str(other.pk)) == [other.pk]
    assert found(text="没有这个人") == []
    assert found(urgency="now") == [mine.pk]
    assert found(area_code=OTHER_STREET) == []
    assert found(overdue=True) == [other.pk, mine.pk]
    assert selectors.order_counts(actor=dispatcher, at=NOON, where=OrderFilter(text="没有"))["placed"] == 0
    assert [o.pk for o in selectors.overdue_orders(actor=dispatcher, at=LATER)] == [mine.pk, other.pk]


def test_the_pool_shows_why_nobody_took_an_order() -> None:
    w = world()
    order = orders.sent(w.elder, w.organisation)
    refuse_offer(
        actor=actor_of("organisation_a"),
        at=NOON,
        order_id=order.pk,
        organisation_id=w.organisation.pk,
        reason="没有人手",
    )
    row = selectors.pool(actor=actor_of("dispatcher")).get()
    assert [(one.answer, one.reason) for one in row.offers.all()] == [("refused", "没有人手")]


def test_those_who_could_take_it_come_with_their_capacity() -> None:
    w = world()
    organisations.organisation("外街机构", serves=(OTHER_STREET,))
    order = orders.placed(w.elder)
    takers = selectors.suggest_takers(actor=actor_of("dispatcher"), at=NOON, order_id=order.pk)
    assert [(t.organisation.name, t.workers) for t in takers] == [
        (w.organisation.name, 2),
        (w.second_organisation.name, 1),
    ]
    assert takers[0].free_minutes == 2 * 2400
    with pytest.raises(NotFound):
        selectors.suggest_takers(actor=actor_of("stranger"), at=NOON, order_id=order.pk)


def test_an_organisation_opens_what_was_offered_to_it_and_nothing_else() -> None:
    w = world()
    order = orders.sent(w.elder, w.organisation)
    assert selectors.open_order(actor=actor_of("organisation_a"), order_id=order.pk) == order
    assert [one.order_id for one in selectors.inbox(actor=actor_of("organisation_a"))] == [order.pk]
    assert list(selectors.inbox(actor=actor_of("organisation_b"))) == []
    for name in ("organisation_b", "stranger", "far_elder"):
        with pytest.raises(NotFound):
            selectors.open_order(actor=actor_of(name), order_id=order.pk)


@pytest.mark.parametrize("name", ["dispatcher", "community_worker", "stranger", "organisation_a"])
def test_the_list_that_is_built_once_says_what_the_other_says(name: str) -> None:
    """For each kind of scope, in each state, with rows that have come since the query was built."""
    w, actor = world(), actor_of(name)
    for _ in range(2):
        orders.accepted(w.elder, w.organisation)
        orders.placed(w.daughter)
        orders.placed(w.far_elder)
        for state in ("", "placed", "accepted", "cancelled"):
            where = OrderFilter(state=state)
            plain = list(selectors.order_lines(actor=actor, at=LATER, where=where))
            assert selectors.newest_lines(actor=actor, at=LATER, where=where, most=3) == plain[:3]
            assert selectors.order_counts(actor=actor, at=LATER, where=where) == selectors.order_counts(
                actor=actor, at=LATER, where=OrderFilter(state=state, text=" ")
            )
    assert selectors.newest_lines(actor=actor, at=LATER, where=OrderFilter(), most=3)
    with pytest.raises(NotAllowed):
        selectors.newest_lines(actor=actor_of("carer"), at=LATER, where=OrderFilter(), most=3)
