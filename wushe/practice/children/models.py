"""A report of danger and who was told; a child's file, who may read it until when, and each reading of it."""

from django.db import models
from django.db.models import Q

from wushe.foundation.scope import Placed, Scope
from wushe.registers.people.models import Person


class Sign(models.TextChoices):
    """Why somebody must report at once (未成年人保护法 11)."""

    HURT = "hurt", "身上有伤，或受过伤害"
    SUSPECTED = "suspected", "怀疑受到侵害"
    DANGER = "danger", "面临危险"
    ALONE = "alone", "没人监护，或被遗弃"
    OTHER = "other", "其他"


class Told(models.TextChoices):
    """Whom the law lets one report to."""

    POLICE = "police", "公安机关（110）"
    CIVIL_AFFAIRS = "civil_affairs", "民政部门"
    EDUCATION = "education", "教育部门或学校"
    COMMUNITY = "community", "村（居）委会、儿童主任"
    STREET = "street", "街道、儿童督导员"
    WOMEN = "women", "妇联"
    PROCURATOR = "procurator", "检察院（12309）"
    HOTLINE = "hotline", "未成年人保护热线（12345）"


class DangerReport(Placed):
    """One report of danger. It is never changed: what comes to light later stands in a further step."""

    SCOPE = Scope(area="")

    key = models.UUIDField("编号", unique=True)
    sign = models.CharField("情形", max_length=10, choices=Sign.choices)
    words = models.BinaryField("内容（加密）")
    reported_at = models.DateTimeField("报告时间")
    reported_by = models.BigIntegerField("报告账号")

    class Meta:
        db_table = "children_report"
        indexes = [
            models.Index(fields=["street_code", "-id"], name="children_report_street"),
            models.Index(fields=["reported_by", "-id"], name="children_report_by"),
        ]


class Step(models.Model):
    """Something done about a report after it was sent. Never changed."""

    SCOPE = Scope(area="report")

    report = models.ForeignKey(DangerReport, models.PROTECT, related_name="steps")
    words = models.BinaryField("内容（加密）")
    done_at = models.DateTimeField("时间")
    done_by = models.BigIntegerField("账号")

    class Meta:
        db_table = "children_step"


class Telling(models.Model):
    """That somebody was told of a report: an office, or an account of the house. Never changed."""

    SCOPE = Scope(area="report")

    report = models.ForeignKey(DangerReport, models.PROTECT, related_name="tellings")
    told = models.CharField("告知了谁", max_length=14, choices=Told.choices, blank=True, default="")
    user_id = models.BigIntegerField("告知账号", null=True, blank=True)
    told_at = models.DateTimeField("告知时间")

    class Meta:
        db_table = "children_telling"
        constraints = [
            models.CheckConstraint(condition=~Q(told="") ^ Q(user_id__isnull=False), name="children_told_somebody")
        ]


class Group(models.TextChoices):
    """Which children have a file."""

    HARDSHIP = "hardship", "困境儿童"
    ORPHAN = "orphan", "孤儿"
    UNATTENDED = "unattended", "事实无人抚养儿童"
    LEFT_BEHIND = "left_behind", "留守儿童"
    MIGRANT = "migrant", "流动儿童"


class ChildRecord(Placed):
    """The file of one child. No family account reaches it: it has no holders."""

    SCOPE = Scope(area="")

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    group = models.CharField("类别", max_length=12, choices=Group.choices)
    begun_at = models.DateTimeField("建档时间")
    begun_by = models.BigIntegerField("建档账号")
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "children_record"
        constraints = [models.UniqueConstraint(fields=["person"], name="children_one_record")]
        indexes = [models.Index(fields=["street_code", "-id"], name="children_record_street")]


class Note(models.Model):
    """What was written into a file. Never changed."""

    SCOPE = Scope(area="record")

    record = models.ForeignKey(ChildRecord, models.PROTECT, related_name="notes")
    words = models.BinaryField("内容（加密）")
    written_at = models.DateTimeField("时间")
    written_by = models.BigIntegerField("账号")

    class Meta:
        db_table = "children_note"


class LeaveState(models.TextChoices):
    """What became of the wish to read a file."""

    ASKED = "asked", "等待批准"
    GRANTED = "granted", "已批准"
    REFUSED = "refused", "没有批准"
    ENDED = "ended", "已收回"


class Leave(models.Model):
    """The wish of one account to read one file, and until when it may."""

    SCOPE = Scope(area="record")

    record = models.ForeignKey(ChildRecord, models.PROTECT, related_name="leaves")
    user_id = models.BigIntegerField("申请账号")
    reason = models.CharField("用途", max_length=200)
    state = models.CharField("状态", max_length=10, choices=LeaveState.choices, default=LeaveState.ASKED)
    asked_at = models.DateTimeField("申请时间")
    decided_at = models.DateTimeField("批准时间", null=True, blank=True)
    decided_by = models.BigIntegerField("批准账号", null=True, blank=True)
    expires_at = models.DateTimeField("到期时间", null=True, blank=True)

    class Meta:
        db_table = "children_leave"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="granted") | Q(expires_at__isnull=False), name="children_leave_expires"
            ),
            models.UniqueConstraint(
                fields=["record", "user_id"], condition=Q(state="asked"), name="children_asked_once"
            ),
        ]


class Reading(models.Model):
    """That a file was opened once. For each answer that shows a file there is exactly one of these. Never changed."""

    SCOPE = Scope(area="record")

    record = models.ForeignKey(ChildRecord, models.PROTECT, related_name="readings")
    leave = models.ForeignKey(Leave, models.PROTECT, related_name="readings")
    key = models.UUIDField("编号", unique=True)
    user_id = models.BigIntegerField("查看账号")
    read_at = models.DateTimeField("查看时间")

    class Meta:
        db_table = "children_reading"
