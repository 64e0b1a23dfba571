"""Organisations change with history: what was and what is stands in the journal, a telephone never does."""

from datetime import date
from typing import Any

import pytest

from tests.factories import organisations
from tests.factories.cast import World, actor_of, world
from tests.factories.places import NOON, OTHER_STREET, STREET, TODAY
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.organisations.activity import Part, note_activity, parts_of, shown_parts
from wushe.registers.organisations.models import Organisation
from wushe.registers.organisations.services import HasLeft, leave, return_organisation, update_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def change(here: World, who: str = "social_worker", **changes: Any) -> Organisation:
    return update_organisation(actor=actor_of(who), at=NOON, organisation_id=here.organisation.pk, changes=changes)


def kept(here: World) -> list[tuple[object, ...]]:
    """Return what stands in the register, but for what is sealed anew each time it is read."""
    names = [field.attname for field in Organisation._meta.concrete_fields if field.attname != "contact_phone"]
    return list(Organisation.objects.filter(pk=here.organisation.pk).values_list(*names))


def told() -> dict[str, Any]:
    entry = JournalEntry.objects.filter(kind="organisation.update").last()
    assert entry is not None
    return entry.data


def test_what_differs_is_told(here: World) -> None:
    change(
        here, grade="4A", hub=True, name=here.organisation.name, contact_phone="139 0826 1234", contact_name="李主任"
    )
    assert told() == {
        "changes": {"grade": ["", "4A"], "hub": [False, True]},
        "fields": ["contact_name", "contact_phone"],
    }
    row = Organisation.objects.get(pk=here.organisation.pk)
    assert (row.grade, str(row.contact_phone)) == ("4A", "139****1234")
    change(here, grade="4A")
    assert JournalEntry.objects.filter(kind="organisation.update").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "一"}, "name"), ({"standing": "registered", "uscc": "91110000600037341M"}, "uscc"),
        ({"grade": "6A"}, "grade"), ({"graded_on": date(2030, 1, 1)}, "graded_on"), ({"contact_phone": "12"}, "contact_phone"),
        ({"full_time": -1}, "full_time"), ({"certified": 3, "full_time": 2}, "certified"),
        ({"area_code": OTHER_STREET}, "area_code"), ({"serves": ["99"]}, "serves"), ({"kind": "?"}, "kind"),
    ],
)  # fmt: skip
def test_a_fault_is_named_and_changes_nothing(here: World, changes: dict[str, Any], field: str) -> None:
    before = kept(here)
    with pytest.raises(Invalid) as refusal:
        change(here, **changes)
    assert list(refusal.value.fields) == [field]
    assert kept(here) == before
    assert not JournalEntry.objects.filter(kind="organisation.update").exists()


def test_what_was_taken_over_is_not_held_against_a_change(here: World) -> None:
    """The code of a registered organisation is missing in the old register; the grade can be entered all the same."""
    assert here.organisation.uscc == ""
    assert change(here, grade="3A").grade == "3A"
    with pytest.raises(Invalid):
        change(here, standing="registered", uscc="")
    assert change(here, standing="filed").standing == "filed"


def test_only_within_scope(here: World) -> None:
    with pytest.raises(NotAllowed):
        change(here, "stranger", grade="5A")
    far = organisations.organisation("外街机构", area_code=OTHER_STREET)
    with pytest.raises(NotFound):
        update_organisation(actor=actor_of("social_worker"), at=NOON, organisation_id=far.pk, changes={"grade": "5A"})
    with pytest.raises(NotAllowed):
        change(here, "organisation_a", grade="5A")


def test_who_has_left_is_not_changed_and_can_return(here: World) -> None:
    actor, pk = actor_of("social_worker"), here.organisation.pk
    with pytest.raises(Conflict):
        return_organisation(actor=actor, at=NOON, organisation_id=pk)
    leave(actor=actor, at=NOON, organisation_id=pk, left_on=TODAY)
    with pytest.raises(HasLeft):
        change(here, grade="5A")
    assert return_organisation(actor=actor, at=NOON, organisation_id=pk).left_on is None
    assert JournalEntry.objects.filter(kind="organisation.return", subject_id=pk).exists()


def test_the_activity_is_the_sum_of_its_parts(here: World) -> None:
    formula = {
        "visits": {"weight": 35, "mark": 120},
        "projects": {"weight": 20, "mark": 2},
        "staff": {"weight": 15, "mark": 5},
    }
    parts = parts_of({"visits": 60, "projects": 9}, formula)
    assert [part.points for part in parts] == [18, 20, 0]  # 17.5 rounds up; nobody gets more than the weight
    assert parts[0] == Part("visits", 60, 120, 35)
    change(here, full_time=5)
    counts = {here.organisation.pk: {"visits": 60, "people": 60, "projects": 1, "resources": 0}}
    assert note_activity(actor=SYSTEM, at=NOON, on=TODAY, counts=counts) == 1
    row = Organisation.objects.get(pk=here.organisation.pk)
    assert row.activity == sum(part.points for part in shown_parts(row)) == 18 + 20 + 10 + 0 + 15
    assert row.activity_on == TODAY
    with pytest.raises(NotAllowed):
        note_activity(actor=actor_of("social_worker"), at=NOON, on=TODAY, counts=counts)


def test_a_place_outside_is_kept_by_who_edits_something_else(here: World) -> None:
    change(here, serves=[STREET, OTHER_STREET])
    assert Organisation.objects.get(pk=here.organisation.pk).serves == [STREET, OTHER_STREET]
