"""The books: accounts, entries and legs. An entry's legs sum to zero; entries are corrected only by reversal.

On an account kept by lot every unit also has its origin: a lot is what one act brought in, and each move says which
lots it takes along.
"""

from django.db import models
from django.db.models import F, Q

from wushe.foundation.scope import Placed, Scope


class LedgerUnit(models.TextChoices):
    """What an account counts."""

    FEN = "fen", "分"
    MINUTE = "minute", "分钟"
    PIECE = "piece", "件"


class AccountKind(models.TextChoices):
    """What an account stands for."""

    OUTSIDE = "outside", "外部来源"
    BUDGET_LINE = "budget_line", "预算科目"
    PAYABLE = "payable", "应付机构"
    HOLDBACK = "holdback", "年终考核留存"
    OWN_SHARE = "own_share", "服务对象自付"
    HOURS = "hours", "服务时长"
    ISSUED_HOURS = "issued_hours", "时长来源"
    TIME_PERSON = "time_person", "时间银行个人账户"
    TIME_EARNED = "time_earned", "时间银行服务发行"
    TIME_GRANTED = "time_granted", "时间银行专项赠予"
    TIME_HELD = "time_held", "时间银行预留"
    TIME_REDEEMED = "time_redeemed", "时间银行已兑换"
    TIME_POOL = "time_pool", "时间银行公益池"
    TIME_TRANSIT = "time_transit", "时间银行在途"
    TIME_CLEARING = "time_clearing", "时间银行跨行往来"
    FUND = "fund", "慈善资金"
    GOODS_GIVEN = "goods_given", "物资来源"
    GOODS_STOCK = "goods_stock", "库存物资"
    GOODS_HELD = "goods_held", "待领取物资"
    GOODS_LENT = "goods_lent", "借出物资"
    GOODS_OUT = "goods_out", "已发放物资"
    GOODS_BLOCKED = "goods_blocked", "停用物资"
    GOODS_GONE = "goods_gone", "报损和盘亏物资"
    PAYING = "paying", "付款在途"
    BANK = "bank", "银行存款"
    SUSPENSE = "suspense", "银行挂账"
    BANK_CHARGE = "bank_charge", "银行手续费和利息"
    FORFEITED = "forfeited", "扣回的留存"


class Account(Placed):
    """One account. `balance` is the sum of its legs, kept with them in one transaction."""

    SCOPE = Scope(area="", organisation="organisation_ref")

    code = models.CharField("账户编码", max_length=60, unique=True)
    title = models.CharField("账户名称", max_length=80)
    unit = models.CharField("单位", max_length=8, choices=LedgerUnit.choices)
    kind = models.CharField("类型", max_length=16, choices=AccountKind.choices)
    organisation_ref = models.BigIntegerField(null=True, blank=True)
    balance = models.BigIntegerField("余额", default=0)
    may_go_below = models.BooleanField("可为负", default=False)
    by_lot = models.BooleanField("按批次记账", default=False)

    class Meta:
        db_table = "ledgers_account"
        constraints = [
            models.CheckConstraint(condition=Q(balance__gte=0) | Q(may_go_below=True), name="ledgers_not_below_zero")
        ]


class Entry(models.Model):
    """One balanced posting. `key` makes it happen once; a reversal names the entry that it undoes."""

    key = models.CharField("唯一键", max_length=80, unique=True)
    at = models.DateTimeField("时间")
    memo = models.CharField("摘要", max_length=120)
    actor_id = models.BigIntegerField("经办账号")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")

    class Meta:
        db_table = "ledgers_entry"


class Leg(models.Model):
    """One side of an entry: a signed amount on an account."""

    # Found by `ledgers_leg_once`, which begins with the entry: an index of its own would be written for nothing.
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="legs", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="legs")
    amount = models.BigIntegerField("数额")

    class Meta:
        db_table = "ledgers_leg"
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="ledgers_leg_not_zero"),
            models.UniqueConstraint(F("entry"), F("account"), name="ledgers_leg_once"),
        ]


class Lot(models.Model):
    """What one act brought into the books: `origin` names the act and makes the lot happen once."""

    origin = models.CharField("来源", max_length=80, unique=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="lot")
    born_on = models.DateField("产生日期")
    amount = models.BigIntegerField("数额")
    # Such a lot may be given to the common good only: hours of a group, a gift for one purpose.
    restricted = models.BooleanField("只能捐赠", default=False)

    class Meta:
        db_table = "ledgers_lot"
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="ledgers_lot_positive")]


class LotLeg(models.Model):
    """The part of a leg that concerns one lot."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="lot_legs")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="legs")
    account = models.ForeignKey(Account, models.PROTECT, related_name="lot_legs")
    amount = models.BigIntegerField("数额")

    class Meta:
        db_table = "ledgers_lot_leg"
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="ledgers_lot_leg_not_zero"),
            models.UniqueConstraint(fields=["entry", "lot", "account"], name="ledgers_lot_leg_once"),
        ]


class LotShare(models.Model):
    """How much of a lot stands on an account: the sum of its legs there, kept with them in one transaction."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="shares")
    account = models.ForeignKey(Account, models.PROTECT, related_name="shares")
    left = models.BigIntegerField("余量")

    class Meta:
        db_table = "ledgers_lot_share"
        constraints = [
            models.CheckConstraint(condition=Q(left__gte=0), name="ledgers_share_not_below_zero"),
            models.UniqueConstraint(fields=["lot", "account"], name="ledgers_share_once"),
        ]
        indexes = [models.Index(fields=["account", "lot"], condition=Q(left__gt=0), name="ledgers_share_standing")]
