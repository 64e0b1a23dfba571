"""Finding a resident by what a station worker has at hand."""

from datetime import date

import pytest

from tests.factories import people
from tests.factories.cast import World, actor_of, world
from tests.factories.places import COMMUNITY
from wushe.foundation.errors import NotAllowed
from wushe.registers.people.models import Person
from wushe.registers.people.selectors import find_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def found(text: str, who: str = "social_worker") -> list[str]:
    return [person.name for person in find_people(actor=actor_of(who), text=text)]


def test_two_characters_of_the_name(here: World) -> None:
    assert found("桂芳") == ["王桂芳"]
    assert found("王桂") == ["王桂芳"]


def test_initials(here: World) -> None:
    assert found("wgf") == ["王桂芳"]
    assert found("WG") == ["王桂芳"]


def test_the_tail_of_the_telephone_and_the_whole_one(here: World) -> None:
    person = people.person("蒋秀珍", telephone="13908269876")
    assert found("9876") == [person.name]
    assert found("139 0826 9876") == [person.name]
    assert found("+86 13908269876") == [person.name]


def test_the_id_number(here: World) -> None:
    number = people.id_number(born_on=date(1948, 3, 9), sex="F", serial=400)
    person = people.person("邓玉珍", number=number)
    assert found(number) == [person.name]
    assert found(number.lower()) == [person.name]


@pytest.mark.parametrize("text", ["", "  ", "查无此人", "0000", "511602194803090000"])
def test_nobody(here: World, text: str) -> None:
    assert found(text) == []


def test_only_within_scope(here: World) -> None:
    assert found("赵玉") == []
    assert found("赵玉", "stranger") == ["赵玉兰"]
    assert found("桂芳", "stranger") == []


def test_the_dead_and_those_who_moved_away_are_not_offered(here: World) -> None:
    Person.objects.filter(name="王桂芳").update(moved_out_on=date(2026, 1, 1))
    assert found("桂芳") == []


def test_a_resident_may_not_search(here: World) -> None:
    with pytest.raises(NotAllowed):
        found("桂芳", "elder")


def test_one_community_sees_its_own(here: World) -> None:
    assert here.daughter.area_code != COMMUNITY
    assert found("王丽", "community_worker") == []
