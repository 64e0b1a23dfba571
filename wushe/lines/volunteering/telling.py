"""Tell volunteers what they should know: a message on the phone, written in the transaction of its cause."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call

from .models import Message, Shift
from .own import own_volunteer


def tell(
    *, volunteer_id: int, kind: Message.Kind, at: datetime, shift: Shift | None = None, words: str = ""
) -> Message:
    """Leave a message for a volunteer."""
    return Message.objects.create(volunteer_id=volunteer_id, kind=kind, shift=shift, words=words[:120], sent_at=at)


def when(shift: Shift) -> str:
    """Return day and time of a shift as people say it: 9月15日 09:00."""
    return f"{shift.day.month}月{shift.day.day}日 {shift.start // 60:02d}:{shift.start % 60:02d}"


def my_messages(*, actor: Actor) -> QuerySet[Message]:
    """Return the messages of the actor's own volunteer, newest first."""
    return Message.objects.filter(volunteer=own_volunteer(actor)).select_related("shift__activity").order_by("-id")


@domain_call("volunteering:join")
def read_messages(*, actor: Actor, at: datetime) -> int:
    """Mark one's messages as read; return how many were new. Raises NoVolunteer."""
    unread = Message.objects.filter(volunteer=own_volunteer(actor), read_at=None, sent_at__lte=at)
    return unread.update(read_at=timezone.localtime(at))
