"""Count: every indicator of every community, as of a day, from the rows themselves."""

from datetime import date, datetime

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call

from .indicators import INDICATORS, by_community, window
from .models import IndicatorValue


@domain_call("oversight:refresh")
def refresh_indicators(*, actor: Actor, at: datetime, as_of: date) -> int:
    """Count all indicators as of a day and return how many values were written; a second run replaces the first."""
    span = window(as_of)
    values = []
    for indicator in INDICATORS:
        above = by_community(indicator.numerator(span), indicator.add)
        below = by_community(indicator.denominator(span), "") if indicator.denominator else None
        for code in sorted(set(above) | set(below or {})):
            values.append(
                IndicatorValue(
                    code=indicator.code,
                    area_code=code,
                    as_of=as_of,
                    numerator=above.get(code, 0),
                    denominator=None if below is None else below.get(code, 0),
                    counted_at=at,
                )
            )
    IndicatorValue.objects.filter(as_of=as_of).delete()
    IndicatorValue.objects.bulk_create(values, batch_size=500)
    return len(values)
