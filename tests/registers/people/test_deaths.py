"""Death ends categories on its day; a mistake is taken back with what it ended in the register."""

from datetime import date

import pytest

from tests.factories.cast import World, actor_of, world
from tests.factories.places import NOON, TODAY
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.people.bonds import end_tag, set_tag
from wushe.registers.people.deaths import DeathStands, NoDeath, record_death, retract_death
from wushe.registers.people.models import Household, Person, Tag
from wushe.registers.people.selectors import find_people

pytestmark = pytest.mark.django_db
YESTERDAY = date(2026, 9, 13)


@pytest.fixture
def here() -> World:
    return world()


def bury(person: Person, died_on: date = YESTERDAY, who: str = "social_worker") -> Person:
    return record_death(actor=actor_of(who), at=NOON, person_id=person.pk, died_on=died_on)


def test_death_ends_categories_and_hides_the_home(here: World) -> None:
    ended = Tag.objects.get(person=here.elder, kind__code="age_80")
    end_tag(actor=actor_of("social_worker"), at=NOON, tag_id=ended.pk, ends_on=TODAY)
    bury(here.elder)
    tag = Tag.objects.get(person=here.elder, kind__code="living_alone")
    assert tag.ends_on == TODAY  # it began today; a category never ends before it began
    assert Household.objects.get(pk=here.elder.household_id).closed_on == YESTERDAY
    assert not find_people(actor=actor_of("social_worker"), text="桂芳").exists()
    assert JournalEntry.objects.get(kind="person.death").data == {"on": "2026-09-13", "tags": [tag.pk]}
    with pytest.raises(Conflict):
        set_tag(
            actor=actor_of("social_worker"), at=NOON, person_id=here.elder.pk, tag_code="dibao", starts_on=TODAY,
            evidence="低保证",
        )  # fmt: skip


def test_a_mistake_is_taken_back(here: World) -> None:
    bury(here.elder)
    with pytest.raises(DeathStands):
        bury(here.elder)
    retract_death(actor=actor_of("social_worker"), at=NOON, person_id=here.elder.pk)
    assert Person.objects.get(pk=here.elder.pk).died_on is None
    assert Tag.objects.filter(person=here.elder, ends_on=None).count() == 2
    assert Household.objects.get(pk=here.elder.household_id).closed_on is None
    with pytest.raises(NoDeath):
        retract_death(actor=actor_of("social_worker"), at=NOON, person_id=here.elder.pk)


@pytest.mark.parametrize("day", [date(2026, 9, 15), date(1940, 1, 1)])
def test_the_day_lies_in_the_life(here: World, day: date) -> None:
    with pytest.raises(Invalid) as refusal:
        bury(here.elder, day)
    assert list(refusal.value.fields) == ["died_on"]
    assert Person.objects.get(pk=here.elder.pk).died_on is None
    assert Tag.objects.filter(person=here.elder, ends_on=None).count() == 2


def test_a_stranger_records_no_death(here: World) -> None:
    with pytest.raises(NotFound):
        bury(here.elder, who="stranger")
    assert Person.objects.get(pk=here.elder.pk).died_on is None
