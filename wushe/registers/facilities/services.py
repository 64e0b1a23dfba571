"""Keep facilities: opened at a place, changed with history, closed on a day; rooms with beds and how many are taken."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.scope import covers, obtain, visible
from wushe.registers.desk.changes import amend
from wushe.registers.desk.ending import end_on, put_back
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.organisations.models import Organisation

from .models import Facility, FacilityKind, Function, Room

CHANGEABLE = frozenset({
    "name", "kind", "area_code", "longitude", "latitude", "opened_on", "operator_id", "functions", "capacity", "opening",
    "weekdays", "address", "phone", "star", "guide_id",
})  # fmt: skip
STARS = 5
MOST = 100_000


class IsClosed(Conflict):
    """The facility is closed."""

    message = "这处设施已经停用。"


@domain_call("facilities:edit")
def open_facility(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    kind: str,
    area_code: str,
    longitude: float,
    latitude: float,
    opened_on: date,
    operator_id: int | None = None,
    functions: Sequence[str] = (),
    capacity: int | None = None,
    opening: str = "",
    client_key: str = "",
    **more: Any,
) -> Facility:
    """Open a facility in the actor's area; `more` are other fields of CHANGEABLE.

    Raises Invalid beside each field at fault, NotFound for an operator or guide out of scope.
    """
    facility = Facility()
    given = {"name": name, "kind": kind, "area_code": area_code, "longitude": longitude, "latitude": latitude,
             "opened_on": opened_on, "operator_id": operator_id, "functions": list(functions), "capacity": capacity,
             "opening": opening, **more}  # fmt: skip
    _set(facility, given, actor=actor)

    def effect() -> dict[str, Any]:
        facility.save(force_insert=True)
        record(kind="facility.open", subject=facility, actor=actor, at=at, data={"kind": kind})
        return {"facility": facility.pk}

    body = {"name": facility.name, "area_code": area_code}
    answer = once(actor=actor, at=at, key=client_key, call="facilities.open", body=body, effect=effect)
    return Facility.objects.get(pk=answer["facility"])


@domain_call("facilities:edit")
def update_facility(*, actor: Actor, at: datetime, facility_id: int, changes: Mapping[str, Any]) -> Facility:
    """Change what is named of a facility; raise NotFound out of scope, IsClosed, and what open_facility raises."""
    facility = obtain(Facility, actor, pk=facility_id)
    if facility.closed_on and facility.closed_on <= timezone.localdate(at):
        raise IsClosed
    if said := _set(facility, changes, actor=actor):
        facility.save()
        record(kind="facility.update", subject=facility, actor=actor, at=at, data=said)
    return facility


@domain_call("facilities:edit")
def close_facility(*, actor: Actor, at: datetime, facility_id: int, closed_on: date) -> Facility:
    """Close a facility on a day; raise NotFound out of scope, Invalid before it opened."""
    facility = obtain(Facility, actor, pk=facility_id)
    since, early = facility.opened_on, "停用日期不能早于启用日期。"
    end_on(facility, "closed_on", closed_on, kind="facility.close", since=since, early=early, actor=actor, at=at)
    return facility


@domain_call("facilities:edit")
def reopen_facility(*, actor: Actor, at: datetime, facility_id: int) -> Facility:
    """Take back that a facility closed; raise NotFound out of scope, Conflict if it did not."""
    facility = obtain(Facility, actor, pk=facility_id)
    put_back(facility, "closed_on", kind="facility.reopen", standing="这处设施没有停用。", actor=actor, at=at)
    return facility


@domain_call("facilities:edit")
def add_room(
    *, actor: Actor, at: datetime, facility_id: int, name: str, use: str, care: str = "", beds: int = 0, taken: int = 0,
    holds: int = 0,
) -> Room:  # fmt: skip
    """Add a room to a facility; raise NotFound out of scope, Invalid beside each field at fault."""
    facility = obtain(Facility, actor, pk=facility_id)
    room = Room(facility=facility, name=name.strip(), use=use, care=care, beds=beds, taken=taken, holds=holds)
    _refuse_room(room)
    room.save(force_insert=True)
    data = {"room": room.pk, "beds": beds, "holds": holds}
    record(kind="facility.room", subject=facility, actor=actor, at=at, data=data)
    return room


@domain_call("facilities:edit")
def update_room(*, actor: Actor, at: datetime, room_id: int, changes: Mapping[str, Any]) -> Room:
    """Change a room, or how many of its beds are taken; raise NotFound out of scope, Invalid."""
    room = _room(actor, room_id)
    if unknown := changes.keys() - {"name", "use", "care", "beds", "taken", "holds"}:
        raise TypeError(f"not of a room: {sorted(unknown)}")
    said = amend(room, {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()})
    _refuse_room(room)
    if said:
        room.save()
        record(kind="facility.room_update", subject=room.facility, actor=actor, at=at, data={"room": room.pk, **said})
    return room


@domain_call("facilities:edit")
def close_room(*, actor: Actor, at: datetime, room_id: int) -> Room:
    """Close a room that nobody lives in; raise NotFound out of scope or if it is closed, Conflict while beds are taken."""
    room = _room(actor, room_id)
    if room.taken:
        raise Conflict(f"这间房还住着{room.taken}人，先办理搬出再停用。")
    room.closed_on = timezone.localdate(at)
    room.save(update_fields=["closed_on"])
    record(kind="facility.room_close", subject=room.facility, actor=actor, at=at, data={"room": room.pk})
    return room


def _room(actor: Actor, room_id: int) -> Room:
    mine = visible(Facility.objects.all(), actor).values("pk")
    room = Room.objects.select_related("facility").filter(pk=room_id, facility__in=mine, closed_on=None).first()
    if room is None:
        raise NotFound
    return room


def _refuse_room(room: Room) -> None:
    others = Room.objects.filter(facility_id=room.facility_id, name=room.name, closed_on=None).exclude(pk=room.pk)
    checks = {
        "name": (1 <= len(room.name) <= 40 and not others.exists(), "请填写名称（40字以内），同一处设施里不能重名。"),
        "use": (room.use in Room.Use.values, "请选择用途。"),
        "care": (room.care in Room.Care.values, "请选择护理等级。"),
        "beds": (0 <= room.beds <= MOST, "床位请填写0以上的数。"),
        "taken": (0 <= room.taken <= room.beds, "已住人数不能多于床位。"),
        "holds": (0 <= room.holds <= MOST, "可容人数请填写0以上的数。"),
    }
    if faults := {field: words for field, (right, words) in checks.items() if not right}:
        raise Invalid(fields=faults)


def _set(facility: Facility, given: Mapping[str, Any], *, actor: Actor) -> dict[str, Any]:
    if unknown := given.keys() - CHANGEABLE:
        raise TypeError(f"not of a facility: {sorted(unknown)}")
    if given.get("operator_id"):
        obtain(Organisation, actor, pk=given["operator_id"])
    if given.get("guide_id"):
        obtain(Facility.objects.filter(closed_on=None), actor, pk=given["guide_id"])
    said = amend(facility, {name: value.strip() if isinstance(value, str) else value for name, value in given.items()})
    if faults := _faults(facility, given, actor):
        raise Invalid(fields=faults)
    facility.initials = initials_of_title(facility.name)
    return said


def _faults(facility: Facility, given: Mapping[str, Any], actor: Actor) -> dict[str, str]:
    """Return what is wrong, by field; of what was taken over from an earlier register only what is given anew."""
    inside = 73 <= (facility.longitude or 0) <= 136 and 3 <= (facility.latitude or 0) <= 54
    phone = facility.phone.replace("-", "")
    checks = {
        "name": (2 <= len(facility.name) <= 80, "请填写设施名称（2到80个字）。"),
        "kind": (facility.kind in FacilityKind.values, "请选择设施类型。"),
        "area_code": (covers(actor, facility.area_code), "请选择本辖区内的地方。"),
        "longitude": (inside, "位置不在国内，请重新选点。"),
        "capacity": (facility.capacity is None or 0 <= facility.capacity <= MOST, "容量不能为负。"),
        "functions": (set(facility.functions) <= set(Function.values), "有不认识的功能。"),
        "opening": (len(facility.opening) <= 80, "开放时间请写在80字以内。"),
        "weekdays": (set(facility.weekdays) <= set("1234567"), "请选择开放日。"),
        "phone": (
            not phone or (phone.isascii() and phone.isdigit() and 5 <= len(phone) <= 12),
            "电话只写数字，座机带区号。",
        ),
        "star": (0 <= facility.star <= STARS, "星级为0到5。"),
        "guide_id": (facility.guide_id is None or facility.guide_id != facility.pk, "不能由自己指导自己。"),
    }
    return {
        name: words
        for name, (right, words) in checks.items()
        if not right and (facility.pk is None or name in given or (name == "longitude" and "latitude" in given))
    }
