"""The report that a tranche waits for: filed by the carrier, read and decided by another."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.chain.projects import reporting
from wushe.chain.projects.models import Report, ReportState
from wushe.chain.projects.progress import report_of
from wushe.chain.projects.workflow import REPORT
from wushe.chain.settlement.project_chain import chain_of
from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.acts import Act, carried_out, chosen, offered, problems
from wushe.faces.www.refusing import carry_out

from .forms import ExcuseForm, RemarkForm, ReportForm, ShortRemarkForm

S = ReportState
ACTS = {
    "accept": Act(
        "通过", "材料通过？", ("projects:approve",), frozenset({S.FILED}),
        reporting.accept_report, "材料已通过。", ShortRemarkForm, "check",
    ),
    "return": Act(
        "退回补正", "退回补正？", ("projects:approve",), frozenset({S.FILED}),
        reporting.return_report, "已退回补正。", RemarkForm, "arrow-back-up",
    ),
    "fail": Act(
        "不通过", "判定不通过？这一批款将不能拨付。", ("projects:approve",), frozenset({S.FILED}),
        reporting.fail_report, "已判定不通过。", RemarkForm, "circle-x", danger=True,
    ),
    "excuse": Act(
        "准予延期", "准予延期？", ("projects:approve",), frozenset({S.AWAITED, S.RETURNED, S.FAILED}),
        reporting.excuse_report, "已延期。", ExcuseForm, "calendar-time",
    ),
}  # fmt: skip


@require_GET
@allow("projects:view")
def report(request: PageRequest, pk: int) -> HttpResponse:
    """Show a report; the carrier finds the form here."""
    return _show(request, pk, {})


@require_POST
@allow("projects:report")
def file_report(request: PageRequest, pk: int) -> HttpResponse:
    """File a report."""
    actor, at = request.actor, timezone.now()
    report_of(actor=actor, report_id=pk)
    form = ReportForm(request.POST)
    made = carry_out(form, lambda clean: reporting.file_report(actor=actor, at=at, report_id=pk, **clean))
    if made:
        messages.success(request, "材料已提交，等待审核。")
        return redirect("projects:report", pk)
    return _show(request, pk, {}, form)


@require_POST
@allow("projects:approve")
def report_act(request: PageRequest, pk: int, act: str) -> HttpResponse:
    """Accept, return, fail or excuse a report."""
    what = chosen(ACTS, act, request.actor)
    report_of(actor=request.actor, report_id=pk)
    refused = carried_out(request, act, what, report_id=pk)
    return _show(request, pk, {act: refused}) if refused else redirect("projects:report", pk)


def _show(request: PageRequest, pk: int, bound: dict[str, Any], form: ReportForm | None = None) -> HttpResponse:
    actor = request.actor
    found = report_of(actor=actor, report_id=pk)
    project = found.tranche.grant.project
    files = actor.may("projects:report") and REPORT.allows(found.state, "file")
    context = {
        "report": found, "tranche": found.tranche, "project": project, "chain": chain_of(project=project),
        "form": (form or ReportForm(initial=_known(found))) if files else None, "today": timezone.localdate(),
        "offered": offered(ACTS, found, actor, bound), "problems": problems(bound),
    }  # fmt: skip
    return render(request, "www/projects/report.html", context, status=422 if bound or form else 200)


def _known(found: Report) -> dict[str, Any]:
    """Return what was filed before, for a report that is to be mended."""
    spent = None if found.spent_fen is None else found.spent_fen / 100
    return {"text": found.text, "people": found.people, "papers": found.papers, "spent_fen": spent}
