"""Keep volunteers: registered under a number that is not the ID number, and standing posts with places to fill."""

from datetime import date, datetime

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.journal.services import record
from wushe.foundation.scope import covers, obtain, visible
from wushe.registers.people.models import Person

from .models import Post, PostHolder, Team, Volunteer


class AlreadyVolunteer(Conflict):
    """The person is registered as a volunteer."""

    message = "这位居民已经是注册志愿者。"


class PostFull(Conflict):
    """All places of the post are taken."""

    message = "这个岗位已经满员。"


class HoldsPost(Conflict):
    """The volunteer holds the post already."""

    message = "这位志愿者已经在这个岗位上。"


@domain_call("volunteers:edit")
def register_volunteer(
    *, actor: Actor, at: datetime, person_id: int, area_code: str = "", team_id: int | None = None
) -> Volunteer:
    """Register a resident as a volunteer of a community; raise NotFound out of scope, AlreadyVolunteer."""
    person = obtain(Person, actor, pk=person_id)
    if Volunteer.objects.filter(person=person).exists():
        raise AlreadyVolunteer
    team = obtain(Team, actor, pk=team_id) if team_id else None
    place = area_code or person.area_code
    volunteer = Volunteer.objects.create(
        number=f"{place[:6]}{person.pk:010d}", person=person, area_code=place, team=team,
        registered_on=timezone.localdate(at),
    )  # fmt: skip
    record(kind="volunteer.register", subject=volunteer, actor=actor, at=at)
    return volunteer


@domain_call("volunteers:edit")
def open_post(
    *,
    actor: Actor,
    at: datetime,
    title: str,
    area_code: str,
    places: int,
    open_from: date,
    open_until: date | None = None,
) -> Post:
    """Open a standing post with so many places; raise Invalid beside each field at fault."""
    faults = {}
    if not title.strip() or len(title.strip()) > 60:
        faults["title"] = "请填写岗位名称（60字以内）。"
    if places < 1:
        faults["places"] = "人数至少为1。"
    if not covers(actor, area_code):
        faults["area_code"] = "请选择本辖区内的社区。"
    if open_until and open_until < open_from:
        faults["open_until"] = "结束日期不能早于开始日期。"
    if faults:
        raise Invalid(fields=faults)
    post = Post.objects.create(
        title=title.strip(), area_code=area_code, places=places, open_from=open_from, open_until=open_until
    )
    record(kind="post.open", subject=post, actor=actor, at=at, data={"places": places})
    return post


@domain_call("volunteers:edit")
def fill_post(*, actor: Actor, at: datetime, post_id: int, volunteer_id: int, starts_on: date) -> PostHolder:
    """Put a volunteer into a post; raise NotFound out of scope, HoldsPost, PostFull, Invalid after the post's end."""
    # The post is held, so that of two who fill the last place one is told that it is taken.
    post = obtain(Post.objects.select_for_update(), actor, pk=post_id)
    volunteer = obtain(Volunteer.objects.filter(left_on=None), actor, pk=volunteer_id)
    if post.open_until and starts_on > post.open_until:
        raise Invalid(fields={"starts_on": "这个岗位到那天已经结束。"})
    holders = post.holders.filter(ends_on=None)
    if holders.filter(volunteer=volunteer).exists():
        raise HoldsPost
    if holders.count() >= post.places:
        raise PostFull
    holder = PostHolder.objects.create(post=post, volunteer=volunteer, starts_on=starts_on)
    record(kind="post.fill", subject=post, actor=actor, at=at, data={"volunteer": volunteer.pk})
    return holder


@domain_call("volunteers:edit")
def vacate_post(*, actor: Actor, at: datetime, holder_id: int, ends_on: date) -> PostHolder:
    """End a volunteer's time in a post; raise NotFound out of scope or if it has ended, Invalid for an early day."""
    posts = visible(Post.objects.all(), actor).values("pk")
    holder = PostHolder.objects.select_related("post").filter(pk=holder_id, post__in=posts, ends_on=None).first()
    if holder is None:
        raise NotFound
    if ends_on < holder.starts_on:
        raise Invalid(fields={"ends_on": "结束日期不能早于开始日期。"})
    holder.ends_on = ends_on
    holder.save(update_fields=["ends_on"])
    record(kind="post.vacate", subject=holder.post, actor=actor, at=at, data={"volunteer": holder.volunteer_id})
    return holder
