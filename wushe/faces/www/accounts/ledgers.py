"""The books, read: the accounts, one account's statement, and the trial balance with its check."""

from datetime import date, datetime, time, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.paging import page_of
from wushe.ledgers import selectors
from wushe.ledgers.models import AccountKind, LedgerUnit


@require_GET
@allow("ledgers:view")
def accounts(request: PageRequest) -> HttpResponse:
    """Show the accounts, newest first."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in AccountKind.values else ""
    rows = selectors.accounts(actor=request.actor, kind=kind, text=request.GET.get("q", "")).order_by("-pk")
    kinds = [(value, label, None) for value, label in AccountKind.choices]
    return render(request, "www/accounts/accounts.html", {"page": page_of(rows, request.GET), "kinds": kinds})


@require_GET
@allow("ledgers:view")
def account(request: PageRequest, pk: int) -> HttpResponse:
    """Show an account's statement over a period."""
    first, last = _day(request.GET.get("first", "")), _day(request.GET.get("last", ""))
    seen = selectors.statement(
        actor=request.actor,
        account_id=pk,
        since=_start(first),
        until=_start(last + timedelta(days=1)) if last else None,
    )
    context = {"seen": seen, "account": seen.account, "first": first, "last": last}
    return render(request, "www/accounts/account.html", context)


@require_GET
@allow("ledgers:view")
def balance(request: PageRequest) -> HttpResponse:
    """Show debits, credits and balances by kind, and whether they meet."""
    rows = selectors.trial_balance(actor=request.actor)
    units = [
        (
            label,
            unit,
            mine,
            sum(row.debit for row in mine),
            sum(row.credit for row in mine),
            sum(row.balance for row in mine),
        )
        for unit, label in LedgerUnit.choices
        if (mine := [row for row in rows if row.unit == unit])
    ]
    kinds = dict(AccountKind.choices)
    return render(request, "www/accounts/balance.html", {"units": units, "kinds": kinds})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _start(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
