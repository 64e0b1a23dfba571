"""Organisations: the credit code carries a check character and is registered once."""

from datetime import date
from typing import Any

import pytest

from tests.factories.cast import actor_of, world
from tests.factories.places import NOON, OTHER_STREET, STREET, TODAY
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.registers.facilities.selectors import facilities
from wushe.registers.facilities.services import close_facility, open_facility
from wushe.registers.organisations.models import Organisation
from wushe.registers.organisations.selectors import organisations, takers_at
from wushe.registers.organisations.services import CreditCodeTaken, is_credit_code, leave, register_organisation

pytestmark = pytest.mark.django_db
GOOD = "91110000600037341L"


@pytest.fixture(autouse=True)
def _world() -> None:
    world()


def register(who: str = "social_worker", **changes: Any) -> Organisation:
    values: dict[str, Any] = {
        "name": "新来的机构", "kind": "social_organisation", "standing": "registered", "area_code": STREET,
        "uscc": GOOD, "serves": [STREET], "takes_orders": True,
    }  # fmt: skip
    return register_organisation(actor=actor_of(who), at=NOON, **values | changes)


def test_the_check_character() -> None:
    assert is_credit_code(GOOD)
    assert not is_credit_code(GOOD[:-1] + "M")
    assert not is_credit_code("123")


def test_it_takes_orders_until_it_leaves() -> None:
    made = register()
    assert made in takers_at(area_code=STREET + "001", on=TODAY)
    assert made not in takers_at(area_code=OTHER_STREET + "001", on=TODAY)
    leave(actor=actor_of("social_worker"), at=NOON, organisation_id=made.pk, left_on=date(2026, 10, 1))
    assert made not in takers_at(area_code=STREET + "001", on=TODAY)
    assert made.pk not in {o.pk for o in organisations(actor=actor_of("social_worker"))}


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"uscc": ""}, "uscc"), ({"uscc": "X"}, "uscc"), ({"name": "一"}, "name"), ({"kind": "?"}, "kind"),
     ({"area_code": OTHER_STREET}, "area_code"), ({"serves": ["999999999"]}, "serves")],
)  # fmt: skip
def test_a_fault_is_named(changes: dict[str, Any], field: str) -> None:
    before = Organisation.objects.count()
    with pytest.raises(Invalid) as refusal:
        register(**changes)
    assert list(refusal.value.fields) == [field]
    assert Organisation.objects.count() == before


def test_a_code_is_registered_once_and_a_group_needs_none() -> None:
    register()
    with pytest.raises(CreditCodeTaken):
        register(name="又一家")
    assert register(name="舞蹈队", standing="filed", kind="community_group", uscc="").uscc == ""


def test_who_may_not() -> None:
    with pytest.raises(NotAllowed):
        register("community_worker")


def test_facilities_open_and_close() -> None:
    made = open_facility(
        actor=actor_of("social_worker"), at=NOON, name="翠屏助餐点", kind="meal_point", area_code=STREET,
        longitude=106.6, latitude=30.4, opened_on=TODAY, capacity=40,
    )  # fmt: skip
    assert list(facilities(actor=actor_of("social_worker"), on=TODAY)) == [made]
    assert list(facilities(actor=actor_of("stranger"), on=TODAY)) == []
    with pytest.raises(NotFound):
        close_facility(actor=actor_of("district_manager"), at=NOON, facility_id=made.pk + 1, closed_on=TODAY)
    close_facility(actor=actor_of("social_worker"), at=NOON, facility_id=made.pk, closed_on=TODAY)
    assert list(facilities(actor=actor_of("social_worker"), on=TODAY)) == []
