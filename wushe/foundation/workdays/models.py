"""Days that differ from their weekday: public holidays, and weekends worked in exchange 调休."""

from django.db import models

from wushe.foundation.scope import Scope


class DayKind(models.TextChoices):
    """What a day is, whatever its weekday."""

    HOLIDAY = "holiday", "放假"
    WORKDAY = "workday", "上班"


class SpecialDay(models.Model):
    """One day that is not what its weekday says, in one region, with the notice that set it."""

    SCOPE = Scope(area=None)

    region = models.CharField("适用地区", max_length=24, default="", blank=True)
    day = models.DateField("日期")
    kind = models.CharField("安排", max_length=8, choices=DayKind.choices)
    name = models.CharField("名称", max_length=40)
    source = models.CharField("依据", max_length=200)

    class Meta:
        db_table = "workdays_special_day"
        constraints = [models.UniqueConstraint(fields=["region", "day"], name="workdays_once")]
