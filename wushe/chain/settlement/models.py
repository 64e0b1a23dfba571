"""Settlement: each accepted visit is settled once; hours to an account, money against a budget line."""

from django.db import models
from django.db.models import Q

from wushe.chain.visits.models import Visit
from wushe.foundation.scope import Placed, Scope
from wushe.ledgers.models import Entry
from wushe.registers.organisations.models import Organisation


class SettlementState(models.TextChoices):
    """Where the settlement of a visit stands."""

    DUE = "due", "待结算"
    SETTLED = "settled", "已结算"
    REVERSED = "reversed", "已冲正"


class SettlementRun(Placed):
    """The visits of one community that were settled together: how many, what they come to, and the digest of each.

    Append-only: what is reversed later stays in the sums of its run.
    """

    SCOPE = Scope(area="", organisation="settlements__organisation_id")

    at = models.DateTimeField("结算时间")
    settled = models.IntegerField("结算次数")
    paid_minutes = models.BigIntegerField("计费分钟")
    payable_fen = models.BigIntegerField("应付（分）")
    subsidy_fen = models.BigIntegerField("补贴（分）")
    charity_fen = models.BigIntegerField("慈善资金承担（分）")
    own_fen = models.BigIntegerField("自付（分）")
    hold_fen = models.BigIntegerField("年终留存（分）")
    digest = models.CharField("校验值", max_length=64)

    class Meta:
        db_table = "settlement_run"
        constraints = [
            models.CheckConstraint(condition=Q(settled__gt=0), name="settlement_run_not_empty"),
            models.CheckConstraint(
                condition=Q(payable_fen=models.F("subsidy_fen") + models.F("charity_fen") + models.F("own_fen")),
                name="settlement_run_adds_up",
            ),
        ]


class Settlement(Placed):
    """What one visit came to, and the two entries that paid it. Corrected by reversal and a new settlement.

    A visit too short to be paid has no entries; one without a price has no money entry.
    """

    SCOPE = Scope(area="", organisation="organisation_id")

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="settlements")
    # Found by `settlement_by_taker`, which begins with it.
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, db_index=False)
    run = models.ForeignKey(SettlementRun, models.PROTECT, null=True, blank=True, related_name="settlements")
    state = models.CharField("状态", max_length=10, choices=SettlementState.choices, default=SettlementState.DUE)
    ordered_minutes = models.IntegerField("约定分钟")
    actual_minutes = models.IntegerField("实际分钟")
    paid_minutes = models.IntegerField("计费分钟")
    payable_fen = models.BigIntegerField("应付（分）")
    subsidy_fen = models.BigIntegerField("补贴（分）")
    charity_fen = models.BigIntegerField("慈善资金承担（分）", default=0)
    own_fen = models.BigIntegerField("自付（分）")
    hold_fen = models.BigIntegerField("年终留存（分）")
    money_entry = models.OneToOneField(Entry, models.PROTECT, null=True, blank=True, related_name="+")
    time_entry = models.OneToOneField(Entry, models.PROTECT, null=True, blank=True, related_name="+")
    blocked_by = models.CharField("未结算原因", max_length=120, blank=True, default="")
    settled_at = models.DateTimeField("结算时间", null=True, blank=True)

    class Meta:
        db_table = "settlement_settlement"
        # Ascending, so that what is new is written at the end of its part; lists of the newest read them backwards.
        indexes = [
            models.Index(fields=["district_code", "state", "id"], name="settlement_by_district"),
            models.Index(fields=["street_code", "state", "id"], name="settlement_by_street"),
            models.Index(fields=["organisation", "id"], name="settlement_by_taker"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["visit"], condition=~Q(state="reversed"), name="settlement_once"),
            models.CheckConstraint(
                condition=Q(payable_fen=models.F("subsidy_fen") + models.F("charity_fen") + models.F("own_fen")),
                name="settlement_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(state="due")
                | (
                    Q(settled_at__isnull=False)
                    & (Q(money_entry__isnull=False) | Q(payable_fen=0))
                    & (Q(time_entry__isnull=False) | Q(paid_minutes=0))
                ),
                name="settlement_settled_has_entries",
            ),
        ]
