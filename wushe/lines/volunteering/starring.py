"""Stars once a year: the steps are a preset, everything counts that was served, and each is on notice for working days."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.journal.services import Act, record_all
from wushe.foundation.presets.selectors import preset
from wushe.foundation.workdays.selectors import working_days
from wushe.registers.volunteers.models import Volunteer

from .models import HourRecord, Star
from .states import HourState

BATCH = 2000


@domain_call("jobs:run")
def award_stars(*, actor: Actor, at: datetime, year: int, on: date) -> int:
    """Give the stars of a year to those whose hours reach them by its last day; a second run adds nobody twice.

    Returns how many volunteers got stars. Hours before the register count; the steps are those of the volunteer's place.
    """
    steps: dict[str, list[int]] = {}
    notices: dict[str, date] = {}
    given = 0
    for part in _batches(year):
        fresh = []
        for pk, district, minutes in part:
            if district not in steps:
                steps[district] = [60 * step for step in preset("volunteers.star.hours", area_code=district, on=on)]
                days = preset("volunteers.star.notice", area_code=district, on=on)
                notices[district] = working_days(area_code=district, since=on).after(on, days)
            stars = sum(minutes >= step for step in steps[district])
            if stars:
                fresh.append(Star(volunteer_id=pk, year=year, stars=min(stars, 5), minutes=minutes, reached_on=on,
                                  notice_until=notices[district]))  # fmt: skip
        made = Star.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
        given += len(made)
    if given:
        record_all([Act("star.award", "star", year, actor.area_code, actor, at, {"year": year, "volunteers": given})])
    return given


def _batches(year: int) -> Iterator[list[tuple[int, str, int]]]:
    """Yield volunteers without this year's stars, with all their minutes until its end, a batch at a time by key."""
    counted = HourRecord.objects.filter(volunteer=OuterRef("pk"), state=HourState.COUNTED, day__lte=date(year, 12, 31))
    sums = counted.order_by().values("volunteer").annotate(n=Sum("minutes")).values("n")
    last = 0
    while True:
        rows = Volunteer.objects.filter(left_on=None, pk__gt=last).exclude(stars__year=year).order_by("pk")
        found = list(
            rows.annotate(all=Coalesce(Subquery(sums), 0)).values_list("pk", "district_code", "all", "earlier_minutes")[
                :BATCH
            ]
        )
        if not found:
            return
        last = found[-1][0]
        yield [(pk, district, minutes + earlier) for pk, district, minutes, earlier in found]


def my_stars(*, volunteer: Volunteer) -> Star | None:
    """Return the latest stars of a volunteer."""
    return volunteer.stars.order_by("-year").first()
