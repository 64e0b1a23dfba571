"""The journal: one row for every act, audit and outbox in one, chained by hash so that a change is found."""

from django.db import models

from wushe.foundation.scope import Placed, Scope


class Lane(models.Model):
    """The head of one hash chain.

    A transaction writes all its rows in one lane and holds it until it commits. PostgreSQL has several lanes, so
    that writers do not wait for each other; SQLite has one writer and uses the first.
    """

    seq = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64, default="")

    class Meta:
        db_table = "journal_lane"


class JournalEntry(Placed):
    """Who did what to which thing, when. Holds codes and ids, never personal data; never changed or deleted."""

    SCOPE = Scope(area="")

    lane = models.ForeignKey(Lane, models.PROTECT, db_constraint=False)
    seq = models.BigIntegerField()
    at = models.DateTimeField("时间")
    kind = models.CharField("事项", max_length=60)
    subject_kind = models.CharField("对象类型", max_length=40)
    subject_id = models.BigIntegerField("对象编号")
    actor_id = models.BigIntegerField("操作账号")
    role_code = models.CharField("身份", max_length=40)
    data = models.JSONField("内容", default=dict)
    hash = models.CharField("校验值", max_length=64)

    class Meta:
        db_table = "journal_entry"
        constraints = [models.UniqueConstraint(fields=["lane", "seq"], name="journal_lane_seq")]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="journal_subject"),
            models.Index(fields=["kind", "at"], name="journal_kind"),
            models.Index(fields=["actor_id", "at"], name="journal_actor"),
            models.Index(fields=["district_code", "id"], name="journal_district"),
            models.Index(fields=["street_code", "id"], name="journal_street"),
        ]


class Cursor(models.Model):
    """How far one handler has read one lane: delivery moves the cursor, never the rows."""

    handler = models.CharField(max_length=250)
    lane = models.ForeignKey(Lane, models.PROTECT, db_constraint=False)
    seq = models.BigIntegerField(default=0)
    failures = models.IntegerField(default=0)
    last_error = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        db_table = "journal_cursor"
        constraints = [models.UniqueConstraint(fields=["handler", "lane"], name="journal_cursor_handler_lane")]


class Anchor(models.Model):
    """The heads of all lanes at the end of a day, to be kept outside this system: a cut tail is found by it."""

    day = models.DateField("日期", unique=True)
    heads = models.JSONField("各链末端")
    hash = models.CharField("校验值", max_length=64)

    class Meta:
        db_table = "journal_anchor"
