"""Resources, and the linkage of a need: which of the five societies meets it, with which money."""

from django.db import models
from django.db.models import Q

from wushe.chain.needs.models import Need
from wushe.chain.projects.models import BudgetLine, Project
from wushe.foundation.scope import Placed, Scope
from wushe.registers.donors.models import Donor
from wushe.registers.organisations.models import Organisation


class Society(models.TextChoices):
    """The five societies 五社."""

    COMMUNITY = "community", "社区"
    SOCIAL_WORKER = "social_worker", "社会工作者"
    ORGANISATION = "organisation", "社会组织"
    VOLUNTEER = "volunteer", "社区志愿者"
    CHARITY = "charity", "社会慈善资源"


class ResourceKind(models.TextChoices):
    """What a resource is."""

    FUNDS = "funds", "资金"
    GOODS = "goods", "物资"
    VENUE = "venue", "场地"
    EXPERTISE = "expertise", "专业"
    PEOPLE = "people", "人力"
    INFORMATION = "information", "信息"


class Resource(Placed):
    """A line of the resource list 资源清单: what an owner offers, on which conditions, and what is left of it."""

    SCOPE = Scope(area="", organisation="owner_id")

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="resources", verbose_name="提供单位")
    donor = models.ForeignKey(
        Donor, models.PROTECT, null=True, blank=True, related_name="resources", verbose_name="捐赠人"
    )
    kind = models.CharField("类别", max_length=12, choices=ResourceKind.choices)
    title = models.CharField("名称", max_length=80)
    initials = models.CharField("名称拼音首字母", max_length=60, default="", blank=True)
    quantity = models.IntegerField("数量")
    left = models.IntegerField("剩余")
    unit = models.CharField("单位", max_length=10)
    conditions = models.CharField("使用条件", max_length=200, blank=True, default="")
    available_from = models.DateField("可用起")
    available_until = models.DateField("可用止", null=True, blank=True)
    withdrawn_on = models.DateField("收回日期", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "resources_resource"
        indexes = [models.Index(fields=["district_code", "id"], name="resources_district")]
        constraints = [
            models.CheckConstraint(
                condition=Q(left__gte=0, left__lte=models.F("quantity")), name="resources_left_bounds"
            )
        ]


class Linkage(Placed):
    """The answer planned for a need. At most one is in force; a change ends it and begins another."""

    SCOPE = Scope(area="", organisation="organisation_id")

    need = models.ForeignKey(Need, models.PROTECT, related_name="linkages")
    society = models.CharField("由谁来做", max_length=16, choices=Society.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True)
    budget_line = models.ForeignKey(BudgetLine, models.PROTECT, null=True, blank=True)
    resource = models.ForeignKey(Resource, models.PROTECT, null=True, blank=True)
    resource_quantity = models.IntegerField("使用数量", default=0)
    reason = models.CharField("理由", max_length=200, blank=True, default="")
    linked_at = models.DateTimeField("链接时间")
    linked_by = models.BigIntegerField("经办账号")
    ended_at = models.DateTimeField("终止时间", null=True, blank=True)

    class Meta:
        db_table = "resources_linkage"
        constraints = [
            models.UniqueConstraint(fields=["need"], condition=Q(ended_at=None), name="resources_one_linkage"),
            models.CheckConstraint(
                condition=~Q(society="organisation") | Q(organisation__isnull=False),
                name="resources_organisation_named",
            ),
        ]
