"""What a visit comes to: the formulas of settlement, as pure functions over whole fen and minutes.

payable = min(actual, ordered) / 60 × rate × valid
subsidy = min(payable × share, monthly cap − used)
own     = payable − subsidy − charity cover
hold    = 10 % of the subsidy until the year-end score is known
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from wushe.foundation.quantities import share_of


@dataclass(frozen=True, slots=True)
class TimeRule:
    """From which percent of the ordered minutes a visit is paid in full, and below which not at all."""

    pay_full_percent: int
    pay_none_percent: int


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What a category of person is granted: a share of each visit, up to a sum in a month (None: no bound)."""

    share_percent: int
    monthly_cap_fen: int | None


@dataclass(frozen=True, slots=True)
class Amounts:
    """What one visit came to."""

    paid_minutes: int
    payable_fen: int
    subsidy_fen: int
    charity_fen: int
    own_fen: int
    hold_fen: int


def paid_minutes(*, ordered: int, actual: int, rule: TimeRule, valid: bool = True) -> int:
    """Return the minutes that are paid: those ordered, fewer if the visit was short, none if it was too short."""
    if not valid or actual * 100 < ordered * rule.pay_none_percent:
        return 0
    if actual * 100 >= ordered * rule.pay_full_percent:
        return ordered
    return min(actual, ordered)


def payable(*, price_fen: int, ordered: int, minutes: int) -> int:
    """Return the price of so many of the ordered minutes; a service without a duration is paid by the piece."""
    if ordered == 0:
        return price_fen
    return share_of(price_fen, Decimal(minutes) / ordered)


def subsidy(*, payable_fen: int, entitlement: Entitlement | None, used_fen: int) -> int:
    """Return what the public purse pays: a share, and never more than is left of the month."""
    if entitlement is None:
        return 0
    granted = share_of(payable_fen, Decimal(entitlement.share_percent) / 100)
    if entitlement.monthly_cap_fen is None:
        return granted
    return min(granted, max(0, entitlement.monthly_cap_fen - used_fen))


def best(entitlements: Sequence[Entitlement]) -> Entitlement | None:
    """Return the highest of several entitlements; they are not added up."""
    return max(entitlements, key=lambda e: (e.share_percent, e.monthly_cap_fen or 0), default=None)


# Remembered: in a batch most visits are like another one.
@lru_cache(maxsize=1 << 14)
def amounts(
    *,
    price_fen: int,
    ordered: int,
    actual: int,
    rule: TimeRule,
    entitlement: Entitlement | None,
    used_fen: int,
    hold_percent: int,
    charity_pays: bool = False,
) -> Amounts:
    """Return what a visit comes to. Where charity pays, it covers everything and no subsidy is used."""
    minutes = paid_minutes(ordered=ordered, actual=actual, rule=rule)
    whole = payable(price_fen=price_fen, ordered=ordered, minutes=minutes) if minutes or not ordered else 0
    public = 0 if charity_pays else subsidy(payable_fen=whole, entitlement=entitlement, used_fen=used_fen)
    charity = whole if charity_pays else 0
    return Amounts(
        paid_minutes=minutes, payable_fen=whole, subsidy_fen=public, charity_fen=charity,
        own_fen=whole - public - charity, hold_fen=share_of(public, Decimal(hold_percent) / 100),
    )  # fmt: skip


def released(*, held_fen: int, score: int, full_score: int, min_score: int) -> int:
    """Return what the year-end assessment releases of the holdback: all, a part by the score, or nothing."""
    if score >= full_score:
        return held_fen
    return share_of(held_fen, Decimal(score) / 100) if score >= min_score else 0
