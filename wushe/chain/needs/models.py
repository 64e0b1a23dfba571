"""Needs: what residents ask for or are found to need; every channel ends in this one queue."""

from django.db import models
from django.db.models import Q

from wushe.foundation.scope import Placed, Scope
from wushe.registers.catalogue.models import Item, Package, Responsibility
from wushe.registers.people.models import Consent, Person


class Channel(models.TextChoices):
    """How a need reached the queue; kept for ever."""

    DOOR_KNOCK = "door_knock", "敲门走访"
    SCOUT = "scout", "排困员"
    WALK_IN = "walk_in", "到社区反映"
    PHONE = "phone", "电话"
    SELF_ORDER = "self_order", "居民自己点单"
    ON_BEHALF = "on_behalf", "代办申请"
    HOTLINE = "hotline", "接诉即办"
    DUE_VISIT = "due_visit", "到期探访"
    WISH = "wish", "微心愿"
    MEETING = "meeting", "坝坝会"
    ALARM = "alarm", "紧急呼叫"


class Urgency(models.TextChoices):
    """How soon a need must be answered; the hours behind each are presets."""

    NOW = "now", "特急"
    DAY = "day", "紧急"
    WEEK = "week", "一般"
    FORTNIGHT = "fortnight", "可缓"


class NeedState(models.TextChoices):
    """Where a need stands in its chain."""

    RECORDED = "recorded", "待研判"
    TRIAGED = "triaged", "待链接"
    LINKED = "linked", "待下单"
    IN_SERVICE = "in_service", "服务中"
    MET = "met", "已满足"
    REFERRED = "referred", "已转介"
    CLOSED = "closed", "已关闭"


class Need(Placed):
    """One need of one person, in the person's own words until triage names the service that answers it."""

    SCOPE = Scope(area="", holders={
        "resident": lambda pk: Q(person_id=pk)
        | Q(person__relations__relative_id=pk, person__relations__may_act=True)
    })  # fmt: skip

    person = models.ForeignKey(Person, models.PROTECT, related_name="needs")
    channel = models.CharField("来源", max_length=12, choices=Channel.choices)
    words = models.TextField("居民原话")
    scene = models.CharField("场景", max_length=40, blank=True, default="")
    wanted_on = models.DateField("希望日期", null=True, blank=True)
    wanted_from = models.IntegerField("希望最早（当日分钟数）", null=True, blank=True)
    wanted_until = models.IntegerField("希望最晚（当日分钟数）", null=True, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by = models.BigIntegerField("登记账号")
    state = models.CharField("状态", max_length=12, choices=NeedState.choices, default=NeedState.RECORDED)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True)
    package = models.ForeignKey(Package, models.PROTECT, null=True, blank=True)
    urgency = models.CharField("紧急程度", max_length=10, choices=Urgency.choices, blank=True, default="")
    responsible_party = models.CharField(
        "责任方", max_length=12, choices=Responsibility.choices, blank=True, default=""
    )
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    due_at = models.DateTimeField("办理时限", null=True, blank=True)
    triaged_at = models.DateTimeField("研判时间", null=True, blank=True)
    met_at = models.DateTimeField("满足时间", null=True, blank=True)
    outcome = models.CharField("办理说明", max_length=300, blank=True, default="")
    client_key = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        db_table = "needs_need"
        indexes = [
            models.Index(fields=["community_code", "state", "-id"], name="needs_community_state"),
            models.Index(fields=["street_code", "state", "-id"], name="needs_street_state"),
            models.Index(fields=["district_code", "state", "-id"], name="needs_district_state"),
            models.Index(fields=["person", "-id"], name="needs_person"),
            models.Index(fields=["state", "due_at"], name="needs_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["recorded", "referred", "closed"])
                | Q(item__isnull=False, triaged_at__isnull=False),
                name="needs_triaged_has_item",
            ),
            models.CheckConstraint(condition=~Q(state="met") | Q(met_at__isnull=False), name="needs_met_has_time"),
        ]


class TriageLesson(models.Model):
    """What the desk's choices have taught up to a day: counts of short stretches of words, never a sentence."""

    SCOPE = Scope(area=None)

    fitted_at = models.DateTimeField("学习时间")
    last_choice = models.BigIntegerField("学到第几条选择")
    examples = models.IntegerField("学习条数")
    counts = models.JSONField("计数")

    class Meta:
        db_table = "needs_triage_lesson"


class TriageChoice(Placed):
    """One decision of the desk beside what triage had offered: it can be counted, and the next fitting learns from it."""

    SCOPE = Scope(area="")

    need = models.ForeignKey(Need, models.PROTECT, related_name="triage_choices")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    # Codes of the services that were offered, the likeliest first; rank 0: the desk chose another.
    offered = models.JSONField("当时的建议", default=list)
    rank = models.SmallIntegerField("选中第几条", default=0)
    urgency_offered = models.CharField("建议的紧急程度", max_length=10, choices=Urgency.choices)
    urgency = models.CharField("选定的紧急程度", max_length=10, choices=Urgency.choices)
    decided_at = models.DateTimeField("研判时间")
    decided_by = models.BigIntegerField("研判账号")
    lesson = models.ForeignKey(TriageLesson, models.PROTECT, null=True, blank=True, related_name="choices")

    class Meta:
        db_table = "needs_triage_choice"
        indexes = [
            models.Index(fields=["street_code", "-decided_at"], name="needs_choice_street"),
            models.Index(fields=["district_code", "-decided_at"], name="needs_choice_district"),
        ]


class ApplicationState(models.TextChoices):
    """Where an application on somebody's behalf stands."""

    WAITING = "waiting", "等本人同意"
    ACCEPTED = "accepted", "已受理"
    REFUSED = "refused", "本人不同意"


class Basis(models.TextChoices):
    """Why somebody else may ask for a person."""

    RELATION = "relation", "登记的监护、照护或近亲属"
    CONSENT = "consent", "本人同意"


class Application(Placed):
    """What somebody asks for another person; it becomes a need only on a registered relation or a recorded consent."""

    SCOPE = Scope(area="")

    person = models.ForeignKey(Person, models.PROTECT, related_name="applications", verbose_name="居民")
    relative = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记的关系人"
    )
    applicant_name = models.CharField("代办人", max_length=40)
    tie = models.CharField("和居民的关系", max_length=40, blank=True, default="")
    words = models.TextField("代办人怎么说")
    state = models.CharField("状态", max_length=10, choices=ApplicationState.choices, default=ApplicationState.WAITING)
    basis = models.CharField("依据", max_length=10, choices=Basis.choices, blank=True, default="")
    # The consent under which it was accepted: its purpose and the version of the notice stand there.
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, blank=True, related_name="+")
    applied_at = models.DateTimeField("申请时间")
    asker_name = models.CharField("谁去问本人", max_length=40)
    ask_by = models.DateTimeField("问本人的期限")
    need = models.OneToOneField(Need, models.PROTECT, null=True, blank=True, related_name="application")
    outcome = models.CharField("结果说明", max_length=200, blank=True, default="")
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "needs_application"
        indexes = [
            models.Index(fields=["community_code", "state", "-id"], name="needs_application_community"),
            models.Index(fields=["street_code", "state", "-id"], name="needs_application_street"),
            models.Index(fields=["district_code", "state", "-id"], name="needs_application_district"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="accepted")
                | (
                    Q(need__isnull=False)
                    & (Q(basis="relation", relative__isnull=False) | Q(basis="consent", consent__isnull=False))
                ),
                name="needs_application_has_basis",
            ),
            models.CheckConstraint(condition=~Q(asker_name=""), name="needs_application_has_asker"),
        ]
