"""How soon a need must be answered: the tiers 2 h / 24 h / 7 days / 15 days, each a preset of the region.

The clock starts when the need was recorded. A tier given in minutes runs by the calendar; what is not urgent and would
fall due on a weekend or holiday falls due at the end of the next working day. A tier given in working days counts
them alone.
"""

from datetime import date, datetime, timedelta

from wushe.foundation.presets.selectors import preset, preset_row
from wushe.foundation.workdays.selectors import end_after_working_days, rolled_over

from .models import Urgency

_URGENT = (Urgency.NOW, Urgency.DAY)
WORKING_DAYS = "working_days"


def due_after(recorded_at: datetime, *, urgency: str, area_code: str, on: date) -> datetime:
    """Return until when a need of this urgency must be answered."""
    allowed = preset_row(f"needs.deadline.{Urgency(urgency)}", area_code=area_code, on=on)
    if allowed.unit == WORKING_DAYS:
        return end_after_working_days(at=recorded_at, count=int(allowed.value), area_code=area_code)
    due = recorded_at + timedelta(minutes=int(allowed.value))
    if urgency in _URGENT or not preset("needs.deadline.roll_over", area_code=area_code, on=on):
        return due
    return rolled_over(due=due, area_code=area_code)


def triage_allowed(*, area_code: str, on: date) -> timedelta:
    """Return within which time a recorded need must be triaged."""
    return timedelta(minutes=preset("needs.triage.deadline", area_code=area_code, on=on))
