"""Payments after settlement: statements line by line, disputes, receiving accounts, batches, and what the bank says."""

from django.db import models
from django.db.models import F, Q

from wushe.chain.settlement.models import Settlement
from wushe.foundation.protected import ProtectedField
from wushe.foundation.scope import Placed, Scope
from wushe.ledgers.models import Entry
from wushe.registers.organisations.models import Organisation

from .states import (
    BankLineState,
    BatchState,
    DisputeState,
    LineKind,
    Outcome,
    PayeeState,
    PaymentState,
    ReleaseState,
    StatementKind,
    StatementState,
)


class PayeeAccount(Placed):
    """The account into which an organisation is paid. One is in use; a new one counts when a second person agreed."""

    SCOPE = Scope(area="", organisation="organisation_id")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="payee_accounts")
    holder = models.CharField("户名", max_length=80)
    bank = models.CharField("开户银行", max_length=80)
    number = ProtectedField("账号", kind="bank_account")
    number_index = models.CharField(max_length=32)
    state = models.CharField("状态", max_length=10, choices=PayeeState.choices, default=PayeeState.PROPOSED)
    proposed_by = models.BigIntegerField("登记账号")
    proposed_at = models.DateTimeField("登记时间")
    decided_by = models.BigIntegerField("复核账号", null=True, blank=True)
    answer = models.CharField("复核意见", max_length=200, blank=True, default="")

    class Meta:
        db_table = "payments_payee"
        constraints = [
            models.UniqueConstraint(fields=["organisation"], condition=Q(state="active"), name="payments_payee_one"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")), name="payments_payee_two_hands"
            ),
        ]


class PaymentBatch(Placed):
    """Payments that two people send to the bank together; `area_code` is the district."""

    SCOPE = Scope(area="")

    number = models.CharField("批次号", max_length=20, unique=True)
    state = models.CharField("状态", max_length=10, choices=BatchState.choices, default=BatchState.DRAFTED)
    payments = models.IntegerField("笔数", default=0)
    total_fen = models.BigIntegerField("金额（分）", default=0)
    drafted_by = models.BigIntegerField("制单账号")
    drafted_at = models.DateTimeField("制单时间")
    confirmed_by = models.BigIntegerField("复核账号", null=True, blank=True)
    confirmed_at = models.DateTimeField("复核时间", null=True, blank=True)
    files = models.IntegerField("导出次数", default=0)
    answer = models.CharField("意见", max_length=200, blank=True, default="")

    class Meta:
        db_table = "payments_batch"
        indexes = [models.Index(fields=["district_code", "-id"], name="payments_batch_district")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "sent", "done"])
                | Q(confirmed_by__isnull=False) & ~Q(confirmed_by=F("drafted_by")),
                name="payments_batch_two_hands",
            )
        ]

    def __str__(self) -> str:
        return self.number


class Payment(Placed):
    """One sum to one organisation. `own_fen` is the own share that the organisation already took from residents."""

    SCOPE = Scope(area="", organisation="organisation_id")

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="rows")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="payments")
    payee = models.ForeignKey(PayeeAccount, models.PROTECT, related_name="payments")
    reference = models.CharField("付款号", max_length=24, unique=True)
    amount_fen = models.BigIntegerField("金额（分）")
    own_fen = models.BigIntegerField("机构已收自付（分）", default=0)
    state = models.CharField("状态", max_length=10, choices=PaymentState.choices, default=PaymentState.PLANNED)
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("退回原因", max_length=200, blank=True, default="")

    class Meta:
        db_table = "payments_payment"
        indexes = [models.Index(fields=["district_code", "state", "amount_fen"], name="payments_payment_amount")]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payments_payment_positive"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "dropped"]) | Q(entry__isnull=False), name="payments_payment_in_books"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Statement(Placed):
    """What an organisation gets of a district for a month, or of the year's holdback; `area_code` is the district.

    A settlement that came too late for its month stands on the next statement. The sums are those of the lines that
    count; `net_fen` may be below zero where more was taken back than earned, and is set against the next.
    """

    SCOPE = Scope(area="", organisation="organisation_id")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="pay_statements")
    kind = models.CharField("类型", max_length=10, choices=StatementKind.choices, default=StatementKind.MONTH)
    month = models.DateField("月份")
    number = models.IntegerField("第几张", default=1)
    state = models.CharField("状态", max_length=10, choices=StatementState.choices, default=StatementState.ISSUED)
    lines_count = models.IntegerField("笔数", default=0)
    payable_fen = models.BigIntegerField("应付（分）", default=0)
    subsidy_fen = models.BigIntegerField("补贴（分）", default=0)
    charity_fen = models.BigIntegerField("慈善承担（分）", default=0)
    own_fen = models.BigIntegerField("自付（分）", default=0)
    hold_fen = models.BigIntegerField("年终留存（分）", default=0)
    net_fen = models.BigIntegerField("本期付款（分）", default=0)
    issued_at = models.DateTimeField("生成时间")
    agree_by = models.DateField("确认期限")
    agreed_by = models.BigIntegerField("确认账号", null=True, blank=True)
    agreed_at = models.DateTimeField("确认时间", null=True, blank=True)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="statements")

    class Meta:
        db_table = "payments_statement"
        indexes = [
            models.Index(fields=["district_code", "state", "-id"], name="payments_statement_district"),
            models.Index(fields=["organisation", "-id"], name="payments_statement_org"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "area_code", "kind", "month", "number"], name="payments_statement_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["paying", "paid"]) | Q(payment__isnull=False),
                name="payments_paying_has_payment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y年%m月}{self.get_kind_display()}"


class StatementLine(models.Model):
    """One settlement on a statement; what is taken back has its sums below zero. `counts` until it is put right."""

    SCOPE = Scope(area="statement", organisation="statement__organisation_id")

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines")
    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="pay_lines")
    kind = models.CharField("类型", max_length=10, choices=LineKind.choices, default=LineKind.EARNED)
    payable_fen = models.BigIntegerField("应付（分）")
    subsidy_fen = models.BigIntegerField("补贴（分）")
    charity_fen = models.BigIntegerField("慈善承担（分）")
    own_fen = models.BigIntegerField("自付（分）")
    hold_fen = models.BigIntegerField("年终留存（分）")
    net_fen = models.BigIntegerField("本期付款（分）")
    counts = models.BooleanField("计入", default=True)

    class Meta:
        db_table = "payments_line"
        constraints = [models.UniqueConstraint(fields=["settlement", "kind"], name="payments_line_once")]


