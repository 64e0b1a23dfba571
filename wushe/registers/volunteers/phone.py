"""The row by which a volunteer's log-in is known: a post that takes no visits until somebody gives it working days."""

from datetime import date, datetime

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import area_at
from wushe.registers.workforce.models import Worker, WorkerKind

from .models import Volunteer

NO_DAYS = ""


@domain_call("volunteers:edit")
def open_phone(*, actor: Actor, at: datetime, volunteer_id: int) -> Worker:
    """Make the post for which an account can stand, or return the one there is; raise NotFound out of scope."""
    volunteer = obtain(Volunteer.objects.select_related("person__household"), actor, pk=volunteer_id)
    if known := volunteer.person.posts.filter(kind=WorkerKind.VOLUNTEER, ends_on=None).first():
        return known
    longitude, latitude = _home(volunteer, timezone.localdate(at))
    worker = Worker.objects.create(
        person=volunteer.person, kind=WorkerKind.VOLUNTEER, number=f"Z{volunteer.pk:010d}-{volunteer.person.posts.count()}",
        area_code=volunteer.area_code, weekdays=NO_DAYS, base_longitude=longitude, base_latitude=latitude,
        starts_on=timezone.localdate(at), demonstration=volunteer.demonstration,
    )  # fmt: skip
    record(kind="worker.post", subject=worker, actor=actor, at=at, data={"volunteer": volunteer.pk})
    return worker


def _home(volunteer: Volunteer, today: date) -> tuple[float, float]:
    """Return where the volunteer sets out: the middle of the community or of what lies above it, 0 if nothing is known."""
    for length in (Level.COMMUNITY, Level.STREET, Level.DISTRICT):
        spot = area_at(code=volunteer.area_code[:length], on=today)
        if spot is not None and spot.longitude is not None and spot.latitude is not None:
            return spot.longitude, spot.latitude
    return 0.0, 0.0
