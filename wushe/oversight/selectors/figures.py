"""Figures of an area: values as of a day, their course over time, and their rows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils.timezone import localdate

from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.scope import visible, within
from wushe.oversight.indicators import BY_CODE, INDICATORS, Indicator, window
from wushe.oversight.models import IndicatorValue


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


def figures(*, actor: Actor, area_code: str, as_of: date) -> list[Figure]:
    """Return every indicator of an area within the actor's scope, from the latest count up to the day."""
    actor.require("oversight:view")
    values = visible(IndicatorValue.objects.all(), actor).filter(within(area_code))
    latest = values.filter(as_of__lte=as_of).order_by("-as_of").values_list("as_of", flat=True).first()
    sums = {
        row["code"]: row
        for row in values.filter(as_of=latest).values("code").annotate(above=Sum("numerator"), below=Sum("denominator"))
    }
    empty: dict[str, Any] = {"above": 0, "below": None}
    return [Figure(i, sums.get(i.code, empty)["above"], sums.get(i.code, empty)["below"]) for i in INDICATORS]


def course(*, actor: Actor, code: str, area_code: str, until: date, days: int) -> list[tuple[date, int]]:
    """Return a value for each of the last days of an indicator whose rows have a time; raise NotFound otherwise."""
    actor.require("oversight:view")
    indicator = _known(code)
    if not indicator.day:
        raise NotFound
    end = window(until)[1]
    rows = visible(indicator.numerator((end - timedelta(days=days), end)), actor).filter(within(area_code))
    measure = Sum(indicator.add) if indicator.add else Count("pk")
    counted = dict(rows.annotate(on=TruncDate(indicator.day)).values_list("on").annotate(n=measure).order_by("on"))
    start = until - timedelta(days=days - 1)
    return [(day := start + timedelta(days=i), counted.get(day, 0) or 0) for i in range(days)]


def figure_rows(*, actor: Actor, code: str, area_code: str, at: datetime, part: str = "numerator") -> QuerySet[Any]:
    """Return the rows behind a figure's numerator or denominator, newest first; raise NotFound for unknown names."""
    actor.require("oversight:view")
    indicator = _known(code)
    source = indicator.denominator if part == "denominator" else indicator.numerator
    if source is None:
        raise NotFound
    return visible(source(window(localdate(at))), actor).filter(within(area_code)).order_by("-pk")


def _known(code: str) -> Indicator:
    if code not in BY_CODE:
        raise NotFound
    return BY_CODE[code]


def by_area(*, actor: Actor, code: str, area_code: str, as_of: date, column: str) -> dict[str, Figure]:
    """Return one indicator for each street or community (`column`) inside an area; for the map and the ranking."""
    actor.require("oversight:view")
    indicator = _known(code)
    values = visible(IndicatorValue.objects.filter(code=code), actor).filter(within(area_code))
    latest = values.filter(as_of__lte=as_of).order_by("-as_of").values_list("as_of", flat=True).first()
    rows = values.filter(as_of=latest).values_list(column).annotate(above=Sum("numerator"), below=Sum("denominator"))
    return {place: Figure(indicator, above, below) for place, above, below in rows.order_by(column)}
