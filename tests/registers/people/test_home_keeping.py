"""A household is founded, headed, corrected and placed in its grid; a category for all of it is given and taken back."""

from datetime import date
from typing import Any

import pytest

from tests.factories import needs, people
from tests.factories.cast import World, actor_of, world
from tests.factories.duplicates import twin_record
from tests.factories.places import COMMUNITY, NEXT_COMMUNITY, NOON, OTHER_COMMUNITY, TODAY
from wushe.chain.needs.models import Need
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.areas.models import Area
from wushe.registers.desk import selectors
from wushe.registers.desk.bulk import apply_bulk, undo_bulk
from wushe.registers.desk.declaration import register_of
from wushe.registers.desk.selectors import Where
from wushe.registers.duplicates.merging import merge_people
from wushe.registers.duplicates.models import Ticket
from wushe.registers.duplicates.refresh import refresh_tickets
from wushe.registers.people.home_keeping import found_household, tag_household, update_household
from wushe.registers.people.households import living_in
from wushe.registers.people.models import Household, Person, Tag

pytestmark = pytest.mark.django_db
GRID = f"{COMMUNITY}001001"


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def son(here: World) -> Person:
    return people.person("王强", sex="M", born_on=date(1968, 5, 1), home=here.elder.household)


@pytest.fixture
def grid(here: World) -> Area:
    Area.objects.create(area_code=GRID[:15], name="幸福小区", level=15, valid_from=date(2020, 1, 1))
    return Area.objects.create(area_code=GRID, name="第一网格", level=18, valid_from=date(2020, 1, 1))


def change(home: Household | None, who: str = "social_worker", **changes: Any) -> Household:
    assert home is not None
    return update_household(actor=actor_of(who), at=NOON, household_id=home.pk, changes=changes)


def found(person: Person, who: str = "social_worker", **more: Any) -> Household:
    values = {"area_code": COMMUNITY, "address": "民生路8号"} | more
    return found_household(actor=actor_of(who), at=NOON, person_id=person.pk, **values)


def shown(text: str = "", **chosen: str) -> list[str]:
    register, actor = register_of("households"), actor_of("social_worker")
    rows = selectors.narrowed(register, actor=actor, where=Where(text, chosen), on=TODAY)
    return [register.name(row) for row in selectors.first_rows(register, rows, where=Where(), on=TODAY, most=100)]


