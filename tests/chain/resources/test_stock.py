"""The resource list: conditions change, more is added, what is withdrawn cannot be linked, what was promised stays."""

from datetime import date
from typing import Any

import pytest

from tests.factories import needs, registers
from tests.factories.cast import World, actor_of, world
from tests.factories.places import COMMUNITY, NOON, OTHER_COMMUNITY, TODAY
from wushe.chain.resources import stock
from wushe.chain.resources.models import Resource
from wushe.chain.resources.register import state_of
from wushe.chain.resources.selectors import resources_at, resources_of, uses_of
from wushe.chain.resources.services import link_need
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def wheelchairs(here: World) -> Resource:
    return needs.resource(here.charity)


def change(resource: Resource, who: str = "social_worker", **changes: Any) -> Resource:
    return stock.update_resource(actor=actor_of(who), at=NOON, resource_id=resource.pk, changes=changes)


def test_conditions_and_donor_change_with_history(here: World, wheelchairs: Resource) -> None:
    donor = registers.donor()
    change(wheelchairs, conditions="限80岁以上", donor_id=donor.pk, available_until=date(2026, 12, 31))
    said = JournalEntry.objects.get(kind="resource.update").data["changes"]
    assert said["conditions"] == ["", "限80岁以上"]
    assert said["available_until"] == [None, "2026-12-31"]
    assert [one.pk for one in resources_of(actor=actor_of("social_worker"), donor_id=donor.pk)] == [wheelchairs.pk]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"title": " "}, "title"), ({"kind": "?"}, "kind"), ({"unit": ""}, "unit"), ({"area_code": OTHER_COMMUNITY}, "area_code"),
     ({"available_until": date(2025, 1, 1)}, "available_until"), ({"conditions": "长" * 201}, "conditions")],
)  # fmt: skip
def test_a_fault_changes_nothing(wheelchairs: Resource, changes: dict[str, Any], field: str) -> None:
    before = Resource.objects.filter(pk=wheelchairs.pk).values().get()
    with pytest.raises(Invalid) as refusal:
        change(wheelchairs, **changes)
    assert list(refusal.value.fields) == [field]
    assert Resource.objects.filter(pk=wheelchairs.pk).values().get() == before


def test_only_within_scope(wheelchairs: Resource) -> None:
    with pytest.raises(NotAllowed):
        change(wheelchairs, "stranger", title="别的")
    with pytest.raises(NotFound):
        change(wheelchairs, donor_id=registers.donor(area_code=OTHER_COMMUNITY).pk)
    Resource.objects.filter(pk=wheelchairs.pk).update(area_code=OTHER_COMMUNITY)
    with pytest.raises(NotFound):
        stock.add_to_resource(actor=actor_of("social_worker"), at=NOON, resource_id=wheelchairs.pk, quantity=1)


def test_more_is_added_to_what_is_left(here: World, wheelchairs: Resource) -> None:
    actor = actor_of("social_worker")
    need = needs.triaged(here.elder)
    link_need(actor=actor, at=NOON, need_id=need.pk, society="charity", resource_id=wheelchairs.pk, resource_quantity=4)
    added = stock.add_to_resource(actor=actor, at=NOON, resource_id=wheelchairs.pk, quantity=5)
    assert (added.left, added.quantity) == (11, 15)
    for quantity in (0, -3, 10**12):
        with pytest.raises(Invalid):
            stock.add_to_resource(actor=actor, at=NOON, resource_id=wheelchairs.pk, quantity=quantity)
    assert [one.need_id for one in uses_of(resource=wheelchairs)] == [need.pk]


def test_what_is_withdrawn_cannot_be_linked(here: World, wheelchairs: Resource) -> None:
    actor = actor_of("social_worker")
    assert [one.pk for one in resources_at(actor=actor, area_code=wheelchairs.area_code, on=TODAY)] == [wheelchairs.pk]
    stock.withdraw_resource(actor=actor, at=NOON, resource_id=wheelchairs.pk)
    need = needs.triaged(here.elder)
    with pytest.raises(Invalid):
        link_need(
            actor=actor, at=NOON, need_id=need.pk, society="charity", resource_id=wheelchairs.pk, resource_quantity=1
        )
    for again in (
        lambda: change(wheelchairs, title="别的"),
        lambda: stock.withdraw_resource(actor=actor, at=NOON, resource_id=wheelchairs.pk),
    ):
        with pytest.raises(stock.IsWithdrawn):
            again()
    stock.relist_resource(actor=actor, at=NOON, resource_id=wheelchairs.pk)
    with pytest.raises(Conflict):
        stock.relist_resource(actor=actor, at=NOON, resource_id=wheelchairs.pk)


def test_why_it_cannot_be_used(wheelchairs: Resource) -> None:
    assert state_of(wheelchairs, TODAY).code == "usable"
    assert state_of(wheelchairs, date(2025, 1, 1)).code == "later"
    wheelchairs.left = 0
    assert state_of(wheelchairs, TODAY).code == "used_up"
    wheelchairs.available_until = date(2026, 1, 2)
    assert state_of(wheelchairs, TODAY).code == "over"
    assert wheelchairs.area_code in COMMUNITY
