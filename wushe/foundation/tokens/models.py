"""Tokens: what a machine shows instead of a password. Only a digest is kept, so nobody can read one back."""

from django.db import models
from django.db.models import Q

from wushe.foundation.access.models import Grant
from wushe.foundation.scope import Scope


class TokenKind(models.TextChoices):
    """What a token opens."""

    API = "api", "数据接口"
    CALENDAR = "calendar", "日历订阅"
    COLLECT = "collect", "走访软件"


class Token(models.Model):
    """A secret that stands for one grant, narrowed to some of its rights and to a time."""

    SCOPE = Scope(area="grant")

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="tokens")
    kind = models.CharField("用途", max_length=10, choices=TokenKind.choices)
    name = models.CharField("名称", max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    tail = models.CharField("末四位", max_length=4)
    permissions = models.JSONField("限定的权限", null=True, blank=True)
    read_only = models.BooleanField("只读", default=True)
    per_minute = models.IntegerField("每分钟次数", default=120)
    made_at = models.DateTimeField("开通时间")
    made_by = models.BigIntegerField("开通账号")
    expires_on = models.DateField("到期日期")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)
    # The day and no more: when somebody works is nobody's business.
    last_used_on = models.DateField("最近使用", null=True, blank=True)

    class Meta:
        db_table = "tokens_token"
        constraints = [
            models.CheckConstraint(condition=Q(per_minute__gte=1), name="tokens_rate_positive"),
            models.UniqueConstraint(
                fields=["grant"], condition=Q(kind="calendar", revoked_at=None), name="tokens_one_calendar"
            ),
            models.UniqueConstraint(
                fields=["grant"], condition=Q(kind="collect", revoked_at=None), name="tokens_one_collect"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（…{self.tail}）"
