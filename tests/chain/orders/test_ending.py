"""Death and departure end what is open in the chain; what was done, and a mistake taken back, end nothing."""

import pytest

from tests.factories import needs, orders
from tests.factories.cast import World, actor_of, world
from tests.factories.places import NOON, TODAY
from wushe.chain.needs.models import Need
from wushe.chain.orders.models import Order
from wushe.foundation.journal.delivery import deliver
from wushe.registers.people.deaths import record_death, retract_death
from wushe.registers.people.moving import record_departure

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def test_death_cancels_orders_and_closes_needs(here: World) -> None:
    accepted = orders.accepted(here.elder, here.organisation)
    waiting = needs.recorded(here.elder)
    other = orders.placed(here.daughter)
    record_death(actor=actor_of("social_worker"), at=NOON, person_id=here.elder.pk, died_on=TODAY)
    deliver()
    assert Order.objects.get(pk=accepted.pk).state == "cancelled"
    assert {need.state for need in Need.objects.filter(pk__in=(waiting.pk, accepted.need_id))} == {"closed"}
    assert Need.objects.get(pk=waiting.pk).outcome == "服务对象去世"
    assert not accepted.appointments.exclude(state="cancelled").exists()
    assert Order.objects.get(pk=other.pk).state == "placed"


def test_departure_does_the_same(here: World) -> None:
    placed = orders.placed(here.elder)
    record_departure(actor=actor_of("social_worker"), at=NOON, person_id=here.elder.pk, left_on=TODAY)
    deliver()
    assert Order.objects.get(pk=placed.pk).state == "cancelled"
    assert Need.objects.get(pk=placed.need_id).outcome == "服务对象已迁出"


def test_a_death_taken_back_before_the_news_ends_nothing(here: World) -> None:
    placed = orders.placed(here.elder)
    worker = actor_of("social_worker")
    record_death(actor=worker, at=NOON, person_id=here.elder.pk, died_on=TODAY)
    retract_death(actor=worker, at=NOON, person_id=here.elder.pk)
    deliver()
    assert Order.objects.get(pk=placed.pk).state == "placed"
