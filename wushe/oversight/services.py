"""Count: every indicator of every community, as of a day, from the rows themselves; and keep who took lists away."""

from datetime import date, datetime

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.journal.services import Act, record_all

from .indicators import INDICATORS, Indicator, by_community
from .models import IndicatorValue
from .periods import PERIODS, Period, window


@domain_call("oversight:refresh")
def refresh_indicators(*, actor: Actor, at: datetime, as_of: date) -> int:
    """Count all indicators as of a day and return how many values were written; a second run replaces the first."""
    values = [
        value
        for period in PERIODS.values()
        for indicator in INDICATORS
        for value in _values(indicator, period, as_of=as_of, at=at)
    ]
    IndicatorValue.objects.filter(as_of=as_of).delete()
    IndicatorValue.objects.bulk_create(values, batch_size=500)
    return len(values)


@domain_call(None)
def log_export(*, actor: Actor, at: datetime, what: str, area_code: str, rows: int) -> None:
    """Journal that the actor took a list away as a file: which list, of which area, how many rows."""
    data = {"what": what, "rows": rows}
    act = Act(
        kind="list.export", subject_kind="list", subject_id=0, area_code=area_code or actor.area_code, actor=actor, at=at,
        data=data,
    )  # fmt: skip
    record_all([act])


def _values(indicator: Indicator, period: Period, *, as_of: date, at: datetime) -> list[IndicatorValue]:
    span = window(as_of, period)
    above = by_community(indicator.numerator(span), indicator.add)
    below = by_community(indicator.denominator(span), "") if indicator.denominator else None
    return [
        IndicatorValue(
            code=indicator.code,
            period=period.code,
            area_code=code,
            as_of=as_of,
            numerator=above.get(code, 0),
            denominator=None if below is None else below.get(code, 0),
            counted_at=at,
        )
        for code in sorted(set(above) | set(below or {}))
    ]
