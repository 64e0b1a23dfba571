"""Read volunteers: the register, those without a post, and posts with places left."""

from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible
from wushe.registers.people.models import Person
from wushe.registers.people.selectors import matching

from .models import Post, PostHolder, Volunteer


def volunteers(*, actor: Actor, text: str = "", without_post: bool = False) -> QuerySet[Volunteer]:
    """Return the volunteers of the actor's scope who have not left, newest first; with `in_post`."""
    actor.require("registers:view")
    held = PostHolder.objects.filter(volunteer=OuterRef("pk"), ends_on=None)
    rows = visible(Volunteer.objects.filter(left_on=None), actor).annotate(in_post=Exists(held))
    if without_post:
        rows = rows.filter(in_post=False)
    if text.strip():
        people = Person.objects.filter(matching(text) or Q(pk=None))
        rows = rows.filter(Q(number=text.strip()) | Q(person__in=people))
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
