"""Who is to be visited how often, by whose name; each contact; and the search for somebody who does not answer."""

from django.db import models
from django.db.models import Q

from wushe.chain.orders.models import Order
from wushe.foundation.scope import Placed, Scope
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person


class Risk(models.TextChoices):
    """How closely somebody is looked after; the days behind each are presets."""

    HIGH = "high", "高风险"
    KEY = "key", "重点"
    GENERAL = "general", "一般"


class PlanState(models.TextChoices):
    """Whether somebody is visited at present."""

    ACTIVE = "active", "探访中"
    PAUSED = "paused", "暂停探访"
    ENDED = "ended", "已退出"


class PauseReason(models.TextChoices):
    """Why somebody is not visited for a while."""

    HOSPITAL = "hospital", "住院"
    CARE_HOME = "care_home", "住进养老机构"
    AWAY = "away", "外出或住在亲属家"


class VisitPlan(Placed):
    """One person under regular visits. An overdue visit always has somebody's name on it."""

    SCOPE = Scope(area="")

    person = models.ForeignKey(Person, models.PROTECT, related_name="visit_plans")
    risk = models.CharField("风险等级", max_length=8, choices=Risk.choices)
    why = models.CharField("依据", max_length=60)
    by_hand = models.BooleanField("人工确定等级", default=False)
    interval_days = models.IntegerField("间隔（天）")
    owner_id = models.BigIntegerField("责任人账号")
    owner_name = models.CharField("责任人", max_length=40)
    # Who is sent when a visit comes due; without one the owner goes.
    carrier = models.ForeignKey(Organisation, models.SET_NULL, null=True, blank=True, related_name="+")
    order = models.ForeignKey(Order, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField("状态", max_length=8, choices=PlanState.choices, default=PlanState.ACTIVE)
    begun_on = models.DateField("纳入日期")
    seen_on = models.DateField("上次见到", null=True, blank=True)
    due_on = models.DateField("应探访日期")
    late_on = models.DateField("逾期日期")
    pause_reason = models.CharField("暂停原因", max_length=10, choices=PauseReason.choices, blank=True, default="")
    paused_on = models.DateField("暂停日期", null=True, blank=True)
    ended_on = models.DateField("退出日期", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "due_visits_plan"
        indexes = [
            models.Index(fields=["community_code", "state", "due_on"], name="due_visits_community"),
            models.Index(fields=["street_code", "state", "due_on"], name="due_visits_street"),
            models.Index(fields=["district_code", "state", "due_on"], name="due_visits_district"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=~Q(state="ended"), name="due_visits_once"),
            models.CheckConstraint(condition=~Q(owner_name=""), name="due_visits_has_owner"),
            models.CheckConstraint(condition=Q(interval_days__gte=1), name="due_visits_interval"),
            models.CheckConstraint(condition=Q(late_on__gte=models.F("due_on")), name="due_visits_grace"),
            models.CheckConstraint(
                condition=~Q(state="paused") | (~Q(pause_reason="") & Q(paused_on__isnull=False)),
                name="due_visits_pause_says_why",
            ),
        ]


class SearchStep(models.TextChoices):
    """How far the search for somebody who does not answer has come."""

    DOOR = "door", "待上门查看"
    FAMILY = "family", "待联系家属"
    POLICE = "police", "待请公安协助"
    FOUND = "found", "已确认平安"


class NoAnswer(Placed):
    """Somebody did not answer twice in one day: the door is looked at the same day, then family, then the police."""

    SCOPE = Scope(area="")

    plan = models.ForeignKey(VisitPlan, models.PROTECT, related_name="searches")
    state = models.CharField("进展", max_length=8, choices=SearchStep.choices, default=SearchStep.DOOR)
    opened_at = models.DateTimeField("开始时间")
    due_at = models.DateTimeField("本步时限")
    owner_name = models.CharField("责任人", max_length=40)
    closed_at = models.DateTimeField("确认时间", null=True, blank=True)
    outcome = models.CharField("结果", max_length=200, blank=True, default="")

    class Meta:
        db_table = "due_visits_no_answer"
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=~Q(state="found"), name="due_visits_one_search"),
            models.CheckConstraint(
                condition=~Q(state="found") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="due_visits_found_says_how",
            ),
        ]


class Way(models.TextChoices):
    """In which way somebody was seen or asked after (each accepted by the visiting rules)."""

    HOME = "home", "上门探访"
    PAIRING = "pairing", "结对党员、志愿者上门"
    SERVICE = "service", "上门服务时见到"
    CALL = "call", "电话、视频"
    NEIGHBOUR = "neighbour", "亲属、邻居告知"
    DEVICE = "device", "智能设备"
    POLICE = "police", "公安协助"


SEEN = (Way.HOME, Way.PAIRING, Way.SERVICE, Way.POLICE)
"""The ways in which somebody is seen with one's own eyes."""


class Contact(models.Model):
    """One try to see or reach somebody, whether they answered, and whether it counts as the visit that was due."""

    SCOPE = Scope(area="plan")

    plan = models.ForeignKey(VisitPlan, models.CASCADE, related_name="contacts")
    on = models.DateField("日期")
    way = models.CharField("方式", max_length=10, choices=Way.choices)
    answered = models.BooleanField("有回应")
    counts = models.BooleanField("计入探访")
    note = models.CharField("情况", max_length=200, blank=True, default="")
    by_id = models.BigIntegerField("记录账号")
    by_name = models.CharField("探访人", max_length=40)
    recorded_at = models.DateTimeField("记录时间")
    # The visit of the chain in which the person was seen; counted once.
    visit_id = models.BigIntegerField("上门编号", null=True, blank=True, unique=True)
    search = models.ForeignKey(NoAnswer, models.SET_NULL, null=True, blank=True, related_name="tries")

    class Meta:
        db_table = "due_visits_contact"
        indexes = [models.Index(fields=["plan", "-on", "-id"], name="due_visits_contacts")]
        constraints = [models.CheckConstraint(condition=Q(answered=True) | Q(counts=False), name="due_visits_counts")]


