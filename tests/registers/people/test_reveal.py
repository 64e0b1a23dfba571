"""A look at a protected value is one audited act."""

import pytest

from tests.factories.cast import actor_of, world
from tests.factories.places import NOON
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.people.models import Person
from wushe.registers.people.services import NothingOnRecord, reveal

pytestmark = pytest.mark.django_db


def looks() -> int:
    return JournalEntry.objects.filter(kind="person.reveal").count()


def test_the_value_is_shown_and_the_look_is_kept() -> None:
    elder = world().elder
    shown = reveal(actor=actor_of("social_worker"), at=NOON, person_id=elder.pk, field="phone", reason="contact")
    assert shown == elder.phone.reveal()
    entry = JournalEntry.objects.get(kind="person.reveal")
    assert entry.data == {"field": "phone", "reason": "contact"}
    assert shown not in str(entry.data)


def test_the_address_of_the_household() -> None:
    elder = world().elder
    shown = reveal(actor=actor_of("social_worker"), at=NOON, person_id=elder.pk, field="address", reason="visit")
    assert shown.startswith("幸福巷")


@pytest.mark.parametrize(("field", "reason"), [("name", "visit"), ("phone", ""), ("phone", "好奇")])
def test_without_a_field_or_reason_nothing_is_shown(field: str, reason: str) -> None:
    elder = world().elder
    with pytest.raises(Invalid):
        reveal(actor=actor_of("social_worker"), at=NOON, person_id=elder.pk, field=field, reason=reason)
    assert looks() == 0


def test_nothing_on_record() -> None:
    elder = world().elder
    Person.objects.filter(pk=elder.pk).update(phone="")
    with pytest.raises(NothingOnRecord):
        reveal(actor=actor_of("social_worker"), at=NOON, person_id=elder.pk, field="phone", reason="visit")


def test_not_by_a_stranger_nor_without_the_right() -> None:
    elder = world().elder
    with pytest.raises(NotFound):
        reveal(actor=actor_of("stranger"), at=NOON, person_id=elder.pk, field="phone", reason="visit")
    with pytest.raises(NotAllowed):
        reveal(actor=actor_of("auditor"), at=NOON, person_id=elder.pk, field="phone", reason="visit")
    assert looks() == 0
