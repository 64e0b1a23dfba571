"""Reminders: whoever has a place tomorrow is told so once, and each shift's reminder is in the journal."""

from datetime import date, datetime

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.journal.services import record

from .models import Message, Shift
from .states import ActivityState, SignUpState
from .telling import tell, when


@domain_call("jobs:run")
def remind(*, actor: Actor, at: datetime, day: date) -> int:
    """Remind the volunteers of all shifts of a day that have not been reminded; return how many were told."""
    due = Shift.objects.filter(day=day, reminded_at=None, activity__state=ActivityState.OPEN, taken__gt=0)
    told = 0
    for shift in due.select_related("activity").order_by("pk"):
        if not Shift.objects.filter(pk=shift.pk, reminded_at=None).update(reminded_at=at):
            continue
        coming = list(shift.sign_ups.filter(state=SignUpState.TAKEN).values_list("volunteer_id", flat=True))
        for volunteer_id in coming:
            words = f"{when(shift)} {shift.activity.place}"
            tell(volunteer_id=volunteer_id, kind=Message.Kind.REMINDER, at=at, shift=shift, words=words)
        record(kind="shift.remind", subject=shift, actor=actor, at=at, data={"volunteers": len(coming)})
        told += len(coming)
    return told
