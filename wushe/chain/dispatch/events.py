"""What the day learns from orders: an accepted order opens its visits, one given back or cancelled frees them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from wushe.chain.orders.models import Order
from wushe.foundation.actor import SYSTEM
from wushe.foundation.journal.delivery import handles
from wushe.foundation.journal.models import JournalEntry

from .appointments import open_due
from .models import Appointment, AppointmentState
from .rules import rules_for
from .workflow import APPOINTMENT


@handles("order.accept")
def open_first_visits(entry: JournalEntry) -> None:
    """Open the visits of the coming days; a plan made earlier has done so itself."""
    today = timezone.localdate(entry.at)
    horizon = rules_for(area_code=entry.area_code, day=today).horizon_days
    orders = Order.objects.filter(pk=entry.subject_id)
    open_due(orders=orders, actor=SYSTEM, at=entry.at, until=today + timedelta(days=horizon))


@handles("order.withdraw")
def free_workers(entry: JournalEntry) -> None:
    """Take the workers of the organisation that gave the order back off its coming visits."""
    for row in _coming(entry, AppointmentState.CONFIRMED):
        none: dict[str, Any] = {"worker_id": None, "planned_start": None, "plan": None, "locked": False, "reason": {}}
        APPOINTMENT.move(row, "release", actor=SYSTEM, at=entry.at, changes=none, data={"order": entry.subject_id})


@handles("order.cancel")
def cancel_visits(entry: JournalEntry) -> None:
    """Cancel the visits of a cancelled order that have not begun."""
    for row in _coming(entry, AppointmentState.OPEN, AppointmentState.CONFIRMED, AppointmentState.MISSED):
        APPOINTMENT.move(row, "cancel", actor=SYSTEM, at=entry.at, data={"order": entry.subject_id})


def _coming(entry: JournalEntry, *states: AppointmentState) -> list[Appointment]:
    return list(Appointment.objects.filter(order_id=entry.subject_id, state__in=states).order_by("id"))
