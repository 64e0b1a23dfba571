"""Regular work of oversight: the figures of yesterday, counted each night; and the proof that the journal is whole."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from wushe.foundation.actor import SYSTEM
from wushe.foundation.jobs.registry import job, scheduled

from . import standing  # noqa: F401 — its nightly count
from .services import refresh_indicators
from .verification import JOB, check_all, keep_verdict


@scheduled("oversight.count", daily="00:40")
def count_yesterday(*, at: datetime) -> int:
    """Count every indicator as of the day that has just ended."""
    return refresh_indicators(actor=SYSTEM, at=at, as_of=localdate(at) - timedelta(days=1))


@scheduled("oversight.count_today", every=timedelta(hours=2))
def count_today(*, at: datetime) -> int:
    """Count every indicator as of today, so that the overview is never older than two hours."""
    return refresh_indicators(actor=SYSTEM, at=at, as_of=localdate(at))


@job(JOB, long=True)
def verify_journal(*, at: datetime) -> Callable[[], dict[str, int]]:
    """Check the whole journal without holding it, then journal the outcome."""
    verdict = check_all()

    def keep() -> dict[str, int]:
        keep_verdict(actor=SYSTEM, at=at, verdict=verdict)
        return {"rows": verdict.rows, "broken": len(verdict.broken)}

    return keep
