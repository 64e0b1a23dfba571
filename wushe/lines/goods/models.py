"""Goods: articles, their stock cards at each place, batches with their origin, and every hand through which they went.

No quantity in stock is kept here: what stands where is what the books say, lot by lot.
"""

from django.db import models
from django.db.models import F, Q

from wushe.chain.needs.models import Need
from wushe.foundation.scope import Placed, Scope
from wushe.ledgers.models import Account, Entry, Lot
from wushe.registers.donors.models import Donor
from wushe.registers.facilities.models import Facility
from wushe.registers.people.models import Person

from .states import (
    ArticleKind,
    BatchState,
    ContactState,
    CountState,
    HandoutState,
    Proof,
    RecallState,
    Source,
    WriteOffReason,
    WriteOffState,
)


class Article(Placed):
    """A sort of goods as a district counts it: 5 升装玉米油，桶. What is lent comes back."""

    SCOPE = Scope(area="")

    title = models.CharField("物品", max_length=60)
    initials = models.CharField("物品拼音首字母", max_length=60, default="", blank=True)
    kind = models.CharField("类别", max_length=10, choices=ArticleKind.choices)
    unit = models.CharField("单位", max_length=10)
    lent = models.BooleanField("借用后归还", default=False)

    class Meta:
        db_table = "goods_article"
        constraints = [models.UniqueConstraint(fields=["area_code", "title"], name="goods_article_title")]

    def __str__(self) -> str:
        return self.title


class Shelf(Placed):
    """The stock card of an article at a facility: what is free, promised, lent, given out and set apart there."""

    SCOPE = Scope(area="", organisation="facility__operator_id")

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="shelves")
    article = models.ForeignKey(Article, models.PROTECT, related_name="shelves")
    stock = models.OneToOneField(Account, models.PROTECT, related_name="+")
    held = models.OneToOneField(Account, models.PROTECT, related_name="+")
    lent = models.OneToOneField(Account, models.PROTECT, related_name="+")
    out = models.OneToOneField(Account, models.PROTECT, related_name="+")
    blocked = models.OneToOneField(Account, models.PROTECT, related_name="+")

    class Meta:
        db_table = "goods_shelf"
        constraints = [models.UniqueConstraint(fields=["facility", "article"], name="goods_shelf_once")]


class Batch(Placed):
    """What came in at once from one giver: its lot in the books follows each piece from the giver to who uses it."""

    SCOPE = Scope(area="", organisation="facility__operator_id")

    number = models.CharField("批次号", max_length=30, unique=True)
    article = models.ForeignKey(Article, models.PROTECT, related_name="batches")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="batches")
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    donor = models.ForeignKey(Donor, models.PROTECT, null=True, blank=True, related_name="batches")
    supplier = models.CharField("供货或拨付单位", max_length=80, blank=True, default="")
    reference = models.CharField("发票或协议号", max_length=60, blank=True, default="")
    maker_batch = models.CharField("生产批号", max_length=40, blank=True, default="")
    expires_on = models.DateField("保质期至", null=True, blank=True)
    arrived = models.IntegerField("到货数量")
    accepted = models.IntegerField("验收合格数量", null=True, blank=True)
    unit_value_fen = models.BigIntegerField("单价或估值（分）", null=True, blank=True)
    value_basis = models.CharField("估值依据", max_length=80, blank=True, default="")
    wishes = models.CharField("捐赠意愿", max_length=200, blank=True, default="")
    received_on = models.DateField("到货日期")
    received_by = models.BigIntegerField("收货人")
    inspected_at = models.DateTimeField("验收时间", null=True, blank=True)
    inspected_by = models.BigIntegerField("验收人", null=True, blank=True)
    inspection = models.CharField("验收情况", max_length=200, blank=True, default="")
    state = models.CharField("状态", max_length=10, choices=BatchState.choices, default=BatchState.WAITING)
    lot = models.OneToOneField(Lot, models.PROTECT, null=True, blank=True, related_name="batch")
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "goods_batch"
        constraints = [
            models.CheckConstraint(condition=Q(arrived__gt=0), name="goods_arrived_above_zero"),
            models.CheckConstraint(
                condition=Q(accepted=None) | Q(accepted__gt=0, accepted__lte=F("arrived")), name="goods_accepted_bounds"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "refused"]) | Q(lot__isnull=False, accepted__isnull=False),
                name="goods_stocked_has_lot",
            ),
        ]


