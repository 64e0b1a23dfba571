"""Hours of volunteers: each record keeps how it came about, what looked wrong, and who decided."""

from django.db import models
from django.db.models import F, Q

from wushe.foundation.scope import Placed, Scope
from wushe.lines.volunteering.states import CorrectionState, HourState, Origin
from wushe.registers.volunteers.models import Volunteer

from .activities import Shift, SignUp


class HourRecord(Placed):
    """A stretch of service of one volunteer: from when to when, how it is known, and whether it counts."""

    SCOPE = Scope(area="", holders={"volunteer": lambda pk: Q(volunteer__person__posts__pk=pk)})

    # Found by `volunteering_hours_newest`, which begins with the volunteer.
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="hours", db_index=False)
    sign_up = models.ForeignKey(SignUp, models.PROTECT, null=True, blank=True, related_name="hours")
    visit_id = models.BigIntegerField("上门编号", null=True, blank=True, unique=True)
    state = models.CharField("状态", max_length=10, choices=HourState.choices, default=HourState.RUNNING)
    origin = models.CharField("怎么来的", max_length=10, choices=Origin.choices)
    title = models.CharField("服务内容", max_length=60)
    day = models.DateField("日期")
    started_at = models.DateTimeField("开始")
    ended_at = models.DateTimeField("结束", null=True, blank=True)
    minutes = models.IntegerField("分钟", default=0)
    oddities = models.CharField("可疑之处", max_length=80, blank=True, default="")
    sampled = models.BooleanField("抽查", default=False)
    device = models.CharField("手机", max_length=32, blank=True, default="")
    longitude = models.FloatField("签到经度", null=True, blank=True)
    latitude = models.FloatField("签到纬度", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True, default="")
    recorded_by = models.BigIntegerField("记录账号")
    checked_by = models.BigIntegerField("核对账号", null=True, blank=True)
    checked_at = models.DateTimeField("核对时间", null=True, blank=True)
    verdict = models.CharField("核对意见", max_length=120, blank=True, default="")
    system = models.CharField("外部系统", max_length=40, blank=True, default="")
    foreign_number = models.CharField("外部编号", max_length=60, blank=True, default="")

    class Meta:
        db_table = "volunteering_hours"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running") | Q(ended_at__gt=F("started_at"), minutes__gt=0) | Q(state="struck"),
                name="volunteering_hours_have_length",
            ),
            # Typed by hand: never counted by the one who typed it.
            models.CheckConstraint(
                condition=~Q(origin="hand", state="counted")
                | (Q(checked_by__isnull=False) & ~Q(checked_by=F("recorded_by"))),
                name="volunteering_hours_second_person",
            ),
            models.UniqueConstraint(
                fields=["sign_up"], condition=Q(state="running"), name="volunteering_hours_one_running"
            ),
            models.UniqueConstraint(
                fields=["system", "foreign_number"], condition=~Q(system=""), name="volunteering_hours_import_once"
            ),
        ]
        indexes = [
            models.Index(fields=["volunteer", "state", "-day", "-id"], name="volunteering_hours_mine"),
            # The statement of one who served for years: without it, all records are read backwards until there are fifty.
            models.Index(fields=["volunteer", "id"], name="volunteering_hours_newest"),
            models.Index(fields=["district_code", "state", "day"], name="volunteering_hours_district"),
            models.Index(fields=["street_code", "state", "day"], name="volunteering_hours_street"),
            models.Index(fields=["community_code", "state", "day"], name="volunteering_hours_community"),
            models.Index(fields=["device", "day"], name="volunteering_hours_device"),
        ]

    @property
    def oddity_codes(self) -> list[str]:
        """Return what looks wrong, by code."""
        return self.oddities.split()


class Correction(models.Model):
    """A volunteer's wish to have a record put right: what should stand, and what was answered."""

    SCOPE = Scope(area="record", holders={"volunteer": lambda pk: Q(record__volunteer__person__posts__pk=pk)})

    record = models.ForeignKey(HourRecord, models.PROTECT, related_name="corrections")
    state = models.CharField("状态", max_length=10, choices=CorrectionState.choices, default=CorrectionState.ASKED)
    minutes = models.IntegerField("应为（分钟）")
    words = models.CharField("理由", max_length=200)
    before = models.IntegerField("原为（分钟）")
    asked_at = models.DateTimeField("提出时间")
    asked_by = models.BigIntegerField("提出账号")
    answer = models.CharField("答复", max_length=120, blank=True, default="")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.BigIntegerField("答复账号", null=True, blank=True)

    class Meta:
        db_table = "volunteering_correction"
        constraints = [
            models.UniqueConstraint(fields=["record"], condition=Q(state="asked"), name="volunteering_correction_once")
        ]


class Message(models.Model):
    """Something a volunteer should know about a shift: moved up, reminded, swapped, cancelled."""

    class Kind(models.TextChoices):
        MOVED_UP = "moved_up", "候补成功，您已报上"
        REMINDER = "reminder", "记得明天的服务"
        SWAP_ASKED = "swap_asked", "有人想和您换班"
        SWAPPED = "swapped", "换班成功"
        SWAP_DECLINED = "swap_declined", "对方没有同意换班"
        CANCELLED = "cancelled", "活动取消了"
        PLACED = "placed", "组织者给您安排了一班"
        STRUCK = "struck", "有一段时长没有计入"
        COUNTED = "counted", "时长已计入"
        CORRECTED = "corrected", "更正申请有了答复"
        CERTIFICATE = "certificate", "志愿服务证明有了进展"

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="messages")
    kind = models.CharField("事由", max_length=16, choices=Kind.choices)
    shift = models.ForeignKey(Shift, models.PROTECT, null=True, blank=True, related_name="messages")
    words = models.CharField("内容", max_length=120, blank=True, default="")
    sent_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读", null=True, blank=True)

    class Meta:
        db_table = "volunteering_message"
        indexes = [models.Index(fields=["volunteer", "-id"], name="volunteering_message_mine")]
