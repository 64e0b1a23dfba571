"""Read working days: whether a day is worked at a place, and on which day a period ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.utils import timezone

from wushe.foundation.prepared import Prepared

from .models import DayKind, SpecialDay

ONE = timedelta(days=1)
MOST_DAYS = 400
SATURDAY = 5
_END_OF_DAY = time(23, 59)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The working days of a place: its weekdays, but for the special days of its region."""

    special: Mapping[date, str]

    def worked(self, day: date) -> bool:
        """Say whether a day is worked."""
        kind = self.special.get(day)
        return day.weekday() < SATURDAY if kind is None else kind == DayKind.WORKDAY

    def on_or_after(self, day: date) -> date:
        """Return the day itself if it is worked, the next working day otherwise."""
        for _ in range(MOST_DAYS):
            if self.worked(day):
                return day
            day += ONE
        return day

    def after(self, day: date, count: int) -> date:
        """Return the last of so many working days; the first is the one after this day (民法典第二百零一条)."""
        for _ in range(count):
            day = self.on_or_after(day + ONE)
        return day


def working_days(*, area_code: str, since: date) -> WorkingDays:
    """Return the working days of a place from a day on; what its own region says goes before what holds for all."""
    here = [row for row in _SINCE.rows(since=since) if area_code.startswith(row.region)]
    return WorkingDays({row.day: row.kind for row in sorted(here, key=lambda row: len(row.region))})


def end_after_working_days(*, at: datetime, count: int, area_code: str) -> datetime:
    """Return the end of the last of so many working days after a moment."""
    began = timezone.localdate(at)
    return end_of(working_days(area_code=area_code, since=began).after(began, count))


def rolled_over(*, due: datetime, area_code: str) -> datetime:
    """Return a deadline, moved to the end of the next working day if its last day is none (民法典第二百零三条)."""
    last = timezone.localdate(due)
    worked = working_days(area_code=area_code, since=last).on_or_after(last)
    return due if worked == last else end_of(worked)


def end_of(day: date) -> datetime:
    """Return the last minute of a day."""
    return timezone.make_aware(datetime.combine(day, _END_OF_DAY))


def special_days(*, area_code: str, year: int) -> list[SpecialDay]:
    """Return the special days of a year that hold at a place or inside it, by day."""
    rows = SpecialDay.objects.filter(day__year=year).order_by("day", "region")
    return [row for row in rows if area_code.startswith(row.region) or row.region.startswith(area_code)]


def years_known() -> list[int]:
    """Return the years that have special days, the latest first."""
    return sorted({day.year for day in SpecialDay.objects.dates("day", "year")}, reverse=True)


# A few dozen rows a year: read whole, from the database each time, so that an edit holds for the very next call.
_SINCE: Prepared[SpecialDay] = Prepared(
    lambda since: SpecialDay.objects.filter(day__gte=since), since=models.DateField()
)
