"""Funds with two keys, donations as lots, and expenses that carry every signature from request to receipt."""

from django.db import models
from django.db.models import F, Q

from wushe.chain.projects.models import Project, SourceClass
from wushe.foundation.protected import ProtectedField
from wushe.foundation.scope import Placed, Scope
from wushe.ledgers.models import Account, Entry
from wushe.registers.donors.models import Donor
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person

from .enums import (
    ChangeState,
    Choice,
    DonationState,
    ExpenseState,
    FundState,
    QuestionState,
    Side,
    SignLevel,
    UseCategory,
    Way,
)


class Fund(Placed):
    """Money for one aim in the books of its host; opened, thawed and closed by two keys, of district and street."""

    SCOPE = Scope(area="")

    title = models.CharField("基金名称", max_length=80)
    source_class = models.CharField("资金来源", max_length=12, choices=SourceClass.choices)
    host = models.ForeignKey(Organisation, models.PROTECT, related_name="funds", verbose_name="托管慈善组织")
    purpose = models.CharField("宗旨", max_length=300)
    categories = models.JSONField("可用于", default=list)
    community_fund = models.BooleanField("社区慈善基金", default=False)
    raises_publicly = models.BooleanField("公开募捐", default=False)
    emergency = models.BooleanField("应急募捐", default=False)
    trustee = models.CharField("受托人", max_length=80, blank=True, default="")
    plan_filed_on = models.DateField("备案日期", null=True, blank=True)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True, blank=True)
    account = models.OneToOneField(Account, models.PROTECT, related_name="fund")
    state = models.CharField("状态", max_length=10, choices=FundState.choices, default=FundState.DRAFTED)
    opened_by = models.BigIntegerField("第一把钥匙")
    confirmed_by = models.BigIntegerField("第二把钥匙", null=True, blank=True)
    key_asked_by = models.BigIntegerField("冻结或申请终止的人", null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "charity_fund"
        constraints = [
            models.UniqueConstraint(fields=["host", "title"], name="charity_fund_title"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("opened_by")), name="charity_two_keys"
            ),
            models.CheckConstraint(
                condition=Q(state=FundState.DRAFTED) | Q(confirmed_by__isnull=False), name="charity_open_has_two_keys"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CommitteeSeat(models.Model):
    """A member, or a supervisor, of the committee of a fund, over a period."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="seats")
    person = models.ForeignKey(Person, models.PROTECT, related_name="charity_seats")
    side = models.CharField("代表", max_length=10, choices=Side.choices)
    supervisor = models.BooleanField("监督员", default=False)
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)

    class Meta:
        db_table = "charity_seat"
        constraints = [
            models.UniqueConstraint(fields=["fund", "person"], condition=Q(until=None), name="charity_one_seat")
        ]


class Declaration(models.Model):
    """Who stands behind an account that handles charity money, and in which organisations they have a share."""

    user_id = models.BigIntegerField("账号", unique=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="charity_declaration")
    interests = models.ManyToManyField(Organisation, related_name="+", blank=True)
    declared_at = models.DateTimeField("申报时间")
    declared_by = models.BigIntegerField("登记人")

    class Meta:
        db_table = "charity_declaration"
        constraints = [
            models.CheckConstraint(condition=~Q(declared_by=F("user_id")), name="charity_declared_by_another")
        ]


class Donation(Placed):
    """Money that came in: a lot of which every yuan is followed to what it was spent on."""

    SCOPE = Scope(area="")

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="donations")
    donor = models.ForeignKey(Donor, models.PROTECT, null=True, blank=True, related_name="donations")
    payer = models.CharField("拨款单位", max_length=80, blank=True, default="")
    unnamed = models.BooleanField("不公开姓名", default=False)
    way = models.CharField("方式", max_length=8, choices=Way.choices)
    amount_fen = models.BigIntegerField("金额（分）")
    left_fen = models.BigIntegerField("未用（分）")
    received_on = models.DateField("到账日期")
    only_category = models.CharField("限定用途", max_length=20, choices=UseCategory.choices, blank=True, default="")
    only_area = models.CharField("限定地区", max_length=24, blank=True, default="")
    use_until = models.DateField("使用期限", null=True, blank=True)
    wishes = models.CharField("捐赠意愿", max_length=200, blank=True, default="")
    reference = models.CharField("到账凭证号", max_length=60, blank=True, default="")
    number = models.CharField("收据编号", max_length=30, unique=True)
    token = models.CharField(max_length=43, unique=True)
    state = models.CharField("状态", max_length=14, choices=DonationState.choices, default=DonationState.RECEIVED)
    handled_by = models.BigIntegerField("经手人")
    refund_asked_by = models.BigIntegerField("申请退回的人", null=True, blank=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    origin = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="moved_into")

    class Meta:
        db_table = "charity_donation"
        indexes = [
            models.Index(fields=["fund", "received_on", "id"], name="charity_lots"),
            models.Index(fields=["district_code", "-id"], name="charity_donation_district"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="charity_donation_above_zero"),
            models.CheckConstraint(
                condition=Q(left_fen__gte=0, left_fen__lte=F("amount_fen")), name="charity_left_bounds"
            ),
            models.UniqueConstraint(
                fields=["fund", "reference"], condition=~Q(reference=""), name="charity_reference_once"
            ),
        ]


class UseChange(models.Model):
    """Another use of a donation, put to its giver: nothing changes without their consent (慈善法第五十六条)."""

    donation = models.ForeignKey(Donation, models.PROTECT, related_name="use_changes")
    state = models.CharField("答复", max_length=8, choices=ChangeState.choices, default=ChangeState.ASKED)
    only_category = models.CharField("改为用途", max_length=20, choices=UseCategory.choices, blank=True, default="")
    use_until = models.DateField("改为期限", null=True, blank=True)
    reason = models.CharField("原因", max_length=200)
    asked_at = models.DateTimeField("提出时间")
    asked_by = models.BigIntegerField("提出人")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        db_table = "charity_use_change"
        constraints = [
            models.UniqueConstraint(fields=["donation"], condition=Q(state="asked"), name="charity_one_open_change")
        ]


class Expense(Placed):
    """Money that is to go out, from request to receipt; `area_code` is where it is used."""

    SCOPE = Scope(area="")

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="expenses")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="expenses")
    category = models.CharField("用途类别", max_length=20, choices=UseCategory.choices)
    title = models.CharField("用途", max_length=80)
    amount_fen = models.BigIntegerField("金额（分）")
    payee_person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="charity_payments")
    payee_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="charity_payments"
    )
    bank_account = ProtectedField("收款账号", kind="id_number")
    bank_account_index = models.CharField(max_length=32)
    account_holder = models.CharField("户名", max_length=80)
    state = models.CharField("状态", max_length=14, choices=ExpenseState.choices, default=ExpenseState.AT_COMMUNITY)
    last_level = models.CharField("须经", max_length=10, choices=SignLevel.choices)
    round = models.IntegerField("轮次", default=1)
    due_at = models.DateTimeField("时限")
    requested_at = models.DateTimeField("申请时间")
    requested_by = models.BigIntegerField("申请人")
    frozen_by = models.BigIntegerField("冻结人", null=True, blank=True)
    paid_at = models.DateTimeField("付款时间", null=True, blank=True)
    paid_by = models.BigIntegerField("付款人", null=True, blank=True)
    voucher = models.CharField("票据号", max_length=60, blank=True, default="")
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, blank=True, related_name="+")
    receipted_at = models.DateTimeField("收讫时间", null=True, blank=True)
    receipted_by = models.BigIntegerField("回执登记人", null=True, blank=True)
    receipt_note = models.CharField("回执", max_length=200, blank=True, default="")
    followed_up_on = models.DateField("回访日期", null=True, blank=True)
    follow_up = models.CharField("回访情况", max_length=200, blank=True, default="")

    class Meta:
        db_table = "charity_expense"
        indexes = [
            models.Index(fields=["district_code", "state", "-id"], name="charity_expense_district"),
            models.Index(fields=["fund", "-id"], name="charity_expense_fund"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="charity_expense_above_zero"),
            models.CheckConstraint(
                condition=Q(payee_person__isnull=False, payee_organisation=None)
                | Q(payee_person=None, payee_organisation__isnull=False),
                name="charity_one_payee",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["paid", "receipted"]) | Q(entry__isnull=False, paid_by__isnull=False),
                name="charity_paid_has_entry",
            ),
            models.CheckConstraint(
                condition=Q(paid_by=None) | ~Q(paid_by=F("requested_by")), name="charity_payer_is_another"
            ),
            models.UniqueConstraint(
                fields=["voucher", "district_code"], condition=~Q(voucher=""), name="charity_voucher_once"
            ),
        ]

    @property
    def payee_name(self) -> str:
        """Return the full name of who is paid, for those who handle the payment."""
        return self.payee_person.name if self.payee_person else self.payee_organisation.name  # type: ignore[union-attr]


class Signing(models.Model):
    """One signature on an expense; never changed. After a freeze a new round begins."""

    expense = models.ForeignKey(Expense, models.PROTECT, related_name="signings")
    round = models.IntegerField("轮次")
    level = models.CharField("级别", max_length=10, choices=SignLevel.choices)
    agreed = models.BooleanField("同意")
    note = models.CharField("意见", max_length=200, blank=True, default="")
    substitute = models.BooleanField("上一级代签", default=False)
    signed_at = models.DateTimeField("时间")
    signed_by = models.BigIntegerField("签字人")

    class Meta:
        db_table = "charity_signing"
        constraints = [
            models.UniqueConstraint(fields=["expense", "round", "level"], name="charity_signed_once"),
            models.UniqueConstraint(fields=["expense", "round", "signed_by"], name="charity_signer_once"),
        ]


class Allocation(models.Model):
    """So many fen of one donation paid for one expense."""

    expense = models.ForeignKey(Expense, models.PROTECT, related_name="allocations")
    donation = models.ForeignKey(Donation, models.PROTECT, related_name="allocations")
    amount_fen = models.BigIntegerField("金额（分）")

    class Meta:
        db_table = "charity_allocation"
        constraints = [
            models.UniqueConstraint(fields=["expense", "donation"], name="charity_allocated_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="charity_allocated_above_zero"),
        ]


class ReliefVisit(models.Model):
    """A visit to the home of who asks for relief: what one of the two visitors found."""

    expense = models.ForeignKey(Expense, models.PROTECT, related_name="relief_visits")
    visitor = models.BigIntegerField("入户人")
    visited_on = models.DateField("入户日期")
    found = models.CharField("核实情况", max_length=300)

    class Meta:
        db_table = "charity_relief_visit"
        constraints = [models.UniqueConstraint(fields=["expense", "visitor"], name="charity_visitor_once")]


class ReliefVote(models.Model):
    """How one member of the committee voted on a relief payout."""

    expense = models.ForeignKey(Expense, models.PROTECT, related_name="relief_votes")
    seat = models.ForeignKey(CommitteeSeat, models.PROTECT, related_name="votes")
    choice = models.CharField("表决", max_length=8, choices=Choice.choices)
    recorded_at = models.DateTimeField("时间")
    recorded_by = models.BigIntegerField("记录人")

    class Meta:
        db_table = "charity_relief_vote"
        constraints = [models.UniqueConstraint(fields=["expense", "seat"], name="charity_vote_once")]


class ReliefNotice(models.Model):
    """The public notice of a relief payout, without the person's name."""

    expense = models.OneToOneField(Expense, models.PROTECT, related_name="notice")
    starts_on = models.DateField("公示起")
    ends_on = models.DateField("公示止")
    published_by = models.BigIntegerField("公示人")

    class Meta:
        db_table = "charity_relief_notice"


class BookQuestion(Placed):
    """What somebody asks about a line of the public books, with a day by which the answer is due."""

    SCOPE = Scope(area="")

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="questions")
    donation = models.ForeignKey(Donation, models.PROTECT, null=True, blank=True, related_name="questions")
    expense = models.ForeignKey(Expense, models.PROTECT, null=True, blank=True, related_name="questions")
    text = models.CharField("问题", max_length=300)
    token = models.CharField(max_length=43, unique=True)
    state = models.CharField("状态", max_length=10, choices=QuestionState.choices, default=QuestionState.ASKED)
    asked_at = models.DateTimeField("提问时间")
    due_at = models.DateTimeField("答复期限")
    answer = models.CharField("答复", max_length=500, blank=True, default="")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.BigIntegerField("答复人", null=True, blank=True)

    class Meta:
        db_table = "charity_question"
        indexes = [models.Index(fields=["district_code", "state", "due_at"], name="charity_question_due")]


class DutyDone(models.Model):
    """A legal duty of a fund that was fulfilled: which, due when, done when, and the document that shows it."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="duties_done")
    code = models.CharField("职责", max_length=30)
    due_on = models.DateField("期限")
    done_on = models.DateField("完成日期")
    document = models.CharField("文件编号或说明", max_length=200)
    done_by = models.BigIntegerField("登记人")

    class Meta:
        db_table = "charity_duty_done"
        constraints = [models.UniqueConstraint(fields=["fund", "code", "due_on"], name="charity_duty_once")]
