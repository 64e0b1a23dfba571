"""Projects: grouped needs become a project with a carrier, a logic and budget lines."""

from django.db import models
from django.db.models import Q

from wushe.chain.needs.models import Need
from wushe.foundation.scope import Placed, Scope
from wushe.ledgers.models import Account
from wushe.registers.organisations.models import Organisation


class ProjectState(models.TextChoices):
    """The life of a project."""

    DESIGNED = "designed", "设计中"
    APPROVED = "approved", "已批准"
    RUNNING = "running", "实施中"
    CLOSED = "closed", "已结项"


class SourceClass(models.TextChoices):
    """Where the money of a budget line comes from; each class has rules of use of its own."""

    GOVERNMENT = "government", "政府购买服务"
    LOTTERY = "lottery", "福彩公益金"
    FEDERATION = "federation", "慈善会资助"
    RAISED = "raised", "社会募集"
    SPECIAL = "special", "专项基金"
    TRUST = "trust", "慈善信托"


class Project(Placed):
    """A project that answers needs; many needs to many projects."""

    SCOPE = Scope(area="", organisation="carrier_id")

    title = models.CharField("项目名称", max_length=80)
    scene = models.CharField("应用场景", max_length=40, blank=True, default="")
    purpose = models.TextField("需求与目标", blank=True, default="")
    logic = models.TextField("服务逻辑", blank=True, default="")
    indicators = models.JSONField("指标", default=list)
    carrier = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="projects")
    needs = models.ManyToManyField(Need, related_name="projects", blank=True)
    starts_on = models.DateField("开始日期", null=True, blank=True)
    ends_on = models.DateField("结束日期", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=ProjectState.choices, default=ProjectState.DESIGNED)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "projects_project"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["designed", "approved"]) | Q(carrier__isnull=False),
                name="projects_running_has_carrier",
            )
        ]

    def __str__(self) -> str:
        return self.title


class BudgetLine(models.Model):
    """Money of one source class for one purpose, on an account of the ledger."""

    SCOPE = Scope(area="project", organisation="project__carrier_id")

    project = models.ForeignKey(Project, models.PROTECT, related_name="budget_lines")
    title = models.CharField("科目", max_length=60)
    source_class = models.CharField("资金来源", max_length=12, choices=SourceClass.choices)
    amount_fen = models.BigIntegerField("预算（分）")
    account = models.OneToOneField(Account, models.PROTECT, related_name="budget_line")

    class Meta:
        db_table = "projects_budget_line"

    def __str__(self) -> str:
        return self.title
