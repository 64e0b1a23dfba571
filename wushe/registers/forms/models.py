"""A form and its versions: a draft is edited, a published version never changes, so that old answers stay readable."""

from django.db import models
from django.db.models import Q

from wushe.foundation.scope import Placed, Scope


class Form(Placed):
    """What an office asks for one purpose. It belongs to the area of the office and serves all below it."""

    SCOPE = Scope(area="")

    title = models.CharField("表名", max_length=60)
    lead = models.CharField("用途", max_length=200, blank=True, default="")
    made_at = models.DateTimeField("建立时间")
    made_by = models.BigIntegerField("建立账号")
    ended_on = models.DateField("停用日期", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "forms_form"
        constraints = [models.UniqueConstraint(fields=["area_code", "title"], name="forms_one_title")]

    def __str__(self) -> str:
        return self.title


class VersionState(models.TextChoices):
    """Whether a version may still be edited, is asked, or was asked."""

    DRAFT = "draft", "编辑中"
    PUBLISHED = "published", "使用中"
    REPLACED = "replaced", "已被新版代替"


class FormVersion(models.Model):
    """One version of a form: its questions as data."""

    SCOPE = Scope(area="form")

    form = models.ForeignKey(Form, models.PROTECT, related_name="versions")
    number = models.IntegerField("版次")
    state = models.CharField("状态", max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    questions = models.JSONField("题目", default=list)
    digest = models.CharField("内容摘要", max_length=64, blank=True, default="")
    made_at = models.DateTimeField("建立时间")
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    source = models.CharField("来源", max_length=60, blank=True, default="")

    class Meta:
        db_table = "forms_version"
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="forms_version_once"),
            models.UniqueConstraint(fields=["form"], condition=Q(state="draft"), name="forms_one_draft"),
            models.UniqueConstraint(fields=["form"], condition=Q(state="published"), name="forms_one_published"),
        ]
