"""A grant is paid to the carrier in tranches: each waits for its report, and for what had to be put right."""

from django.db import models
from django.db.models import Q

from wushe.foundation.scope import Scope
from wushe.ledgers.models import Entry

from .projects import BudgetLine, Project


class TrancheState(models.TextChoices):
    """Where one part of a grant stands."""

    PLANNED = "planned", "未拨付"
    RELEASED = "released", "已同意拨付"
    PAID = "paid", "已拨付"
    STOPPED = "stopped", "已停拨"
    RECOVERED = "recovered", "已追回"


class ReportState(models.TextChoices):
    """Where the report stands that a tranche waits for."""

    AWAITED = "awaited", "待提交"
    FILED = "filed", "待审核"
    RETURNED = "returned", "退回补正"
    ACCEPTED = "accepted", "已通过"
    FAILED = "failed", "不通过"


class RectificationState(models.TextChoices):
    """Where a demand to put something right stands."""

    OPEN = "open", "整改中"
    ANSWERED = "answered", "待复核"
    CLOSED = "closed", "已整改"


class Grant(models.Model):
    """Money of one budget line promised to the carrier of a project; its tranches sum to it."""

    SCOPE = Scope(area="project", organisation="project__carrier_id")

    project = models.ForeignKey(Project, models.PROTECT, related_name="grants")
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="grants")
    title = models.CharField("名称", max_length=60)
    amount_fen = models.BigIntegerField("金额（分）")
    agreed_on = models.DateField("约定日期")
    agreed_by = models.BigIntegerField("经办账号")

    class Meta:
        db_table = "projects_grant"
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gt=0), name="projects_grant_positive")]

    def __str__(self) -> str:
        return self.title


class Tranche(models.Model):
    """One part of a grant."""

    SCOPE = Scope(area="grant__project", organisation="grant__project__carrier_id")

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="tranches")
    number = models.IntegerField("第几批")
    amount_fen = models.BigIntegerField("金额（分）")
    state = models.CharField("状态", max_length=10, choices=TrancheState.choices, default=TrancheState.PLANNED)
    released_by = models.BigIntegerField("同意拨付账号", null=True, blank=True)
    released_on = models.DateField("同意拨付日期", null=True, blank=True)
    paid_by = models.BigIntegerField("付款账号", null=True, blank=True)
    paid_on = models.DateField("付款日期", null=True, blank=True)
    voucher = models.CharField("付款凭证号", max_length=60, blank=True, default="")
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        db_table = "projects_tranche"
        constraints = [
            models.UniqueConstraint(fields=["grant", "number"], name="projects_tranche_once"),
            models.UniqueConstraint(fields=["voucher"], condition=~Q(voucher=""), name="projects_voucher_pays_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="projects_tranche_positive"),
            models.CheckConstraint(
                condition=~Q(state__in=["paid", "recovered"]) | Q(entry__isnull=False) & ~Q(voucher=""),
                name="projects_paid_has_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.number}批"


class Report(models.Model):
    """What the carrier files before a tranche is paid; unexcused late material fails."""

    SCOPE = Scope(area="tranche__grant__project", organisation="tranche__grant__project__carrier_id")

    tranche = models.OneToOneField(Tranche, models.PROTECT, related_name="report")
    title = models.CharField("材料", max_length=60)
    due_on = models.DateField("应交日期")
    state = models.CharField("状态", max_length=10, choices=ReportState.choices, default=ReportState.AWAITED)
    text = models.TextField("情况说明", blank=True, default="")
    people = models.IntegerField("服务人数", null=True, blank=True)
    spent_fen = models.BigIntegerField("已支出（分）", null=True, blank=True)
    papers = models.CharField("附件清单", max_length=300, blank=True, default="")
    filed_by = models.BigIntegerField("提交账号", null=True, blank=True)
    filed_on = models.DateField("提交日期", null=True, blank=True)
    remark = models.CharField("审核意见", max_length=300, blank=True, default="")
    decided_by = models.BigIntegerField("审核账号", null=True, blank=True)
    decided_on = models.DateField("审核日期", null=True, blank=True)

    class Meta:
        db_table = "projects_report"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["filed", "accepted"]) | Q(filed_on__isnull=False),
                name="projects_filed_has_day",
            )
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="projects_report_due")]

    def __str__(self) -> str:
        return self.title


class Rectification(models.Model):
    """A demand to put something right; nothing is paid while one is open."""

    SCOPE = Scope(area="project", organisation="project__carrier_id")

    project = models.ForeignKey(Project, models.PROTECT, related_name="rectifications")
    fault = models.CharField("问题", max_length=300)
    due_on = models.DateField("整改期限")
    state = models.CharField("状态", max_length=10, choices=RectificationState.choices, default=RectificationState.OPEN)
    asked_by = models.BigIntegerField("提出账号")
    asked_on = models.DateField("提出日期")
    answer = models.CharField("整改情况", max_length=500, blank=True, default="")
    answered_on = models.DateField("回复日期", null=True, blank=True)
    closed_on = models.DateField("销号日期", null=True, blank=True)

    class Meta:
        db_table = "projects_rectification"

    def __str__(self) -> str:
        return self.fault


class StandardMark(models.Model):
    """Whether a project meets one clause of the project standard, and by what that is seen."""

    SCOPE = Scope(area="project", organisation="project__carrier_id")

    project = models.ForeignKey(Project, models.PROTECT, related_name="standard_marks")
    clause = models.CharField("条款", max_length=80)
    met = models.BooleanField("符合")
    evidence = models.CharField("依据", max_length=200)
    marked_by = models.BigIntegerField("核对账号")
    marked_on = models.DateField("核对日期")

    class Meta:
        db_table = "projects_standard_mark"
        constraints = [models.UniqueConstraint(fields=["project", "clause"], name="projects_clause_once")]
