"""What verification does by itself: clean visits pass after the time for dispute, call-backs are drawn each night."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from wushe.foundation.actor import SYSTEM
from wushe.foundation.jobs.registry import scheduled

from .call_backs import draw_call_backs
from .services import pass_clean


@scheduled("verification.pass_clean", every=timedelta(minutes=30))
def pass_clean_visits(*, at: datetime) -> dict[str, int]:
    """Accept by rule what nobody disputes."""
    return {"passed": pass_clean(actor=SYSTEM, at=at)}


@scheduled("verification.draw_call_backs", daily="00:30")
def draw_yesterdays_call_backs(*, at: datetime) -> dict[str, int]:
    """Draw the call-backs of the day before."""
    return {"drawn": draw_call_backs(actor=SYSTEM, at=at, day=localdate(at) - timedelta(days=1))}
