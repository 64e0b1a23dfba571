"""The tranches of all projects in scope: what waits for whom; as a page and as a file."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.chain.projects.models import TrancheState
from wushe.chain.projects.progress import find_tranches, tranche_counts
from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.accounts.statements import yuan
from wushe.faces.www.paging import page_of
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.counting import show_count
from wushe.foundation.journal.exports import note_export

HEAD = [
    "编号",
    "项目",
    "承接机构",
    "拨款",
    "批次",
    "金额（元）",
    "材料",
    "材料期限",
    "材料状态",
    "付款日期",
    "凭证号",
    "状态",
]


@require_GET
@allow("projects:view")
def tranches(request: PageRequest) -> HttpResponse:
    """Show the tranches of the actor's scope."""
    actor = request.actor
    state, text = _asked(request.GET.get("state", "")), request.GET.get("q", "")[:40]
    counts = tranche_counts(actor=actor, text=text)
    page = page_of(find_tranches(actor=actor, state=state, text=text), request.GET, size=30)
    context = {
        "page": page, "state": state, "text": text, "total": show_count(counts[state or "all"]),
        "today": timezone.localdate(),
        "states": [(s.value, s.label, show_count(counts[s.value])) for s in TrancheState],
    }  # fmt: skip
    return render(request, "www/projects/tranches.html", context)


@require_POST
@allow("projects:view")
def export(request: PageRequest) -> HttpResponse:
    """Give the list as a table."""
    actor, state = request.actor, _asked(request.POST.get("state", ""))
    found = find_tranches(actor=actor, state=state, text=request.POST.get("q", "")[:40])[:MOST_ROWS]
    rows = [
        [t.pk, t.grant.project.title, t.grant.project.carrier.name if t.grant.project.carrier else "", t.grant.title,
         t.number, yuan(t.amount_fen), t.report.title, t.report.due_on.isoformat(), t.report.get_state_display(),
         t.paid_on.isoformat() if t.paid_on else "", t.voucher, t.get_state_display()]
        for t in found
    ]  # fmt: skip
    note_export(
        actor=actor, at=timezone.now(), list_name="tranches", rows=len(rows), permission="projects:view",
        filters={"state": state} if state else {},
    )  # fmt: skip
    return table_file(name="bokuan", kind=request.POST.get("format", "xlsx"), head=HEAD, rows=rows)


def _asked(state: str) -> str:
    return state if state in TrancheState.values else ""
