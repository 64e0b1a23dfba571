"""Campaigns, the doors of their lists, what was sent about each door, and the four lists that come of it."""

from django.db import models
from django.db.models import Q

from wushe.chain.needs.models import Need, Urgency
from wushe.chain.projects.models import Project
from wushe.foundation.scope import Placed, Scope
from wushe.registers.catalogue.models import Item
from wushe.registers.forms.models import FormVersion
from wushe.registers.people.models import Household, Person, TagKind


class Aim(models.TextChoices):
    """Who is to be reached."""

    HOUSEHOLDS = "households", "辖区全部住户"
    PEOPLE = "people", "某些类别的居民，逐人入户"


class CampaignState(models.TextChoices):
    """Where a campaign is."""

    RUNNING = "running", "进行中"
    CLOSED = "closed", "已结束"
    CANCELLED = "cancelled", "已取消"


class Campaign(Placed):
    """One round of knocking at all doors of a list, with one version of a form."""

    SCOPE = Scope(area="")

    title = models.CharField("名称", max_length=60)
    version = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    aim = models.CharField("走访对象", max_length=12, choices=Aim.choices)
    tag_codes = models.JSONField("类别", default=list)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("截止日期")
    state = models.CharField("状态", max_length=10, choices=CampaignState.choices, default=CampaignState.RUNNING)
    made_at = models.DateTimeField("建立时间")
    made_by = models.BigIntegerField("建立账号")
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "door_knock_campaign"
        indexes = [models.Index(fields=["street_code", "-id"], name="door_knock_street")]

    def __str__(self) -> str:
        return self.title


class TargetState(models.TextChoices):
    """How far a door is."""

    WAITING = "waiting", "待走访"
    AGAIN = "again", "要再去"
    REACHED = "reached", "已走访"
    NOT_REACHED = "not_reached", "走访不到"


class Reason(models.TextChoices):
    """Why somebody is not reached in the end."""

    REFUSED = "refused", "拒绝走访"
    MOVED = "moved", "已搬走"
    EMPTY = "empty", "空户"
    AWAY = "away", "长期外出"
    IN_CARE = "in_care", "住院或在养老机构"
    DIED = "died", "已去世"
    NO_SUCH = "no_such", "查无此户"
    OTHER = "other", "其他"


class Target(Placed):
    """One door of a campaign's list: a household, or a person to be seen at home."""

    SCOPE = Scope(area="")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="targets")
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    building = models.CharField("楼栋", max_length=60, blank=True, default="")
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    worker_id = models.BigIntegerField("走访人账号", null=True, blank=True)
    turn = models.IntegerField("走访顺序", default=0)
    state = models.CharField("状态", max_length=12, choices=TargetState.choices, default=TargetState.WAITING)
    reason = models.CharField("原因", max_length=12, choices=Reason.choices, blank=True, default="")
    attempts = models.IntegerField("没人在家的次数", default=0)
    revisit_on = models.DateField("约定再去", null=True, blank=True)
    reached_at = models.DateTimeField("走访时间", null=True, blank=True)
    conflict = models.BooleanField("有两份不同的记录", default=False)
    # What a record said and a register did not take: path and message, to be put right by a person.
    leftovers = models.JSONField("没有写进登记册", default=list)

    class Meta:
        db_table = "door_knock_target"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "household"], condition=Q(person=None), name="door_knock_one_household"),
            models.UniqueConstraint(fields=["campaign", "person"], condition=Q(person__isnull=False), name="door_knock_one_person"),
            models.CheckConstraint(condition=~Q(state="not_reached") | ~Q(reason=""), name="door_knock_reason_given"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["campaign", "state", "turn"], name="door_knock_campaign_state"),
            models.Index(fields=["worker_id", "campaign", "turn"], name="door_knock_worker"),
        ]


class Report(models.Model):
    """What one device wrote down about one door. Never changed: a correction is a further report after it."""

    SCOPE = Scope(area="target")

    target = models.ForeignKey(Target, models.PROTECT, related_name="reports")
    client_id = models.UUIDField("编号", unique=True)
    device = models.CharField("设备", max_length=36)
    turn = models.IntegerField("设备上的顺序")
    after = models.JSONField("接在哪几份后面", default=list)
    outcome = models.CharField("结果", max_length=12)
    reason = models.CharField("原因", max_length=12, blank=True, default="")
    revisit_on = models.DateField(null=True, blank=True)
    person_id = models.BigIntegerField("和谁谈的", null=True, blank=True)
    version = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    answers = models.BinaryField("回答（加密）")
    digest = models.CharField("内容摘要", max_length=64)
    score = models.IntegerField("得分", default=0)
    device_at = models.DateTimeField("手机时间")
    received_at = models.DateTimeField("收到时间")
    skew_seconds = models.IntegerField("手机时钟偏差（秒）", default=0)
    recorded_by = models.BigIntegerField("记录账号")

    class Meta:
        db_table = "door_knock_report"
        indexes = [models.Index(fields=["target", "id"], name="door_knock_of_target")]


