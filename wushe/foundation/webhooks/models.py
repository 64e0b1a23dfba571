"""Webhooks: who is told of which events, and how each telling went."""

from django.db import models
from django.db.models import Q

from wushe.foundation.access.models import Grant
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.scope import Scope


class Subscription(models.Model):
    """An address that is told of events of some kinds, as far as one grant may see them."""

    SCOPE = Scope(area="grant")

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="subscriptions")
    name = models.CharField("名称", max_length=60)
    url = models.CharField("接收地址", max_length=500)
    kinds = models.JSONField("事件", default=list)
    # Sealed: it must be read back to sign with, so a digest will not do.
    secret = models.TextField()
    made_at = models.DateTimeField("开通时间")
    made_by = models.BigIntegerField("开通账号")
    stopped_at = models.DateTimeField("停止时间", null=True, blank=True)
    stop_reason = models.CharField("停止原因", max_length=80, blank=True, default="")
    ended_at = models.DateTimeField("删除时间", null=True, blank=True)

    class Meta:
        db_table = "webhooks_subscription"

    def __str__(self) -> str:
        return self.name


class DeliveryState(models.TextChoices):
    """How the telling of one event stands."""

    WAITING = "waiting", "待推送"
    DELIVERED = "delivered", "已送达"


class Delivery(models.Model):
    """One event for one address. It waits until it has arrived; those behind it wait as well."""

    SCOPE = Scope(area="subscription__grant")

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries")
    entry = models.ForeignKey(JournalEntry, models.PROTECT, db_constraint=False, related_name="+")
    again = models.BooleanField("补推", default=False)
    state = models.CharField("状态", max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.IntegerField("已试次数", default=0)
    next_try_at = models.DateTimeField("下次推送")
    delivered_at = models.DateTimeField("送达时间", null=True, blank=True)
    status = models.IntegerField("应答码", null=True, blank=True)
    fault = models.CharField("未送达原因", max_length=80, blank=True, default="")
    milliseconds = models.IntegerField("用时（毫秒）", null=True, blank=True)

    class Meta:
        db_table = "webhooks_delivery"
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "entry"], condition=Q(again=False), name="webhooks_delivery_once"
            )
        ]
        indexes = [
            models.Index(fields=["subscription", "id"], condition=Q(state="waiting"), name="webhooks_waiting"),
            models.Index(fields=["subscription", "-id"], name="webhooks_log"),
            models.Index(fields=["delivered_at"], name="webhooks_delivered"),
        ]
