"""Consents: one purpose under one notice; the young agree only through a guardian, under a notice of their own."""

from datetime import date

import pytest

from tests.factories import people
from tests.factories.cast import World, actor_of, world
from tests.factories.places import NOON, TODAY
from wushe.foundation.errors import Invalid, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.people.consents import ConsentStands, give_consent, notice_for, withdraw_consent
from wushe.registers.people.models import Consent, Relation

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def consent(person_id: int, given_by_id: int, *, notice: str = "2026-1", purpose: str = "photo") -> Consent:
    return give_consent(
        actor=actor_of("social_worker"), at=NOON, person_id=person_id, purpose=purpose, notice_version=notice,
        given_by_id=given_by_id,
    )  # fmt: skip


def test_a_child_agrees_only_through_a_guardian(here: World) -> None:
    child = people.person("小宝", born_on=date(2014, 9, 14), sex="M")
    people.relation(child, here.daughter, Relation.Kind.OTHER)
    for giver in (child, here.daughter):
        with pytest.raises(Invalid):
            consent(child.pk, giver.pk, notice="儿童2026-1")
    assert not Consent.objects.exists()
    people.relation(child, here.daughter, Relation.Kind.GUARDIAN)
    with pytest.raises(Invalid, match="儿童"):
        consent(child.pk, here.daughter.pk, notice=" 2026-1 ")
    assert consent(child.pk, here.daughter.pk, notice="儿童2026-1").given_by == here.daughter
    assert (notice_for(child, on=TODAY), notice_for(here.elder, on=TODAY)) == ("儿童2026-1", "2026-1")


def test_fourteen_is_old_enough(here: World) -> None:
    youth = people.person("大宝", born_on=date(2012, 9, 14), sex="M")
    assert consent(youth.pk, youth.pk).given_by == youth


def test_consent_stands_once_and_is_withdrawn(here: World) -> None:
    consent(here.elder.pk, here.daughter.pk)
    with pytest.raises(ConsentStands):
        consent(here.elder.pk, here.elder.pk)
    with pytest.raises(Invalid):
        consent(here.elder.pk, here.far_elder.pk)
    worker = actor_of("social_worker")
    assert withdraw_consent(actor=worker, at=NOON, person_id=here.elder.pk, purpose="photo") == 1
    assert withdraw_consent(actor=worker, at=NOON, person_id=here.elder.pk, purpose="photo") == 0
    assert JournalEntry.objects.filter(kind="person.withdraw").count() == 1


@pytest.mark.parametrize(("purpose", "notice", "field"), [("x", "2026-1", "purpose"), ("photo", " ", "notice_version")])
def test_a_consent_needs_purpose_and_notice(here: World, purpose: str, notice: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        consent(here.elder.pk, here.elder.pk, purpose=purpose, notice=notice)
    assert list(refusal.value.fields) == [field]
    assert not Consent.objects.exists()


def test_consents_of_another_street_are_not_found(here: World) -> None:
    with pytest.raises(NotFound):
        consent(here.far_elder.pk, here.far_elder.pk)
    with pytest.raises(NotFound):
        withdraw_consent(actor=actor_of("stranger"), at=NOON, person_id=here.elder.pk, purpose="photo")
