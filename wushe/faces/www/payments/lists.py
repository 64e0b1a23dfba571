"""What waits, the lists of the desk with their acts, and each list as a file."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.acts import carried_out, chosen, offered, problems
from wushe.faces.www.paging import page_of, state_chips
from wushe.faces.www.refusing import carry_out, one_of
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.actor import Actor
from wushe.foundation.counting import counts_by_state, show_count
from wushe.foundation.errors import Conflict, NotFound
from wushe.foundation.journal.exports import note_export
from wushe.lines.payments import batches, selectors, statements

from .desks import DESKS, Desk, plain
from .forms import MonthForm

_SIZE = 30
_HOMES = {
    "statements": "pay_statements", "disputes": "pay_disputes", "payees": "pay_payees", "batches": "pay_batches",
    "bank": "bank_lines", "year_end": "hold_releases",
}  # fmt: skip


@require_GET
@allow("payments:view")
def home(request: PageRequest) -> HttpResponse:
    """Show what waits, each figure with the rows behind it."""
    counts = selectors.waiting(actor=request.actor, on=timezone.localdate())
    context = {"counts": {name: show_count(n) for name, n in counts.items()}, "may": rights(request.actor)}
    return render(request, "www/payments/home.html", context)


def rights(actor: Actor) -> dict[str, bool]:
    """Return what the actor may do with payments; the organisation sees no batches and no bank."""
    return {name: actor.may(f"payments:{name}") for name in ("prepare", "confirm", "agree", "bank")}


@require_GET
@allow("payments:view")
def show_list(request: PageRequest, name: str) -> HttpResponse:
    """Show a list."""
    return _show(request, DESKS[name], 0, {})


@require_GET
@allow("bank:view")
def show_bank_list(request: PageRequest, name: str) -> HttpResponse:
    """Show a list that only those see who pay."""
    return _show(request, DESKS[name], 0, {})


@require_POST
@allow("payments:view")
def act(request: PageRequest, name: str, pk: int, act: str) -> HttpResponse:
    """Do one of the acts of a list on a row."""
    desk = DESKS[name]
    what = chosen(desk.acts, act, request.actor)
    assert desk.of is not None
    thing = desk.of(actor=request.actor, **{desk.key: pk})
    refused = carried_out(request, act, what, thing, **{desk.key: pk})
    return _show(request, desk, pk, {act: refused}) if refused else redirect(f"payments:{_HOMES[name]}")


@require_POST
@allow("payments:view")
def export(request: PageRequest, name: str) -> HttpResponse:
    """Give a list as a table; each export is journalled."""
    if name not in DESKS:
        raise NotFound
    desk, actor = DESKS[name], request.actor
    state, text = one_of(request.POST.get("state", ""), desk.states.values), request.POST.get("q", "")[:40]
    found = desk.find(actor=actor, state=state, text=text)[:MOST_ROWS]
    rows = [[*(plain(cell) for cell in desk.cells(row)), row.get_state_display()] for row in found]
    note_export(
        actor=actor, at=timezone.now(), list_name=f"payments_{name}", rows=len(rows), permission="payments:view",
        filters={"state": state} if state else {},
    )  # fmt: skip
    kind = request.POST.get("format", "xlsx")
    return table_file(name=name.replace("_", "-"), kind=kind, head=[*desk.head, "状态"], rows=rows)


@require_POST
@allow("payments:prepare")
def issue(request: PageRequest) -> HttpResponse:
    """Make the statements of a month."""
    form = MonthForm(request.POST, auto_id="issue-%s")
    made = carry_out(
        form, lambda clean: statements.issue_statements(actor=request.actor, at=timezone.now(), month=clean["month"])
    )
    if made is None:
        return _show(request, DESKS["statements"], 0, {"issue": form})
    messages.success(request, f"已生成{len(made)}张对账单，等机构确认。")
    return redirect("payments:pay_statements")


@require_POST
@allow("payments:prepare")
def draft(request: PageRequest) -> HttpResponse:
    """Put a batch together."""
    try:
        batch = batches.draft_batch(actor=request.actor, at=timezone.now())
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return redirect("payments:pay_batches")
    messages.success(request, "已制单，请另一个人复核。")
    return redirect("payments:pay_batch", pk=batch.pk)


def _show(request: PageRequest, desk: Desk, pk: int, bound: dict[str, Any]) -> HttpResponse:
    actor, text = request.actor, request.GET.get("q", "")[:40]
    state = one_of(request.GET.get("state", ""), desk.states.values)
    page = page_of(desk.find(actor=actor, state=state, text=text), request.GET, size=_SIZE)
    counts = counts_by_state(desk.states, desk.find(actor=actor, text=text))
    context = {
        "desk": desk, "page": page, "text": text, "state": state, "states": state_chips(desk.states, counts),
        "rows": [(row, desk.link(row), desk.shown(row), offered(desk.acts, row, actor, bound if row.pk == pk else {}))
                 for row in page.rows],
        "problems": problems(bound), "may": rights(actor), "issue": bound.get("issue") or MonthForm(auto_id="issue-%s"),
        "files": selectors.bank_files(actor=actor) if desk.name == "bank" else [],
    }  # fmt: skip
    return render(request, "www/payments/list.html", context, status=422 if bound else 200)
