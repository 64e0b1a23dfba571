"""A lead: what a scout has noticed, and what the desk made of it."""

from django.db import models
from django.db.models import Q

from wushe.chain.needs.models import Need
from wushe.foundation.scope import Placed, Scope
from wushe.registers.workforce.models import Worker


class LeadState(models.TextChoices):
    """Where a lead stands."""

    SENT = "sent", "待处理"
    RAISED = "raised", "已转为需求"
    JOINED = "joined", "已并入需求"
    CLOSED = "closed", "已关闭"


CONFIRMED = (LeadState.RAISED, LeadState.JOINED)


class Lead(Placed):
    """What a scout noticed, in the scout's words. It becomes a need of somebody, joins one that is open, or is closed."""

    SCOPE = Scope(area="", holders={"volunteer": lambda pk: Q(scout_id=pk), "carer": lambda pk: Q(scout_id=pk)})

    words = models.TextField("发现了什么")
    scout = models.ForeignKey(Worker, models.PROTECT, null=True, blank=True, related_name="leads")
    scout_name = models.CharField("排困员", max_length=40)
    sent_at = models.DateTimeField("发现时间")
    sent_by = models.BigIntegerField("登记账号")
    state = models.CharField("状态", max_length=10, choices=LeadState.choices, default=LeadState.SENT)
    need = models.ForeignKey(Need, models.PROTECT, null=True, blank=True, related_name="leads")
    answer = models.CharField("给排困员的反馈", max_length=200, blank=True, default="")
    answered_at = models.DateTimeField("反馈时间", null=True, blank=True)
    answered_by = models.BigIntegerField("反馈账号", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "scouts_lead"
        indexes = [
            models.Index(fields=["community_code", "state", "-id"], name="scouts_lead_community"),
            models.Index(fields=["street_code", "state", "-id"], name="scouts_lead_street"),
            models.Index(fields=["district_code", "state", "-id"], name="scouts_lead_district"),
            models.Index(fields=["scout", "-id"], name="scouts_lead_scout"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent") | (~Q(answer="") & Q(answered_at__isnull=False)), name="scouts_lead_answered"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["raised", "joined"]) | Q(need__isnull=False), name="scouts_lead_has_need"
            ),
        ]

    def __str__(self) -> str:
        return f"线索 {self.pk}"
