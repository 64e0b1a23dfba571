"""Visits: what really happened at the door, with its evidence; device time and server time both kept."""

from django.db import models
from django.db.models import Q

from wushe.chain.dispatch.models import Appointment
from wushe.foundation.scope import Placed, Scope
from wushe.registers.workforce.models import Worker


class VisitState(models.TextChoices):
    """Where a visit stands."""

    STARTED = "started", "服务中"
    ENDED = "ended", "待核验"
    ACCEPTED = "accepted", "核验通过"
    REJECTED = "rejected", "核验不通过"
    SETTLED = "settled", "已结算"


class Visit(Placed):
    """One visit, from sign-in to sign-out; or one that its organisation reported afterwards, with the reason."""

    SCOPE = Scope(area="", organisation="appointment__order__organisation_id", holders={
        "carer": lambda pk: Q(worker_id=pk),
        "volunteer": lambda pk: Q(worker_id=pk),
        "resident": lambda pk: Q(appointment__order__person_id=pk)
        | Q(appointment__order__person__relations__relative_id=pk,
            appointment__order__person__relations__may_act=True),
    })  # fmt: skip

    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="visit")
    # Found by `visits_worker`, which begins with it.
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="visits", db_index=False)
    state = models.CharField("状态", max_length=10, choices=VisitState.choices, default=VisitState.STARTED)
    started_at = models.DateTimeField("签到时间（手机）")
    start_received_at = models.DateTimeField("签到时间（服务器）")
    start_longitude = models.FloatField("签到经度", null=True, blank=True)
    start_latitude = models.FloatField("签到纬度", null=True, blank=True)
    start_accuracy = models.IntegerField("签到定位精度（米）", null=True, blank=True)
    start_distance = models.IntegerField("签到点距住处（米）", null=True, blank=True)
    ended_at = models.DateTimeField("签退时间（手机）", null=True, blank=True)
    end_received_at = models.DateTimeField("签退时间（服务器）", null=True, blank=True)
    end_longitude = models.FloatField("签退经度", null=True, blank=True)
    end_latitude = models.FloatField("签退纬度", null=True, blank=True)
    end_accuracy = models.IntegerField("签退定位精度（米）", null=True, blank=True)
    minutes = models.IntegerField("实际服务分钟", null=True, blank=True)
    note = models.CharField("服务情况", max_length=300, blank=True, default="")
    reported_by = models.BigIntegerField("补报账号", null=True, blank=True)
    report_reason = models.CharField("为什么没有签到", max_length=120, blank=True, default="")

    class Meta:
        db_table = "visits_visit"
        indexes = [
            models.Index(fields=["district_code", "state", "-id"], name="visits_district_state"),
            models.Index(fields=["street_code", "state", "-id"], name="visits_street_state"),
            models.Index(fields=["community_code", "state", "-id"], name="visits_community_state"),
            models.Index(fields=["worker", "started_at"], name="visits_worker"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="started") | Q(ended_at__isnull=False, minutes__isnull=False),
                name="visits_ended_has_times",
            ),
            models.CheckConstraint(
                condition=Q(reported_by__isnull=True) | ~Q(report_reason=""), name="visits_reported_has_reason"
            ),
        ]


class EvidenceKind(models.TextChoices):
    """What a piece of evidence shows."""

    ARRIVAL = "arrival", "到达照片"
    SERVICE = "service", "服务照片"
    FINISH = "finish", "完成照片"
    SIGNATURE = "signature", "签字"


class Evidence(models.Model):
    """A live photo or a signature. `client_id` is made on the device before sending, so an upload counts once.

    The stored picture is drawn anew, without what the camera wrote into it; of that only the time and the distance
    from the home are kept, as numbers to compare.
    """

    SCOPE = Scope(area="visit", organisation="visit__appointment__order__organisation_id", holders={
        "carer": lambda pk: Q(visit__worker_id=pk),
        "volunteer": lambda pk: Q(visit__worker_id=pk),
    })  # fmt: skip

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="evidence")
    client_id = models.UUIDField(unique=True)
    kind = models.CharField("类型", max_length=10, choices=EvidenceKind.choices)
    file = models.FileField("文件", upload_to="evidence/%Y/%m/%d/", blank=True)
    digest = models.CharField("校验值", max_length=64)
    picture_hash = models.CharField("图像指纹", max_length=16, blank=True, default="")
    size = models.IntegerField("大小")
    taken_at = models.DateTimeField("拍摄时间（手机）")
    camera_at = models.DateTimeField("照片自带的拍摄时间", null=True, blank=True)
    camera_distance = models.IntegerField("照片自带位置距住处（米）", null=True, blank=True)
    received_at = models.DateTimeField("收到时间（服务器）")

    class Meta:
        db_table = "visits_evidence"
        indexes = [
            models.Index(fields=["digest"], name="visits_evidence_digest"),
            models.Index(fields=["picture_hash"], name="visits_evidence_picture"),
        ]


class Rating(models.Model):
    """What the person served thought of a visit."""

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="rating")
    score = models.IntegerField("满意度（1-5）")
    comment = models.CharField("意见", max_length=200, blank=True, default="")
    rated_at = models.DateTimeField("评价时间")
    rated_by = models.BigIntegerField("评价账号")

    class Meta:
        db_table = "visits_rating"
        constraints = [models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="visits_rating_range")]
