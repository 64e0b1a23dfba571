"""Read what is not the content: which reports and files there are, who was told, who may read, and who has read."""

from datetime import datetime

from django.db.models import QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.scope import obtain, visible

from .models import ChildRecord, DangerReport, Leave, LeaveState, Reading

_READERS = ("children:keep", "children:read", "children:approve")


def reports(*, actor: Actor, sign: str = "") -> QuerySet[DangerReport]:
    """Return the reports of the actor's area, without what they say; raise NotAllowed."""
    actor.require("children:handle")
    rows = visible(DangerReport.objects.defer("words"), actor).prefetch_related("tellings")
    return rows.filter(sign=sign) if sign else rows


def own_reports(*, actor: Actor) -> QuerySet[DangerReport]:
    """Return the reports that the actor has sent, without what they say; raise NotAllowed."""
    actor.require("children:report")
    return DangerReport.objects.defer("words").filter(reported_by=actor.user_id).prefetch_related("tellings")


def report_of(*, actor: Actor, report_id: int) -> DangerReport:
    """Return one report without what it says; raise NotAllowed, NotFound."""
    return obtain(reports(actor=actor), actor, pk=report_id)


def child_records(*, actor: Actor, text: str = "", group: str = "") -> QuerySet[ChildRecord]:
    """Return the files of the actor's area, closed; raise NotAllowed."""
    if not any(actor.may(right) for right in _READERS):
        actor.require(_READERS[0])
    rows = visible(ChildRecord.objects.select_related("person"), actor)
    if text.strip():
        rows = rows.filter(person__name__startswith=text.strip())
    return rows.filter(group=group) if group else rows


def child_record(*, actor: Actor, record_id: int) -> ChildRecord:
    """Return one file, closed; raise NotAllowed, NotFound."""
    return obtain(child_records(actor=actor), actor, pk=record_id)


def leaves_of(*, actor: Actor, child: ChildRecord) -> list[Leave]:
    """Return the wishes to read a file: all of them for whoever decides, else the actor's own."""
    rows = child.leaves.order_by("-pk")
    return list(rows if actor.may("children:approve") else rows.filter(user_id=actor.user_id))


def leave_of(*, actor: Actor, leave_id: int) -> Leave:
    """Return one wish to read a file, for whoever decides; raise NotAllowed, NotFound."""
    actor.require("children:approve")
    return obtain(Leave.objects.select_related("record__person"), actor, pk=leave_id)


def may_read_now(*, actor: Actor, child: ChildRecord, at: datetime) -> bool:
    """Say whether the actor's leave stands."""
    mine = child.leaves.filter(user_id=actor.user_id, state=LeaveState.GRANTED, expires_at__gt=at)
    return actor.may("children:read") and mine.exists()


def readings_of(*, actor: Actor, child: ChildRecord) -> list[Reading]:
    """Return who has opened a file and when, the last first; empty for whoever lacks either of the two rights."""
    if not (actor.may("children:approve") and actor.may("journal:view")):
        return []
    return list(child.readings.order_by("-pk")[:200])


def waiting(*, actor: Actor) -> QuerySet[Leave]:
    """Return the wishes that wait for a decision; raise NotAllowed."""
    actor.require("children:approve")
    rows = visible(Leave.objects.filter(state=LeaveState.ASKED), actor)
    return rows.exclude(user_id=actor.user_id).select_related("record__person").order_by("pk")
