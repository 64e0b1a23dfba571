"""The rooms of a facility: beds of a care level with how many are taken, or a place for so many people."""

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import Body, Count, Id, Words, told
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging
from wushe.foundation.scope import obtain
from wushe.registers.facilities import services
from wushe.registers.facilities.models import Room
from wushe.registers.facilities.selectors import facilities, rooms_of

router = Resource("设施房间")


class RoomShown(Schema):
    """A room."""

    id: int
    facility_id: int
    name: str
    use: str
    care: str
    beds: int
    taken: int
    holds: int
    closed_on: date | None


class NewRoom(Body):
    """A room to be added."""

    name: Words
    use: Room.Use
    care: Room.Care = Room.Care.NONE
    beds: Count = 0
    taken: Count = 0
    holds: Count = 0


class RoomChange(Body):
    """What changes about a room; only what is named."""

    name: Words | None = None
    use: Room.Use | None = None
    care: Room.Care | None = None
    beds: Count | None = None
    taken: Count | None = None
    holds: Count | None = None


@router.lists(
    "/facilities/{facility_id}/rooms", "registers:view", item=RoomShown, name="room_list", summary="设施的房间"
)
def room_list(request: ApiRequest, facility_id: Id, paging: Query[Paging]) -> QuerySet[Room]:
    """List the rooms in use of a facility that is open."""
    mine = facilities(actor=request.actor, on=timezone.localdate())
    return rooms_of(facility=obtain(mine, request.actor, pk=facility_id))


@router.acts(
    "/facilities/{facility_id}/rooms",
    "facilities:edit",
    gives=RoomShown,
    status=201,
    name="room_add",
    summary="增加房间",
)
def add(request: ApiRequest, facility_id: Id, body: NewRoom) -> Room:
    """Add a room to a facility."""
    return services.add_room(actor=request.actor, at=timezone.now(), facility_id=facility_id, **body.dict())


@router.acts(
    "/rooms/{room_id}", "facilities:edit", gives=RoomShown, method="PATCH", name="room_update", summary="更新房间"
)
def update(request: ApiRequest, room_id: Id, body: RoomChange) -> Room:
    """Change a room, or how many of its beds are taken."""
    return services.update_room(actor=request.actor, at=timezone.now(), room_id=room_id, changes=told(body))


@router.acts("/rooms/{room_id}/close", "facilities:edit", gives=RoomShown, name="room_close", summary="停用房间")
def close(request: ApiRequest, room_id: Id) -> Room:
    """Close a room that nobody lives in."""
    return services.close_room(actor=request.actor, at=timezone.now(), room_id=room_id)
