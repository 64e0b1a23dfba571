"""Read donors: who may be named as the giver of a resource."""

from django.db.models import QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible

from .models import Donor


def donors_at(*, actor: Actor) -> QuerySet[Donor]:
    """Return the donors of the actor's scope that still give, by name; raise NotAllowed without `resources:view`."""
    actor.require("resources:view")
    return visible(Donor.objects.filter(ended_on=None), actor).order_by("initials", "id")
