"""The settlement clerk's desk: what is due and why, what was paid, reversal with a reason, and monthly statements."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse as address_of
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.chain.settlement import selectors, services
from wushe.chain.settlement.models import SettlementState
from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import whole
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.counting import show_count
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.exports import note_export

from .statements import SETTLEMENT_HEAD, day_of, month_of, settlement_cells, statement_table


@require_GET
@allow("settlement:view")
def home(request: PageRequest) -> HttpResponse:
    """Show what is due and why it is blocked, first of all."""
    actor = request.actor
    context = {
        "counts": selectors.settlement_counts(actor=actor), "reasons": selectors.blocked_reasons(actor=actor),
        "sums": selectors.sums_of_month(actor=actor, month=timezone.localdate()), "month": timezone.localdate(),
        "blocked": list(selectors.find_settlements(actor=actor, where=_DUE)[:8]),
    }  # fmt: skip
    return render(request, "www/accounts/home.html", context)


@require_GET
@allow("settlement:view")
def settlement(request: PageRequest) -> HttpResponse:
    """Show the settlements that the filters leave, newest first."""
    where, problem = _filter(request.GET)
    page = page_of(selectors.find_settlements(actor=request.actor, where=where), request.GET)
    counts = selectors.settlement_counts(actor=request.actor, where=where)
    context = {
        "page": page, "where": where, "problem": problem,
        "states": [(value, label, show_count(counts[value])) for value, label in SettlementState.choices],
        "organisations": selectors.organisations_settled(actor=request.actor),
        "may_settle": request.actor.may("settlement:settle"), "export_url": address_of("accounts:export"),
        "export_values": [*((name, request.GET.get(name)) for name in _CODES), ("q", where.text)],
    }  # fmt: skip
    return render(request, "www/accounts/settlement.html", context)


@require_POST
@allow("settlement:view")
def export(request: PageRequest) -> HttpResponse:
    """Give the settlements that the filters leave as a table, with masked names; the export is journalled."""
    where, _ = _filter(request.POST)
    rows = [settlement_cells(row) for row in selectors.find_settlements(actor=request.actor, where=where)[:MOST_ROWS]]
    note_export(
        actor=request.actor, at=timezone.now(), list_name="settlements", rows=len(rows), permission="settlement:view",
        filters={name: request.POST[name][:20] for name in _CODES if request.POST.get(name)},
    )  # fmt: skip
    return table_file(name="jiesuan", kind=request.POST.get("format", "xlsx"), head=SETTLEMENT_HEAD, rows=rows)


@require_GET
@allow("settlement:view")
def one(request: PageRequest, pk: int) -> HttpResponse:
    """Show how one settlement was worked out, and its entries."""
    return _show(request, pk)


@require_POST
@allow("settlement:settle")
def settle_one(request: PageRequest, pk: int) -> HttpResponse:
    """Try again what is due, or settle anew what was reversed."""
    row = selectors.one_settlement(actor=request.actor, settlement_id=pk)
    try:
        done = services.settle(actor=request.actor, at=timezone.now(), visit_id=row.visit_id)
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return redirect("accounts:one", pk=pk)
    if done.state == SettlementState.SETTLED:
        messages.success(request, "已结算入账。")
    else:
        messages.warning(request, f"还不能结算：{done.blocked_by}。")
    return redirect("accounts:one", pk=done.pk)


@require_POST
@allow("settlement:settle")
def settle_area(request: PageRequest) -> HttpResponse:
    """Settle everything that can be paid by now."""
    result = services.settle_all(actor=request.actor, at=timezone.now(), area_code=request.actor.area_code)
    said = f"已结算 {result.settled} 笔，{result.blocked} 笔仍待补充资金。"
    messages.success(request, said + (f"还剩 {result.left} 笔，请再按一次。" if result.left else ""))
    return redirect("accounts:home")


@require_POST
@allow("settlement:reverse")
def reverse_one(request: PageRequest, pk: int) -> HttpResponse:
    """Take a settlement back, with the reason."""
    reason = request.POST.get("reason", "")
    try:
        services.reverse(actor=request.actor, at=timezone.now(), settlement_id=pk, reason=reason)
    except Invalid as refusal:
        return _show(request, pk, reason=reason, problem=refusal.message, status=422)
    except Conflict as refusal:
        return _show(request, pk, reason=reason, problem=refusal.message, status=409)
    messages.success(request, "已冲正，两笔账都已退回。更正后可以重新结算。")
    return redirect("accounts:one", pk=pk)


@require_GET
@allow("settlement:view")
def statements(request: PageRequest) -> HttpResponse:
    """Show the organisations that have settlements, to open their monthly statement."""
    organisations = selectors.organisations_settled(actor=request.actor)
    return render(
        request, "www/accounts/statements.html", {"organisations": organisations, "month": month_of(request.GET)}
    )


@require_GET
@allow("settlement:view")
def statement(request: PageRequest, pk: int) -> HttpResponse:
    """Show what an organisation is owed for a month."""
    month = month_of(request.GET)
    seen = selectors.month_statement(actor=request.actor, organisation_id=pk, month=month)
    return render(request, "www/accounts/statement.html", {"seen": seen, "month": month, "pk": pk})


@require_POST
@allow("settlement:view")
def statement_file(request: PageRequest, pk: int) -> HttpResponse:
    """Give an organisation's monthly statement as a table; the export is journalled."""
    return statement_table(request, pk)


_CODES = ("state", "organisation", "first", "last")
_DUE = selectors.SettlementFilter(state=SettlementState.DUE)


def _show(request: PageRequest, pk: int, *, reason: str = "", problem: str = "", status: int = 200) -> HttpResponse:
    row = selectors.one_settlement(actor=request.actor, settlement_id=pk)
    actor = request.actor
    context = {
        "row": row, "visit": row.visit, "reason": reason, "problem": problem,
        "may_reverse": row.state == SettlementState.SETTLED and actor.may("settlement:reverse"),
        "may_settle": row.visit.state == "accepted" and actor.may("settlement:settle"),
        "entries": [entry for entry in (row.money_entry, row.time_entry) if entry],
    }  # fmt: skip
    return render(request, "www/accounts/one.html", context, status=status)


def _filter(query: QueryDict) -> tuple[selectors.SettlementFilter, str]:
    """Return what was asked for, and what of it cannot be understood."""
    first, last = day_of(query.get("first", "")), day_of(query.get("last", ""))
    problem = "日期没有看懂，请用日历选择。" if any(
        query.get(name) and day is None for name, day in (("first", first), ("last", last))
    ) else ""  # fmt: skip
    if first and last and first > last:
        problem, last = "开始日期晚于结束日期，已忽略结束日期。", None
    state = query.get("state", "")
    return selectors.SettlementFilter(
        state=state if state in SettlementState.values else "", text=query.get("q", "")[:40],
        organisation_id=whole(query.get("organisation", "")),
        first=first, last=last,
    ), problem  # fmt: skip
