"""The organisation's own account: a visit reported by hand, and the statement of what a month comes to."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.chain.settlement import selectors
from wushe.chain.settlement.models import SettlementState
from wushe.chain.visits.reports import report_due, report_visit
from wushe.chain.visits.selectors import planned_visit
from wushe.faces.www.access import PageRequest
from wushe.faces.www.accounts.statements import month_of, settled_table
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, posted
from wushe.foundation.counting import show_count
from wushe.registers.areas.selectors import place_names

from .desk import desk
from .forms import ReportForm


@require_http_methods(["GET", "POST"])
@desk("visits:report")
def report(request: PageRequest, appointment_id: int) -> HttpResponse:
    """Report what was done at a visit without a sign-in."""
    row = planned_visit(actor=request.actor, appointment_id=appointment_id)
    start = row.planned_start
    form = ReportForm(
        posted(request), initial={"started": start, "ended": None if start is None else start + row.minutes}
    )
    if request.method == "POST":
        done = carry_out(
            form,
            lambda values: report_visit(
                actor=request.actor, at=timezone.now(), appointment_id=appointment_id, **values
            ),
        )
        if done is not None:
            messages.success(request, "已上报。因为没有手机签到，这次服务会由质控员人工核验。")
            return redirect("organisation:order", row.order_id)
    context = {
        "row": row, "form": form, "due": report_due(row), "place": place_names(codes=[row.area_code]).get(row.area_code, "")
    }  # fmt: skip
    return render(request, "www/organisation/report.html", context, status=422 if form.errors else 200)


@require_GET
@desk("settlement:view")
def settlement(request: PageRequest) -> HttpResponse:
    """Show what a month comes to: totals by item, and each settlement."""
    month = month_of(request.GET)
    organisation_id = request.actor.organisation_id or 0
    seen = selectors.month_statement(actor=request.actor, organisation_id=organisation_id, month=month)
    where = selectors.SettlementFilter(state=_state(request), first=seen.first, last=seen.last)
    counts = selectors.settlement_counts(actor=request.actor, where=where)
    return render(request, "www/organisation/settlement.html", {
        "seen": seen, "month": month, "page": page_of(selectors.find_settlements(actor=request.actor, where=where), request.GET),
        "states": [(value, label, show_count(counts[value])) for value, label in SettlementState.choices],
        "where": where, "before": seen.first - timedelta(days=1), "after": _after(seen.last),
    })  # fmt: skip


@require_POST
@desk("settlement:view")
def settlement_file(request: PageRequest) -> HttpResponse:
    """Give the month's settlements one by one with their sum as a table; the export is journalled."""
    return settled_table(request, request.actor.organisation_id or 0)


def _state(request: PageRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in SettlementState.values else ""


def _after(last: date) -> date | None:
    """Return the first day of the month after, None for a month that has not begun."""
    following = last + timedelta(days=1)
    return following if following <= timezone.localdate() else None
