"""Areas: the tree of places by administrative code, with dates, so that old records still resolve."""

from django.db import models

from wushe.foundation.scope import Placed, Scope


class Level(models.IntegerChoices):
    """The level of an area is the length of its code."""

    PROVINCE = 2, "省"
    CITY = 4, "市"
    DISTRICT = 6, "区县"
    STREET = 9, "街道（乡镇）"
    COMMUNITY = 12, "社区（村）"
    ESTATE = 15, "小区"
    GRID = 18, "网格"
    BUILDING = 21, "楼栋"


class Area(Placed):
    """One place. Its code is its path: a place lies inside another if its code begins with the other's."""

    SCOPE = Scope(area="")

    level = models.IntegerField("层级", choices=Level.choices)
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=40)
    urban = models.BooleanField("城镇", default=False)
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    boundary = models.JSONField("边界（GeoJSON）", null=True, blank=True)
    schematic = models.BooleanField("示意边界", default=False)
    valid_from = models.DateField("启用日期")
    valid_until = models.DateField("停用日期", null=True, blank=True)
    successors = models.ManyToManyField("self", symmetrical=False, related_name="predecessors", blank=True)

    class Meta:
        db_table = "areas_area"
        constraints = [models.UniqueConstraint(fields=["area_code", "valid_from"], name="areas_code_from")]
        indexes = [models.Index(fields=["level", "area_code"], name="areas_level_code")]

    def __str__(self) -> str:
        return self.name
