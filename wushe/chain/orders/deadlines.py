"""Deadlines: each leg of an order has its own time, by urgency, set by policy presets.

Care goes on at weekends, so a leg given in minutes runs by the clock. A region that gives a leg in working days has
weekends and holidays left out.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from wushe.foundation.presets.selectors import preset_row
from wushe.foundation.workdays.selectors import end_after_working_days

SEND, ACCEPT, ASSIGN = "send", "accept", "assign"
_EMERGENCY_LEGS = {SEND, ACCEPT}
WORKING_DAYS = "working_days"


def leg_due(*, leg: str, urgency: str, area_code: str, at: datetime) -> datetime:
    """Return until when a leg that begins now must be done; raise PresetMissing without policy data."""
    emergency = urgency == "now" and leg in _EMERGENCY_LEGS
    key = f"orders.leg.{leg}_emergency" if emergency else f"orders.leg.{leg}"
    allowed = preset_row(key, area_code=area_code, on=timezone.localdate(at))
    if allowed.unit == WORKING_DAYS:
        return end_after_working_days(at=at, count=int(allowed.value), area_code=area_code)
    return at + timedelta(minutes=int(allowed.value))
