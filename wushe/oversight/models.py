"""Oversight: what is counted, from the rows themselves."""

from django.db import models

from wushe.foundation.scope import Placed, Scope


class IndicatorValue(Placed):
    """One indicator of one area as of one day; numerator and denominator are kept, so rates add up rightly."""

    SCOPE = Scope(area="")

    code = models.CharField("指标", max_length=60)
    as_of = models.DateField("截至")
    numerator = models.BigIntegerField("分子")
    denominator = models.BigIntegerField("分母", null=True, blank=True)
    counted_at = models.DateTimeField("统计时间")

    class Meta:
        db_table = "oversight_indicator_value"
        constraints = [models.UniqueConstraint(fields=["code", "area_code", "as_of"], name="oversight_value_once")]
        indexes = [models.Index(fields=["area_code", "as_of"], name="oversight_area_day")]
