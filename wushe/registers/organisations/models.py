"""Organisations: registered, filed, cultivated or mobilised; carriers of services, charities, units."""

from django.db import models

from wushe.foundation.protected import ProtectedField
from wushe.foundation.scope import Placed, Scope


class OrganisationKind(models.TextChoices):
    """What an organisation is in the linkage."""

    SOCIAL_ORGANISATION = "social_organisation", "社会组织"
    COMMUNITY_GROUP = "community_group", "社区社会组织"
    CHARITY = "charity", "慈善组织"
    SOCIAL_ENTERPRISE = "social_enterprise", "社会企业"
    STATION = "station", "社工站"
    MEMBER_UNIT = "member_unit", "驻区单位"


class Standing(models.TextChoices):
    """How an organisation came into the register."""

    REGISTERED = "registered", "登记"
    FILED = "filed", "备案"
    CULTIVATED = "cultivated", "培育中"
    MOBILISED = "mobilised", "已动员"


class Grade(models.TextChoices):
    """The grade of the evaluation of social organisations, five levels."""

    A5 = "5A", "5A"
    A4 = "4A", "4A"
    A3 = "3A", "3A"
    A2 = "2A", "2A"
    A1 = "1A", "1A"


class Organisation(Placed):
    """An organisation; `area_code` is where it is seated, `serves` the areas for which it takes orders."""

    SCOPE = Scope(area="", organisation="pk")

    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类型", max_length=24, choices=OrganisationKind.choices)
    standing = models.CharField("登记情况", max_length=12, choices=Standing.choices)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True, default="")
    grade = models.CharField("评估等级", max_length=4, blank=True, default="")
    hub = models.BooleanField("枢纽型", default=False)
    serves = models.JSONField("服务区划", default=list)
    services = models.JSONField("可承接的服务类别", default=list)
    takes_orders = models.BooleanField("可接单", default=False)
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    initials = models.CharField("名称拼音首字母", max_length=60, default="", blank=True)
    contact_name = models.CharField("联系人", max_length=40, default="", blank=True)
    contact_phone = ProtectedField("联系电话", kind="phone")
    phone_tail_index = models.CharField(max_length=32, default="", blank=True)
    graded_on = models.DateField("评估日期", null=True, blank=True)
    full_time = models.IntegerField("专职人数", default=0)
    certified = models.IntegerField("持证社工人数", default=0)
    members = models.IntegerField("成员人数", default=0)
    seats = models.IntegerField("入驻工位", default=0)
    agreement_until = models.DateField("入驻协议到期", null=True, blank=True)
    activity = models.IntegerField("活跃度", default=0)
    activity_parts = models.JSONField("活跃度构成", default=dict, blank=True)
    activity_on = models.DateField("活跃度计算日期", null=True, blank=True)
    joined_on = models.DateField("入驻日期", null=True, blank=True)
    left_on = models.DateField("退出日期", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "organisations_organisation"
        constraints = [
            models.UniqueConstraint(fields=["uscc"], condition=~models.Q(uscc=""), name="organisations_one_uscc"),
            models.CheckConstraint(
                condition=models.Q(activity__gte=0, activity__lte=100), name="organisations_activity_bounds"
            ),
        ]
        indexes = [models.Index(fields=["district_code", "id"], name="organisations_district")]

    def __str__(self) -> str:
        return self.name
