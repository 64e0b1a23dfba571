"""Changing what is known of a resident."""

import pytest

from tests.factories.cast import actor_of, world
from tests.factories.places import COMMUNITY, NEXT_COMMUNITY, NOON
from wushe.foundation.errors import Invalid, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.people.models import Person
from wushe.registers.people.selectors import find_people
from wushe.registers.people.services import update_person

pytestmark = pytest.mark.django_db


def test_a_new_telephone_is_found_and_the_old_is_not() -> None:
    elder = world().elder
    old = elder.phone.reveal()
    worker = actor_of("social_worker")
    update_person(actor=worker, at=NOON, person_id=elder.pk, changes={"phone": "13912345678"})
    assert [p.pk for p in find_people(actor=worker, text="5678")] == [elder.pk]
    assert elder.pk not in [p.pk for p in find_people(actor=worker, text=old)]
    entry = JournalEntry.objects.get(kind="person.update")
    assert entry.data == {"fields": ["phone"]}


def test_moving_within_the_street_founds_a_household_there() -> None:
    elder = world().elder
    moved = update_person(
        actor=actor_of("social_worker"), at=NOON, person_id=elder.pk,
        changes={"area_code": NEXT_COMMUNITY, "address": "厚街9号"},
    )  # fmt: skip
    assert moved.community_code == NEXT_COMMUNITY
    assert moved.household is not None
    assert moved.household.area_code == NEXT_COMMUNITY


def test_a_refused_change_changes_nothing() -> None:
    elder = world().elder
    with pytest.raises(Invalid):
        update_person(
            actor=actor_of("social_worker"), at=NOON, person_id=elder.pk, changes={"name": "新名字", "sex": "M"}
        )
    assert Person.objects.get(pk=elder.pk).name == "王桂芳"


def test_not_out_of_scope() -> None:
    elder = world().elder
    with pytest.raises(NotFound):
        update_person(actor=actor_of("stranger"), at=NOON, person_id=elder.pk, changes={"area_code": COMMUNITY})


def test_an_old_telephone_is_not_held_against_another_change() -> None:
    elder = world().elder
    Person.objects.filter(pk=elder.pk).update(phone="10012345678")
    update_person(actor=actor_of("social_worker"), at=NOON, person_id=elder.pk, changes={"lives_alone": False})
    assert Person.objects.get(pk=elder.pk).lives_alone is False
    with pytest.raises(Invalid):
        update_person(actor=actor_of("social_worker"), at=NOON, person_id=elder.pk, changes={"phone": "10012345679"})