class PairKind(models.TextChoices):
    """Who stands by somebody."""

    NEIGHBOUR = "neighbour", "邻里互助（低龄帮高龄）"
    VOLUNTEER = "volunteer", "志愿者结对"
    PARTY = "party", "党员结对"


class PairState(models.TextChoices):
    """Whether a pair stands."""

    STANDING = "standing", "结对中"
    ENDED = "ended", "已结束"


class PairEnd(models.TextChoices):
    """Why a pair has ended."""

    HELPER = "helper", "帮扶人不能继续"
    WISH = "wish", "被帮扶人不愿继续"
    MOVED = "moved", "搬家、迁出"
    DIED = "died", "去世"
    CARE = "care", "转由专业服务照护"
    MET = "met", "不再需要"


class Pair(Placed):
    """A lasting bond of support: who looks in on whom, how often, and when next. A late look-in bears two names."""

    SCOPE = Scope(area="", holders={
        "volunteer": lambda pk: Q(helper__posts__pk=pk), "resident": lambda pk: Q(helper=pk),
    })  # fmt: skip

    person = models.ForeignKey(Person, models.PROTECT, related_name="pairs")
    helper = models.ForeignKey(Person, models.PROTECT, related_name="pairs_helped")
    kind = models.CharField("类型", max_length=10, choices=PairKind.choices)
    words = models.CharField("做什么", max_length=120, blank=True, default="")
    interval_days = models.IntegerField("多少天联系一次")
    owner_id = models.BigIntegerField("责任人账号")
    owner_name = models.CharField("责任人", max_length=40)
    state = models.CharField("状态", max_length=10, choices=PairState.choices, default=PairState.STANDING)
    begun_on = models.DateField("结对日期")
    seen_on = models.DateField("上次联系上", null=True, blank=True)
    due_on = models.DateField("应联系日期")
    late_on = models.DateField("逾期日期")
    ended_on = models.DateField("结束日期", null=True, blank=True)
    end_reason = models.CharField("结束原因", max_length=8, choices=PairEnd.choices, blank=True, default="")
    end_words = models.CharField("结束说明", max_length=200, blank=True, default="")
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "due_visits_pair"
        indexes = [
            models.Index(fields=["community_code", "state", "due_on"], name="due_visits_pair_community"),
            models.Index(fields=["street_code", "state", "due_on"], name="due_visits_pair_street"),
            models.Index(fields=["district_code", "state", "due_on"], name="due_visits_pair_district"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "helper"], condition=Q(state="standing"), name="due_visits_pair_once"
            ),
            models.CheckConstraint(condition=~Q(person=models.F("helper")), name="due_visits_pair_two"),
            models.CheckConstraint(condition=Q(interval_days__gte=1), name="due_visits_pair_interval"),
            models.CheckConstraint(condition=Q(late_on__gte=models.F("due_on")), name="due_visits_pair_grace"),
            models.CheckConstraint(
                condition=Q(state="standing") | (~Q(end_reason="") & Q(ended_on__isnull=False)),
                name="due_visits_pair_end_says_why",
            ),
        ]


class Finding(models.TextChoices):
    """What a look-in found; two of the four go to the needs queue."""

    SEEN = "seen", "见到了，都好"
    CALLED = "called", "电话里都好"
    HELP = "help", "有事要帮忙"
    NO_ANSWER = "no_answer", "没有回应"


class LookIn(models.Model):
    """One look-in of a pair: what was found, by whom, and the need that came of it."""

    SCOPE = Scope(area="pair")

    pair = models.ForeignKey(Pair, models.PROTECT, related_name="look_ins")
    on = models.DateField("日期")
    finding = models.CharField("情况", max_length=10, choices=Finding.choices)
    note = models.CharField("说明", max_length=200, blank=True, default="")
    by_name = models.CharField("谁记的", max_length=40)
    by_id = models.BigIntegerField("记录账号")
    recorded_at = models.DateTimeField("记录时间")
    need_id = models.BigIntegerField("转出的需求", null=True, blank=True, unique=True)

    class Meta:
        db_table = "due_visits_look_in"
        indexes = [models.Index(fields=["pair", "-id"], name="due_visits_look_ins")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(finding__in=["help", "no_answer"]) | Q(need_id__isnull=False),
                name="due_visits_look_in_is_told",
            )
        ]


class Change(models.TextChoices):
    """After what somebody is visited within a day."""

    FALL = "fall", "摔倒、急病"
    DISCHARGE = "discharge", "出院"
    BEREAVEMENT = "bereavement", "亲人去世"
    OTHER = "other", "其他重大变故"


class CarePeriodKind(models.TextChoices):
    """Why people are visited more often for a while."""

    FESTIVAL = "festival", "节日"
    WEATHER = "weather", "恶劣天气"


class CarePeriod(Placed):
    """Days of a festival or of bad weather, in which visits come due earlier (关爱期)."""

    SCOPE = Scope(area="")

    title = models.CharField("名称", max_length=40)
    kind = models.CharField("类型", max_length=10, choices=CarePeriodKind.choices)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    declared_at = models.DateTimeField("发布时间")
    declared_by = models.BigIntegerField("发布账号")

    class Meta:
        db_table = "due_visits_care_period"
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="due_visits_period_forward")
        ]
