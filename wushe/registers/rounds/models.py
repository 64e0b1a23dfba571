"""Rounds: one spreadsheet on its way into a register, its rows sealed, and what an office calls its columns."""

from django.db import models
from django.db.models import Q

from wushe.foundation.scope import Placed, Scope


class RoundState(models.TextChoices):
    """Where a round is."""

    UPLOADED = "uploaded", "待读取"
    PREVIEWED = "previewed", "待确认"
    COMMITTING = "committing", "正在导入"
    COMMITTED = "committed", "已导入"
    FAILED = "failed", "未完成"
    DISCARDED = "discarded", "已放弃"
    RETURNING = "returning", "正在撤回"
    RETURNED = "returned", "已撤回"


class ImportRound(Placed):
    """One spreadsheet from upload to result, its uploader's own. `area_code` is the office: where the uploader's grant is."""

    SCOPE = Scope(area="")

    register = models.CharField("登记册", max_length=20)
    filename = models.CharField("文件名", max_length=120)
    size = models.BigIntegerField("字节数")
    state = models.CharField("状态", max_length=12, choices=RoundState.choices)
    uploaded_by = models.BigIntegerField("上传账号")
    role_code = models.CharField("身份", max_length=40)
    uploaded_at = models.DateTimeField("上传时间")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    # The headings of all sheets, what each means, what was left out: words of the form, never of its rows.
    layout = models.JSONField("表头", default=dict)
    rows = models.IntegerField("行数", default=0)
    rows_checked = models.IntegerField("已检查", default=0)
    rows_written = models.IntegerField("已写入", default=0)
    created = models.IntegerField("新增", default=0)
    updated = models.IntegerField("更新", default=0)
    unchanged = models.IntegerField("不变", default=0)
    refused = models.IntegerField("不能导入", default=0)
    remarked = models.IntegerField("有提示", default=0)
    taken_back = models.IntegerField("已撤回", default=0)
    # What could not be taken back because of what happened since: [model, id, why], the first fifty.
    stayed = models.JSONField("没有撤回的", default=list)
    message = models.CharField("说明", max_length=300, default="", blank=True)
    job = models.BigIntegerField("后台任务", null=True, blank=True)

    class Meta:
        db_table = "rounds_round"
        indexes = [models.Index(fields=["uploaded_by", "-id"], name="rounds_own")]
        constraints = [
            models.CheckConstraint(condition=Q(rows_written__lte=models.F("rows")), name="rounds_written_rows")
        ]


class PartKind(models.TextChoices):
    """What a part holds."""

    FILE = "file", "文件"
    ROWS = "rows", "数据行"
    TRAIL = "trail", "撤回依据"


class RoundPart(models.Model):
    """A piece of the file, or some of its rows with what is said about them: compressed, and sealed like every personal value."""

    round = models.ForeignKey(ImportRound, models.CASCADE, related_name="parts")
    kind = models.CharField("内容", max_length=5, choices=PartKind.choices)
    number = models.IntegerField("序号")
    content = models.BinaryField()
    # One letter for each row, so that counting and turning pages opens nothing: c u s r, and a capital where a remark stands.
    outcomes = models.TextField("各行结果", default="", blank=True)

    class Meta:
        db_table = "rounds_part"
        constraints = [models.UniqueConstraint(fields=["round", "kind", "number"], name="rounds_part_once")]


class HeadingMemory(Placed):
    """What an office means by a heading of its own; an empty column means that it is left out."""

    SCOPE = Scope(area="")

    register = models.CharField("登记册", max_length=20)
    heading = models.CharField("表头", max_length=60)
    column = models.CharField("列", max_length=50, blank=True, default="")
    learnt_at = models.DateTimeField("记住时间")

    class Meta:
        db_table = "rounds_heading"
        constraints = [models.UniqueConstraint(fields=["area_code", "register", "heading"], name="rounds_heading_once")]
