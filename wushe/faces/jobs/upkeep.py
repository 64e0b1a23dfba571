"""Daily upkeep that belongs to no stage of the chain: anchors of the journal, and what may be forgotten."""

from datetime import datetime, timedelta

from django.core.management import call_command
from django.utils import timezone

from wushe.foundation.jobs.registry import scheduled
from wushe.foundation.jobs.services import forget_old
from wushe.foundation.journal.services import anchor_day
from wushe.foundation.pieces import forget_left_behind

PIECES_KEPT = timedelta(days=7)


@scheduled("journal.anchor_day", daily="00:05")
def anchor_yesterday(*, at: datetime) -> dict[str, str]:
    """Keep the heads of the journal at the end of the day before."""
    yesterday = timezone.localdate(at) - timedelta(days=1)
    return {"day": yesterday.isoformat(), "hash": anchor_day(day=yesterday).hash}


@scheduled("jobs.forget_old", daily="03:40")
def forget_old_jobs(*, at: datetime) -> int:
    """Delete jobs that ended long ago."""
    return forget_old(at=at)


@scheduled("sessions.forget_old", daily="03:45")
def forget_old_sessions(*, at: datetime) -> None:
    """Delete sessions that have run out."""
    call_command("clearsessions")


@scheduled("pieces.forget_old", daily="03:50")
def forget_old_pieces(*, at: datetime) -> int:
    """Throw away photos that began to arrive a week ago and never came whole."""
    return forget_left_behind(before=at - PIECES_KEPT)
