"""Households are split and joined; one in which nobody lives is hidden and found again by its address."""

from datetime import date

import pytest

from tests.factories import people
from tests.factories.cast import World, actor_of, world
from tests.factories.places import COMMUNITY, NEXT_COMMUNITY, NOON, OTHER_COMMUNITY, TODAY
from wushe.foundation.errors import Invalid, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.people.households import household_at, join_households, living_in, split_household
from wushe.registers.people.models import Household, Person
from wushe.registers.people.services import update_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def son(here: World) -> Person:
    return people.person("王强", sex="M", born_on=date(1968, 5, 1), home=here.elder.household)


def split(household: Household | None, members: list[int], **more: object) -> Household:
    assert household is not None
    values = {"area_code": NEXT_COMMUNITY, "address": "民生路3号"} | more
    return split_household(
        actor=actor_of("social_worker"),
        at=NOON,
        household_id=household.pk,
        member_ids=members,
        **values,  # type: ignore[arg-type]
    )


def test_split_and_join(here: World, son: Person) -> None:
    old = here.elder.household
    assert old is not None
    new = split(old, [son.pk])
    assert [p.pk for p in living_in(new)] == [son.pk]
    assert [p.pk for p in living_in(old)] == [here.elder.pk]
    assert Person.objects.get(pk=son.pk).area_code == NEXT_COMMUNITY
    join_households(actor=actor_of("social_worker"), at=NOON, household_id=old.pk, other_id=new.pk)
    assert set(living_in(old)) == {here.elder, son}
    assert Person.objects.get(pk=son.pk).area_code == COMMUNITY
    new.refresh_from_db()
    assert new.closed_on == TODAY
    kinds = set(JournalEntry.objects.values_list("kind", flat=True))
    assert {"household.split", "household.join", "person.split_off", "person.join"} <= kinds
    assert household_at(NEXT_COMMUNITY, "民生路 3号").pk == new.pk
    new.refresh_from_db()
    assert new.closed_on is None


def test_what_a_split_needs(here: World, son: Person) -> None:
    home = here.elder.household
    assert home is not None
    cases: list[tuple[list[int], dict[str, object], str]] = [
        ([], {}, "member_ids"),
        ([here.daughter.pk], {}, "member_ids"),
        ([here.elder.pk, son.pk], {}, "member_ids"),
        ([son.pk], {"address": " "}, "address"),
        ([son.pk], {"address": home.address.reveal(), "area_code": COMMUNITY}, "address"),
        ([son.pk], {"area_code": OTHER_COMMUNITY}, "area_code"),
    ]
    for members, values, field in cases:
        with pytest.raises(Invalid) as refusal:
            split(home, members, **values)
        assert list(refusal.value.fields) == [field]
    assert living_in(home).count() == 2
    assert not JournalEntry.objects.filter(kind="household.split").exists()


def test_what_a_join_needs(here: World) -> None:
    worker, home = actor_of("social_worker"), here.elder.household
    assert home is not None
    empty = people.household()
    for other in (home.pk, empty.pk):
        with pytest.raises(Invalid):
            join_households(actor=worker, at=NOON, household_id=home.pk, other_id=other)
    with pytest.raises(NotFound):
        join_households(actor=worker, at=NOON, household_id=home.pk, other_id=here.far_elder.household_id or 0)
    with pytest.raises(NotFound):
        join_households(
            actor=actor_of("stranger"), at=NOON, household_id=home.pk, other_id=here.daughter.household_id or 0
        )


def test_a_corrected_address_hides_the_home_that_it_empties(here: World) -> None:
    home = here.elder.household
    update_person(actor=actor_of("social_worker"), at=NOON, person_id=here.elder.pk, changes={"address": "民生路9号"})
    assert home is not None
    home.refresh_from_db()
    assert home.closed_on == TODAY
