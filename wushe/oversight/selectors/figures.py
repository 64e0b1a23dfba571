"""Figures of an area: values as of a day, their course over time, and their rows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.timezone import localdate

from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.scope import visible, within
from wushe.oversight.indicators import BY_CODE, INDICATORS, Indicator
from wushe.oversight.models import IndicatorValue
from wushe.oversight.periods import MONTH, PERIODS, Period, day_window, window


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of one area as of one day."""

    indicator: Indicator
    numerator: int
    denominator: int | None

    @property
    def rate(self) -> float | None:
        """Return numerator over denominator in percent; None for a count, or where nothing is to be divided."""
        if not self.denominator:
            return None
        return round(100 * self.numerator / self.denominator, 1)

    @property
    def value(self) -> float | None:
        """Return what is compared between areas: the rate of a rate, otherwise the count."""
        return self.rate if self.indicator.is_rate else self.numerator


def period_of(code: str) -> Period:
    """Return the period of this code, the month for anything else."""
    return PERIODS.get(code, MONTH)


def latest_day(*, actor: Actor, area_code: str, as_of: date, period: Period = MONTH) -> date | None:
    """Return the last day up to this one for which figures of the area were counted, None if there is none."""
    actor.require("oversight:view")
    values = visible(IndicatorValue.objects.filter(period=period.code), actor).filter(within(area_code))
    return values.filter(as_of__lte=as_of).order_by("-as_of").values_list("as_of", flat=True).first()


def figures(*, actor: Actor, area_code: str, as_of: date, period: Period = MONTH) -> list[Figure]:
    """Return every indicator of an area within the actor's scope, from the latest count up to the day."""
    latest = latest_day(actor=actor, area_code=area_code, as_of=as_of, period=period)
    sums = {
        code: (above, below)
        for code, above, below in _values(actor, area_code, latest, period)
        .values_list("code")
        .annotate(above=Sum("numerator"), below=Sum("denominator"))
        .order_by("code")
    }
    return [Figure(i, *_sum(i, sums.get(i.code))) for i in INDICATORS]


def table(
    *, actor: Actor, area_code: str, as_of: date, column: str, period: Period = MONTH
) -> dict[str, dict[str, Figure]]:
    """Return all indicators for each street or community (`column`) inside an area, by place and code; two queries."""
    latest = latest_day(actor=actor, area_code=area_code, as_of=as_of, period=period)
    rows = _values(actor, area_code, latest, period).values_list(column, "code")
    found: dict[str, dict[str, Figure]] = {}
    for place, code, above, below in rows.annotate(above=Sum("numerator"), below=Sum("denominator")).order_by(
        column, "code"
    ):
        if code in BY_CODE:
            found.setdefault(place, {})[code] = Figure(BY_CODE[code], above, below)
    return found


def course(*, actor: Actor, code: str, area_code: str, until: date, period: Period = MONTH) -> list[tuple[date, int]]:
    """Return a value for each step of the period of an indicator whose rows have a time; raise NotFound otherwise.

    A step is a day of a month and a week of a quarter, named by its first day.
    """
    actor.require("oversight:view")
    indicator = known(code)
    if not indicator.day:
        raise NotFound
    rows = visible(indicator.numerator(window(until, period)), actor).filter(within(area_code))
    first = until - timedelta(days=period.days - 1)
    days = [first + timedelta(days=n) for n in range(0, period.days, period.step)]
    # One pass over the rows; grouping by the local date would convert each row's time.
    measures = {f"s{i}": _measure(indicator, _between(indicator, day, period.step)) for i, day in enumerate(days)}
    sums = rows.aggregate(**measures)
    return [(day, sums[f"s{i}"] or 0) for i, day in enumerate(days)]


def figure_rows(
    *, actor: Actor, code: str, area_code: str, at: datetime, part: str = "numerator", period: Period = MONTH,
    on: date | None = None,
) -> QuerySet[Any]:  # fmt: skip
    """Return the rows behind a figure's numerator or denominator, newest first; raise NotFound for unknown names.

    `on` narrows them to one step of the figure's course.
    """
    actor.require("oversight:view")
    indicator = known(code)
    source = indicator.denominator if part == "denominator" else indicator.numerator
    if source is None:
        raise NotFound
    rows = visible(source(window(localdate(at), period)), actor).filter(within(area_code))
    if on and indicator.day and part == "numerator":
        rows = rows.filter(_between(indicator, on, period.step))
    return rows.order_by("-pk")


def by_area(
    *, actor: Actor, code: str, area_code: str, as_of: date, column: str, period: Period = MONTH
) -> dict[str, Figure]:
    """Return one indicator for each street or community (`column`) inside an area; for the map."""
    known(code)
    every = table(actor=actor, area_code=area_code, as_of=as_of, column=column, period=period)
    return {place: row[code] for place, row in every.items() if code in row}


def known(code: str) -> Indicator:
    """Return the indicator; raise NotFound for an unknown code."""
    if code not in BY_CODE:
        raise NotFound
    return BY_CODE[code]


def _values(actor: Actor, area_code: str, day: date | None, period: Period) -> QuerySet[IndicatorValue]:
    if day is None:
        return IndicatorValue.objects.none()
    values = visible(IndicatorValue.objects.filter(period=period.code, as_of=day), actor)
    return values.filter(within(area_code))


def _sum(indicator: Indicator, found: tuple[int, int | None] | None) -> tuple[int, int | None]:
    return found or (0, 0 if indicator.is_rate else None)


def _between(indicator: Indicator, day: date, days: int) -> Q:
    start, end = day_window(day, days)
    return Q(**{f"{indicator.day}__gte": start, f"{indicator.day}__lt": end})


def _measure(indicator: Indicator, condition: Q) -> Any:
    return Sum(indicator.add, filter=condition) if indicator.add else Count("pk", filter=condition)
