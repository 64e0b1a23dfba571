"""Verification: every ended visit is checked by rules, some by people; the verifier is never the performer."""

from django.db import models
from django.db.models import Q

from wushe.chain.visits.models import Visit
from wushe.foundation.scope import Placed, Scope


class CheckState(models.TextChoices):
    """Where a check stands."""

    WAITING = "waiting", "待审核"
    ACCEPTED = "accepted", "通过"
    REJECTED = "rejected", "不通过"


class PickedFor(models.TextChoices):
    """Why a person looks at a visit; a visit that was not picked passes by rule after the days of dispute."""

    APPEAL = "appeal", "机构申诉"
    CALL_BACK = "call_back", "回访说没有上门"
    LOW_RATING = "low_rating", "评价低"
    SCORE = "score", "疑点多"
    FIRST = "first", "首次服务"
    RANDOM = "random", "随机抽查"


class Check(Placed):
    """The check of one visit: what the rules found, why it was picked, who decided what and why.

    `random_sample` is drawn whatever the score, so that the true rate of errors can be estimated from it.
    """

    SCOPE = Scope(area="", organisation="visit__appointment__order__organisation_id")

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="check_sheet")
    state = models.CharField("状态", max_length=10, choices=CheckState.choices, default=CheckState.WAITING)
    findings = models.JSONField("疑点", default=list)
    score = models.IntegerField("疑点分", default=0)
    picked_for = models.CharField("审核原因", max_length=20, choices=PickedFor.choices, blank=True, default="")
    random_sample = models.BooleanField("随机抽中", default=False)
    opened_at = models.DateTimeField("生成时间")
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    decided_by = models.BigIntegerField("审核账号", null=True, blank=True)
    reason = models.CharField("审核意见", max_length=200, blank=True, default="")
    appeal = models.CharField("申诉理由", max_length=200, blank=True, default="")

    class Meta:
        db_table = "verification_check"
        indexes = [
            models.Index(fields=["district_code", "state", "-score", "id"], name="verification_district_queue"),
            models.Index(fields=["street_code", "state", "-score", "id"], name="verification_street_queue"),
            models.Index(fields=["state", "picked_for", "opened_at"], name="verification_clean"),
            models.Index(fields=["decided_at"], condition=Q(random_sample=True), name="verification_random"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="verification_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reason=""), name="verification_rejection_has_reason"
            ),
        ]


class CallBackState(models.TextChoices):
    """Where a call-back stands."""

    DUE = "due", "待回访"
    ANSWERED = "answered", "已回访"
    UNREACHED = "unreached", "未联系上"


class CallReason(models.TextChoices):
    """Why somebody is called."""

    LOW_RATING = "low_rating", "评价低"
    FIRST = "first", "首次服务"
    SAMPLE = "sample", "日常抽样"
    WORKER = "worker", "每人每月至少一次"


class CallBack(Placed):
    """A telephone call to the person served, drawn by rule or by chance."""

    SCOPE = Scope(area="")

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="call_back")
    picked_for = models.CharField("抽取原因", max_length=20, choices=CallReason.choices)
    state = models.CharField("状态", max_length=10, choices=CallBackState.choices, default=CallBackState.DUE)
    due_at = models.DateTimeField("回访时限")
    tries = models.IntegerField("拨打次数", default=0)
    came = models.BooleanField("是否上门", null=True, blank=True)
    satisfied = models.BooleanField("是否满意", null=True, blank=True)
    comment = models.CharField("回访记录", max_length=200, blank=True, default="")
    called_at = models.DateTimeField("回访时间", null=True, blank=True)
    called_by = models.BigIntegerField("回访账号", null=True, blank=True)

    class Meta:
        db_table = "verification_call_back"
        indexes = [models.Index(fields=["district_code", "state", "due_at"], name="verification_call_queue")]
