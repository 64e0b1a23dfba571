"""What a desk keeps: views saved under a name, and changes of many rows that can still be taken back."""

from django.db import models


class SavedView(models.Model):
    """A way to look at a register, by codes only: what somebody typed into the search is never kept."""

    user_id = models.BigIntegerField("账号")
    register = models.CharField("台账", max_length=40)
    name = models.CharField("名称", max_length=20)
    query = models.JSONField("筛选条件", default=dict)
    shared = models.BooleanField("本单位共用", default=False)
    office = models.CharField("单位区划", max_length=24, blank=True, default="")
    organisation_id = models.BigIntegerField("机构", null=True, blank=True)
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        db_table = "desk_saved_view"
        constraints = [
            models.UniqueConstraint(fields=["user_id", "register", "name"], name="desk_view_once"),
        ]
        indexes = [models.Index(fields=["register", "office"], name="desk_view_office")]


class BulkChange(models.Model):
    """One act on many rows: which rows, and for each what undoing needs. It can be undone once, for a while."""

    register = models.CharField("台账", max_length=40)
    act = models.CharField("事项", max_length=40)
    values = models.JSONField("填写内容", default=dict)
    rows = models.JSONField("记录", default=list)
    user_id = models.BigIntegerField("操作账号")
    at = models.DateTimeField("时间")
    undone_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        db_table = "desk_bulk_change"
        indexes = [models.Index(fields=["user_id", "-id"], name="desk_bulk_user")]
