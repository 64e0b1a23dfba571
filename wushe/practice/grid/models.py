"""A grid case: what was found in a grid, who has it now, until when, and what each look at the place showed."""

from django.db import models
from django.db.models import Q

from wushe.foundation.scope import Placed, Scope


class CaseKind(models.TextChoices):
    """What a case is about; each kind has its own limit and its own condition for closing."""

    ENVIRONMENT = "environment", "环境卫生"
    FACILITY = "facility", "公共设施"
    SAFETY = "safety", "安全隐患"
    ORDER = "order", "占道和停放"
    DISPUTE = "dispute", "矛盾纠纷"
    OTHER = "other", "其他"


class CaseSource(models.TextChoices):
    """How a case became known."""

    COLLECTOR = "collector", "网格员采集"
    VIDEO = "video", "视频发现"
    PUBLIC = "public", "居民反映"
    ABOVE = "above", "上级交办"


class CaseState(models.TextChoices):
    """Where a case stands."""

    COLLECTED = "collected", "待建档"
    FILED = "filed", "待派遣"
    HANDLING = "handling", "处理中"
    REPORTED = "reported", "待核查"
    HUNG = "hung", "挂账"
    CLOSED = "closed", "已结案"
    EVALUATED = "evaluated", "已评价"
    DISMISSED = "dismissed", "不予建档"


RUNNING = (CaseState.COLLECTED, CaseState.FILED, CaseState.HANDLING, CaseState.REPORTED)
"""The states whose clock runs. What is hung has a day on which it is looked at again."""


class GridCase(Placed):
    """One case. Somebody has it by name at every step, and nobody checks what they did themselves."""

    SCOPE = Scope(area="")

    kind = models.CharField("类别", max_length=12, choices=CaseKind.choices)
    source = models.CharField("来源", max_length=10, choices=CaseSource.choices)
    words = models.CharField("什么事", max_length=300)
    spot = models.CharField("在哪里", max_length=100)
    state = models.CharField("状态", max_length=10, choices=CaseState.choices, default=CaseState.COLLECTED)
    collected_at = models.DateTimeField("采集时间")
    collector_name = models.CharField("采集人", max_length=40)
    owner_name = models.CharField("现在由谁办", max_length=40)
    due_at = models.DateTimeField("这一步的时限", null=True, blank=True)
    unit = models.CharField("处理单位", max_length=60, blank=True, default="")
    handler_name = models.CharField("处理人", max_length=40, blank=True, default="")
    sent_at = models.DateTimeField("派遣时间", null=True, blank=True)
    # The limit of the handling itself: it is kept when a failed check sends the case back.
    handle_by = models.DateTimeField("处理时限", null=True, blank=True)
    # A return that was turned down comes back for good: the street has said whose it is.
    returnable = models.BooleanField("可以退回", default=True)
    extensions = models.SmallIntegerField("延期次数", default=0)
    result = models.CharField("处理反馈", max_length=500, blank=True, default="")
    reported_at = models.DateTimeField("反馈时间", null=True, blank=True)
    reported_by = models.BigIntegerField("反馈账号", null=True, blank=True)
    closed_at = models.DateTimeField("结案时间", null=True, blank=True)
    hung_reason = models.CharField("挂账原因", max_length=300, blank=True, default="")
    review_on = models.DateField("挂账复查日", null=True, blank=True)
    grade = models.CharField(
        "评价", max_length=10, blank=True, default="", choices=[("good", "合格"), ("bad", "不合格")]
    )
    note = models.CharField("说明", max_length=300, blank=True, default="")
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "grid_case"
        indexes = [
            models.Index(fields=["community_code", "state", "-id"], name="grid_community_state"),
            models.Index(fields=["street_code", "state", "-id"], name="grid_street_state"),
            models.Index(fields=["district_code", "state", "-id"], name="grid_district_state"),
            models.Index(fields=["state", "due_at"], name="grid_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(owner_name=""), name="grid_has_owner"),
            models.CheckConstraint(
                condition=~Q(state__in=["collected", "filed", "handling", "reported"]) | Q(due_at__isnull=False),
                name="grid_running_has_limit",
            ),
            models.CheckConstraint(
                condition=~Q(state="hung") | (~Q(hung_reason="") & Q(review_on__isnull=False)),
                name="grid_hung_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "evaluated"]) | Q(closed_at__isnull=False),
                name="grid_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"网格事项 {self.pk}"


class SiteCheck(models.Model):
    """One look at the place after the report: by somebody else than who handled it."""

    SCOPE = Scope(area="case")

    case = models.ForeignKey(GridCase, models.CASCADE, related_name="checks")
    checked_at = models.DateTimeField("核查时间")
    checked_by = models.BigIntegerField("核查账号")
    checker_name = models.CharField("核查人", max_length=40)
    passed = models.BooleanField("通过")
    seen = models.CharField("现场情况", max_length=300)

    class Meta:
        db_table = "grid_site_check"
