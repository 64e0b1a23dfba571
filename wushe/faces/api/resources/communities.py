"""Communities with the seats of their councils and backbone roles, vacant ones included."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import AreaCode, Body, Count, Day, Id, ShortCode, Words, told
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging
from wushe.registers.communities import services
from wushe.registers.communities.models import Community, Seat, SeatKind, Term
from wushe.registers.communities.register import COMMUNITIES, SEATS
from wushe.registers.desk.selectors import Where, narrowed, row_of

router = Resource("社区")


class CommunityShown(Schema):
    """A community."""

    id: int
    area_code: str
    name: str
    urban: bool
    residents: int
    households: int
    phone: str
    office: str
    council_since: date | None


class CommunityFilter(Schema):
    """What the register is narrowed to."""

    text: Words = ""


class NewCommunity(Body):
    """A community to be entered, under the name of its area."""

    area_code: AreaCode


class CommunityChange(Body):
    """What changes about a community; only what is named."""

    residents: Count | None = None
    households: Count | None = None
    phone: ShortCode | None = None
    office: Words | None = None
    council_since: Day | None = None


class TermShown(Schema):
    """Somebody in a seat."""

    id: int
    seat_id: int
    person_id: int
    unit_id: int | None
    starts_on: date
    ends_on: date | None


class SeatShown(Schema):
    """A seat of a council or a backbone role; without a term it is vacant."""

    id: int
    kind: str
    title: str
    area_code: str
    since: date
    closed_on: date | None


class NewSeat(Body):
    """A seat to be set up."""

    kind: SeatKind
    area_code: AreaCode
    title: Words = ""


class SeatChange(Body):
    """What is changed of a seat; what is not named stays."""

    kind: SeatKind | None = None
    title: Words | None = None
    area_code: AreaCode | None = None
    since: Day | None = None


class Taking(Body):
    """Who takes a seat, from when, and for which unit."""

    person_id: Id
    starts_on: Day
    unit_id: Id | None = None


class LeavingSeat(Body):
    """The day on which a seat is left."""

    ends_on: Day


@router.lists("/communities", "registers:view", item=CommunityShown, name="community_list", summary="社区")
def community_list(request: ApiRequest, where: Query[CommunityFilter], paging: Query[Paging]) -> QuerySet[Community]:
    """List the communities; two characters or the initials of a name find one."""
    return narrowed(COMMUNITIES, actor=request.actor, where=Where(where.text), on=timezone.localdate())


@router.reads(
    "/communities/{community_id}", "registers:view", gives=CommunityShown, name="community", summary="一个社区"
)
def community(request: ApiRequest, community_id: Id) -> Any:
    """Show one community."""
    return row_of(COMMUNITIES, actor=request.actor, pk=community_id, on=timezone.localdate())


@router.acts(
    "/communities", "communities:edit", gives=CommunityShown, status=201, name="community_enter", summary="登记社区"
)
def enter(request: ApiRequest, body: NewCommunity) -> Community:
    """Enter a community of the token's area."""
    return services.enter_community(actor=request.actor, at=timezone.now(), **body.dict())


@router.acts(
    "/communities/{community_id}", "communities:edit", gives=CommunityShown, method="PATCH", name="community_update",
    summary="更新社区",
)  # fmt: skip
def update(request: ApiRequest, community_id: Id, body: CommunityChange) -> Community:
    """Change what is named of a community."""
    changes = told(body, "council_since")
    return services.update_community(actor=request.actor, at=timezone.now(), community_id=community_id, changes=changes)


@router.lists("/seats", "registers:view", item=SeatShown, name="seat_list", summary="席位与骨干岗位")
def seat_list(request: ApiRequest, paging: Query[Paging]) -> QuerySet[Seat]:
    """List the seats that have not been closed."""
    return narrowed(SEATS, actor=request.actor, where=Where(), on=timezone.localdate())


@router.reads("/seats/{seat_id}", "registers:view", gives=SeatShown, name="seat", summary="一个席位")
def seat(request: ApiRequest, seat_id: Id) -> Any:
    """Show one seat."""
    return row_of(SEATS, actor=request.actor, pk=seat_id, on=timezone.localdate())


@router.acts("/seats", "communities:edit", gives=SeatShown, status=201, name="seat_set_up", summary="设立席位")
def set_up(request: ApiRequest, body: NewSeat) -> Seat:
    """Set up a seat of a council or a backbone role."""
    return services.set_up_seat(actor=request.actor, at=timezone.now(), **body.dict())


@router.acts(
    "/seats/{seat_id}", "communities:edit", gives=SeatShown, method="PATCH", name="seat_update", summary="更新席位"
)
def update_seat(request: ApiRequest, seat_id: Id, body: SeatChange) -> Seat:
    """Change what is named of a seat."""
    return services.update_seat(actor=request.actor, at=timezone.now(), seat_id=seat_id, changes=told(body))


@router.acts("/seats/{seat_id}/take", "communities:edit", gives=TermShown, status=201, name="seat_take", summary="到任")
def take(request: ApiRequest, seat_id: Id, body: Taking) -> Term:
    """Put a person into a vacant seat."""
    return services.take_seat(actor=request.actor, at=timezone.now(), seat_id=seat_id, **body.dict())


@router.acts("/seats/{seat_id}/vacate", "communities:edit", gives=TermShown, name="seat_vacate", summary="离任")
def vacate(request: ApiRequest, seat_id: Id, body: LeavingSeat) -> Term:
    """End the term of who sits in a seat."""
    return services.vacate_seat(actor=request.actor, at=timezone.now(), seat_id=seat_id, ends_on=body.ends_on)
