"""The books of the time bank for those who run and audit it: solvency, accounts, requests, gifts, and one coin."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.doors import page_of_thing
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import one_of, whole
from wushe.lines.time_bank import selectors
from wushe.lines.time_bank.models import Bank
from wushe.lines.time_bank.rules import rules_of
from wushe.lines.time_bank.solvency import Solvency, solvency
from wushe.lines.time_bank.states import GiftState, RequestState, Source

from .forms import ReserveForm


@require_GET
@allow("time_bank:view")
def home(request: PageRequest) -> HttpResponse:
    """Show whether the bank can keep its promise."""
    return show_home(request)


@require_GET
@allow("time_bank:view")
def accounts(request: PageRequest) -> HttpResponse:
    """Show the accounts of the bank, newest first."""
    bank = asked_bank(request)
    text = request.GET.get("q", "")[:40]
    rows = selectors.holdings(actor=request.actor, bank=bank, text=text) if bank else None
    page = page_of(rows, request.GET) if rows is not None else None
    return render(request, "www/time_bank/accounts.html", {"bank": bank, "page": page, "text": text})


@require_GET
@allow("time_bank:view")
def account(request: PageRequest, pk: int) -> HttpResponse:
    """Show one account: its statement, and the lots that stand on it with their origin."""
    holding = selectors.holding_in_scope(actor=request.actor, holding_id=pk)
    context = {"holding": holding, "seen": selectors.statement_of(holding), "lots": selectors.lots_on(holding),
               "files": request.actor.may("time_bank:file")}  # fmt: skip
    return render(request, "www/time_bank/account.html", context)


@require_GET
@allow("time_bank:view")
def coin(request: PageRequest, pk: int) -> HttpResponse:
    """Follow one coin: from the visit and the person through every hand to where it is now."""
    found = selectors.coin(actor=request.actor, lot_id=pk)
    of_visit = found.earning.source == Source.VISIT
    visit_url = page_of_thing(request.actor, "visit", found.earning.ref) if of_visit else ""
    return render(request, "www/time_bank/coin.html", {"coin": found, "visit_url": visit_url})


@require_GET
@allow("time_bank:view")
def earnings(request: PageRequest) -> HttpResponse:
    """Show what came in, and what of verified work was not let in and why."""
    bank, only = asked_bank(request), request.GET.get("only", "") == "refused"
    rows = selectors.earnings_for(actor=request.actor, bank=bank, only_refused=only) if bank else None
    page = page_of(rows, request.GET) if rows is not None else None
    return render(request, "www/time_bank/earnings.html", {"bank": bank, "page": page, "only": only})


@require_GET
@allow("time_bank:view")
def requests(request: PageRequest) -> HttpResponse:
    """Show the requests for help."""
    state = one_of(request.GET.get("state", ""), RequestState.values)
    rows = selectors.requests_for(actor=request.actor, state=state, text=request.GET.get("q", "")[:40])
    states = [(value, label, None) for value, label in RequestState.choices]
    return render(request, "www/time_bank/requests.html", {"page": page_of(rows, request.GET), "states": states})


@require_GET
@allow("time_bank:view")
def gifts(request: PageRequest) -> HttpResponse:
    """Show the gifts, those that wait for a second person first to choose."""
    state = one_of(request.GET.get("state", ""), GiftState.values)
    rows = selectors.gifts_for(actor=request.actor, state=state)
    states = [(value, label, None) for value, label in GiftState.choices]
    context = {"page": page_of(rows, request.GET), "states": states, "may_file": request.actor.may("time_bank:file")}
    return render(request, "www/time_bank/gifts.html", context)


@require_GET
@allow("time_bank:view")
def seals(request: PageRequest) -> HttpResponse:
    """Show the sealed days."""
    return show_seals(request)


def show_seals(request: PageRequest, **more: object) -> HttpResponse:
    """Render the sealed days, with what a check has found."""
    bank = asked_bank(request)
    rows = selectors.seals_of(actor=request.actor, bank=bank) if bank else None
    page = page_of(rows, request.GET) if rows is not None else None
    return render(request, "www/time_bank/seals.html", {"bank": bank, "page": page, **more})


def show_home(request: PageRequest, *, form: ReserveForm | None = None, status: int = 200) -> HttpResponse:
    """Render the first page of the bank."""
    bank, today = asked_bank(request), timezone.localdate()
    if bank is None:
        return render(request, "www/time_bank/no_bank.html", {"manages": request.actor.may("time_bank:manage")})
    seen = solvency(actor=request.actor, bank=bank, on=today)
    manages = request.actor.may("time_bank:manage")
    context = {
        "bank": bank, "seen": seen, "banks": selectors.banks_for(actor=request.actor), "chart": chart_of(seen),
        "hours": {name: getattr(seen, name) // 60 for name in ("balance", "came_in", "redeemed", "pool")},
        "ages": ages_of(seen), "rules": rules_of(area_code=bank.area_code, on=today), "manages": manages,
        "form": form or ReserveForm(initial={"fen": bank.reserve_fen / 100, "note": bank.reserve_note}),
        "waiting": selectors.gifts_for(actor=request.actor, state=GiftState.FILED).count(),
        "disputed": selectors.requests_for(actor=request.actor, state=RequestState.DISPUTED).count(),
    }  # fmt: skip
    return render(request, "www/time_bank/home.html", context, status=status)


def asked_bank(request: PageRequest) -> Bank | None:
    """Return the bank that ?bank= names, or the nearest."""
    return selectors.bank_for(actor=request.actor, bank_id=whole(request.GET.get("bank", "")))


def chart_of(seen: Solvency) -> dict[str, object]:
    """Return what came in, went out and stood, month by month, in hours."""
    return {
        "kind": "line", "unit": "小时", "x": [f"{m.first:%Y-%m}" for m in seen.months],
        "series": [
            {"name": "当月发行", "values": [m.issued // 60 for m in seen.months]},
            {"name": "当月兑换", "values": [m.redeemed // 60 for m in seen.months]},
            {"name": "月末未兑换", "values": [m.outstanding // 60 for m in seen.months]},
        ],
    }  # fmt: skip


def ages_of(seen: Solvency) -> dict[str, object]:
    """Return the balance by the age of its lots, in hours."""
    return {
        "kind": "bar", "unit": "小时", "x": [label for label, _ in seen.ages],
        "series": [{"name": "账户余额", "values": [minutes // 60 for _, minutes in seen.ages]}],
    }  # fmt: skip
