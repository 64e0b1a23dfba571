"""Tickets for two records that may be one person, and merges with all that is needed to undo them."""

from django.db import models
from django.db.models import F, Q

from wushe.foundation.actor import Actor
from wushe.foundation.roles import Reach
from wushe.foundation.scope import Placed, Scope, within
from wushe.registers.people.models import Person


class TicketState(models.TextChoices):
    """Where a ticket stands."""

    OPEN = "open", "待处理"
    ASKED = "asked", "等对方答复"
    MERGED = "merged", "已合并"
    APART = "apart", "不是同一人"
    LAPSED = "lapsed", "已失效"


class Grade(models.IntegerChoices):
    """How much speaks for one person."""

    POSSIBLE = 1, "可能"
    LIKELY = 2, "很可能"


class Answer(models.TextChoices):
    """What the other desk says."""

    SAME = "same", "是同一人"
    DIFFERENT = "different", "不是同一人"
    UNSURE = "unsure", "无法确认"


class EitherPlace(Scope):
    """A ticket is seen from the place of either record."""

    def condition(self, actor: Actor) -> Q | None:
        """Return the condition on tickets that the actor may see, None for nothing at all."""
        if actor.reach is not Reach.AREA:
            return None
        if not actor.area_code:
            return Q()
        other = Q(other_area_code__gte=actor.area_code, other_area_code__lt=actor.area_code + ":")
        return within(actor.area_code) | other


class Ticket(Placed):
    """Two records that may be one person. The older one is `first` and stays if they are merged."""

    SCOPE = EitherPlace()

    first = models.ForeignKey(Person, models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, models.PROTECT, related_name="+")
    other_area_code = models.CharField("另一条的区划代码", max_length=24)
    evidence = models.CharField("相同之处", max_length=80)
    grade = models.IntegerField("把握", choices=Grade.choices)
    state = models.CharField("状态", max_length=8, choices=TicketState.choices, default=TicketState.OPEN)
    found_at = models.DateTimeField("发现时间")
    asked_area_code = models.CharField("询问的社区", max_length=24, blank=True, default="")
    question = models.CharField("问题", max_length=300, blank=True, default="")
    answer = models.CharField("答复", max_length=10, choices=Answer.choices, blank=True, default="")
    answer_words = models.CharField("答复说明", max_length=300, blank=True, default="")
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    reason = models.CharField("处理说明", max_length=300, blank=True, default="")

    class Meta:
        db_table = "duplicates_ticket"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicates_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicates_older_first"),
        ]
        indexes = [
            models.Index(fields=["community_code", "state", "-id"], name="duplicates_community"),
            models.Index(fields=["street_code", "state", "-id"], name="duplicates_street"),
            models.Index(fields=["district_code", "state", "-id"], name="duplicates_district"),
            models.Index(fields=["other_area_code", "state"], name="duplicates_other"),
        ]


class Merge(models.Model):
    """One record taken into another: the values before and after, and every row that followed."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="merges")
    survivor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    absorbed = models.ForeignKey(Person, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField("合并时间")
    # Protected values stand here as they do in the register: encrypted.
    before = models.JSONField("合并前")
    after = models.JSONField("合并后")
    moved = models.JSONField("随之转移的记录")
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        db_table = "duplicates_merge"
        constraints = [
            models.UniqueConstraint(fields=["absorbed"], condition=Q(undone_at=None), name="duplicates_absorbed_once")
        ]
