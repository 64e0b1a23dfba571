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
    due, calendar = end_of_allowance(
        f"needs.deadline.{Urgency(urgency)}", begun_at=recorded_at, area_code=area_code, on=on
    )
    rolls = calendar and urgency not in _URGENT and preset("needs.deadline.roll_over", area_code=area_code, on=on)
    return rolled_over(due=due, area_code=area_code) if rolls else due


def end_of_allowance(key: str, *, begun_at: datetime, area_code: str, on: date) -> tuple[datetime, bool]:
    """Return when the time of a preset is over, and whether it ran by the calendar and not in working days."""
    allowed = preset_row(key, area_code=area_code, on=on)
    if allowed.unit == WORKING_DAYS:
        return end_after_working_days(at=begun_at, count=int(allowed.value), area_code=area_code), False
    return begun_at + timedelta(minutes=int(allowed.value)), True


def triage_allowed(*, area_code: str, on: date) -> timedelta:
    """Return within which time a recorded need must be triaged."""
    return timedelta(minutes=preset("needs.triage.deadline", area_code=area_code, on=on))
