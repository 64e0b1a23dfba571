"""What volunteering does by itself: reminders, an end for records nobody signed out, certificates in force, stars."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from wushe.foundation.actor import SYSTEM
from wushe.foundation.jobs.registry import scheduled

from .attending import sign_out_overdue
from .certifying import issue_due
from .reminding import remind
from .starring import award_stars


@scheduled("volunteering.remind", daily="18:30")
def remind_tomorrow(*, at: datetime) -> dict[str, int]:
    """Remind everybody who serves tomorrow, once."""
    return {"reminded": remind(actor=SYSTEM, at=at, day=localdate(at) + timedelta(days=1))}


@scheduled("volunteering.sign_out_overdue", daily="21:30")
def sign_out_those_who_forgot(*, at: datetime) -> dict[str, int]:
    """End the records of shifts that are over."""
    return {"ended": sign_out_overdue(actor=SYSTEM, at=at)}


@scheduled("volunteering.certificates", daily="00:40")
def put_certificates_into_force(*, at: datetime) -> dict[str, int]:
    """Put certificates into force whose notice has passed."""
    return {"issued": issue_due(actor=SYSTEM, at=at)}


@scheduled("volunteering.stars", daily="02:40")
def award_last_year(*, at: datetime) -> dict[str, int]:
    """Give the stars of the last year: on the first days of January, and nothing on any other day."""
    today = localdate(at)
    if (today.month, today.day) > (1, 7):
        return {"given": 0}
    return {"given": award_stars(actor=SYSTEM, at=at, year=today.year - 1, on=today)}
