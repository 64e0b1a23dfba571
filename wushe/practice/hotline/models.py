"""Hotline orders, what is decided about them, and the problems that come again."""

from django.db import models
from django.db.models import F, Q

from wushe.chain.needs.models import Need, Urgency
from wushe.foundation.protected import ProtectedField
from wushe.foundation.scope import Placed, Scope
from wushe.registers.people.models import Person


class Kind(models.TextChoices):
    """The five kinds of what is called in (北京市接诉即办工作条例第二条)."""

    ASK = "ask", "咨询"
    HELP = "help", "求助"
    COMPLAIN = "complain", "投诉"
    REPORT = "report", "举报"
    SUGGEST = "suggest", "建议"


class Topic(models.TextChoices):
    """What it is about; the classes by which the rates are told apart and repeated problems are found."""

    ELDER = "elder", "养老助残"
    CHILD = "child", "儿童青少年"
    RELIEF = "relief", "救助保障"
    ENVIRONMENT = "environment", "环境卫生"
    PROPERTY = "property", "物业管理"
    PARKING = "parking", "停车充电"
    NOISE = "noise", "噪音扰民"
    NEIGHBOUR = "neighbour", "邻里纠纷"
    WORKS = "works", "水电气暖和维修"
    ROAD = "road", "道路和公共设施"
    SAFETY = "safety", "安全隐患"
    OTHER = "other", "其他"


class OrderState(models.TextChoices):
    """Where a hotline order is."""

    RECEIVED = "received", "待派单"
    ASSIGNED = "assigned", "办理中"
    DISPUTED = "disputed", "退单待裁"
    PAUSED = "paused", "暂停计时"
    ANSWERED = "answered", "待回访"
    CLOSED = "closed", "已办结"
    TOLD = "told", "已告知进度"
    REDIRECTED = "redirected", "已转专线"


OPEN = (OrderState.RECEIVED, OrderState.ASSIGNED, OrderState.DISPUTED)


class PauseRule(models.TextChoices):
    """Why a clock may stand still; nothing else stops it."""

    CALLER = "caller", "等诉求人补充材料"
    TEST = "test", "等鉴定、检测结果"
    DISASTER = "disaster", "灾害和应急响应期间"


class Exclusion(models.TextChoices):
    """Why an order does not count in the adjusted rates (剔除项)."""

    OUT_OF_LAW = "out_of_law", "诉求不合法"
    MALICIOUS = "malicious", "恶意重复"
    IN_COURT = "in_court", "已进入诉讼、仲裁"


class MonthlyTopic(Placed):
    """A problem that many called in, taken up for the month with somebody's name on it (每月一题)."""

    SCOPE = Scope(area="")

    topic = models.CharField("类别", max_length=12, choices=Topic.choices)
    month = models.DateField("月份")
    title = models.CharField("题目", max_length=80)
    measures = models.CharField("怎么治", max_length=500)
    owner_name = models.CharField("负责人", max_length=40)
    due_on = models.DateField("完成期限")
    lifted_at = models.DateTimeField("提出时间")
    lifted_by = models.BigIntegerField("提出账号")

    class Meta:
        db_table = "hotline_monthly_topic"
        constraints = [models.UniqueConstraint(fields=["area_code", "topic", "month"], name="hotline_topic_once")]

    def __str__(self) -> str:
        return self.title


class HotlineOrder(Placed):
    """One thing called in. Who received it first answers for it until somebody else has it by name (首接负责)."""

    SCOPE = Scope(area="")

    number = models.CharField("热线工单号", max_length=40, blank=True, default="")
    kind = models.CharField("诉求类型", max_length=10, choices=Kind.choices)
    topic = models.CharField("类别", max_length=12, choices=Topic.choices)
    words = models.TextField("诉求内容")
    place = models.CharField("地点", max_length=100, blank=True, default="")
    caller_name = models.CharField("诉求人", max_length=40, blank=True, default="")
    caller_phone = ProtectedField("联系电话", kind="phone")
    caller_index = models.CharField(max_length=32, blank=True, default="")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="hotline_orders")
    # The same thing in the one queue of needs, where the caller is a registered resident.
    need = models.OneToOneField(Need, models.PROTECT, null=True, blank=True, related_name="hotline_order")
    urgency = models.CharField("紧急程度", max_length=10, choices=Urgency.choices)
    state = models.CharField("状态", max_length=12, choices=OrderState.choices, default=OrderState.RECEIVED)
    received_at = models.DateTimeField("接收时间")
    first_receiver = models.BigIntegerField("首接账号")
    first_name = models.CharField("首接人", max_length=40)
    unit = models.CharField("主办单位", max_length=60, blank=True, default="")
    owner_name = models.CharField("责任人", max_length=40)
    contact_due_at = models.DateTimeField("首次联系时限")
    contacted_at = models.DateTimeField("首次联系时间", null=True, blank=True)
    contact_note = models.CharField("联系情况", max_length=200, blank=True, default="")
    due_at = models.DateTimeField("办理时限")
    paused_at = models.DateTimeField("暂停时间", null=True, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answer = models.CharField("办理结果", max_length=1000, blank=True, default="")
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    repeat_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeats")
    # A dispute that was turned down comes back for good.
    returnable = models.BooleanField("可以退单", default=True)
    exclusion = models.CharField("剔除原因", max_length=12, choices=Exclusion.choices, blank=True, default="")
    exclusion_note = models.CharField("剔除说明", max_length=200, blank=True, default="")
    monthly_topic = models.ForeignKey(MonthlyTopic, models.PROTECT, null=True, blank=True, related_name="orders")
    client_key = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        db_table = "hotline_order"
        indexes = [
            models.Index(fields=["community_code", "state", "-id"], name="hotline_community_state"),
            models.Index(fields=["street_code", "state", "-id"], name="hotline_street_state"),
            models.Index(fields=["district_code", "state", "-id"], name="hotline_district_state"),
            models.Index(fields=["state", "due_at"], name="hotline_due"),
            models.Index(fields=["caller_index", "-id"], name="hotline_caller"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="hotline_number_once"),
            models.CheckConstraint(condition=~Q(owner_name=""), name="hotline_has_owner"),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "closed"]) | Q(answered_at__isnull=False),
                name="hotline_answered_has_time",
            ),
        ]


