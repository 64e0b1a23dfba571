"""Read the register of households: who lives together, within the actor's scope."""

from django.db.models import QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.scope import obtain, visible, within

from .households import living_in
from .models import Household, Person


def households(*, actor: Actor, area_code: str = "") -> QuerySet[Household]:
    """Return the households in which somebody lives, newest first; raise NotAllowed without `registers:view`."""
    actor.require("registers:view")
    rows = visible(Household.objects.filter(closed_on=None), actor).order_by("-id")
    return rows.filter(within(area_code)) if area_code else rows


def household_of(*, actor: Actor, household_id: int) -> Household:
    """Return one household of the actor's scope; raise NotAllowed without `registers:view`, NotFound otherwise."""
    actor.require("registers:view")
    return obtain(Household, actor, pk=household_id)


def head_first(household: Household) -> list[Person]:
    """Return who lives in a household: the head on record, then the oldest first."""
    return sorted(living_in(household), key=lambda person: person.pk != household.head_id)
