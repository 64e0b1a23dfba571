"""How much a charity must spend on its aims and may spend on itself: the scales with their dates, and a forecast.

Both denominators that the rules allow are shown: last year's figure, and the average of three years.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import QuerySet, Sum

from wushe.foundation.actor import Actor
from wushe.foundation.presets.models import Preset
from wushe.foundation.presets.selectors import preset_row
from wushe.registers.organisations.models import Organisation

from .enums import DonationState, ExpenseState, UseCategory, Way
from .funds import funds_of
from .models import Donation, Expense

KINDS = {
    "public_foundation": "公募基金会",
    "public_group": "公募社会团体、社会服务机构",
    "private_foundation": "非公募基金会",
    "private_group": "非公募社会团体、社会服务机构",
}
PAID = (ExpenseState.PAID, ExpenseState.RECEIPTED)
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Figures:
    """The sums of a charity in fen: this year up to a day, and the income and net assets of the years before."""

    on: date
    spent: int
    admin: int
    last_income: int
    average_income: int
    last_assets: int
    average_assets: int


@dataclass(frozen=True, slots=True)
class Measure:
    """One ratio: its base, what the rule asks, what stands, and what the year will end with at this pace."""

    title: str
    base_title: str
    base_fen: int
    percent: int
    limit_fen: int
    now_fen: int
    forecast_fen: int
    at_least: bool
    source: str

    @property
    def will_hold(self) -> bool:
        """Say whether the rule will be kept at the year's end if nothing changes."""
        return self.forecast_fen >= self.limit_fen if self.at_least else self.forecast_fen <= self.limit_fen

    @property
    def to_mend_fen(self) -> int:
        """Return what has still to be spent, or how much too much the year will end with."""
        return max(0, self.limit_fen - self.now_fen) if self.at_least else max(0, self.forecast_fen - self.limit_fen)


def forecast(sum_fen: int, on: date) -> int:
    """Return what a sum that stands on a day of the year will come to at its end, at the same pace."""
    length = 366 if calendar.isleap(on.year) else 365
    passed = on.timetuple().tm_yday
    return int((Decimal(sum_fen) * length / passed).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def measures(kind: str, figures: Figures, *, spend: Preset, admin: Preset, exempt_fen: int) -> list[Measure]:
    """Return the ratios of a charity of this kind by the rules in force."""
    public = kind.startswith("public")
    by_assets = not public
    bases = (
        [("上年末净资产", figures.last_assets), ("前三年末平均净资产", figures.average_assets)]
        if by_assets
        else [("上年总收入", figures.last_income), ("前三年平均收入", figures.average_income)]
    )
    least = _percent(spend, kind, figures.last_assets)
    most = _percent(admin, kind, figures.last_assets)
    spent = forecast(figures.spent, figures.on)
    found = [
        Measure("慈善活动支出不低于", title, base, least, _share(base, least), figures.spent, spent, True, spend.source)
        for title, base in bases
    ]
    limit = max(_share(spent, most), exempt_fen if kind == "private_group" else 0)
    own = forecast(figures.admin, figures.on)
    found.append(
        Measure("管理费不高于", "当年总支出（按预测）", spent, most, limit, figures.admin, own, False, admin.source)
    )
    return found


def _percent(rule: Preset, kind: str, assets_fen: int) -> int:
    """Return the percentage of a rule for a kind of charity: one number, or a scale by net assets."""
    value = rule.value
    if isinstance(value, int):
        return value
    if kind.startswith("public"):
        return int(value["public"])
    return int(next(percent for floor, percent in value["private"] if assets_fen >= floor))


def _share(base_fen: int, percent: int) -> int:
    return int((Decimal(base_fen) * percent / HUNDRED).quantize(Decimal(1), rounding=ROUND_HALF_UP))


KEYS = {
    "public_foundation": ("funds.public.spend_min", "funds.public.admin_max"),
    "public_group": ("funds.group.spend_min", "funds.group.admin_max"),
    "private_foundation": ("funds.foundation.spend_min", "funds.foundation.admin_max"),
    "private_group": ("funds.group.spend_min", "funds.group.admin_max"),
}


def ratios_of(*, actor: Actor, host: Organisation, kind: str, on: date) -> tuple[Figures, list[Measure]]:
    """Return the figures and ratios of a host of funds in the actor's area; raise NotAllowed without `charity:view`."""
    actor.require("charity:view")
    figures = figures_of(host=host, on=on)
    area = host.area_code
    spend, admin = (preset_row(key, area_code=area, on=on) for key in KEYS[kind])
    exempt = preset_row("funds.admin.exempt", area_code=area, on=on).value
    return figures, measures(kind, figures, spend=spend, admin=admin, exempt_fen=exempt)


def figures_of(*, host: Organisation, on: date) -> Figures:
    """Return the sums of a host from the books of its funds."""
    years = [on.year - back for back in (1, 2, 3)]
    incomes = [_income(host, year) for year in years]
    assets = [_assets(host, year) for year in years]
    paid = Expense.objects.filter(fund__host=host, state__in=PAID, paid_at__year=on.year, paid_at__date__lte=on)
    return Figures(
        on=on, spent=_sum(paid), admin=_sum(paid.filter(category=UseCategory.ADMIN)), last_income=incomes[0],
        average_income=sum(incomes) // len(incomes), last_assets=assets[0], average_assets=sum(assets) // len(assets),
    )  # fmt: skip


def hosts_of(*, actor: Actor) -> Sequence[Organisation]:
    """Return the charities that host funds in the actor's area."""
    return list(Organisation.objects.filter(funds__in=funds_of(actor)).distinct().order_by("name"))


def _income(host: Organisation, year: int) -> int:
    came = Donation.objects.filter(fund__host=host, received_on__year=year)
    return _sum(came.exclude(way=Way.MOVED).exclude(state=DonationState.REFUNDED))


def _assets(host: Organisation, year: int) -> int:
    came = Donation.objects.filter(fund__host=host, received_on__year__lte=year).exclude(way=Way.MOVED)
    went = Expense.objects.filter(fund__host=host, state__in=PAID, paid_at__year__lte=year)
    return _sum(came.exclude(state=DonationState.REFUNDED)) - _sum(went)


def _sum(rows: "QuerySet[Donation] | QuerySet[Expense]") -> int:
    return int(rows.aggregate(fen=Sum("amount_fen"))["fen"] or 0)
