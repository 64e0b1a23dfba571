"""Whether the bank can keep its promise: what was issued, what stands, how old it is, and what happens if people come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Case, IntegerField, Q, Sum, Value, When
from django.db.models.functions import TruncMonth
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.ledgers.models import Account, Leg, LotShare

from .banks import books
from .models import Bank, Holding
from .rules import rules_of

MONTHS = 12
TOP_PERCENT = 1
_AGES = ((365, "1年以内"), (3 * 365, "1到3年"), (5 * 365, "3到5年"), (None, "5年以上"))


@dataclass(frozen=True, slots=True)
class Month:
    """What a month brought in and what was exchanged in it."""

    first: date
    issued: int
    redeemed: int
    outstanding: int


@dataclass(frozen=True, slots=True)
class Stress:
    """What happens if a share of all balances is exchanged within a year."""

    percent: int
    wanted: int
    supplied: int
    missing: int
    cost_fen: int
    reserve_fen: int

    @property
    def short_fen(self) -> int:
        """Return how much money is missing if the missing hours have to be bought."""
        return max(0, self.cost_fen - self.reserve_fen)


@dataclass(frozen=True, slots=True)
class Solvency:
    """A bank on a day, in minutes."""

    issued: int
    granted: int
    received: int
    sent: int
    redeemed: int
    balance: int
    pool: int
    held: int
    transit: int
    holders: int
    top_percent: int
    ages: Sequence[tuple[str, int]]
    months: Sequence[Month]
    stress: Stress

    @property
    def came_in(self) -> int:
        """Return everything that ever came in."""
        return self.issued + self.granted + self.received

    @property
    def stands(self) -> int:
        """Return everything that has been promised and not yet been exchanged."""
        return self.balance + self.pool + self.held + self.transit

    @property
    def difference(self) -> int:
        """Return what is missing between what came in and where it is: zero in a sound bank."""
        return self.came_in - self.sent - self.redeemed - self.stands

    @property
    def redeemed_percent(self) -> int:
        """Return the share of issued time that has been exchanged."""
        return self.redeemed * 100 // self.came_in if self.came_in else 0


def solvency(*, actor: Actor, bank: Bank, on: date) -> Solvency:
    """Return how a bank stands; raise NotAllowed without `time_bank:view`."""
    actor.require("time_bank:view")
    own = books(bank)
    stands = dict(Account.objects.filter(pk__in=own.values()).values_list("pk", "balance"))
    clearing = Account.objects.filter(code__startswith=f"tb:{bank.pk}:with:").aggregate(
        sent=Sum("legs__amount", filter=Q(legs__amount__gt=0)),
        received=Sum("legs__amount", filter=Q(legs__amount__lt=0)),
    )
    people = Holding.objects.filter(bank=bank, account__balance__gt=0)
    balances = sorted(people.values_list("account__balance", flat=True), reverse=True)
    total = sum(balances)
    top = sum(balances[: max(1, len(balances) * TOP_PERCENT // 100)])
    outstanding = total + stands[own["pool"]] + stands[own["held"]] + stands[own["transit"]]
    return Solvency(
        issued=-stands[own["earned"]], granted=-stands[own["granted"]], received=-(clearing["received"] or 0),
        sent=clearing["sent"] or 0, redeemed=stands[own["redeemed"]], balance=total, pool=stands[own["pool"]],
        held=stands[own["held"]], transit=stands[own["transit"]], holders=len(balances),
        top_percent=top * 100 // total if total else 0, ages=_ages(bank, on), months=_months(own, on, outstanding),
        stress=_stress(bank, own, total, on),
    )  # fmt: skip


def _ages(bank: Bank, on: date) -> list[tuple[str, int]]:
    """Return the time on people's accounts by the age of its lot."""
    steps = [
        When(lot__born_on__gt=on - timedelta(days=days), then=Value(n)) for n, (days, _) in enumerate(_AGES) if days
    ]
    age = Case(*steps, default=Value(len(_AGES) - 1), output_field=IntegerField())
    shares = LotShare.objects.filter(account__holding__bank=bank, left__gt=0)
    sums = dict(shares.annotate(age=age).values("age").annotate(sum=Sum("left")).values_list("age", "sum").order_by())
    return [(label, sums.get(n, 0)) for n, (_, label) in enumerate(_AGES)]


def _months(own: dict[str, int], on: date, outstanding: int) -> list[Month]:
    """Return the last months, the newest last; what stood at the end of each follows backwards from today."""
    firsts = _firsts(on)
    watched = [own["earned"], own["granted"], own["redeemed"]]
    legs = Leg.objects.filter(account__in=watched, entry__at__gte=_start(firsts[0]))
    rows = (
        legs.annotate(month=TruncMonth("entry__at")).values("month", "account").annotate(sum=Sum("amount")).order_by()
    )
    sums = {(timezone.localdate(row["month"]), row["account"]): row["sum"] for row in rows}
    found: list[Month] = []
    for first in reversed(firsts):
        issued = -sum(sums.get((first, own[role]), 0) for role in ("earned", "granted"))
        redeemed = sums.get((first, own["redeemed"]), 0)
        found.append(Month(first, issued, redeemed, outstanding))
        outstanding -= issued - redeemed
    return found[::-1]


def _stress(bank: Bank, own: dict[str, int], total: int, on: date) -> Stress:
    """Return what a year would ask for, and what the helpers of the past year would answer."""
    rules = rules_of(area_code=bank.area_code, on=on)
    wanted = total * rules["reserve.stress"] // 100
    year = Leg.objects.filter(account=own["earned"], entry__at__gte=_start(on - timedelta(days=365)))
    supplied = -(year.aggregate(sum=Sum("amount"))["sum"] or 0)
    missing = max(0, wanted - supplied)
    cost = -(-missing * rules["reserve.hour_price"] // 60)
    return Stress(rules["reserve.stress"], wanted, supplied, missing, cost, bank.reserve_fen)


def _firsts(on: date) -> list[date]:
    """Return the first days of the last months, the oldest first."""
    months = [on.year * 12 + on.month - 1 - back for back in range(MONTHS)]
    return [date(month // 12, month % 12 + 1, 1) for month in reversed(months)]


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