def test_a_household_is_founded_once(here: World, son: Person) -> None:
    made = found(son, client_key="k", longitude=106.63, latitude=30.47)
    assert found(son, client_key="k", longitude=106.63, latitude=30.47).pk == made.pk
    assert (made.head, made.address.reveal(), made.longitude) == (son, "民生路8号", 106.63)
    assert list(living_in(made)) == [son]
    assert list(living_in(here.elder.household)) == [here.elder]  # type: ignore[arg-type]
    entry = JournalEntry.objects.get(kind="household.found")
    assert (entry.subject_id, entry.data) == (made.pk, {"head": son.pk})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"address": " "}, "address"),
        ({"area_code": NEXT_COMMUNITY}, "area_code"),
        ({"area_code": f"{COMMUNITY}999"}, "area_code"),
        ({"longitude": 106.6}, "latitude"),
        ({"longitude": 206.6, "latitude": 30.0}, "longitude"),
    ],
)
def test_what_a_founding_needs(here: World, son: Person, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        found(son, **wrong)
    assert list(refusal.value.fields) == [field]
    assert Person.objects.get(pk=son.pk).household_id == here.elder.household_id


def test_not_where_somebody_lives_and_not_for_who_is_gone(here: World, son: Person) -> None:
    found(son)
    with pytest.raises(Invalid) as refusal:
        found(here.elder)
    assert "address" in refusal.value.fields
    gone = people.person("吴秀兰", moved_out_on=TODAY)
    with pytest.raises(Invalid):
        found(gone, address="民生路9号")
    with pytest.raises(NotFound):
        found(here.far_elder)
    with pytest.raises(NotAllowed):
        found(son, who="auditor")


def test_it_is_headed_by_who_lives_there(here: World, son: Person) -> None:
    assert shown("王强") == ["王桂芳一户"]  # without a head the oldest stands first
    home = change(here.elder.household, head_id=son.pk)
    assert shown("王桂") == ["王强一户"]
    assert JournalEntry.objects.get(kind="household.update").data == {"changes": {"head_id": [None, son.pk]}}
    with pytest.raises(Invalid) as refusal:
        change(home, head_id=here.second_carer.person_id)
    assert list(refusal.value.fields) == ["head_id"]
    Person.objects.filter(pk=son.pk).update(died_on=TODAY)
    assert shown("王桂") == ["王桂芳一户"]
    assert "王强一户" not in shown(state="no_head")


def test_a_merged_head_is_the_other_record(here: World) -> None:
    again = twin_record(here.elder, home=here.elder.household)
    home = change(here.elder.household, head_id=again.pk)
    refresh_tickets(actor=SYSTEM, at=NOON)
    ticket = Ticket.objects.get(first=here.elder, second=again)
    merge_people(actor=actor_of("social_worker"), at=NOON, ticket_id=ticket.pk)
    assert Household.objects.get(pk=home.pk).head_id == here.elder.pk


def test_an_address_is_corrected_and_never_told(here: World, son: Person) -> None:
    old = here.elder.household
    assert old is not None
    Person.objects.update(compared_at=NOON)
    home = change(old, address="幸福新村6号", longitude=106.5, latitude=30.5)
    assert home.address.reveal() == "幸福新村6号"
    assert JournalEntry.objects.get(kind="household.update").data == {"fields": ["address", "latitude", "longitude"]}
    assert set(Person.objects.filter(compared_at=None)) == {here.elder, son}  # their home is compared anew
    assert shown("幸福新村 6号") == ["王桂芳一户"]
    before = JournalEntry.objects.count()
    change(home, address="幸福新村 6号")
    assert JournalEntry.objects.count() == before
    other = people.person("周素珍").household
    with pytest.raises(Invalid) as refusal:
        change(other, address="幸福新村6号")
    assert list(refusal.value.fields) == ["address"]
    with pytest.raises(Invalid):
        change(home, area_code=NEXT_COMMUNITY)
    with pytest.raises(NotFound):
        change(here.far_elder.household, head_id=None)


def test_who_lives_there_and_what_is_open_go_into_the_grid(here: World, son: Person, grid: Area) -> None:
    need = needs.recorded(here.elder)
    home = change(here.elder.household, area_code=GRID)
    assert home.area_code == GRID
    assert set(Person.objects.filter(area_code=GRID)) == {here.elder, son}
    assert Need.objects.get(pk=need.pk).area_code == GRID
    assert JournalEntry.objects.filter(kind="person.move").count() == 2


def test_a_whole_household_gets_a_category_and_loses_it_again(here: World, son: Person) -> None:
    home, who = here.elder.household_id or 0, actor_of("social_worker")
    values = {"tag_code": "dibao", "starts_on": TODAY, "evidence": "民政局名册"}
    people.tag(son, "dibao")
    done = apply_bulk(actor=who, at=NOON, register="households", act="tag", ids=[home], values=values)
    assert [one.after for _, one in done.changed] == [f"{Tag.objects.filter(kind__code='dibao')[0].kind.title}（1人）"]
    assert Tag.objects.get(person=here.elder, kind__code="dibao", ends_on=None).source == Tag.Source.ROLL
    assert shown(tag="dibao") == ["王桂芳一户"]
    with pytest.raises(Conflict):
        tag_household(actor=who, at=NOON, household_id=home, **values)  # type: ignore[arg-type]
    assert done.change is not None
    undo_bulk(actor=who, at=NOON, change_id=done.change.pk)
    assert set(Tag.objects.filter(kind__code="dibao", ends_on=None).values_list("person", flat=True)) == {son.pk}


def test_many_are_put_into_a_grid_and_taken_out_again(here: World, grid: Area) -> None:
    second = people.person("周素珍").household_id or 0
    ids, who = [here.elder.household_id or 0, second], actor_of("social_worker")
    blank = register_of("households").act("put").blanks[0]
    assert (GRID, "翠屏路社区 幸福小区 第一网格") in blank.choices(who, TODAY)
    done = apply_bulk(actor=who, at=NOON, register="households", act="put", ids=ids, values={"area_code": GRID})
    assert len(done.changed) == 2
    assert set(Household.objects.filter(pk__in=ids).values_list("area_code", flat=True)) == {GRID}
    assert done.change is not None
    undo_bulk(actor=who, at=NOON, change_id=done.change.pk)
    assert set(Household.objects.filter(pk__in=ids).values_list("area_code", flat=True)) == {COMMUNITY}
    assert Person.objects.get(pk=here.elder.pk).area_code == COMMUNITY


def test_who_lives_together_is_counted(here: World, son: Person) -> None:
    child = people.person("王小明", sex="M", born_on=TODAY.replace(year=2016), home=here.elder.household)
    assert "王桂芳一户" in shown(size="three")
    assert shown(made_of="minor") == ["王桂芳一户"]
    assert shown(made_of="skipped") == []
    Person.objects.filter(pk=son.pk).update(moved_out_on=TODAY)
    assert "王桂芳一户" in shown(size="two")
    assert shown(made_of="skipped") == ["王桂芳一户"]
    Person.objects.filter(pk=child.pk).update(died_on=TODAY)
    assert "王桂芳一户" in shown(made_of="old", size="one")
    assert "王桂芳一户" not in shown(state="no_address")
    assert OTHER_COMMUNITY not in {
        row.community_code for row in register_of("households").rows(actor_of("social_worker"), TODAY)
    }
