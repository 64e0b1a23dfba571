"""Facilities: stations, centres, meal points, day care."""

from datetime import date
from typing import Annotated

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import AreaCode, Body, Count, Day, Id, Latitude, Longitude, ShortCode, Words, told
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging
from wushe.foundation.errors import NotFound
from wushe.registers.facilities import services
from wushe.registers.facilities.models import Facility, FacilityKind
from wushe.registers.facilities.selectors import facilities

router = Resource("服务设施")


class FacilityShown(Schema):
    """A place of service."""

    id: int
    name: str
    kind: str
    area_code: str
    operator_id: int | None
    functions: list[str]
    capacity: int | None
    opening: str
    weekdays: str
    address: str
    phone: str
    star: int
    longitude: float
    latitude: float
    opened_on: date | None
    closed_on: date | None


class FacilityFilter(Schema):
    """What the register is narrowed to."""

    kind: FacilityKind | None = None
    text: Words = ""
    on: Day | None = None


class NewFacility(Body):
    """A facility to be opened."""

    name: Words
    kind: FacilityKind
    area_code: AreaCode
    longitude: Longitude
    latitude: Latitude
    opened_on: Day
    operator_id: Id | None = None
    functions: list[Words] = []
    capacity: Count | None = None
    opening: Words = ""


class FacilityChange(Body):
    """What changes about a facility; only what is named."""

    name: Words | None = None
    kind: FacilityKind | None = None
    area_code: AreaCode | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    opened_on: Day | None = None
    operator_id: Id | None = None
    functions: list[Words] | None = None
    capacity: Count | None = None
    opening: Words | None = None
    weekdays: Annotated[str, Field(pattern=r"^[1-7]{1,7}$")] | None = None
    address: Words | None = None
    phone: ShortCode | None = None
    star: Annotated[int, Field(ge=0, le=5)] | None = None


class Closing(Body):
    """The day on which a facility closes."""

    closed_on: Day


@router.lists("/facilities", "registers:view", item=FacilityShown, name="facility_list", summary="服务设施")
def facility_list(request: ApiRequest, where: Query[FacilityFilter], paging: Query[Paging]) -> QuerySet[Facility]:
    """List the facilities that are open on a day."""
    on = where.on or timezone.localdate()
    return facilities(actor=request.actor, on=on, kind=where.kind or "", text=where.text)


@router.reads("/facilities/{facility_id}", "registers:view", gives=FacilityShown, name="facility", summary="一处设施")
def facility(request: ApiRequest, facility_id: Id) -> Facility:
    """Show one facility that is open."""
    found = facilities(actor=request.actor, on=timezone.localdate()).filter(pk=facility_id).first()
    if found is None:
        raise NotFound
    return found


@router.acts(
    "/facilities", "facilities:edit", gives=FacilityShown, status=201, name="facility_open", summary="启用设施"
)
def open_facility(request: ApiRequest, body: NewFacility) -> Facility:
    """Open a facility in the token's area."""
    return services.open_facility(actor=request.actor, at=timezone.now(), **body.dict())


@router.acts(
    "/facilities/{facility_id}", "facilities:edit", gives=FacilityShown, method="PATCH", name="facility_update",
    summary="更新设施",
)  # fmt: skip
def update_facility(request: ApiRequest, facility_id: Id, body: FacilityChange) -> Facility:
    """Change what is named of a facility."""
    changes = told(body, "operator_id", "capacity")
    return services.update_facility(actor=request.actor, at=timezone.now(), facility_id=facility_id, changes=changes)


@router.acts(
    "/facilities/{facility_id}/close",
    "facilities:edit",
    gives=FacilityShown,
    name="facility_close",
    summary="停用设施",
)
def close_facility(request: ApiRequest, facility_id: Id, body: Closing) -> Facility:
    """Close a facility on a day."""
    return services.close_facility(
        actor=request.actor, at=timezone.now(), facility_id=facility_id, closed_on=body.closed_on
    )  # fmt: skip


@router.acts(
    "/facilities/{facility_id}/reopen",
    "facilities:edit",
    gives=FacilityShown,
    name="facility_reopen",
    summary="恢复设施",
)
def reopen_facility(request: ApiRequest, facility_id: Id) -> Facility:
    """Take back that a facility closed."""
    return services.reopen_facility(actor=request.actor, at=timezone.now(), facility_id=facility_id)
