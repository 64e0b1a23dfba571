"""Hours of volunteers as a higher floor has counted them: kept with the register, so that a list can order by them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call

from .models import Volunteer


@dataclass(frozen=True, slots=True)
class Served:
    """How long somebody served since entry, and when last."""

    minutes: int
    last: date


@domain_call("oversight:refresh")
def note_hours(*, actor: Actor, at: datetime, served: Mapping[int, Served]) -> int:
    """Keep the hours of volunteers, given by person; return how many volunteers were written."""
    volunteers = list(Volunteer.objects.filter(person_id__in=served))
    for one in volunteers:
        one.served_minutes, one.served_on = served[one.person_id].minutes, served[one.person_id].last
    Volunteer.objects.bulk_update(volunteers, ["served_minutes", "served_on"], batch_size=400)
    return len(volunteers)
