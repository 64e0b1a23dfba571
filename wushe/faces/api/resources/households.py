"""Households: who lives together; the address is masked."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import AreaCode, AreaFilter, Body, Id, Latitude, Longitude, Masked, Words, told
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging
from wushe.registers.people.home_keeping import found_household, update_household
from wushe.registers.people.household_register import household_of, households
from wushe.registers.people.households import join_households, living_in, split_household
from wushe.registers.people.models import Household

router = Resource("家庭")


class HouseholdLine(Schema):
    """A household as a list shows one."""

    id: int
    area_code: str
    address: Masked
    head_id: int | None
    longitude: float | None
    latitude: float | None


class NewHousehold(Body):
    """A resident who lives at an address from now on, as the head of a household of its own."""

    person_id: Id
    area_code: AreaCode
    address: Words
    longitude: Longitude | None = None
    latitude: Latitude | None = None


class HouseholdChange(Body):
    """What is changed of a household; what is not named stays. A head, a longitude or latitude of null strikes it out."""

    head_id: Id | None = None
    area_code: AreaCode | None = None
    address: Words | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None


class Member(Schema):
    """Somebody of a household."""

    id: int
    name: str
    born_on: date


class HouseholdShown(HouseholdLine):
    """A household with who lives in it."""

    members: list[Member]

    @staticmethod
    def resolve_members(household: Household) -> list[Any]:
        """Return who lives here."""
        return list(living_in(household))


class Split(Body):
    """Who leaves a household, for where."""

    member_ids: list[Id]
    area_code: AreaCode
    address: Words


class Join(Body):
    """The household that moves in."""

    other_id: Id


class HouseholdFilter(Schema):
    """What the list is narrowed to."""

    area_code: AreaFilter = ""


@router.lists("/households", "registers:view", item=HouseholdLine, name="household_list", summary="家庭登记册")
def household_list(
    request: ApiRequest, where: Query[HouseholdFilter], paging: Query[Paging]
) -> QuerySet[Household]:  # fmt: skip
    """List the households of an area."""
    return households(actor=request.actor, area_code=where.area_code)


@router.reads(
    "/households/{household_id}", "registers:view", gives=HouseholdShown, name="household", summary="一户家庭"
)
def household(request: ApiRequest, household_id: Id) -> Household:
    """Show one household with its members."""
    return household_of(actor=request.actor, household_id=household_id)


@router.acts(
    "/households", "people:edit", gives=HouseholdShown, status=201, name="household_found", summary="登记家庭"
)  # fmt: skip
def found(request: ApiRequest, body: NewHousehold) -> Household:
    """Register a household at an address, headed by a resident."""
    return found_household(actor=request.actor, at=timezone.now(), **body.dict())


@router.acts(
    "/households/{household_id}", "people:edit", gives=HouseholdShown, method="PATCH", name="household_update",
    summary="更新家庭资料",
)  # fmt: skip
def update(request: ApiRequest, household_id: Id, body: HouseholdChange) -> Household:
    """Change what is named of a household; who lives there goes along into another grid of its community."""
    changes = told(body, "head_id", "longitude", "latitude")
    return update_household(actor=request.actor, at=timezone.now(), household_id=household_id, changes=changes)


@router.acts(
    "/households/{household_id}/split", "people:edit", gives=HouseholdShown, status=201, name="household_split",
    summary="分户",
)  # fmt: skip
def split(request: ApiRequest, household_id: Id, body: Split) -> Household:
    """Let some members live at another address; their new household is given."""
    return split_household(actor=request.actor, at=timezone.now(), household_id=household_id, **body.dict())


@router.acts(
    "/households/{household_id}/join", "people:edit", gives=HouseholdShown, name="household_join", summary="合户"
)
def join(request: ApiRequest, household_id: Id, body: Join) -> Household:
    """Let everybody of another household live in this one."""
    return join_households(
        actor=request.actor, at=timezone.now(), household_id=household_id, other_id=body.other_id
    )  # fmt: skip