class Position(Placed):
    """One batch at one place: a line of the stock list."""

    SCOPE = Scope(area="", organisation="shelf__facility__operator_id")

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="positions")
    shelf = models.ForeignKey(Shelf, models.PROTECT, related_name="positions")

    class Meta:
        db_table = "goods_position"
        indexes = [models.Index(fields=["district_code", "-id"], name="goods_position_district")]
        constraints = [models.UniqueConstraint(fields=["batch", "shelf"], name="goods_position_once")]


class Distribution(Placed):
    """One distribution by the fair rule, with the rule as it was stated."""

    SCOPE = Scope(area="", organisation="shelf__facility__operator_id")

    shelf = models.ForeignKey(Shelf, models.PROTECT, related_name="distributions")
    title = models.CharField("发放名称", max_length=60)
    rule = models.CharField("分配规则", max_length=600)
    each = models.IntegerField("每户数量")
    passed_over = models.IntegerField("未分到的户数", default=0)
    made_at = models.DateTimeField("分配时间")
    made_by = models.BigIntegerField("分配人")

    class Meta:
        db_table = "goods_distribution"


class Handout(Placed):
    """Goods for one household, from the promise to the hand, and back if they were lent."""

    SCOPE = Scope(area="", organisation="shelf__facility__operator_id")

    shelf = models.ForeignKey(Shelf, models.PROTECT, related_name="handouts")
    distribution = models.ForeignKey(Distribution, models.PROTECT, null=True, blank=True, related_name="handouts")
    # Not `person`: the row stands where the goods are, and does not move house with who gets them.
    recipient = models.ForeignKey(Person, models.PROTECT, related_name="goods_handouts")
    need = models.ForeignKey(Need, models.PROTECT, null=True, blank=True, related_name="goods_handouts")
    quantity = models.IntegerField("数量")
    rank = models.IntegerField("次序", default=0)
    why = models.CharField("理由", max_length=300, blank=True, default="")
    state = models.CharField("状态", max_length=10, choices=HandoutState.choices, default=HandoutState.PROMISED)
    promised_at = models.DateTimeField("分配时间")
    promised_by = models.BigIntegerField("分配人")
    handed_at = models.DateTimeField("领取时间", null=True, blank=True)
    handed_by = models.BigIntegerField("发放人", null=True, blank=True)
    taken_by = models.CharField("谁来领的", max_length=60, blank=True, default="")
    due_on = models.DateField("应还日期", null=True, blank=True)
    returned_at = models.DateTimeField("归还时间", null=True, blank=True)
    note = models.CharField("备注", max_length=200, blank=True, default="")
    times_undone = models.IntegerField("冲正次数", default=0)
    hold_entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    out_entry = models.OneToOneField(Entry, models.PROTECT, null=True, blank=True, related_name="goods_handout")

    class Meta:
        db_table = "goods_handout"
        indexes = [
            models.Index(fields=["district_code", "state", "-id"], name="goods_handout_district"),
            models.Index(fields=["shelf", "-id"], name="goods_handout_shelf"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="goods_handout_above_zero"),
            models.CheckConstraint(
                condition=~Q(state__in=["handed", "lent", "returned"])
                | Q(out_entry__isnull=False, handed_by__isnull=False),
                name="goods_handed_has_entry",
            ),
        ]


class HandoutProof(models.Model):
    """The picture that shows a hand-over: the signed slip, or the person with the goods."""

    SCOPE = Scope(area="handout", organisation="handout__shelf__facility__operator_id")

    handout = models.ForeignKey(Handout, models.PROTECT, related_name="proofs")
    kind = models.CharField("类型", max_length=10, choices=Proof.choices)
    file = models.FileField("文件", upload_to="goods/%Y/%m/")
    digest = models.CharField("校验值", max_length=64)
    taken_at = models.DateTimeField("时间")
    taken_by = models.BigIntegerField("登记人")

    class Meta:
        db_table = "goods_proof"


