"""Report a danger, and answer for what was reported."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, one_of, posted
from wushe.foundation.access.selectors import names_of_accounts
from wushe.practice.children import reporting, selectors
from wushe.practice.children.models import DangerReport, Sign
from wushe.practice.children.reporting import OpenedReport

from .forms import ReportForm, StepForm


@require_http_methods(["GET", "POST"])
@never_cache
@allow("children:report")
def report(request: PageRequest) -> HttpResponse:
    """Send a report at once; below stand those that were sent, without what they say."""
    form = ReportForm(posted(request))
    sent = request.method == "POST" and carry_out(
        form, lambda clean: bool(reporting.report_danger(actor=request.actor, at=timezone.now(), **clean))
    )
    if sent:
        messages.success(request, "已报告，负责儿童保护的人已经收到。孩子有生命危险时，请同时打110。")
        return redirect("children:report_child")
    page = page_of(selectors.own_reports(actor=request.actor), request.GET, size=10)
    context = {
        "form": form, "page": page, "rows": _told(page.rows),
        "shell": "www/shell_phone.html" if request.actor.role.journey == "worker" else "www/community/base.html",
    }  # fmt: skip
    return render(request, "www/children/report.html", context, status=422 if form.errors else 200)


@require_GET
@allow("children:handle")
def reports(request: PageRequest) -> HttpResponse:
    """List the reports of the place, without what they say."""
    sign = one_of(request.GET.get("sign", ""), Sign.values)
    found = selectors.reports(actor=request.actor, sign=sign)
    page = page_of(found, request.GET)
    context = {"page": page, "rows": _told(page.rows), "sign": sign, "signs": Sign.choices, "total": found.count()}
    return render(request, "www/children/reports.html", context)


@require_GET
@allow("children:handle")
def one(request: PageRequest, pk: int) -> HttpResponse:
    """Show when a report was sent, by whom, and who was told."""
    return _shown(request, selectors.report_of(actor=request.actor, report_id=pk))


@require_POST
@never_cache
@allow("children:handle")
def open_one(request: PageRequest, pk: int) -> HttpResponse:
    """Show what a report says; the look is journalled."""
    opened = reporting.open_report(actor=request.actor, at=timezone.now(), report_id=pk)
    return _shown(request, selectors.report_of(actor=request.actor, report_id=pk), opened=opened)


@require_POST
@allow("children:handle")
def step(request: PageRequest, pk: int) -> HttpResponse:
    """Write down what was done about a report."""
    found, form = selectors.report_of(actor=request.actor, report_id=pk), StepForm(request.POST)
    if carry_out(form, lambda clean: reporting.add_step(actor=request.actor, at=timezone.now(), report_id=pk, **clean)):
        messages.success(request, "已记下。")
        return redirect("children:danger", pk)
    return _shown(request, found, form=form)


def _shown(
    request: PageRequest, found: DangerReport, *, opened: OpenedReport | None = None, form: StepForm | None = None
) -> HttpResponse:
    (row,) = _told([found])
    context = {"row": row, "opened": opened, "form": form or StepForm()}
    return render(request, "www/children/danger.html", context, status=422 if form else 200)


def _told(found: list[DangerReport]) -> list[dict[str, Any]]:
    """Return reports with the names of who sent them and who was told."""
    tellings = {report.pk: list(report.tellings.all()) for report in found}
    accounts = [telling.user_id for rows in tellings.values() for telling in rows]
    names = names_of_accounts([*accounts, *(report.reported_by for report in found)])
    return [
        {
            "report": report, "who": names.get(report.reported_by, ""),
            "told": [
                (telling.get_told_display() or names.get(telling.user_id or 0, ""), telling.told_at)
                for telling in tellings[report.pk]
            ],
        }
        for report in found
    ]  # fmt: skip
