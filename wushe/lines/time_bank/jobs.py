"""What the bank does by itself: help that nobody objected to is confirmed, and each day is sealed."""

from datetime import datetime, timedelta

from django.utils import timezone

from wushe.foundation.actor import SYSTEM
from wushe.foundation.jobs.registry import scheduled

from .joining import join_accounts
from .requests import confirm_due
from .seals import seal_day


@scheduled("time_bank.confirm_due", every=timedelta(minutes=15))
def confirm_what_is_due(*, at: datetime) -> dict[str, int]:
    """Confirm requests whose time for objections has run out."""
    return {"confirmed": confirm_due(actor=SYSTEM, at=at)}


@scheduled("time_bank.join", daily="23:40")
def join_what_had_to_wait(*, at: datetime) -> dict[str, int]:
    """Join second accounts of one person whose help has ended by now."""
    return {"joined": join_accounts(actor=SYSTEM, at=at)}


@scheduled("time_bank.seal", daily="00:01")
def seal_yesterday(*, at: datetime) -> dict[str, int]:
    """Seal the statements that changed, for the day that has ended: just before the journal anchors that day."""
    day = timezone.localdate(at) - timedelta(days=1)
    return {"accounts": seal_day(actor=SYSTEM, at=at, day=day)}
