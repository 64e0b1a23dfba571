"""A phone or tablet on which an account keeps work that has not been sent yet."""

from django.db import models


class Device(models.Model):
    """One browser of one account, by a number it made itself; never what is on it."""

    user_id = models.BigIntegerField("账号")
    key = models.CharField("编号", max_length=36)
    label = models.CharField("样子", max_length=60, blank=True, default="")
    first_seen_at = models.DateTimeField("首次使用")
    last_seen_at = models.DateTimeField("最近联网")
    skew_seconds = models.IntegerField("时钟偏差（秒）", default=0)
    wipe_asked_at = models.DateTimeField("要求清除", null=True, blank=True)
    wiped_at = models.DateTimeField("已清除", null=True, blank=True)

    class Meta:
        db_table = "devices_device"
        constraints = [models.UniqueConstraint(fields=["user_id", "key"], name="devices_once")]
