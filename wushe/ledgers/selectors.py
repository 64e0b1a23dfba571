"""Read the books: a statement with its running balance, the trial balance, and whether anything is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Window
from django.db.models.functions import Coalesce

from wushe.foundation.actor import Actor
from wushe.foundation.scope import obtain, visible

from .models import Account, Entry, Leg


@dataclass(frozen=True, slots=True)
class Statement:
    """An account over a period: what stood before, each leg with the balance after it, what stands after."""

    account: Account
    opening: int
    lines: Sequence[Leg]
    closing: int
    more: bool


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One kind of account in one unit: how many there are, what came in, what went out, what stands."""

    unit: str
    kind: str
    accounts: int
    debit: int
    credit: int
    balance: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the books that must never be: `code` says what, `subject_id` where."""

    code: str
    subject_id: int
    amount: int


def accounts(*, actor: Actor, kind: str = "", text: str = "") -> QuerySet[Account]:
    """Return the accounts within the actor's scope, by code; raise NotAllowed without `ledgers:view`."""
    actor.require("ledgers:view")
    rows = visible(Account.objects.all(), actor).order_by("code")
    if kind:
        rows = rows.filter(kind=kind)
    if text := text.strip():
        rows = rows.filter(Q(title__icontains=text) | Q(code__istartswith=text))
    return rows


def statement(
    *,
    actor: Actor,
    account_id: int,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 200,
) -> Statement:
    """Return the statement of an account from `since` (included) to `until` (excluded), newest line first.

    Raises NotAllowed without `ledgers:view`, NotFound outside the actor's scope.
    """
    actor.require("ledgers:view")
    return _statement(obtain(Account, actor, pk=account_id), since, until, limit)


def statement_of_code(*, code: str, since: datetime | None = None, limit: int = 200) -> Statement | None:
    """Return the statement of the account with this code, None if it was never opened.

    For callers that show people their own account: who may see it has been decided there.
    """
    account = Account.objects.filter(code=code).first()
    return _statement(account, since, None, limit) if account else None


def trial_balance(*, actor: Actor) -> list[TrialRow]:
    """Return debits, credits and balances by unit and kind within the actor's scope.

    Over the whole country each unit sums to zero. Raises NotAllowed without `ledgers:view`.
    """
    actor.require("ledgers:view")
    mine = visible(Account.objects.all(), actor)
    counted = {(row["unit"], row["kind"]): row for row in mine.values("unit", "kind").annotate(
        accounts=Count("id"), stands=Sum("balance"))}  # fmt: skip
    sides = {
        (row["account__unit"], row["account__kind"]): row
        for row in Leg.objects.filter(account__in=mine)
        .values("account__unit", "account__kind")
        .annotate(
            debit=Coalesce(Sum("amount", filter=Q(amount__gt=0)), 0),
            credit=Coalesce(-Sum("amount", filter=Q(amount__lt=0)), 0),
        )
    }
    empty = {"debit": 0, "credit": 0}
    return [
        TrialRow(unit, kind, row["accounts"], side["debit"], side["credit"], row["stands"])
        for (unit, kind), row in sorted(counted.items())
        for side in [sides.get((unit, kind), empty)]
    ]


def faults() -> list[Fault]:
    """Return everything that breaks the rules of the books; [] if they are whole."""
    # Legs are added up by themselves: a join to their entries first would be far dearer.
    entries = Leg.objects.values("entry_id").annotate(total=Sum("amount"), sides=Count("id")).order_by()
    units = Leg.objects.values("entry_id").annotate(units=Count("account__unit", distinct=True)).order_by()
    bare = Entry.objects.filter(~Exists(Leg.objects.filter(entry=OuterRef("pk"))))
    books = Account.objects.annotate(total=Coalesce(Sum("legs__amount"), 0))
    found = [Fault("entry_not_balanced", e["entry_id"], e["total"]) for e in entries.exclude(total=0)]
    found += [Fault("entry_one_sided", e["entry_id"], e["sides"]) for e in entries.filter(sides__lt=2)]
    found += [Fault("entry_one_sided", entry.pk, 0) for entry in bare]
    found += [Fault("entry_mixes_units", e["entry_id"], e["units"]) for e in units.filter(units__gt=1)]
    found += [Fault("balance_is_not_its_legs", a.pk, a.balance - a.total) for a in books.exclude(balance=F("total"))]
    found += [Fault("below_zero", a.pk, a.balance) for a in Account.objects.filter(balance__lt=0, may_go_below=False)]
    return found + _false_reversals()


def _statement(account: Account, since: datetime | None, until: datetime | None, limit: int) -> Statement:
    legs = Leg.objects.filter(account=account)
    before = legs.filter(entry__at__lt=since) if since else legs.none()
    opening = before.aggregate(total=Coalesce(Sum("amount"), 0))["total"]
    if since:
        legs = legs.filter(entry__at__gte=since)
    if until:
        legs = legs.filter(entry__at__lt=until)
    running = Window(Sum("amount"), order_by=[F("entry__at").asc(), F("id").asc()])
    lines = list(
        legs.select_related("entry", "entry__reverses")
        .annotate(balance_after=running + opening)
        .order_by("-entry__at", "-id")[: limit + 1]
    )
    closing: int = lines[0].balance_after if lines else opening
    return Statement(account, opening, lines[:limit], closing, len(lines) > limit)


def _false_reversals() -> list[Fault]:
    """Return reversals that are not the mirror image of the entry that they name."""
    mirrored = Leg.objects.filter(
        entry=OuterRef("entry__reverses"), account=OuterRef("account"), amount=-OuterRef("amount")
    )
    wrong = Leg.objects.filter(~Exists(mirrored), entry__reverses__isnull=False)
    return [Fault("false_reversal", leg.entry_id, leg.amount) for leg in wrong]
