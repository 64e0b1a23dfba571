"""A split or merged area keeps its history, old codes still resolve, and the records go where they belong now."""

from datetime import date, timedelta

import pytest
from django.apps import apps

from tests.factories import needs, people
from tests.factories.cast import World, actor_of, world
from tests.factories.places import COMMUNITY, DISTRICT, NEXT_COMMUNITY, NOON, OTHER_STREET, STREET, TODAY
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.scope import Placed
from wushe.registers.areas import replacing
from wushe.registers.areas.models import Area
from wushe.registers.areas.reorganising import AreaEnded, Part, add_area, merge_areas, rename_area, split_area
from wushe.registers.areas.selectors import area_at, became, children_of, ended_inside, resolve
from wushe.registers.people.models import Person
from wushe.registers.people.placing import place_residents, to_be_placed

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 1)
NEW_STREET = "511602090"
EAST, WEST = STREET + "090", STREET + "091"


@pytest.fixture
def here() -> World:
    return world()


def area(code: str) -> Area:
    found = area_at(code=code, on=TODAY)
    assert found is not None
    return found


def codes(areas: list[Area]) -> list[str]:
    return [one.area_code for one in areas]


def split(code: str, parts: list[Part], on: date = DAY, who: str = "district_manager") -> list[Area]:
    return split_area(actor=actor_of(who), at=NOON, area_id=area(code).pk, on=on, parts=parts)


def children(code: str) -> list[str]:
    return [child.area_code for child in children_of(code=code, on=TODAY)]


def test_every_model_that_stands_in_an_area_follows_or_stays() -> None:
    placed = {model._meta.label for model in apps.get_models() if issubclass(model, Placed)}
    assert placed == {*replacing.FOLLOWING, *replacing.STAYING}, "say in replacing.py whether it follows its place"


def test_a_street_is_split_and_its_communities_go_to_the_parts(here: World) -> None:
    inside = children(STREET)
    need = needs.recorded(here.elder)
    split(STREET, [Part(STREET, "浓洄街道", inside[1:]), Part(NEW_STREET, "新街道", inside[:1])])
    moved = NEW_STREET + COMMUNITY[9:]
    assert children(NEW_STREET) == [moved]
    assert children(STREET) == inside[1:]
    assert codes(resolve(code=COMMUNITY, on=TODAY)) == [moved]
    assert codes(resolve(code=COMMUNITY + "001", on=TODAY)) == [moved]
    assert codes(resolve(code=STREET, on=TODAY)) == [STREET]
    assert codes(resolve(code=STREET, on=TODAY, since=date(2026, 8, 1))) == [STREET, NEW_STREET]
    assert codes(resolve(code=COMMUNITY, on=date(2026, 8, 31))) == [COMMUNITY]
    assert codes(list(ended_inside(code=STREET, on=TODAY))) == [COMMUNITY]
    need.refresh_from_db()
    assert (Person.objects.get(pk=here.elder.pk).area_code, need.street_code) == (moved, NEW_STREET)
    assert Person.objects.get(pk=here.daughter.pk).area_code == NEXT_COMMUNITY
    row = JournalEntry.objects.get(kind="area.split")
    assert row.data["codes"] == {COMMUNITY: moved}
    before, after = became(area=Area.objects.get(area_code=STREET, valid_until=DAY))
    assert (before, codes(after)) == ([], [STREET, NEW_STREET])


def test_streets_are_merged_and_a_code_that_is_taken_is_replaced(here: World) -> None:
    before = children(STREET)
    merge_areas(
        actor=actor_of("district_manager"), at=NOON, into_id=area(STREET).pk, area_ids=[area(OTHER_STREET).pk], on=DAY
    )
    far = Person.objects.get(pk=here.far_elder.pk)
    assert far.street_code == STREET
    assert far.area_code not in before
    assert codes(resolve(code="511602002001", on=TODAY)) == [far.area_code]
    assert codes(resolve(code=OTHER_STREET, on=TODAY)) == [STREET]
    assert area_at(code=OTHER_STREET, on=TODAY) is None
    assert [a.name for a in children_of(code=DISTRICT, on=TODAY)] == ["浓洄街道"]
    assert len(set(children(STREET))) == len(before) + ended_inside(code=OTHER_STREET, on=TODAY).count()