class Dispute(models.Model):
    """The organisation says that a line is wrong; the clerk answers, another person decides."""

    SCOPE = Scope(area="line__statement", organisation="line__statement__organisation_id")

    line = models.ForeignKey(StatementLine, models.PROTECT, related_name="disputes")
    state = models.CharField("状态", max_length=10, choices=DisputeState.choices, default=DisputeState.OPEN)
    reason = models.CharField("异议", max_length=300)
    opened_by = models.BigIntegerField("提出账号")
    opened_at = models.DateTimeField("提出时间")
    due_on = models.DateField("答复期限")
    answer = models.CharField("答复", max_length=300, blank=True, default="")
    answered_by = models.BigIntegerField("答复账号", null=True, blank=True)
    verdict = models.CharField("裁定理由", max_length=300, blank=True, default="")
    decided_by = models.BigIntegerField("裁定账号", null=True, blank=True)

    class Meta:
        db_table = "payments_dispute"
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(state__in=["open", "answered"]), name="payments_dispute_one_open"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("answered_by")),
                name="payments_dispute_two_hands",
            ),
        ]


class BankFile(Placed):
    """A list of the bank that was read; the same list read twice books nothing twice."""

    SCOPE = Scope(area="")

    name = models.CharField("文件名", max_length=120)
    read_at = models.DateTimeField("导入时间")
    read_by = models.BigIntegerField("导入账号")
    rows = models.IntegerField("行数")
    known = models.IntegerField("早已导入", default=0)
    matched = models.IntegerField("自动对上", default=0)
    suspended = models.IntegerField("挂账", default=0)

    class Meta:
        db_table = "payments_bank_file"


class BankLine(Placed):
    """One line of the bank: below zero is money out. What nobody explained stands in suspense."""

    SCOPE = Scope(area="")

    file = models.ForeignKey(BankFile, models.PROTECT, related_name="lines")
    row = models.IntegerField("行号")
    booked_on = models.DateField("交易日期")
    amount_fen = models.BigIntegerField("金额（分）")
    party = models.CharField("对方户名", max_length=80, blank=True, default="")
    account = ProtectedField("对方账号", kind="bank_account")
    account_index = models.CharField(max_length=32, blank=True, default="")
    serial = models.CharField("流水号", max_length=60, blank=True, default="")
    words = models.CharField("摘要", max_length=200, blank=True, default="")
    fingerprint = models.CharField(max_length=64)
    state = models.CharField("状态", max_length=10, choices=BankLineState.choices, default=BankLineState.SUSPENSE)
    why = models.CharField("挂账原因", max_length=120, blank=True, default="")
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices, blank=True, default="")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="bank_lines")
    offset = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField("说明", max_length=200, blank=True, default="")
    settled_by = models.BigIntegerField("处理账号", null=True, blank=True)

    class Meta:
        db_table = "payments_bank_line"
        indexes = [models.Index(fields=["district_code", "state", "-id"], name="payments_bank_district")]
        constraints = [
            models.UniqueConstraint(fields=["area_code", "fingerprint"], name="payments_bank_line_once"),
            models.CheckConstraint(condition=~Q(amount_fen=0), name="payments_bank_line_not_zero"),
            models.CheckConstraint(
                condition=Q(state="suspense", outcome="") | ~Q(state="suspense") & ~Q(outcome=""),
                name="payments_bank_line_explained",
            ),
        ]


class HoldRelease(Placed):
    """The year-end score of an organisation and what it releases of the holdback of that year."""

    SCOPE = Scope(area="", organisation="organisation_id")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="hold_releases")
    year = models.IntegerField("年度")
    score = models.IntegerField("考核得分")
    basis = models.CharField("依据", max_length=200)
    state = models.CharField("状态", max_length=10, choices=ReleaseState.choices, default=ReleaseState.SCORED)
    held_fen = models.BigIntegerField("留存（分）", default=0)
    released_fen = models.BigIntegerField("返还（分）", default=0)
    scored_by = models.BigIntegerField("评分账号")
    scored_at = models.DateTimeField("评分时间")
    decided_by = models.BigIntegerField("复核账号", null=True, blank=True)
    answer = models.CharField("复核意见", max_length=200, blank=True, default="")
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, blank=True, related_name="+")
    statement = models.OneToOneField(Statement, models.PROTECT, null=True, blank=True, related_name="release")

    class Meta:
        db_table = "payments_hold_release"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "area_code", "year"],
                condition=Q(state="scored"),
                name="payments_release_one_open",
            ),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="payments_release_score"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("scored_by")), name="payments_release_two_hands"
            ),
        ]
