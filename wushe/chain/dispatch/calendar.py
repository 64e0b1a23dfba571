"""The coming and past appointments of one person, for the calendar on the own telephone."""

from datetime import date

from django.db.models import QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotAllowed
from wushe.foundation.roles import Reach
from wushe.foundation.scope import visible

from .models import Appointment, AppointmentState

_SHOWN = (AppointmentState.OPEN, AppointmentState.CONFIRMED, AppointmentState.KEPT)


def own_appointments(*, actor: Actor, first: date, last: date) -> QuerySet[Appointment]:
    """Return the appointments of a worker, or of a resident and those for whom they act, from a day to a day.

    Raises NotAllowed for who acts for others than themself.
    """
    if actor.reach is not Reach.HOLDER:
        raise NotAllowed
    rows = visible(Appointment.objects.filter(day__range=(first, last), state__in=_SHOWN), actor)
    if actor.role_code == "resident":
        rows = rows.filter(seat=1)
    related = rows.distinct().select_related("order__item", "order__person", "order__organisation")
    return related.order_by("day", "planned_start", "id")
