"""Recording a need: by staff through any channel, by a resident for themself or for a parent, once per key."""

from datetime import date
from typing import Any

import pytest

from tests.factories.cast import World, actor_of, world
from tests.factories.places import COMMUNITY, NOON
from wushe.chain.needs.models import Channel, Need, NeedState
from wushe.chain.needs.services import record_need
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.idempotency.services import KeyReused
from wushe.foundation.journal.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def record(who: str, person_id: int, **changes: Any) -> Need:
    values: dict[str, Any] = {"channel": Channel.DOOR_KNOCK, "words": " 想洗个澡 "}
    return record_need(actor=actor_of(who), at=NOON, person_id=person_id, **values | changes)


def test_a_need_enters_the_queue(here: World) -> None:
    need = Need.objects.get(pk=record("social_worker", here.elder.pk, wanted_on=date(2026, 9, 15)).pk)
    assert (need.state, need.words, need.area_code) == (NeedState.RECORDED, "想洗个澡", COMMUNITY)
    assert need.recorded_at == NOON
    entry = JournalEntry.objects.get(kind="need.record")
    assert entry.data == {"to": "recorded", "channel": "door_knock", "person": here.elder.pk}


def test_a_resident_orders_for_herself_and_the_daughter_on_her_behalf(here: World) -> None:
    assert record("elder", here.elder.pk).channel == Channel.SELF_ORDER
    assert record("daughter", here.elder.pk).channel == Channel.ON_BEHALF
    assert record("daughter", here.daughter.pk, channel=Channel.HOTLINE).channel == Channel.SELF_ORDER


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": "  "}, "words"),
        ({"words": "长" * 2001}, "words"),
        ({"channel": "pigeon"}, "channel"),
        ({"wanted_on": date(2026, 9, 13)}, "wanted_on"),
        ({"wanted_from": 1440}, "wanted_from"),
        ({"wanted_from": 600, "wanted_until": 600}, "wanted_until"),
    ],
)
def test_a_fault_is_named_and_nothing_is_recorded(here: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        record("social_worker", here.elder.pk, **changes)
    assert list(refusal.value.fields) == [field]
    assert not Need.objects.exists()
    assert not JournalEntry.objects.filter(kind="need.record").exists()


def test_not_for_people_out_of_scope(here: World) -> None:
    for who, person in (("stranger", here.elder), ("elder", here.daughter), ("far_elder", here.elder)):
        with pytest.raises(NotFound):
            record(who, person.pk)
    assert not Need.objects.exists()


def test_not_without_the_right(here: World) -> None:
    with pytest.raises(NotAllowed):
        record("auditor", here.elder.pk)


def test_the_same_key_makes_one_need(here: World) -> None:
    first = record("elder", here.elder.pk, client_key="k1")
    second = record("elder", here.elder.pk, client_key="k1")
    assert first.pk == second.pk
    assert Need.objects.count() == 1
    assert JournalEntry.objects.filter(kind="need.record").count() == 1
    with pytest.raises(KeyReused):
        record("elder", here.elder.pk, client_key="k1", words="别的事")
    assert record("daughter", here.elder.pk, client_key="k1").pk != first.pk
