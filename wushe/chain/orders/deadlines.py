"""Deadlines: each leg of an order has its own time, by urgency, set by policy presets."""

from datetime import datetime, timedelta

from django.utils import timezone

from wushe.foundation.presets.selectors import preset

SEND, ACCEPT, ASSIGN = "send", "accept", "assign"
_EMERGENCY_LEGS = {SEND, ACCEPT}


def leg_due(*, leg: str, urgency: str, area_code: str, at: datetime) -> datetime:
    """Return until when a leg that begins now must be done; raise PresetMissing without policy data."""
    emergency = urgency == "now" and leg in _EMERGENCY_LEGS
    key = f"orders.leg.{leg}_emergency" if emergency else f"orders.leg.{leg}"
    minutes = int(preset(key, area_code=area_code, on=timezone.localdate(at)))
    return at + timedelta(minutes=minutes)
