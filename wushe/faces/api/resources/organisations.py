"""Organisations: registered, filed, cultivated or mobilised."""

from datetime import date
from typing import Annotated

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import AreaCode, Body, Count, Day, Id, ShortCode, Words, told
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging
from wushe.registers.organisations import services
from wushe.registers.organisations.models import Organisation, OrganisationKind, Standing
from wushe.registers.organisations.selectors import organisation_of, organisations

router = Resource("社会组织")


class OrganisationShown(Schema):
    """An organisation."""

    id: int
    name: str
    kind: str
    standing: str
    uscc: str
    grade: str
    hub: bool
    area_code: str
    serves: list[str]
    services: list[str]
    takes_orders: bool
    longitude: float | None
    latitude: float | None
    graded_on: date | None
    full_time: int
    certified: int
    members: int
    seats: int
    agreement_until: date | None
    activity: int
    joined_on: date | None
    left_on: date | None


class OrganisationFilter(Schema):
    """What the register is narrowed to."""

    kind: OrganisationKind | None = None
    text: Words = ""


class NewOrganisation(Body):
    """An organisation to be registered."""

    name: Words
    kind: OrganisationKind
    standing: Standing
    area_code: AreaCode
    uscc: ShortCode = ""
    serves: list[AreaCode] = []
    takes_orders: bool = False
    grade: Annotated[str, Field(pattern=r"^[1-5A]{0,4}$")] = ""
    hub: bool = False
    joined_on: Day | None = None


class OrganisationChange(Body):
    """What changes about an organisation; only what is named."""

    name: Words | None = None
    kind: OrganisationKind | None = None
    standing: Standing | None = None
    area_code: AreaCode | None = None
    uscc: ShortCode | None = None
    serves: list[AreaCode] | None = None
    takes_orders: bool | None = None
    grade: Annotated[str, Field(pattern=r"^[1-5A]{0,4}$")] | None = None
    graded_on: Day | None = None
    hub: bool | None = None
    joined_on: Day | None = None
    full_time: Count | None = None
    certified: Count | None = None
    members: Count | None = None
    seats: Count | None = None
    agreement_until: Day | None = None


class Leaving(Body):
    """The day on which an organisation leaves."""

    left_on: Day


@router.lists("/organisations", "registers:view", item=OrganisationShown, name="organisation_list", summary="社会组织")
def organisation_list(
    request: ApiRequest, where: Query[OrganisationFilter], paging: Query[Paging]
) -> QuerySet[Organisation]:
    """List the organisations that have not left."""
    return organisations(actor=request.actor, kind=where.kind or "", text=where.text)


@router.reads(
    "/organisations/{organisation_id}",
    "registers:view",
    gives=OrganisationShown,
    name="organisation",
    summary="一家组织",
)
def organisation(request: ApiRequest, organisation_id: Id) -> Organisation:
    """Show one organisation."""
    return organisation_of(actor=request.actor, organisation_id=organisation_id)


@router.acts(
    "/organisations", "organisations:edit", gives=OrganisationShown, status=201, name="organisation_register",
    summary="登记组织",
)  # fmt: skip
def register(request: ApiRequest, body: NewOrganisation) -> Organisation:
    """Register an organisation seated in the token's area."""
    return services.register_organisation(actor=request.actor, at=timezone.now(), **body.dict())


@router.acts(
    "/organisations/{organisation_id}", "organisations:edit", gives=OrganisationShown, method="PATCH",
    name="organisation_update", summary="更新组织",
)  # fmt: skip
def update(request: ApiRequest, organisation_id: Id, body: OrganisationChange) -> Organisation:
    """Change what is named of an organisation."""
    changes = told(body, "graded_on", "joined_on", "agreement_until")
    return services.update_organisation(
        actor=request.actor, at=timezone.now(), organisation_id=organisation_id, changes=changes
    )  # fmt: skip


@router.acts(
    "/organisations/{organisation_id}/leave", "organisations:edit", gives=OrganisationShown, name="organisation_leave",
    summary="组织退出",
)  # fmt: skip
def leave(request: ApiRequest, organisation_id: Id, body: Leaving) -> Organisation:
    """Record that an organisation leaves on a day."""
    return services.leave(
        actor=request.actor, at=timezone.now(), organisation_id=organisation_id, left_on=body.left_on
    )  # fmt: skip


@router.acts(
    "/organisations/{organisation_id}/return", "organisations:edit", gives=OrganisationShown, name="organisation_return",
    summary="组织恢复入驻",
)  # fmt: skip
def come_back(request: ApiRequest, organisation_id: Id) -> Organisation:
    """Take back that an organisation left."""
    return services.return_organisation(actor=request.actor, at=timezone.now(), organisation_id=organisation_id)
