"""Reviews: a category is looked at again when its day has come, and either holds with new evidence or ends."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.scope import visible, within

from .bonds import months_later, obtain_tag
from .models import Person, Tag

SOON = timedelta(days=30)


@domain_call("people:edit")
def review_tag(*, actor: Actor, at: datetime, tag_id: int, holds: bool, evidence: str = "") -> Tag:
    """Look at a category again: it holds until its next review, or it ends today.

    Raises NotFound outside scope or if it has ended, Invalid without evidence where the category asks for it.
    """
    today = timezone.localdate(at)
    tag = obtain_tag(people=visible(Person.objects.all(), actor), tag_id=tag_id)
    if holds and tag.kind.evidence and not evidence.strip():
        raise Invalid(fields={"evidence": f"请写明这次复核的依据，例如：{tag.kind.evidence}。"})
    tag.reviewed_on = today
    if holds:
        tag.evidence = evidence.strip() or tag.evidence
        tag.review_on = months_later(today, tag.kind.review_months) if tag.kind.review_months else None
    else:
        tag.ends_on = today
    tag.save(update_fields=["reviewed_on", "evidence", "review_on", "ends_on"])
    data = {"tag": tag.kind.code, "holds": holds}
    record(kind="person.review", subject=tag.person, actor=actor, at=at, data=data)
    return tag


def due_reviews(
    *, actor: Actor, on: date, when: str = "", tag_code: str = "", area_code: str = "", sensitive: bool = False
) -> QuerySet[Tag]:
    """Return the standing categories to be looked at again: "late", "soon" within thirty days, or both.

    Restricted categories only where they are asked for. Raises NotAllowed without `registers:view`.
    """
    actor.require("registers:view")
    people = visible(Person.objects.filter(died_on=None, moved_out_on=None), actor)
    if area_code:
        people = people.filter(within(area_code))
    tags = Tag.objects.filter(_WHEN.get(when, _WHEN[""])(on), ends_on=None, person__in=people)
    if not sensitive:
        tags = tags.filter(kind__sensitive=False)
    if tag_code:
        tags = tags.filter(kind__code=tag_code)
    return tags.select_related("person", "kind").order_by("review_on", "id")


def _late(on: date) -> Q:
    return Q(review_on__lt=on)


def _soon(on: date) -> Q:
    return Q(review_on__gte=on, review_on__lte=on + SOON)


def _due(on: date) -> Q:
    return Q(review_on__lte=on + SOON)


_WHEN: dict[str, Callable[[date], Q]] = {"": _due, "late": _late, "soon": _soon}
