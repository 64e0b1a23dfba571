"""What a resident sees of the visits to their home: who comes when, what came of it, and what may still be rated."""

from datetime import date

from django.db.models import QuerySet

from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible

from .models import Visit, VisitState


def coming_to(*, actor: Actor, first: date, last: date) -> list[Appointment]:
    """Return the appointments of a resident, and of those for whom they may act, from a day to a day.

    Raises NotAllowed without `visits:view`.
    """
    actor.require("visits:view")
    mine = visible(Appointment.objects.all(), actor).values("pk")
    states = [AppointmentState.OPEN, AppointmentState.CONFIRMED]
    rows = Appointment.objects.filter(pk__in=mine, state__in=states, day__gte=first, day__lte=last)
    return list(
        rows.select_related("order__person", "order__item", "order__organisation", "worker__person").order_by(
            "day", "planned_start", "window_start", "pk"
        )
    )


def received_by(*, actor: Actor, limit: int = 20) -> list[Visit]:
    """Return the ended visits to a resident, newest first, each with its rating if there is one."""
    return list(_received(actor).order_by("-pk")[:limit])


def unrated_by(*, actor: Actor, since: date, limit: int = 5) -> list[Visit]:
    """Return the ended visits since a day that nobody has rated, newest first."""
    rows = _received(actor).filter(rating=None, appointment__day__gte=since)
    return list(rows.order_by("-pk")[:limit])


def received_visit(*, actor: Actor, visit_id: int) -> Visit | None:
    """Return one ended visit to a resident, None if it is not theirs."""
    return _received(actor).filter(pk=visit_id).first()


def _received(actor: Actor) -> QuerySet[Visit]:
    actor.require("visits:view")
    mine = visible(Visit.objects.all(), actor).values("pk")
    rows = Visit.objects.filter(pk__in=mine).exclude(state=VisitState.STARTED)
    names = ("worker__person", "appointment__order__person", "appointment__order__item")
    return rows.select_related(*names, "rating")
