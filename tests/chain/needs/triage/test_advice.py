"""Beside the words stand the place they name, the policies that fit the person, and the words that spoke."""

from datetime import date

import pytest

from tests.factories import needs, people
from tests.factories.cast import World, world
from tests.factories.places import COMMUNITY, NOON, TODAY
from wushe.chain.needs.selectors import likely_duplicates
from wushe.chain.needs.triage.advice import advice_for, entitlements_of, heard_place
from wushe.chain.needs.triage.entitlements import entitlements
from wushe.registers.areas.models import Area
from wushe.registers.catalogue.eligibility import Applicant

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def test_the_words_are_cut_where_they_speak(here: World) -> None:
    advice = advice_for(need=needs.recorded(here.elder, "好久没洗澡了，今天药没了"), at=NOON)
    assert "".join(piece.text for piece in advice.passages) == "好久没洗澡了，今天药没了"
    assert [piece.text for piece in advice.passages if piece.kind == "day"] == ["药没了"]
    assert {piece.kind for piece in advice.passages} == {"", "day", "service"}


def test_a_community_of_the_street_is_heard_by_its_name(here: World) -> None:
    name = Area.objects.get(area_code=COMMUNITY).name
    heard = heard_place(words=f"我在{name}3栋2单元501", near=here.elder.area_code, day=TODAY)
    assert heard is not None
    assert (heard.area.area_code if heard.area else "", heard.door) == (COMMUNITY, "3栋2单元")
    assert heard_place(words=f"我在{name}", near="511602002001", day=TODAY) is None
    assert heard_place(words="想请人打扫", near=here.elder.area_code, day=TODAY) is None


def test_policies_follow_age_tags_place_and_day(here: World) -> None:
    found = entitlements_of(person=here.elder, area_code=COMMUNITY, day=TODAY, services=["H203-01"])
    assert [(one.code, one.fits_words) for one in found] == [("health_check", True), ("old_age_allowance", False)]
    poor = Applicant(born_on=date(1950, 1, 1), ability_level=3, tags={"dibao", "disabled_severe"})
    codes = {one.code for one in entitlements(poor, area_code=COMMUNITY, on=TODAY)}
    assert {"severe_disability_care", "disability_living", "elder_care_subsidy", "home_adaptation"} <= codes
    assert "old_age_allowance" not in codes
    before = {one.code for one in entitlements(poor, area_code=COMMUNITY, on=date(2015, 12, 31))}
    assert "severe_disability_care" not in before


def test_the_same_home_asks_twice(here: World) -> None:
    husband = people.person("王大明", born_on=date(1942, 3, 1))
    husband.household = here.elder.household
    husband.save(update_fields=["household"])
    first = needs.recorded(husband, "屋里没人打扫，灰厚得很")
    again = needs.recorded(here.elder, "屋里没人打扫，灰厚得很")
    assert [(one.need.pk, one.why) for one in likely_duplicates(need=again, at=NOON)] == [
        (first.pk, "同一地址（王大明）、说法相近")
    ]
