"""The festivals ahead: when each comes, what is planned for it, and how many came the last time (节庆志愿, 学雷锋月)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, Sum

from wushe.foundation.actor import Actor
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import visible

from .models import Activity, HourRecord, Shift
from .states import ActivityState, HourState, Season

DAYS = "volunteers.seasons.days"
AROUND = timedelta(days=31)
"""What is planned or was served within a month of a festival belongs to it: 学雷锋月 is a whole month."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A festival to come, with its activities, places and takers so far, and the persons of the last time."""

    season: Season
    day: date
    activities: int
    places: int
    taken: int
    came: int | None

    @property
    def wants_planning(self) -> bool:
        """Say whether nothing is planned for it."""
        return not self.activities


def seasons_ahead(*, actor: Actor, on: date) -> list[Ahead]:
    """Return the festivals of the next twelve months within the actor's scope, the nearest first."""
    actor.require("volunteering:view")
    days = preset(DAYS, area_code=actor.area_code, on=on)
    found = []
    for season in (one for one in Season if one is not Season.NONE):
        known = [date.fromisoformat(text) for text in days.get(season.label, ())]
        coming = min((day for day in known if on <= day <= on + timedelta(days=365)), default=None)
        if coming is not None:
            last = max((day for day in known if day < coming), default=None)
            found.append(_ahead(actor, season, coming, last))
    return sorted(found, key=lambda one: (one.day, one.season))


def _ahead(actor: Actor, season: Season, day: date, last: date | None) -> Ahead:
    near = Q(shifts__day__range=(day - AROUND, day + AROUND))
    planned = visible(
        Activity.objects.filter(near, season=season).exclude(state=ActivityState.CANCELLED), actor
    ).distinct()
    shifts = visible(
        Shift.objects.filter(activity__in=planned.values("pk"), day__range=(day - AROUND, day + AROUND)), actor
    )
    sums = shifts.aggregate(places=Sum("capacity"), taken=Sum("taken"))
    came = None
    if last is not None:
        records = HourRecord.objects.filter(
            state=HourState.COUNTED, sign_up__shift__activity__season=season, day__range=(last - AROUND, last + AROUND)
        )
        came = visible(records, actor).values("volunteer_id").distinct().count()
    return Ahead(season, day, planned.count(), sums["places"] or 0, sums["taken"] or 0, came)
