"""Keep standing posts for volunteers: opened with places and a shift, filled, vacated, changed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.scope import covers, obtain, visible
from wushe.registers.desk.changes import amend
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.facilities.models import Facility

from .entering import AlreadyVolunteer, register_volunteer
from .models import Post, PostHolder, Volunteer

__all__ = ["AlreadyVolunteer", "HoldsPost", "PostFull", "fill_post", "open_post", "register_volunteer", "update_post",
           "vacate_post"]  # fmt: skip

DAY_END = 24 * 60
POST_CHANGEABLE = frozenset({
    "title", "area_code", "places", "open_from", "open_until", "weekdays", "shift_start", "shift_end", "facility_id",
})  # fmt: skip


class PostFull(Conflict):
    """All places of the post are taken."""

    message = "这个岗位已经满员。"


class HoldsPost(Conflict):
    """The volunteer holds the post already."""

    message = "这位志愿者已经在这个岗位上。"


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
    client_key: str = "",
    **more: Any,
) -> Post:
    """Open a standing post with so many places; `more` are other fields of POST_CHANGEABLE.

    Raises Invalid beside each field at fault, NotFound for a facility out of scope.
    """
    post = Post()
    given = {"title": title, "area_code": area_code, "places": places, "open_from": open_from, "open_until": open_until}
    _set(post, {**given, **more}, actor=actor)

    def effect() -> dict[str, Any]:
        post.save(force_insert=True)
        record(kind="post.open", subject=post, actor=actor, at=at, data={"places": places})
        return {"post": post.pk}

    body = {"title": post.title, "area_code": area_code}
    answer = once(actor=actor, at=at, key=client_key, call="volunteers.open_post", body=body, effect=effect)
    return Post.objects.get(pk=answer["post"])


@domain_call("volunteers:edit")
def update_post(*, actor: Actor, at: datetime, post_id: int, changes: Mapping[str, Any]) -> Post:
    """Change what is named of a post; raise NotFound out of scope, and what open_post raises.

    A post keeps as many places as are taken.
    """
    post = obtain(Post.objects.select_for_update(), actor, pk=post_id)
    said = _set(post, changes, actor=actor)
    if post.places < (held := post.holders.filter(ends_on=None).count()):
        raise Invalid(fields={"places": f"现在有{held}人在岗，人数不能少于{held}。"})
    if said:
        post.save()
        record(kind="post.update", subject=post, actor=actor, at=at, data=said)
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


def _set(post: Post, given: Mapping[str, Any], *, actor: Actor) -> dict[str, Any]:
    """Put the values on the post and return what differs; raise Invalid with all faults, NotFound for the facility."""
    if unknown := given.keys() - POST_CHANGEABLE:
        raise TypeError(f"not of a post: {sorted(unknown)}")
    if given.get("facility_id"):
        obtain(Facility, actor, pk=given["facility_id"])
    said = amend(post, {name: value.strip() if isinstance(value, str) else value for name, value in given.items()})
    checks = {
        "title": (1 <= len(post.title) <= 60, "请填写岗位名称（60字以内）。"),
        "places": (1 <= post.places <= 1000, "人数为1到1000。"),
        "area_code": ("area_code" not in given or covers(actor, post.area_code), "请选择本辖区内的社区。"),
        "open_until": (not post.open_until or post.open_until >= post.open_from, "结束日期不能早于开始日期。"),
        "weekdays": (bool(post.weekdays) and set(post.weekdays) <= set("1234567"), "请选择值班日。"),
        "shift_end": (0 <= post.shift_start < post.shift_end <= DAY_END, "值班结束要晚于开始。"),
    }
    if faults := {field: words for field, (right, words) in checks.items() if not right}:
        raise Invalid(fields=faults)
    post.initials = initials_of_title(post.title)
    return said
