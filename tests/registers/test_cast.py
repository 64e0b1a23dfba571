"""The small world of the tests stands, and each of the cast sees only what is theirs."""

import pytest

from tests.factories.cast import CAST, actor_of, world
from wushe.foundation.scope import visible
from wushe.registers.people.models import Person

pytestmark = pytest.mark.django_db


def test_everyone_of_the_cast_acts() -> None:
    world()
    assert {actor_of(name).role_code for name in CAST} >= {"social_worker", "dispatcher", "resident", "carer"}


def test_the_stranger_sees_the_other_street_only() -> None:
    here = world()
    seen = visible(Person.objects.all(), actor_of("stranger"))
    assert list(seen) == [here.far_elder]


def test_the_daughter_sees_her_mother() -> None:
    here = world()
    assert set(visible(Person.objects.all(), actor_of("daughter"))) == {here.daughter, here.elder}
