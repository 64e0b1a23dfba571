"""Where residents live and whether they live: moving, leaving, coming back, dying."""

from django.utils import timezone

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import AreaCode, Body, Day, Id, Words
from wushe.faces.api.operations import Resource
from wushe.faces.api.resources.people import PersonShown
from wushe.registers.people import deaths, moving
from wushe.registers.people.models import Person

router = Resource("居民")


class Move(Body):
    """Where somebody lives from a day on."""

    area_code: AreaCode
    moved_on: Day
    address: Words = ""
    with_household: bool = False


class Departure(Body):
    """The day on which somebody left for where this register does not reach."""

    left_on: Day
    with_household: bool = False


class Return(Body):
    """Where somebody lives who had moved out."""

    area_code: AreaCode
    moved_on: Day
    address: Words = ""


class Death(Body):
    """The day on which somebody died."""

    died_on: Day


@router.acts("/people/{person_id}/move", "people:edit", gives=PersonShown, name="person_move", summary="迁移")
def move(request: ApiRequest, person_id: Id, body: Move) -> Person:
    """Write that a resident lives elsewhere; moved out of the token's area, only the answer still shows them."""
    return moving.move_person(actor=request.actor, at=timezone.now(), person_id=person_id, **body.dict())


@router.acts("/people/{person_id}/depart", "people:edit", gives=PersonShown, name="person_depart", summary="迁出")
def depart(request: ApiRequest, person_id: Id, body: Departure) -> Person:
    """Write that a resident has moved to where this register does not reach."""
    return moving.record_departure(actor=request.actor, at=timezone.now(), person_id=person_id, **body.dict())


@router.acts("/people/{person_id}/return", "people:edit", gives=PersonShown, name="person_return", summary="迁回")
def come_back(request: ApiRequest, person_id: Id, body: Return) -> Person:
    """Write that a resident who had moved out is back."""
    return moving.record_return(actor=request.actor, at=timezone.now(), person_id=person_id, **body.dict())


@router.acts("/people/{person_id}/death", "people:edit", gives=PersonShown, name="person_death", summary="登记去世")
def death(request: ApiRequest, person_id: Id, body: Death) -> Person:
    """Write that a resident has died."""
    return deaths.record_death(
        actor=request.actor, at=timezone.now(), person_id=person_id, died_on=body.died_on
    )  # fmt: skip


@router.acts(
    "/people/{person_id}/death/retract",
    "people:edit",
    gives=PersonShown,
    name="death_retract",
    summary="撤销误登的去世",
)
def retract(request: ApiRequest, person_id: Id) -> Person:
    """Take back a death that was recorded by mistake."""
    return deaths.retract_death(actor=request.actor, at=timezone.now(), person_id=person_id)
