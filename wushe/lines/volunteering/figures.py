"""Three figures that are never mixed up: distinct persons, person-times and hours, each with its definition (F66)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible

from .models import HourRecord
from .states import ActivityKind, HourState, Origin

DEFINITIONS = {
    "persons": "人数：这段时间里有计入时长的志愿者，同一个人无论来几次只算一个。",
    "person_times": "人次：同一位志愿者一天里参加同一项活动算一次，来几天算几次。",
    "minutes": "时长：计入的实际服务分钟加起来；待核对和不计入的都不算。",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What volunteers gave over a time."""

    persons: int
    person_times: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Part:
    """The figures of one part: of a kind of activity, or of hours that came about in one way."""

    label: str
    figures: Figures


def figures(*, actor: Actor, since: date, until: date) -> Figures:
    """Return persons, person-times and minutes of the actor's scope between two days, both included."""
    return _figures(_counted(actor, since, until))


def by_origin(*, actor: Actor, since: date, until: date) -> list[Part]:
    """Return the figures by how the hours came about. The persons of the parts do not add up to the whole."""
    rows = _counted(actor, since, until)
    found = [Part(origin.label, _figures(rows.filter(origin=origin))) for origin in Origin]
    return [part for part in found if part.figures.person_times]


def by_kind(*, actor: Actor, since: date, until: date) -> list[Part]:
    """Return the figures by kind of activity; visits of the chain stand for themselves."""
    rows = _counted(actor, since, until)
    parts = [Part(kind.label, _figures(rows.filter(sign_up__shift__activity__kind=kind))) for kind in ActivityKind]
    parts += [Part("上门服务", _figures(rows.filter(origin=Origin.VISIT)))]
    parts += [Part("补记和导入", _figures(rows.filter(sign_up=None).exclude(origin=Origin.VISIT)))]
    return [part for part in parts if part.figures.person_times]


def counted_hours(*, since: date, until: date) -> QuerySet[HourRecord]:
    """Return the records that count between two days, both included: for figures of other parts of the house."""
    return HourRecord.objects.filter(state=HourState.COUNTED, day__range=(since, until))


def figures_by(rows: QuerySet[HourRecord], column: str) -> dict[str, Figures]:
    """Return the figures of records for each value of a column, by the same definitions."""
    of_activities = rows.exclude(sign_up=None).values_list(
        column, "volunteer_id", "day", "sign_up__shift__activity_id"
    ).distinct()  # fmt: skip
    times = Counter(row[0] for row in of_activities)
    times.update(rows.filter(sign_up=None).values_list(column, flat=True))
    sums = rows.order_by().values(column).annotate(persons=Count("volunteer_id", distinct=True), sum=Sum("minutes"))
    return {row[column]: Figures(row["persons"], times[row[column]], row["sum"] or 0) for row in sums}


def _counted(actor: Actor, since: date, until: date) -> QuerySet[HourRecord]:
    actor.require("volunteering:view")
    return visible(counted_hours(since=since, until=until), actor)


def _figures(rows: QuerySet[HourRecord]) -> Figures:
    sums = rows.aggregate(persons=Count("volunteer_id", distinct=True), minutes=Sum("minutes"))
    # One act of service a day: an activity's records of one day count once, however often somebody signed in and out.
    activities = (
        rows.exclude(sign_up=None).values("volunteer_id", "day", "sign_up__shift__activity_id").distinct().count()
    )
    others = rows.filter(sign_up=None).count()
    return Figures(sums["persons"], activities + others, sums["minutes"] or 0)
