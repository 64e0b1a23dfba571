"""Facilities: stations, centres, meal points, day care; what they do, how many they hold, when they open."""

from django.db import models

from wushe.foundation.scope import Placed, Scope
from wushe.registers.organisations.models import Organisation


class FacilityKind(models.TextChoices):
    """Types of facility after the source policies."""

    DISPATCH_CENTRE = "dispatch_centre", "指挥调度中心"
    DISTRICT_CENTRE = "district_centre", "区社会工作指导中心"
    STREET_STATION = "street_station", "街道（乡镇）社工站"
    COMMUNITY_STATION = "community_station", "社区（村）社工室"
    CARE_CENTRE = "care_centre", "养老照料中心"
    CARE_STATION = "care_station", "养老服务驿站"
    DAY_CARE = "day_care", "日间照料中心"
    MEAL_POINT = "meal_point", "助餐点"
    CHILDREN_HOME = "children_home", "儿童之家"
    SERVICE_COMPLEX = "service_complex", "党群服务综合体"


class Facility(Placed):
    """A place of service."""

    SCOPE = Scope(area="", organisation="operator_id")

    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类型", max_length=20, choices=FacilityKind.choices)
    operator = models.ForeignKey(Organisation, models.SET_NULL, null=True, blank=True, related_name="facilities")
    functions = models.JSONField("功能", default=list)
    capacity = models.IntegerField("容量", null=True, blank=True)
    opening = models.CharField("开放时间", max_length=80, blank=True, default="")
    longitude = models.FloatField("经度")
    latitude = models.FloatField("纬度")
    opened_on = models.DateField("启用日期", null=True, blank=True)
    closed_on = models.DateField("停用日期", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "facilities_facility"

    def __str__(self) -> str:
        return self.name
