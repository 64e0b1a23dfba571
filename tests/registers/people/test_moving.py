"""Moving, leaving and coming back: the record goes with the person, and an empty home is hidden."""

from datetime import date, timedelta

import pytest

from tests.factories import people
from tests.factories.cast import World, actor_of, world
from tests.factories.places import COMMUNITY, NEXT_COMMUNITY, NOON, OTHER_COMMUNITY, TODAY
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.people.models import Household, Person
from wushe.registers.people.moving import (
    HasDied,
    HasLeft,
    HasNotLeft,
    move_person,
    record_departure,
    record_return,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def move(person: Person, **more: object) -> Person:
    values = {"area_code": NEXT_COMMUNITY, "moved_on": TODAY, "address": "民生路3号"} | more
    return move_person(actor=actor_of("social_worker"), at=NOON, person_id=person.pk, **values)  # type: ignore[arg-type]


def depart(person: Person, **more: object) -> Person:
    return record_departure(actor=actor_of("social_worker"), at=NOON, person_id=person.pk, left_on=TODAY, **more)  # type: ignore[arg-type]


def test_moving_takes_the_record_along(here: World) -> None:
    home = here.elder.household
    moved = move(here.elder)
    assert home is not None
    assert (moved.area_code, moved.household.address.reveal()) == (NEXT_COMMUNITY, "民生路3号")  # type: ignore[union-attr]
    assert Household.objects.get(pk=home.pk).closed_on == TODAY
    row = JournalEntry.objects.get(kind="person.move")
    assert row.data == {"from": COMMUNITY, "to": NEXT_COMMUNITY, "on": "2026-09-14"}
    assert row.community_code == NEXT_COMMUNITY


def test_a_record_may_be_handed_over_to_another_street(here: World) -> None:
    move(here.elder, area_code=OTHER_COMMUNITY, address="")
    with pytest.raises(NotFound):
        move(here.elder)
    assert Person.objects.get(pk=here.elder.pk).household is None


def test_the_household_moves_together_or_one_alone(here: World) -> None:
    son = people.person("王强", sex="M", born_on=date(1968, 5, 1), home=here.elder.household)
    move(here.elder)
    assert Person.objects.get(pk=son.pk).area_code == COMMUNITY
    assert Household.objects.get(pk=son.household_id).closed_on is None
    wife = people.person("李梅", born_on=date(1969, 5, 1), home=son.household)
    move(son, with_household=True, address="")
    son.refresh_from_db(), wife.refresh_from_db()
    assert son.household_id == wife.household_id != here.elder.household_id
    assert wife.area_code == NEXT_COMMUNITY


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"area_code": "511602999999"}, "area_code"),
        ({"area_code": "511602001"}, "area_code"),
        ({"moved_on": TODAY + timedelta(days=1)}, "moved_on"),
        ({"moved_on": date(1930, 1, 1)}, "moved_on"),
        ({"area_code": COMMUNITY, "address": ""}, "address"),
    ],
)
def test_a_move_needs_a_place_a_day_and_a_change(here: World, values: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        move(here.elder, **values)
    assert list(refusal.value.fields) == [field]
    unchanged = Person.objects.get(pk=here.elder.pk)
    assert (unchanged.area_code, unchanged.household_id) == (COMMUNITY, here.elder.household_id)
    assert not JournalEntry.objects.filter(kind="person.move").exists()


def test_who_has_left_is_not_found_by_name_and_comes_back(here: World) -> None:
    depart(here.elder)
    assert Household.objects.get(pk=here.elder.household_id).closed_on == TODAY
    with pytest.raises(HasLeft):
        depart(here.elder)
    with pytest.raises(HasLeft):
        move(here.elder)
    worker = actor_of("social_worker")
    with pytest.raises(Invalid) as refusal:
        record_return(
            actor=worker, at=NOON, person_id=here.elder.pk, area_code=NEXT_COMMUNITY, moved_on=date(2026, 9, 1)
        )
    assert list(refusal.value.fields) == ["moved_on"]
    back = record_return(
        actor=worker, at=NOON, person_id=here.elder.pk, area_code=NEXT_COMMUNITY, moved_on=TODAY, address="民生路3号"
    )
    assert (back.moved_out_on, back.area_code) == (None, NEXT_COMMUNITY)
    kinds = set(JournalEntry.objects.filter(subject_kind="person").values_list("kind", flat=True))
    assert {"person.leave", "person.return"} <= kinds
    with pytest.raises(HasNotLeft):
        record_return(actor=worker, at=NOON, person_id=here.elder.pk, area_code=COMMUNITY, moved_on=TODAY)


def test_the_dead_do_not_move(here: World) -> None:
    Person.objects.filter(pk=here.elder.pk).update(died_on=TODAY)
    for act in (move, depart):
        with pytest.raises(HasDied):
            act(here.elder)


def test_strangers_and_those_who_only_read_move_nobody(here: World) -> None:
    for who, refusal in (("stranger", NotFound), ("dispatcher", NotAllowed)):
        with pytest.raises(refusal):
            record_departure(actor=actor_of(who), at=NOON, person_id=here.elder.pk, left_on=TODAY)
    assert Person.objects.get(pk=here.elder.pk).moved_out_on is None
