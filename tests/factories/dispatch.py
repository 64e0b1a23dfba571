"""Appointments of a day, open or planned, put straight into the register of the day."""

from datetime import date

from django.db import transaction

from tests.factories.places import NOON, TODAY
from wushe.chain.dispatch.appointments import due_in, open_due
from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.chain.orders.models import Order
from wushe.foundation.actor import SYSTEM
from wushe.registers.workforce.models import Worker


def opened(order: Order, *, until: date = TODAY) -> list[Appointment]:
    """Open the order's appointments up to a day and return them in order."""
    with transaction.atomic():
        open_due(orders=due_in("").filter(pk=order.pk), actor=SYSTEM, at=NOON.replace(hour=0), until=until)
    return list(Appointment.objects.filter(order=order).order_by("number", "seat"))


def confirmed(order: Order, worker: Worker, start: int, *, day: date = TODAY) -> Appointment:
    """Return the first appointment of the order, planned for this worker and time."""
    row = opened(order, until=day)[0]
    Appointment.objects.filter(pk=row.pk).update(
        state=AppointmentState.CONFIRMED, worker=worker, planned_start=start, day=day
    )
    return Appointment.objects.get(pk=row.pk)
