"""Oversight: what is counted, from the rows themselves."""

from django.db import models

from wushe.foundation.scope import Placed, Scope

from .periods import MONTH, PERIODS


class IndicatorValue(Placed):
    """One indicator of one area over the period that ends on one day; numerator and denominator are kept apart.

    Rates add up rightly that way: a street's is the sum of the numerators over the sum of the denominators.
    """

    SCOPE = Scope(area="")

    code = models.CharField("指标", max_length=60)
    period = models.CharField(
        "期间", max_length=8, choices=[(p.code, p.title) for p in PERIODS.values()], default=MONTH.code
    )
    as_of = models.DateField("截至")
    numerator = models.BigIntegerField("分子")
    denominator = models.BigIntegerField("分母", null=True, blank=True)
    counted_at = models.DateTimeField("统计时间")

    class Meta:
        db_table = "oversight_indicator_value"
        constraints = [
            models.UniqueConstraint(fields=["code", "area_code", "as_of", "period"], name="oversight_value_once")
        ]
        indexes = [models.Index(fields=["period", "as_of", "district_code"], name="oversight_period_day")]
