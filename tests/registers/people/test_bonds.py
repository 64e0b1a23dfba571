"""Tags with evidence and review, relatives who may act, consents of the young only through a guardian."""

from datetime import date

import pytest

from tests.factories import people
from tests.factories.cast import World, actor_of, world
from tests.factories.places import NOON, TODAY
from wushe.foundation.errors import Invalid, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.people.bonds import (
    ConsentStands,
    TagStands,
    end_tag,
    give_consent,
    relate,
    set_tag,
    withdraw_consent,
)
from wushe.registers.people.models import Consent, Relation, Tag
from wushe.registers.people.selectors import standing_codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def test_a_tag_has_its_day_of_review(here: World) -> None:
    tag = set_tag(
        actor=actor_of("social_worker"), at=NOON, person_id=here.daughter.pk, tag_code="dibao",
        starts_on=date(2026, 8, 31), evidence="低保证",
    )  # fmt: skip
    assert tag.review_on == date(2027, 2, 28)
    assert standing_codes(person=here.daughter, on=TODAY) == {"dibao"}
    assert JournalEntry.objects.get(kind="person.tag").data == {"tag": "dibao"}


def test_a_tag_stands_once_and_may_come_back(here: World) -> None:
    worker = actor_of("social_worker")
    with pytest.raises(TagStands):
        set_tag(
            actor=worker, at=NOON, person_id=here.elder.pk, tag_code="living_alone", starts_on=TODAY, evidence="走访"
        )
    tag = Tag.objects.get(person=here.elder, kind__code="living_alone")
    end_tag(actor=worker, at=NOON, tag_id=tag.pk, ends_on=TODAY)
    assert "living_alone" not in standing_codes(person=here.elder, on=TODAY)
    set_tag(actor=worker, at=NOON, person_id=here.elder.pk, tag_code="living_alone", starts_on=TODAY, evidence="走访")


@pytest.mark.parametrize(
    ("code", "start", "evidence", "field"),
    [
        ("no_such", TODAY, "x", "tag_code"),
        ("dibao", date(2026, 9, 15), "x", "starts_on"),
        ("dibao", TODAY, " ", "evidence"),
    ],
)
def test_a_tag_needs_category_day_and_evidence(here: World, code: str, start: date, evidence: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        set_tag(
            actor=actor_of("social_worker"), at=NOON, person_id=here.daughter.pk, tag_code=code, starts_on=start,
            evidence=evidence,
        )  # fmt: skip
    assert list(refusal.value.fields) == [field]
    assert not Tag.objects.filter(person=here.daughter).exists()


def test_tags_of_another_street_are_not_found(here: World) -> None:
    tag = Tag.objects.filter(person=here.elder).first()
    assert tag is not None
    with pytest.raises(NotFound):
        end_tag(actor=actor_of("stranger"), at=NOON, tag_id=tag.pk, ends_on=TODAY)


def test_a_relation_again_changes_whether_the_relative_may_act(here: World) -> None:
    worker = actor_of("social_worker")
    relate(actor=worker, at=NOON, person_id=here.elder.pk, relative_id=here.daughter.pk, kind="child", may_act=False)
    assert Relation.objects.get(person=here.elder, relative=here.daughter).may_act is False
    with pytest.raises(Invalid):
        relate(actor=worker, at=NOON, person_id=here.elder.pk, relative_id=here.elder.pk, kind="child")
    with pytest.raises(NotFound):
        relate(actor=worker, at=NOON, person_id=here.elder.pk, relative_id=here.far_elder.pk, kind="other")


def consent(person_id: int, given_by_id: int) -> Consent:
    return give_consent(
        actor=actor_of("social_worker"), at=NOON, person_id=person_id, purpose="photo", notice_version="2026-1",
        given_by_id=given_by_id,
    )  # fmt: skip


def test_a_child_agrees_only_through_a_guardian(here: World) -> None:
    child = people.person("小宝", born_on=date(2014, 9, 14), sex="M")
    people.relation(child, here.daughter, Relation.Kind.OTHER)
    for giver in (child, here.daughter):
        with pytest.raises(Invalid):
            consent(child.pk, giver.pk)
    assert not Consent.objects.exists()
    people.relation(child, here.daughter, Relation.Kind.GUARDIAN)
    assert consent(child.pk, here.daughter.pk).given_by == here.daughter


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