class StockCount(Placed):
    """A count of everything at a facility; its differences are booked by another person than who counted."""

    SCOPE = Scope(area="", organisation="facility__operator_id")

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="stock_counts")
    state = models.CharField("状态", max_length=10, choices=CountState.choices, default=CountState.OPEN)
    started_at = models.DateTimeField("开始时间")
    started_by = models.BigIntegerField("发起人")
    counted_at = models.DateTimeField("盘点时间", null=True, blank=True)
    counted_by = models.BigIntegerField("盘点人", null=True, blank=True)
    booked_at = models.DateTimeField("入账时间", null=True, blank=True)
    booked_by = models.BigIntegerField("复核人", null=True, blank=True)

    class Meta:
        db_table = "goods_count"
        constraints = [
            models.UniqueConstraint(
                fields=["facility"], condition=Q(state__in=["open", "counted"]), name="goods_one_count"
            ),
            models.CheckConstraint(
                condition=~Q(state="booked") | Q(booked_by__isnull=False, counted_by__isnull=False)
                & ~Q(booked_by=F("counted_by")),
                name="goods_count_by_two",
            ),
        ]  # fmt: skip


class CountLine(models.Model):
    """One batch on a count sheet: what the books said when the count began, and what was found."""

    count = models.ForeignKey(StockCount, models.PROTECT, related_name="lines")
    position = models.ForeignKey(Position, models.PROTECT, related_name="count_lines")
    expected = models.IntegerField("账面")
    found = models.IntegerField("实盘", null=True, blank=True)

    class Meta:
        db_table = "goods_count_line"
        constraints = [
            models.UniqueConstraint(fields=["count", "position"], name="goods_count_line_once"),
            models.CheckConstraint(condition=Q(found=None) | Q(found__gte=0), name="goods_found_not_below_zero"),
        ]


class WriteOff(Placed):
    """Goods that cannot be used: set apart by who asks, written off by another person."""

    SCOPE = Scope(area="", organisation="position__shelf__facility__operator_id")

    position = models.ForeignKey(Position, models.PROTECT, related_name="write_offs")
    quantity = models.IntegerField("数量")
    reason = models.CharField("原因", max_length=10, choices=WriteOffReason.choices)
    note = models.CharField("说明", max_length=200)
    state = models.CharField("状态", max_length=10, choices=WriteOffState.choices, default=WriteOffState.ASKED)
    asked_at = models.DateTimeField("申请时间")
    asked_by = models.BigIntegerField("申请人")
    decided_at = models.DateTimeField("复核时间", null=True, blank=True)
    decided_by = models.BigIntegerField("复核人", null=True, blank=True)
    answer = models.CharField("复核意见", max_length=200, blank=True, default="")
    # Empty where the goods were set apart before.
    apart_entry = models.OneToOneField(Entry, models.PROTECT, null=True, blank=True, related_name="+")
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        db_table = "goods_write_off"
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="goods_written_off_above_zero"),
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(decided_by__isnull=False, entry__isnull=False) & ~Q(decided_by=F("asked_by")),
                name="goods_written_off_by_two",
            ),
        ]


class Recall(Placed):
    """An article of one maker's batch is called back: from every place, and from everybody who has some."""

    SCOPE = Scope(area="")

    article = models.ForeignKey(Article, models.PROTECT, related_name="recalls")
    maker_batch = models.CharField("生产批号", max_length=40, blank=True, default="")
    batches = models.ManyToManyField(Batch, related_name="recalls")
    reason = models.CharField("召回原因", max_length=200)
    advice = models.CharField("请居民怎么做", max_length=200)
    state = models.CharField("状态", max_length=10, choices=RecallState.choices, default=RecallState.OPEN)
    started_at = models.DateTimeField("发起时间")
    started_by = models.BigIntegerField("发起人")
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        db_table = "goods_recall"


class RecallContact(models.Model):
    """One household that got recalled goods, and what became of them."""

    SCOPE = Scope(area="handout", organisation="handout__shelf__facility__operator_id")

    recall = models.ForeignKey(Recall, models.PROTECT, related_name="contacts")
    handout = models.ForeignKey(Handout, models.PROTECT, related_name="recall_contacts")
    quantity = models.IntegerField("领到数量")
    brought_back = models.IntegerField("收回数量", default=0)
    state = models.CharField("状态", max_length=10, choices=ContactState.choices, default=ContactState.TO_TELL)
    note = models.CharField("备注", max_length=200, blank=True, default="")
    told_at = models.DateTimeField("通知时间", null=True, blank=True)
    told_by = models.BigIntegerField("通知人", null=True, blank=True)

    class Meta:
        db_table = "goods_recall_contact"
        constraints = [models.UniqueConstraint(fields=["recall", "handout"], name="goods_contact_once")]