def test_who_lives_where_in_a_split_community_is_said_by_somebody(here: World) -> None:
    neighbour = people.person("李秀英")
    need = needs.recorded(here.elder)
    old = area(COMMUNITY)
    split(COMMUNITY, [Part(EAST, "翠屏东社区"), Part(WEST, "翠屏西社区")])
    old.refresh_from_db()
    manager = actor_of("district_manager")
    waiting = {person.pk for person in to_be_placed(actor=manager, area=old)}
    assert {here.elder.pk, neighbour.pk} <= waiting
    assert codes(resolve(code=COMMUNITY, on=TODAY)) == [EAST, WEST]
    done = place_residents(actor=manager, at=NOON, area_id=old.pk, person_ids=[here.elder.pk], into_code=EAST)
    elder = Person.objects.select_related("household").get(pk=here.elder.pk)
    need.refresh_from_db()
    assert (done, elder.area_code, elder.household.area_code, need.area_code) == (1, EAST, EAST, EAST)  # type: ignore[union-attr]
    assert Person.objects.get(pk=neighbour.pk).area_code == COMMUNITY
    for ids, code, field in (
        ([], EAST, "person_ids"),
        ([here.daughter.pk], EAST, "person_ids"),
        ([neighbour.pk], NEXT_COMMUNITY, "into_code"),
    ):
        with pytest.raises(Invalid) as refusal:
            place_residents(actor=manager, at=NOON, area_id=old.pk, person_ids=ids, into_code=code)
        assert list(refusal.value.fields) == [field]
    assert Person.objects.get(pk=neighbour.pk).area_code == COMMUNITY


def test_a_name_changes_from_a_day_on(here: World) -> None:
    old = area(COMMUNITY)
    rename_area(actor=actor_of("district_manager"), at=NOON, area_id=old.pk, name="翠屏新社区", on=DAY)
    assert area(COMMUNITY).name == "翠屏新社区"
    earlier = area_at(code=COMMUNITY, on=date(2026, 8, 31))
    assert earlier is not None
    assert earlier.name == "翠屏路社区"
    assert codes(resolve(code=COMMUNITY, on=TODAY, since=date(2026, 8, 1))) == [COMMUNITY]
    with pytest.raises(AreaEnded):
        rename_area(actor=actor_of("district_manager"), at=NOON, area_id=old.pk, name="又改名", on=TODAY)
    with pytest.raises(Invalid):
        rename_area(
            actor=actor_of("district_manager"), at=NOON, area_id=area(COMMUNITY).pk, name="翠屏新社区", on=TODAY
        )


def test_an_estate_is_founded_inside_a_community(here: World) -> None:
    values = {"parent_id": area(COMMUNITY).pk, "name": "幸福里", "valid_from": TODAY}
    manager = actor_of("district_manager")
    made = add_area(actor=manager, at=NOON, code=COMMUNITY + "001", **values)  # type: ignore[arg-type]
    assert (made.level, made.name) == (15, "幸福里")
    for code in (COMMUNITY + "001", COMMUNITY + "01", NEXT_COMMUNITY + "001", COMMUNITY + "０0１"):
        with pytest.raises(Invalid) as refusal:
            add_area(actor=manager, at=NOON, code=code, **values)  # type: ignore[arg-type]
        assert list(refusal.value.fields) == ["code"]


@pytest.mark.parametrize(
    ("parts", "on", "field"),
    [
        ([Part(EAST, "东社区")], DAY, "parts"),
        ([Part(EAST, "东社区"), Part(EAST, "西社区")], DAY, "parts"),
        ([Part(EAST, "东社区"), Part(NEXT_COMMUNITY, "西社区")], DAY, "parts"),
        ([Part(EAST, "东社区"), Part(WEST, " ")], DAY, "parts"),
        ([Part(EAST, "东社区"), Part("511602002099", "西社区")], DAY, "parts"),
        ([Part(EAST, "东社区", [NEXT_COMMUNITY]), Part(WEST, "西社区")], DAY, "children"),
        ([Part(EAST, "东社区"), Part(WEST, "西社区")], TODAY + timedelta(days=1), "on"),
        ([Part(EAST, "东社区"), Part(WEST, "西社区")], date(2019, 1, 1), "on"),
    ],
)
def test_what_a_split_needs(here: World, parts: list[Part], on: date, field: str) -> None:
    count = Area.objects.count()
    with pytest.raises(Invalid) as refusal:
        split(COMMUNITY, parts, on)
    assert list(refusal.value.fields) == [field]
    assert Area.objects.count() == count
    assert area(COMMUNITY).valid_until is None


def test_what_a_merge_needs(here: World) -> None:
    manager, into = actor_of("district_manager"), area(COMMUNITY)
    for ids in ([], [into.pk], [area(OTHER_STREET).pk]):
        with pytest.raises(Invalid):
            merge_areas(actor=manager, at=NOON, into_id=into.pk, area_ids=ids, on=DAY)
    assert area(OTHER_STREET).valid_until is None


def test_scope_and_rights(here: World) -> None:
    parts = [Part(EAST, "东社区"), Part(WEST, "西社区")]
    with pytest.raises(NotAllowed):
        split(COMMUNITY, parts, who="social_worker")
    manager = actor_of("district_manager")
    own = area(DISTRICT)
    with pytest.raises(NotFound):
        rename_area(actor=manager, at=NOON, area_id=own.pk, name="新名字", on=DAY)
    assert area(DISTRICT).name == own.name
