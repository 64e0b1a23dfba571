"""Categories with evidence and review; relatives who may act, and what their ages do not allow."""

from datetime import date

import pytest

from tests.factories import people
from tests.factories.cast import World, actor_of, world
from tests.factories.places import NOON, TODAY
from wushe.foundation.errors import Invalid, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.people.bonds import TagStands, end_relation, end_tag, relate, set_tag
from wushe.registers.people.models import Relation, Tag
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


@pytest.mark.parametrize(
    ("kind", "born_on", "words"),
    [
        ("guardian", date(2010, 1, 1), "18周岁"),
        ("parent", date(1990, 1, 1), "年长"),
        ("grandparent", date(1990, 1, 1), "年长"),
        ("child", date(1930, 1, 1), "年轻"),
        ("grandchild", date(1930, 1, 1), "年轻"),
    ],
)
def test_ages_that_cannot_be_are_refused(here: World, kind: str, born_on: date, words: str) -> None:
    relative = people.person("王小明", born_on=born_on, sex="M")
    with pytest.raises(Invalid, match=words):
        relate(
            actor=actor_of("social_worker"), at=NOON, person_id=here.elder.pk, relative_id=relative.pk, kind=kind,
            may_act=True,
        )  # fmt: skip
    assert not Relation.objects.filter(relative=relative).exists()


def test_one_who_has_died_becomes_no_relative(here: World) -> None:
    husband = people.person("王大山", born_on=date(1940, 1, 1), sex="M", died_on=TODAY)
    with pytest.raises(Invalid, match="去世"):
        relate(actor=actor_of("social_worker"), at=NOON, person_id=here.elder.pk, relative_id=husband.pk, kind="spouse")


def test_a_relation_is_struck_out_and_remembered(here: World) -> None:
    relation = Relation.objects.get(person=here.elder, relative=here.daughter)
    with pytest.raises(NotFound):
        end_relation(actor=actor_of("stranger"), at=NOON, person_id=here.elder.pk, relation_id=relation.pk)
    with pytest.raises(NotFound):
        end_relation(actor=actor_of("social_worker"), at=NOON, person_id=here.daughter.pk, relation_id=relation.pk)
    assert Relation.objects.filter(pk=relation.pk).exists()
    end_relation(actor=actor_of("social_worker"), at=NOON, person_id=here.elder.pk, relation_id=relation.pk)
    assert not Relation.objects.filter(pk=relation.pk).exists()
    assert JournalEntry.objects.get(kind="person.unrelate").data == {"relative": here.daughter.pk, "kind": "child"}
