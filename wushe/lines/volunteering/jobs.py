"""What volunteering does by itself: reminders the evening before, an end for records that nobody signed out."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from wushe.foundation.actor import SYSTEM
from wushe.foundation.jobs.registry import scheduled

from .attending import sign_out_overdue
from .reminding import remind


@scheduled("volunteering.remind", daily="18:30")
def remind_tomorrow(*, at: datetime) -> dict[str, int]:
    """Remind everybody who serves tomorrow, once."""
    return {"reminded": remind(actor=SYSTEM, at=at, day=localdate(at) + timedelta(days=1))}


@scheduled("volunteering.sign_out_overdue", daily="21:30")
def sign_out_those_who_forgot(*, at: datetime) -> dict[str, int]:
    """End the records of shifts that are over."""
    return {"ended": sign_out_overdue(actor=SYSTEM, at=at)}