class DoorPhoto(models.Model):
    """A picture taken at a door, drawn anew; a report names it by its number."""

    SCOPE = Scope(area="target")

    target = models.ForeignKey(Target, models.PROTECT, related_name="photos")
    client_id = models.UUIDField("编号", unique=True)
    file = models.FileField("照片", upload_to="door_knock/%Y/%m/")
    sent_digest = models.CharField(max_length=64)
    size = models.IntegerField("字节数")
    taken_at = models.DateTimeField("拍摄时间")
    received_at = models.DateTimeField("收到时间")
    recorded_by = models.BigIntegerField("记录账号")

    class Meta:
        db_table = "door_knock_photo"


class ProposalState(models.TextChoices):
    """What became of a proposed category."""

    PROPOSED = "proposed", "待确认"
    CONFIRMED = "confirmed", "已确认"
    DECLINED = "declined", "不认定"


class TagProposal(models.Model):
    """A category that a visit speaks for. The register asks for evidence, so a person confirms it."""

    SCOPE = Scope(area="target")

    target = models.ForeignKey(Target, models.PROTECT, related_name="proposals")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.ForeignKey(TagKind, models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=ProposalState.choices, default=ProposalState.PROPOSED)
    proposed_at = models.DateTimeField("提出时间")
    settled_at = models.DateTimeField("确认时间", null=True, blank=True)

    class Meta:
        db_table = "door_knock_tag_proposal"
        constraints = [models.UniqueConstraint(fields=["target", "person", "kind"], name="door_knock_proposed_once")]


class ListKind(models.TextChoices):
    """The four lists 四张清单."""

    PROBLEM = "problem", "问题清单"
    SERVICE = "service", "服务清单"
    RESOURCE = "resource", "资源清单"
    PROJECT = "project", "项目清单"


class ListState(models.TextChoices):
    """How far a line is put into effect 逐项制定解决措施."""

    OPEN = "open", "待定措施"
    AGREED = "agreed", "办理中"
    DONE = "done", "已办结"
    DROPPED = "dropped", "已撤下"


class ListLine(Placed):
    """One line of one of the four lists: what was found at a door, what is done about it, by whom, until when, and the proof."""

    SCOPE = Scope(area="")

    kind = models.CharField("清单", max_length=10, choices=ListKind.choices)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="lines")
    target = models.ForeignKey(Target, models.PROTECT, null=True, blank=True, related_name="lines")
    key = models.CharField(max_length=100)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField("内容", max_length=500)
    category = models.CharField("类别", max_length=12, blank=True, default="")
    urgency = models.CharField("紧急程度", max_length=10, choices=Urgency.choices, blank=True, default="")
    affected = models.IntegerField("涉及人数", default=1)
    found_on = models.DateField("发现日期")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    need = models.ForeignKey(Need, models.PROTECT, null=True, blank=True, related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="+")
    measure = models.CharField("措施", max_length=300, blank=True, default="")
    owner = models.CharField("责任人", max_length=40, blank=True, default="")
    due_on = models.DateField("期限", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=ListState.choices, default=ListState.OPEN)
    proof = models.CharField("办结说明", max_length=300, blank=True, default="")
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        db_table = "door_knock_line"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "target", "key"], name="door_knock_line_once"),
            models.CheckConstraint(
                condition=~Q(state="agreed") | (~Q(measure="") & ~Q(owner="") & Q(due_on__isnull=False)),
                name="door_knock_measure_owner_due",
            ),
            models.CheckConstraint(condition=~Q(state="done") | ~Q(proof=""), name="door_knock_done_has_proof"),
        ]
        indexes = [
            models.Index(fields=["street_code", "kind", "-id"], name="door_knock_line_street"),
            models.Index(fields=["community_code", "kind", "-id"], name="door_knock_line_community"),
            models.Index(fields=["need"], condition=Q(need__isnull=False), name="door_knock_line_need"),
        ]
