"""The spans of time that figures are counted over: a month of thirty days and a quarter of thirteen weeks.

Both end with a day and reach back from it, so that a figure of the 3rd is not three days against thirty.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import make_aware

Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, and how finely its course is drawn."""

    code: str
    title: str
    days: int
    step: int


MONTH = Period("month", "近30天", 30, 1)
QUARTER = Period("quarter", "近一季度（91天）", 91, 7)
PERIODS = {period.code: period for period in (MONTH, QUARTER)}


def window(as_of: date, period: Period = MONTH) -> Window:
    """Return the span that ends with this day, as instants: the first included, the last not."""
    end = make_aware(datetime.combine(as_of + timedelta(days=1), time()))
    return end - timedelta(days=period.days), end


def day_window(day: date, days: int = 1) -> Window:
    """Return the instants of some days from this one on."""
    start = make_aware(datetime.combine(day, time()))
    return start, start + timedelta(days=days)
