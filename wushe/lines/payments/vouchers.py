"""Voucher entries 凭证: the books of money as an accountant's journal, by a chart of accounts that is a preset.

In the books a sum above zero on an account is a claim on the bank's money: the credit side. What is taken back stands
on its own side below zero, as accountants write it in red. A voucher gathers one kind of entry of one day, so that it
balances as its entries do.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Concat, StrIndex, Substr, TruncDate
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.errors import Invalid
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import visible
from wushe.ledgers.models import Account, AccountKind, LedgerUnit, Leg

MOST_DAYS = 400
MOST_LINES = 20_000
_LINE = re.compile(r"\s*(\S+)\s+贷\s*(\d{4,10})\s+借\s*(\d{4,10})\s*")
_NAME = re.compile(r"\s*(\d{4,10})\s+(\S.*?)\s*")
_WORDS = {
    "settlement": "服务结算", "budget-line": "资金拨入", "payment": "支付结算款", "bank": "银行流水", "suspense": "挂账处理",
    "hold": "年终留存结清", "tranche": "项目拨款", "expense": "慈善支出", "donation": "接受捐赠", "reverse": "冲正",
}  # fmt: skip
UNKNOWN = "9999"


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """One line: which voucher of which day, what for, on which account, debit and credit in fen."""

    voucher: int
    day: date
    memo: str
    code: str
    name: str
    title: str
    debit: int
    credit: int


@dataclass(frozen=True, slots=True)
class AccountSums:
    """What an account of the chart came to in a period."""

    code: str
    name: str
    debit: int
    credit: int

    @property
    def balance(self) -> int:
        """Return debit less credit."""
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class Chart:
    """Which account of the chart each kind of ledger account is, on its credit and on its debit side."""

    sides: dict[str, tuple[str, str]]
    names: dict[str, str]

    def place(self, kind: str, *, credit: bool) -> tuple[str, str]:
        """Return code and name; UNKNOWN for a kind that the chart leaves out."""
        code = self.sides.get(kind, (UNKNOWN, UNKNOWN))[0 if credit else 1]
        return code, self.names.get(code, "未对应科目")


def chart_of(*, area_code: str, on: date) -> Chart:
    """Return the chart of accounts in force at a place on a day; lines that cannot be read are left out."""
    kinds = {label: value for value, label in AccountKind.choices}
    sides = {
        kinds[found[1]]: (found[2], found[3])
        for line in preset("accounting.mapping", area_code=area_code, on=on)
        if (found := _LINE.fullmatch(str(line))) and found[1] in kinds
    }
    names = {
        found[1]: found[2]
        for line in preset("accounting.chart", area_code=area_code, on=on)
        if (found := _NAME.fullmatch(str(line)))
    }
    return Chart(sides, names)


def voucher_lines(*, actor: Actor, first: date, last: date) -> list[VoucherLine]:
    """Return the vouchers of a period within the actor's scope, in order, whole vouchers only.

    Raises NotAllowed without `ledgers:view`, Invalid for a period that is wrong or holds too much for one file.
    """
    actor.require("ledgers:view")
    if not 0 <= (last - first).days <= MOST_DAYS:
        raise Invalid(fields={"last": f"结束日期应在开始日期以后，最多相隔{MOST_DAYS}天。"})
    rows = list(_gathered(actor, first, last)[: MOST_LINES + 1])
    if len(rows) > MOST_LINES:
        raise Invalid(fields={"last": f"这段时间超过{MOST_LINES}条分录，请缩短时间，分几次导出。"})
    charts = {day: chart_of(area_code=actor.area_code, on=day) for day in {row["day"] for row in rows}}
    numbers: dict[tuple[date, str, bool], int] = {}
    lines = []
    for row in rows:
        key = row["day"], row["sort"], bool(row["red"])
        number = numbers.setdefault(key, len(numbers) + 1)
        credit = bool(row["plus"]) != bool(row["red"])
        code, name = charts[row["day"]].place(row["account__kind"], credit=credit)
        sum_ = row["total"] if credit else -row["total"]
        memo = _WORDS.get(row["sort"], "记账") + ("（红字冲销）" if row["red"] else "")
        lines.append(
            VoucherLine(
                number,
                row["day"],
                memo,
                code,
                name,
                row["account__title"],
                0 if credit else sum_,
                sum_ if credit else 0,
            )
        )
    return lines


def sums_by_account(lines: Iterable[VoucherLine]) -> list[AccountSums]:
    """Return the trial balance of voucher lines by account of the chart: its debits and credits are equal."""
    sums: dict[str, tuple[str, int, int]] = {}
    for line in lines:
        name, debit, credit = sums.get(line.code, (line.name, 0, 0))
        sums[line.code] = name, debit + line.debit, credit + line.credit
    return [AccountSums(code, *sums[code]) for code in sorted(sums)]


def _gathered(actor: Actor, first: date, last: date) -> QuerySet[Leg, dict[str, Any]]:
    """Return the legs of money of all entries that touch the actor's scope, added up by day, sort, account and side."""
    mine = visible(Account.objects.filter(unit=LedgerUnit.FEN), actor)
    zone = timezone.get_current_timezone()
    entries = (
        Leg.objects.filter(account__in=mine)
        .annotate(day=TruncDate("entry__at", tzinfo=zone))
        .filter(day__gte=first, day__lte=last)
        .values("entry_id")
    )
    return (
        Leg.objects.filter(entry__in=entries)
        .annotate(
            day=TruncDate("entry__at", tzinfo=zone),
            sort=Substr("entry__key", 1, StrIndex(Concat("entry__key", Value(":")), Value(":")) - 1),
            red=_yes(Q(entry__reverses__isnull=False)),
            plus=_yes(Q(amount__gt=0)),
        )
        .values("day", "sort", "red", "plus", "account_id", "account__kind", "account__title")
        .annotate(total=Sum("amount"))
        .order_by("day", "sort", "red", "account__kind", "account_id", "plus")
    )


def _yes(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())
