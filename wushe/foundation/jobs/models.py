"""The queue: one row for each piece of work that must not be lost."""

from django.db import models


class Outcome(models.TextChoices):
    """How a job ended; "" while it has not."""

    DONE = "done", "已完成"
    REFUSED = "refused", "未执行"
    FAILED = "failed", "失败"


class Job(models.Model):
    """A named piece of work with its arguments: codes and ids, never personal data.

    A worker holds a job by a lease: a token of its own until a time. A job whose lease has run out is free again,
    and whoever held it before can no longer end it.
    """

    name = models.CharField("任务", max_length=80)
    args = models.JSONField("参数", default=dict)
    # One job for each key, however often it is asked for; null asks for a job of its own.
    key = models.CharField("防重编号", max_length=200, null=True, blank=True, unique=True)
    priority = models.SmallIntegerField("优先级", default=0)
    enqueued_at = models.DateTimeField("提交时间")
    run_at = models.DateTimeField("计划时间")
    attempts = models.IntegerField("已试次数", default=0)
    lease_token = models.CharField(max_length=32, default="", blank=True)
    lease_until = models.DateTimeField(null=True)
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices, default="", blank=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    result = models.JSONField("返回", null=True)
    # The class of an error alone: its text may hold personal data.
    error_class = models.CharField("错误类型", max_length=120, default="", blank=True)

    class Meta:
        db_table = "jobs_job"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="", ended_at=None)
                | (~models.Q(outcome="") & models.Q(ended_at__isnull=False)),
                name="jobs_ended_with_outcome",
            )
        ]
        indexes = [
            models.Index(fields=["-priority", "run_at"], condition=models.Q(outcome=""), name="jobs_waiting"),
            models.Index(fields=["name", "-enqueued_at"], name="jobs_name"),
            models.Index(fields=["ended_at"], name="jobs_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"
