"""When the next visit is due: the last contact that counts, plus the interval, shortened by festivals and bad weather.

`due = last + interval × (1 − 0.1 × festival or weather)`; after a grace of a fifth of the interval it is late.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import covering

from .models import SEEN, CarePeriod, Contact

_WHOLE = 100


class Dates(NamedTuple):
    """The day on which a visit is due, and the first on which it is late."""

    due_on: date
    late_on: date


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What decides the day at one place: two shares of the interval in percent, and the festivals and bad weather."""

    shortened: int
    grace: int
    periods: tuple[tuple[date, date], ...] = ()

    def after(self, last: date, days: int) -> Dates:
        """Return when the visit after a contact is due, at an interval of so many days."""
        due = last + timedelta(days=days)
        if any(starts <= due and ends > last for starts, ends in self.periods):
            due = last + timedelta(days=max(1, math.ceil(days * (_WHOLE - self.shortened) / _WHOLE)))
        return Dates(due, due + timedelta(days=days * self.grace // _WHOLE + 1))


def reckoning_at(area_code: str, on: date) -> Reckoning:
    """Return what decides the days of a place: its presets, and the care periods declared for it or above it."""
    return Reckoning(
        shortened=preset("care.visit.festival_factor", area_code=area_code, on=on),
        grace=preset("care.visit.grace", area_code=area_code, on=on),
        periods=tuple(CarePeriod.objects.filter(covering(area_code)).values_list("starts_on", "ends_on")),
    )


def call_counts(before: Sequence[Contact], *, every: int) -> bool:
    """Say whether a contact from afar counts: of so many visits in a row at most one may be without seeing the person."""
    return all(one.way in SEEN for one in before[: every - 1])
