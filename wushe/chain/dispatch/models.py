"""Dispatch: the appointments of a day, and the plans that the engine proposes and a person confirms."""

from django.db import models
from django.db.models import Q

from wushe.chain.orders.models import Order
from wushe.foundation.scope import Placed, Scope
from wushe.registers.workforce.models import Worker


class PlanState(models.TextChoices):
    """The life of a proposed plan."""

    PROPOSED = "proposed", "待确认"
    CONFIRMED = "confirmed", "已确认"
    SUPERSEDED = "superseded", "已被替代"
    DISCARDED = "discarded", "已放弃"


class PlanKind(models.TextChoices):
    """Why a plan was made."""

    DAY = "day", "当日排班"
    MEND = "mend", "临时调整"
    HAND = "hand", "人工改派"


class Plan(Placed):
    """A proposal of the engine for one area and day, or a change by hand, kept whole to be replayed exactly."""

    SCOPE = Scope(area="")

    day = models.DateField("日期")
    kind = models.CharField("类型", max_length=6, choices=PlanKind.choices)
    state = models.CharField("状态", max_length=12, choices=PlanState.choices, default=PlanState.PROPOSED)
    problem = models.JSONField("问题")
    solution = models.JSONField("方案")
    summary = models.JSONField("摘要", default=dict)
    seed = models.BigIntegerField("随机种子")
    engine_version = models.CharField("引擎版本", max_length=20)
    proposed_at = models.DateTimeField("提出时间")
    proposed_by = models.BigIntegerField("提出账号")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    confirmed_by = models.BigIntegerField("确认账号", null=True, blank=True)
    base = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="revisions")

    class Meta:
        db_table = "dispatch_plan"
        indexes = [models.Index(fields=["day", "area_code", "-id"], name="dispatch_plan_day")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "superseded"])
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="dispatch_confirmed_by_person",
            )
        ]


class Emphasis(models.TextChoices):
    """What a plan is to look at most; how much more, a preset says."""

    BALANCED = "balanced", "各方面兼顾"
    FAMILIAR = "familiar", "尽量不换人"
    TRAVEL = "travel", "尽量少走路"


class SearchStage(models.TextChoices):
    """How far a search in the background is."""

    WAITING = "waiting", "等待开始"
    SEARCHING = "searching", "正在排班"
    FOUND = "found", "已有方案"
    FAILED = "failed", "没有排成"


class PlanSearch(Placed):
    """A plan asked for in the background, and how far the search is: progress for the page, not part of the record."""

    SCOPE = Scope(area="")

    day = models.DateField("日期")
    seed = models.BigIntegerField("随机种子")
    seconds = models.IntegerField("排班用时（秒）")
    emphasis = models.CharField("侧重", max_length=10, choices=Emphasis.choices, default=Emphasis.BALANCED)
    stage = models.CharField("进度", max_length=10, choices=SearchStage.choices, default=SearchStage.WAITING)
    percent = models.IntegerField("完成百分比", default=0)
    left_out = models.IntegerField("目前排不上的次数", null=True, blank=True)
    refusal = models.CharField("没有排成的原因", max_length=500, blank=True, default="")
    plan = models.ForeignKey(Plan, models.SET_NULL, null=True, blank=True, related_name="searches")
    asked_at = models.DateTimeField("提出时间")
    asked_by = models.BigIntegerField("提出账号")

    class Meta:
        db_table = "dispatch_plan_search"


class AppointmentState(models.TextChoices):
    """Where an appointment stands."""

    OPEN = "open", "待安排"
    CONFIRMED = "confirmed", "已安排"
    KEPT = "kept", "已上门"
    MISSED = "missed", "未上门"
    CANCELLED = "cancelled", "已取消"


class Appointment(Placed):
    """One coming visit of an order: the day and window it must fall in, and, once planned, who goes at what time.

    A service by two people is two appointments that name each other as `pair`.
    """

    SCOPE = Scope(area="", organisation="order__organisation_id", holders={
        "carer": lambda pk: Q(worker_id=pk),
        "volunteer": lambda pk: Q(worker_id=pk),
        "resident": lambda pk: Q(order__person_id=pk)
        | Q(order__person__relations__relative_id=pk, order__person__relations__may_act=True),
    })  # fmt: skip

    order = models.ForeignKey(Order, models.PROTECT, related_name="appointments")
    number = models.IntegerField("第几次")
    seat = models.IntegerField("第几人", default=1)
    pair = models.OneToOneField("self", models.SET_NULL, null=True, blank=True)
    day = models.DateField("日期")
    window_start = models.IntegerField("最早（当日分钟数）")
    window_end = models.IntegerField("最晚（当日分钟数）")
    minutes = models.IntegerField("分钟")
    state = models.CharField("状态", max_length=10, choices=AppointmentState.choices, default=AppointmentState.OPEN)
    worker = models.ForeignKey(Worker, models.PROTECT, null=True, blank=True, related_name="appointments")
    planned_start = models.IntegerField("计划开始（当日分钟数）", null=True, blank=True)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="appointments")
    locked = models.BooleanField("已锁定", default=False)
    reason = models.JSONField("安排理由", default=dict)

    class Meta:
        db_table = "dispatch_appointment"
        indexes = [
            models.Index(fields=["day", "worker", "planned_start"], name="dispatch_worker_day"),
            models.Index(fields=["district_code", "day", "state"], name="dispatch_district_day"),
            models.Index(fields=["street_code", "day", "state"], name="dispatch_street_day"),
            models.Index(fields=["community_code", "day", "state"], name="dispatch_community_day"),
            models.Index(fields=["state", "day"], name="dispatch_state_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["order", "number", "seat"], name="dispatch_appointment_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "kept"]) | Q(worker__isnull=False, planned_start__isnull=False),
                name="dispatch_planned_has_worker",
            ),
        ]