class Helper(models.Model):
    """A department that helps the lead with a part, and what it reports back (协办)."""

    SCOPE = Scope(area="order")

    order = models.ForeignKey(HotlineOrder, models.CASCADE, related_name="helpers")
    unit = models.CharField("协办单位", max_length=60)
    task = models.CharField("协办事项", max_length=200)
    asked_at = models.DateTimeField("请求时间")
    report = models.CharField("办理反馈", max_length=500, blank=True, default="")
    reported_at = models.DateTimeField("反馈时间", null=True, blank=True)

    class Meta:
        db_table = "hotline_helper"
        constraints = [models.UniqueConstraint(fields=["order", "unit"], name="hotline_helper_once")]


class Request(models.Model):
    """What the unit asks for with a reason, once at a time, and what the street decides."""

    SCOPE = Scope(area="order")

    order = models.ForeignKey(HotlineOrder, models.CASCADE, related_name="%(class)ss")
    reason = models.CharField("理由", max_length=300)
    asked_at = models.DateTimeField("提出时间")
    asked_by = models.BigIntegerField("提出账号")
    agreed = models.BooleanField("同意", null=True)
    decision = models.CharField("意见", max_length=300, blank=True, default="")
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    decided_by = models.BigIntegerField("决定账号", null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(agreed=None), name="hotline_one_open_%(class)s")
        ]


class Dispute(Request):
    """The unit says that an order is not its own (派单争议)."""

    class Meta(Request.Meta):
        db_table = "hotline_dispute"


class Extension(Request):
    """The unit asks for more time (延期)."""

    until = models.DateTimeField("延到")

    class Meta(Request.Meta):
        db_table = "hotline_extension"


class Pause(models.Model):
    """A time in which the clock of an order stood still, and by which rule."""

    SCOPE = Scope(area="order")

    order = models.ForeignKey(HotlineOrder, models.CASCADE, related_name="pauses")
    rule = models.CharField("暂停依据", max_length=10, choices=PauseRule.choices)
    note = models.CharField("说明", max_length=200)
    began_at = models.DateTimeField("开始")
    ended_at = models.DateTimeField("结束", null=True, blank=True)

    class Meta:
        db_table = "hotline_pause"
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")), name="hotline_pause_forward"
            )
        ]


class Satisfaction(models.TextChoices):
    """What the caller says of the work."""

    SATISFIED = "satisfied", "满意"
    BASICALLY = "basically", "基本满意"
    DISSATISFIED = "dissatisfied", "不满意"


class HotlineCall(models.Model):
    """The call-back after the limit: whether the caller was reached, whether it is solved, and how they find it."""

    SCOPE = Scope(area="order")

    order = models.OneToOneField(HotlineOrder, models.CASCADE, related_name="call")
    called_at = models.DateTimeField("回访时间")
    called_by = models.BigIntegerField("回访账号")
    reached = models.BooleanField("联系上了")
    solved = models.BooleanField("解决了", null=True)
    satisfaction = models.CharField("满意度", max_length=12, choices=Satisfaction.choices, blank=True, default="")
    comment = models.CharField("诉求人怎么说", max_length=300, blank=True, default="")

    class Meta:
        db_table = "hotline_call"
        constraints = [
            models.CheckConstraint(
                condition=Q(reached=False, solved=None, satisfaction="")
                | (Q(reached=True, solved__isnull=False) & ~Q(satisfaction="")),
                name="hotline_call_whole",
            )
        ]
