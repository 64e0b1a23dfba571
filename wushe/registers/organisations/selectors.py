"""Read organisations: the register, and who takes orders at a place."""

from datetime import date

from django.db.models import Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.scope import obtain, visible

from .models import Organisation


def organisations(*, actor: Actor, kind: str = "", text: str = "") -> QuerySet[Organisation]:
    """Return the organisations of the actor's scope that have not left; raise NotAllowed without `registers:view`."""
    actor.require("registers:view")
    rows = visible(Organisation.objects.filter(left_on=None), actor).order_by("name", "id")
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(name__contains=text.strip()) if text.strip() else rows


def organisation_of(*, actor: Actor, organisation_id: int) -> Organisation:
    """Return one organisation of the actor's scope; raise NotFound otherwise."""
    actor.require("registers:view")
    return obtain(Organisation, actor, pk=organisation_id)


def takers_at(*, area_code: str, on: date) -> list[Organisation]:
    """Return the organisations that take orders at this place on a day, by name."""
    here = Organisation.objects.filter(Q(left_on=None) | Q(left_on__gt=on), takes_orders=True).order_by("name")
    return [one for one in here if any(area_code.startswith(prefix) for prefix in one.serves)]


def carriers(*, on: date) -> QuerySet[Organisation]:
    """Return the organisations that may carry a project: all that have joined and not left."""
    return Organisation.objects.filter(Q(left_on=None) | Q(left_on__gt=on)).order_by("name")
