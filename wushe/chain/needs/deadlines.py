"""How soon a need must be answered: the tiers 2 h / 24 h / 7 days / 15 days, each a preset of the region.

The clock is calendar time and starts when the need was recorded: holidays do not stop it.
"""

from datetime import date, datetime, timedelta

from wushe.foundation.presets.selectors import preset

from .models import Urgency


def due_after(recorded_at: datetime, *, urgency: str, area_code: str, on: date) -> datetime:
    """Return until when a need of this urgency must be answered."""
    return recorded_at + minutes_allowed(urgency=urgency, area_code=area_code, on=on)


def minutes_allowed(*, urgency: str, area_code: str, on: date) -> timedelta:
    """Return the time that a tier allows at a place on a day."""
    return timedelta(minutes=preset(f"needs.deadline.{Urgency(urgency)}", area_code=area_code, on=on))


def triage_allowed(*, area_code: str, on: date) -> timedelta:
    """Return within which time a recorded need must be triaged."""
    return timedelta(minutes=preset("needs.triage.deadline", area_code=area_code, on=on))
