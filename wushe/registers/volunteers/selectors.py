"""Read volunteers: the register, those without a post, and posts with places left."""

from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import visible, within
from wushe.registers.desk.finding import held_by
from wushe.registers.people.models import Person, Relation

from .models import Post, PostHolder, Team, Volunteer, VolunteerSkill


def volunteers(*, actor: Actor, text: str = "", without_post: bool = False) -> QuerySet[Volunteer]:
    """Return the volunteers of the actor's scope who have not left, newest first; with `in_post`."""
    actor.require("registers:view")
    held = PostHolder.objects.filter(volunteer=OuterRef("pk"), ends_on=None)
    rows = visible(Volunteer.objects.filter(left_on=None), actor).annotate(in_post=Exists(held))
    if without_post:
        rows = rows.filter(in_post=False)
    if text.strip():
        rows = rows.filter(held_by(text, codes=("number",), model=Volunteer) or Q())
    return rows.select_related("person", "team").order_by("-id")


def volunteers_without_post(*, actor: Actor) -> QuerySet[Volunteer]:
    """Return the volunteers who hold no post: the fifth break of the chain."""
    return volunteers(actor=actor, without_post=True)


def posts(*, actor: Actor, on: date, only_free: bool = False) -> QuerySet[Post]:
    """Return the posts open on a day within the actor's scope, with `held`, the number of places taken."""
    actor.require("registers:view")
    rows = visible(Post.objects.all(), actor).filter(Q(open_until=None) | Q(open_until__gte=on))
    rows = rows.annotate(held=Count("holders", filter=Q(holders__ends_on=None)))
    return (rows.filter(held__lt=F("places")) if only_free else rows).order_by("area_code", "title")


def teams_at(*, actor: Actor) -> QuerySet[Team]:
    """Return the teams of the actor's scope that stand, by name."""
    return visible(Team.objects.filter(ended_on=None), actor).order_by("initials", "name")


def branches_of(*, team: Team) -> QuerySet[Team]:
    """Return the standing branches of a team that the caller has seen, with `strength`, the members of each."""
    members = Count("members", filter=Q(members__left_on=None))
    return team.branches.filter(ended_on=None).annotate(strength=members).order_by("initials", "pk")


def members_of(*, team: Team) -> QuerySet[Volunteer]:
    """Return the volunteers of a team that the caller has seen within scope."""
    return team.members.filter(left_on=None).select_related("person").order_by("number")


def holders_of(*, post: Post) -> QuerySet[PostHolder]:
    """Return who holds and held a post that the caller has seen within scope, those in it first."""
    return post.holders.select_related("volunteer__person").order_by(F("ends_on").desc(nulls_first=True), "starts_on")


def posts_of(*, volunteer: Volunteer) -> QuerySet[PostHolder]:
    """Return the posts of a volunteer whom the caller has seen within scope, present ones first."""
    return volunteer.posts.select_related("post").order_by(F("ends_on").desc(nulls_first=True), "-starts_on")


def free_volunteers(*, actor: Actor, post: Post, text: str = "") -> QuerySet[Volunteer]:
    """Return the volunteers near a post who are not in it, those without any post first."""
    near = volunteers(actor=actor, text=text).exclude(posts__post=post, posts__ends_on=None)
    found = near if text.strip() else near.filter(within(post.area_code[:12]))
    return found.order_by("in_post", "number")  # type: ignore[misc]  # an annotation of `volunteers`


def skills_of(*, volunteer: Volunteer) -> QuerySet[VolunteerSkill]:
    """Return the skills of a volunteer whom the caller has seen within scope, the best first."""
    return volunteer.skills.select_related("skill").order_by("-level", "skill__title")


def guardians_for(*, person: Person) -> list[Person]:
    """Return who may be named as guardian of a person: those on record as guardian or parent."""
    kinds = [Relation.Kind.GUARDIAN, Relation.Kind.PARENT]
    return list(Person.objects.filter(relative_of__person=person, relative_of__kind__in=kinds).distinct())


def stars_of(*, volunteer: Volunteer, on: date) -> int:
    """Return the stars that a volunteer's hours have reached, by the steps of the preset."""
    steps = preset("volunteers.star.hours", area_code=volunteer.area_code, on=on)
    return sum(volunteer.all_minutes >= 60 * step for step in steps)
