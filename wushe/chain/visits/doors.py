"""The way to a door: a carer sees exact address and telephone only of the visits of today and tomorrow, each look journalled."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain


class NotNow(Conflict):
    """The visit is not near enough, or is over."""

    message = "只能查看今天和明天要上门的地址和电话。"


@dataclass(frozen=True, slots=True)
class Door:
    """Where to go and whom to call."""

    name: str
    address: str
    phone: str


@domain_call("visits:perform")
def show_door(*, actor: Actor, at: datetime, appointment_id: int) -> Door:
    """Return name, address and telephone of one of the worker's own visits of today or tomorrow.

    Raises NotFound for another's appointment and NotNow for one of another day, or one that is not to be kept.
    """
    rows = Appointment.objects.select_related("order__person__household")
    appointment = obtain(rows, actor, pk=appointment_id)
    today = localdate(at)
    planned = appointment.state in (AppointmentState.CONFIRMED, AppointmentState.KEPT)
    if not planned or not today <= appointment.day <= today + timedelta(days=1):
        raise NotNow
    person = appointment.order.person
    record(kind="appointment.reveal_door", subject=appointment, actor=actor, at=at, data={"person": person.pk})
    address = person.household.address.reveal() if person.household else ""
    return Door(person.name, address, person.phone.reveal())
