"""Regular work of oversight: the figures of yesterday, counted each night; and the proof that the journal is whole."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from wushe.foundation.actor import SYSTEM
from wushe.foundation.jobs.registry import scheduled

from .services import refresh_indicators


@scheduled("oversight.count", daily="00:40")
def count_yesterday(*, at: datetime) -> int:
    """Count every indicator as of the day that has just ended."""
    return refresh_indicators(actor=SYSTEM, at=at, as_of=localdate(at) - timedelta(days=1))


@scheduled("oversight.count_today", every=timedelta(hours=2))
def count_today(*, at: datetime) -> int:
    """Count every indicator as of today, so that the overview is never older than two hours."""
    return refresh_indicators(actor=SYSTEM, at=at, as_of=localdate(at))
