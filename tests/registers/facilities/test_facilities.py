"""Facilities: opened and changed with history, rooms with beds and how many are taken, closed and opened again."""

from typing import Any

import pytest

from tests.factories import organisations, registers
from tests.factories.cast import actor_of, world
from tests.factories.places import COMMUNITY, NOON, OTHER_COMMUNITY, TODAY
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.facilities import services
from wushe.registers.facilities.models import Facility, Room
from wushe.registers.facilities.register import FACILITIES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world() -> None:
    world()


def opened(**changes: Any) -> Facility:
    values: dict[str, Any] = {
        "name": "翠屏助餐点", "kind": "meal_point", "area_code": COMMUNITY, "longitude": 106.6, "latitude": 30.4, "opened_on": TODAY,
        "functions": ["meal"], "star": 3, **changes,
    }  # fmt: skip
    return services.open_facility(actor=actor_of("community_worker"), at=NOON, **values)


def change(facility: Facility, who: str = "social_worker", **changes: Any) -> Facility:
    return services.update_facility(actor=actor_of(who), at=NOON, facility_id=facility.pk, changes=changes)


def test_it_is_opened_once_for_a_key_and_found_by_its_initials() -> None:
    made = opened(client_key="k")
    assert opened(client_key="k").pk == made.pk
    assert made.initials == "cpzcd"
    change(made, opening="11:00–13:00", star=4)
    data = JournalEntry.objects.get(kind="facility.update").data
    assert data == {"changes": {"opening": ["", "11:00–13:00"], "star": [3, 4]}}


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": ""}, "name"), ({"kind": "?"}, "kind"), ({"area_code": OTHER_COMMUNITY}, "area_code"), ({"longitude": 0.0}, "longitude"),
     ({"capacity": -1}, "capacity"), ({"functions": ["dance"]}, "functions"), ({"star": 6}, "star"), ({"phone": "abc"}, "phone"),
     ({"weekdays": "8"}, "weekdays")],
)  # fmt: skip
def test_a_fault_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        opened(**changes)
    assert list(refusal.value.fields) == [field]
    assert not Facility.objects.exists()
    made = opened()
    with pytest.raises(Invalid) as again:
        change(made, **changes)
    assert list(again.value.fields) == [field]
    assert not JournalEntry.objects.filter(kind="facility.update").exists()


def test_only_within_scope() -> None:
    made = opened()
    far = registers.facility(area_code=OTHER_COMMUNITY)
    with pytest.raises(NotFound):
        change(far, star=5)
    with pytest.raises(NotAllowed):
        change(made, "auditor", star=5)
    with pytest.raises(NotFound):
        change(made, guide_id=far.pk)
    with pytest.raises(NotFound):
        change(made, operator_id=organisations.organisation("外街机构", area_code=OTHER_COMMUNITY).pk)
    with pytest.raises(NotFound):
        services.add_room(actor=actor_of("stranger"), at=NOON, facility_id=made.pk, name="101", use="bedroom")
    with pytest.raises(Invalid):
        change(made, guide_id=made.pk)


def test_rooms_make_beds_and_occupancy() -> None:
    actor, made = actor_of("social_worker"), opened(kind="care_centre")
    first = services.add_room(
        actor=actor, at=NOON, facility_id=made.pk, name="101室", use="bedroom", care="full", beds=4, taken=3
    )
    services.add_room(actor=actor, at=NOON, facility_id=made.pk, name="食堂", use="canteen", holds=40)
    shown = FACILITIES.dress(FACILITIES.rows(actor, TODAY), TODAY).get(pk=made.pk)
    assert (shown.beds, shown.taken) == (4, 3)
    for changes, field in (({"taken": 5}, "taken"), ({"beds": -1, "taken": -1}, "beds"), ({"name": "食堂"}, "name"),
                           ({"use": "?"}, "use"), ({"care": "?"}, "care")):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            services.update_room(actor=actor, at=NOON, room_id=first.pk, changes=changes)
        assert field in refusal.value.fields
    with pytest.raises(Conflict):
        services.close_room(actor=actor, at=NOON, room_id=first.pk)
    services.update_room(actor=actor, at=NOON, room_id=first.pk, changes={"taken": 0})
    with pytest.raises(NotFound):
        services.close_room(actor=actor_of("stranger"), at=NOON, room_id=first.pk)
    services.close_room(actor=actor, at=NOON, room_id=first.pk)
    assert Room.objects.get(pk=first.pk).closed_on == TODAY
    kinds = list(JournalEntry.objects.filter(subject_kind="facility").order_by("id").values_list("kind", flat=True))
    assert kinds == ["facility.open", "facility.room", "facility.room", "facility.room_update", "facility.room_close"]


def test_it_closes_and_opens_again() -> None:
    actor, made = actor_of("social_worker"), opened()
    services.close_facility(actor=actor, at=NOON, facility_id=made.pk, closed_on=TODAY)
    with pytest.raises(services.IsClosed):
        change(made, star=5)
    assert services.reopen_facility(actor=actor, at=NOON, facility_id=made.pk).closed_on is None
    with pytest.raises(Conflict):
        services.reopen_facility(actor=actor, at=NOON, facility_id=made.pk)
