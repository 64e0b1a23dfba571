"""Registering a resident: what is checked, what is derived, and who may."""

from datetime import date
from typing import Any

import pytest

from tests.factories import people
from tests.factories.cast import actor_of, world
from tests.factories.places import COMMUNITY, NOON, OTHER_COMMUNITY
from wushe.foundation.errors import Invalid, NotAllowed
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.people.identity import id_number_faults
from wushe.registers.people.models import Person
from wushe.registers.people.services import AlreadyRegistered, register_person

pytestmark = pytest.mark.django_db
BORN = date(1950, 5, 20)


@pytest.fixture(autouse=True)
def _world() -> None:
    world()


def register(**changes: Any) -> Person:
    values: dict[str, Any] = {
        "name": "单雄英", "sex": "F", "born_on": BORN, "area_code": COMMUNITY, "phone": "139 0826-1234",
        "id_number": people.id_number(born_on=BORN, sex="F", serial=7), "address": "幸福巷 3 号 2 单元",
    }  # fmt: skip
    actor = changes.pop("actor", None) or actor_of("social_worker")
    return register_person(actor=actor, at=NOON, **values | changes)


def test_a_resident_is_registered_and_journalled() -> None:
    person = register()
    assert person.initials == "sxy"
    assert str(person.phone) == "139****1234"
    assert person.phone.reveal() == "13908261234"
    assert "1950" not in str(person.id_number)
    assert person.household is not None
    assert person.household.address.reveal() == "幸福巷 3 号 2 单元"
    entry = JournalEntry.objects.get(kind="person.register")
    assert (entry.subject_id, entry.data) == (person.pk, {})


def test_people_at_one_address_share_a_household() -> None:
    first = register()
    second = register(name="单雄信", id_number="", address="幸福巷3号2单元")
    assert first.household_id == second.household_id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "王"}, "name"),
        ({"sex": "X"}, "sex"),
        ({"born_on": date(2099, 1, 1)}, "born_on"),
        ({"born_on": date(1950, 5, 21)}, "id_number"),
        ({"sex": "M"}, "id_number"),
        ({"id_number": "511602195005200"}, "id_number"),
        ({"phone": "12345"}, "phone"),
        ({"area_code": OTHER_COMMUNITY}, "area_code"),
        ({"area_code": "511602001"}, "area_code"),
        ({"area_code": "511602001999"}, "area_code"),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_is_kept(changes: dict[str, Any], field: str) -> None:
    before = Person.objects.count()
    with pytest.raises(Invalid) as refusal:
        register(**changes)
    assert list(refusal.value.fields) == [field]
    assert Person.objects.count() == before
    assert not JournalEntry.objects.filter(kind="person.register").exists()


def test_a_wrong_check_digit_is_found() -> None:
    right = people.id_number(born_on=BORN, sex="F", serial=7)
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    with pytest.raises(Invalid) as refusal:
        register(id_number=wrong)
    assert "校验" in refusal.value.fields["id_number"]


def test_an_id_number_is_registered_once() -> None:
    register()
    with pytest.raises(AlreadyRegistered):
        register(name="另一个人")
    assert Person.objects.filter(name="另一个人").count() == 0


def test_a_dispatcher_may_not_register() -> None:
    with pytest.raises(NotAllowed):
        register(actor=actor_of("dispatcher"))


@pytest.mark.parametrize(
    ("number", "born_on", "sex"),
    [("11010519491231002X", date(1949, 12, 31), "F"), ("440524188001010014", date(1880, 1, 1), "M")],
)
def test_the_numbers_that_the_standard_gives_as_examples_are_right(number: str, born_on: date, sex: str) -> None:
    """GB 11643 prints these two; whoever computes the check digit otherwise computes it wrongly."""
    assert id_number_faults(number, born_on=born_on, sex=sex) == {}
    for wrong in set("0123456789X") - {number[-1]}:
        assert "校验不对" in id_number_faults(number[:-1] + wrong, born_on=born_on, sex=sex)["id_number"]
