"""Volunteers and their standing posts."""

from datetime import date
from typing import Annotated, Any

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import LARGEST, AreaCode, AreaFilter, Body, Count, Day, Id, Minute, ShortCode, Words, told
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging
from wushe.foundation.errors import NotFound
from wushe.foundation.scope import within
from wushe.registers.volunteers import entering, services
from wushe.registers.volunteers.models import Post, PostHolder, Volunteer
from wushe.registers.volunteers.selectors import posts, volunteers

router = Resource("志愿者")


class VolunteerShown(Schema):
    """A registered volunteer."""

    id: int
    number: str
    name: str
    area_code: str
    team_id: int | None
    registered_on: date
    left_on: date | None

    @staticmethod
    def resolve_name(volunteer: Volunteer) -> str:
        """Return the volunteer's name."""
        return volunteer.person.name


class PostShown(Schema):
    """A standing post with its places."""

    id: int
    title: str
    area_code: str
    places: int
    held: int
    open_from: date
    open_until: date | None

    @staticmethod
    def resolve_held(post: Any) -> int:
        """Return how many places are taken."""
        counted: int | None = getattr(post, "held", None)
        return post.holders.filter(ends_on=None).count() if counted is None else counted


class HolderShown(Schema):
    """A volunteer in a post."""

    id: int
    post_id: int
    volunteer_id: int
    starts_on: date
    ends_on: date | None


class VolunteerLeaving(Body):
    """The day on which a volunteer leaves."""

    left_on: Day


class VolunteerFilter(Schema):
    """What the register is narrowed to."""

    text: Words = ""
    without_post: bool = False


class PostFilter(Schema):
    """What the posts are narrowed to."""

    only_free: bool = False
    area_code: AreaFilter = ""


class NewVolunteer(Body):
    """A resident who becomes a volunteer."""

    person_id: Id
    team_id: Id | None = None


class VolunteerChange(Body):
    """What is changed of a volunteer; what is not named stays. A team, guardian or day of null is none."""

    area_code: AreaCode | None = None
    team_id: Id | None = None
    guardian_id: Id | None = None
    insured_until: Day | None = None
    earlier_minutes: Count | None = None


class NewPost(Body):
    """A standing post to be opened."""

    title: Words
    area_code: AreaCode
    places: Annotated[int, Field(ge=1, le=LARGEST)]
    open_from: Day
    open_until: Day | None = None


class PostChange(Body):
    """What is changed of a post; what is not named stays. It keeps as many places as are taken; an end of null is none."""

    title: Words | None = None
    area_code: AreaCode | None = None
    places: Annotated[int, Field(ge=1, le=LARGEST)] | None = None
    open_from: Day | None = None
    open_until: Day | None = None
    weekdays: ShortCode | None = None
    shift_start: Minute | None = None
    shift_end: Minute | None = None
    facility_id: Id | None = None


class Filling(Body):
    """Who takes a post, from when."""

    volunteer_id: Id
    starts_on: Day


class Vacating(Body):
    """The day on which a post is given up."""

    ends_on: Day


@router.lists("/volunteers", "registers:view", item=VolunteerShown, name="volunteer_list", summary="志愿者")
def volunteer_list(request: ApiRequest, where: Query[VolunteerFilter], paging: Query[Paging]) -> QuerySet[Volunteer]:
    """List the volunteers who have not left."""
    return volunteers(actor=request.actor, text=where.text, without_post=where.without_post)


@router.reads(
    "/volunteers/{volunteer_id}", "registers:view", gives=VolunteerShown, name="volunteer", summary="一位志愿者"
)
def volunteer(request: ApiRequest, volunteer_id: Id) -> Volunteer:
    """Show one volunteer."""
    found = volunteers(actor=request.actor).filter(pk=volunteer_id).first()
    if found is None:
        raise NotFound
    return found


@router.acts(
    "/volunteers", "volunteers:edit", gives=VolunteerShown, status=201, name="volunteer_register", summary="登记志愿者"
)
def register(request: ApiRequest, body: NewVolunteer) -> Volunteer:
    """Register a resident as a volunteer."""
    return entering.register_volunteer(actor=request.actor, at=timezone.now(), **body.dict())


@router.acts(
    "/volunteers/{volunteer_id}", "volunteers:edit", gives=VolunteerShown, method="PATCH", name="volunteer_update",
    summary="更新志愿者",
)  # fmt: skip
def update(request: ApiRequest, volunteer_id: Id, body: VolunteerChange) -> Volunteer:
    """Change a volunteer's place, team, guardian, insurance or earlier hours."""
    changes = told(body, "team_id", "guardian_id", "insured_until")
    return entering.update_volunteer(actor=request.actor, at=timezone.now(), volunteer_id=volunteer_id, changes=changes)


@router.acts(
    "/volunteers/{volunteer_id}/leave",
    "volunteers:edit",
    gives=VolunteerShown,
    name="volunteer_leave",
    summary="志愿者退出",
)
def leave(request: ApiRequest, volunteer_id: Id, body: VolunteerLeaving) -> Volunteer:
    """Record that a volunteer leaves on a day, and every post with it."""
    return entering.leave_volunteers(
        actor=request.actor, at=timezone.now(), volunteer_id=volunteer_id, left_on=body.left_on
    )  # fmt: skip


@router.acts(
    "/volunteers/{volunteer_id}/return",
    "volunteers:edit",
    gives=VolunteerShown,
    name="volunteer_return",
    summary="志愿者恢复",
)
def come_back(request: ApiRequest, volunteer_id: Id) -> Volunteer:
    """Take back that a volunteer left."""
    return entering.return_volunteer(actor=request.actor, at=timezone.now(), volunteer_id=volunteer_id)


@router.lists("/posts", "registers:view", item=PostShown, name="post_list", summary="志愿岗位")
def post_list(request: ApiRequest, where: Query[PostFilter], paging: Query[Paging]) -> QuerySet[Post]:
    """List the posts that are open."""
    rows = posts(actor=request.actor, on=timezone.localdate(), only_free=where.only_free)
    return rows.filter(within(where.area_code)) if where.area_code else rows


@router.acts("/posts", "volunteers:edit", gives=PostShown, status=201, name="post_open", summary="开设志愿岗位")
def open_post(request: ApiRequest, body: NewPost) -> Post:
    """Open a standing post."""
    return services.open_post(actor=request.actor, at=timezone.now(), **body.dict())


@router.acts(
    "/posts/{post_id}", "volunteers:edit", gives=PostShown, method="PATCH", name="post_update", summary="更新志愿岗位"
)
def update_post(request: ApiRequest, post_id: Id, body: PostChange) -> Post:
    """Change what is named of a post."""
    changes = told(body, "open_until", "facility_id")
    return services.update_post(actor=request.actor, at=timezone.now(), post_id=post_id, changes=changes)


@router.acts(
    "/posts/{post_id}/fill", "volunteers:edit", gives=HolderShown, status=201, name="post_fill", summary="安排上岗"
)
def fill(request: ApiRequest, post_id: Id, body: Filling) -> PostHolder:
    """Put a volunteer into a post."""
    return services.fill_post(actor=request.actor, at=timezone.now(), post_id=post_id, **body.dict())


@router.acts(
    "/post-holders/{holder_id}/vacate", "volunteers:edit", gives=HolderShown, name="post_vacate", summary="离岗"
)
def vacate(request: ApiRequest, holder_id: Id, body: Vacating) -> PostHolder:
    """End a volunteer's time in a post."""
    return services.vacate_post(actor=request.actor, at=timezone.now(), holder_id=holder_id, ends_on=body.ends_on)
