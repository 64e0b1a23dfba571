"""Read facilities: what there is within an area, open on a day."""

from datetime import date

from django.db.models import Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible

from .models import Facility, Room


def facilities(*, actor: Actor, on: date, kind: str = "", text: str = "") -> QuerySet[Facility]:
    """Return the facilities of the actor's scope that are open on a day; raise NotAllowed without `registers:view`."""
    actor.require("registers:view")
    rows = visible(Facility.objects.all(), actor).filter(Q(closed_on=None) | Q(closed_on__gt=on))
    if kind:
        rows = rows.filter(kind=kind)
    if text.strip():
        rows = rows.filter(name__contains=text.strip())
    return rows.select_related("operator").order_by("kind", "name")


def rooms_of(*, facility: Facility) -> QuerySet[Room]:
    """Return the rooms in use of a facility that the caller has seen within scope, beds first."""
    return facility.rooms.filter(closed_on=None).order_by("-beds", "use", "name")


def guided_by(*, facility: Facility) -> QuerySet[Facility]:
    """Return the facilities that one guides; the caller has seen it within scope."""
    return facility.guided.filter(closed_on=None).order_by("name")
