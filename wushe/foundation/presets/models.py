"""Policy presets: every number that a policy sets, with its region, its dates and its source."""

from django.db import models

from wushe.foundation.scope import Scope


class Certainty(models.TextChoices):
    """How sure a number is, in the handbook's marks."""

    LAW = "L", "法律法规原文"
    PAGE = "P", "政策文件或报道"
    CODE = "C", "公开代码核对"
    DERIVED = "D", "推算"
    MEMORY = "M", "待核对"
    VARIES = "m", "各地不一，待核对"
    OWN = "X", "产品默认"


class Preset(models.Model):
    """One value of one policy number in one region during one period. A new value is a new row."""

    SCOPE = Scope(area=None)

    key = models.CharField("编码", max_length=80)
    region = models.CharField("适用地区", max_length=24, default="", blank=True)
    title = models.CharField("名称", max_length=80)
    value = models.JSONField("数值")
    unit = models.CharField("单位", max_length=20, blank=True, default="")
    effective_from = models.DateField("生效日期")
    effective_to = models.DateField("失效日期", null=True, blank=True)
    source = models.CharField("依据", max_length=200)
    certainty = models.CharField("可靠程度", max_length=1, choices=Certainty.choices)
    note = models.CharField("说明", max_length=300, blank=True, default="")

    class Meta:
        db_table = "presets_preset"
        constraints = [
            models.UniqueConstraint(fields=["key", "region", "effective_from"], name="presets_once"),
            models.CheckConstraint(
                condition=models.Q(effective_to=None) | models.Q(effective_to__gt=models.F("effective_from")),
                name="presets_dates",
            ),
        ]
