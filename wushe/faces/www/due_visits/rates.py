"""The monthly visit rate by place, and on whose name overdue visits stand."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.tables import table_file
from wushe.foundation.journal.exports import note_export
from wushe.practice.due_visits.selectors import RateRow, monthly_rates, owners_late
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names

HEAD = ["社区", "月份", "应探访人数", "已探访人数", "月探访率（%）", "现在逾期"]


@require_GET
@allow("due_visits:view")
def rates(request: PageRequest) -> HttpResponse:
    """Show the visit rate of a month."""
    month, rows = _asked(request, request.GET)
    people, visited = sum(row.people for row, _ in rows), sum(row.visited for row, _ in rows)
    context = {
        "month": month, "rows": rows, "whole": RateRow("", people, visited, sum(row.late for row, _ in rows)),
        "owners": owners_late(actor=request.actor, on=timezone.localdate())[:20],
        "previous": (month - timedelta(days=1)).strftime("%Y-%m"),
        "export_url": reverse("due_visits:export_rates"), "export_values": [("month", month.strftime("%Y-%m"))],
    }  # fmt: skip
    return render(request, "www/due_visits/rates.html", context)


@require_POST
@allow("due_visits:view")
def export(request: PageRequest) -> HttpResponse:
    """Give the rates as a file, and journal that they were taken."""
    month, rows = _asked(request, request.POST)
    note_export(
        actor=request.actor, at=timezone.now(), list_name="due_visits_rates", rows=len(rows),
        permission="due_visits:view", filters={"month": month.strftime("%Y-%m")},
    )  # fmt: skip
    cells = [
        [place, month.strftime("%Y-%m"), row.people, row.visited, f"{100 * row.visited / row.people:.2f}", row.late]
        for row, place in rows
    ]
    return table_file(name="due-visits", kind=request.POST.get("format", ""), head=HEAD, rows=cells)


def _asked(request: PageRequest, given: Any) -> tuple[date, list[tuple[RateRow, str]]]:
    """Return the month that was asked for, this one where it makes no sense, and its rows with their places."""
    today = timezone.localdate()
    try:
        month = date.fromisoformat(f"{given.get('month', '')}-01")
    except ValueError:
        month = today.replace(day=1)
    rows = monthly_rates(actor=request.actor, month=month, on=today, level=Level.COMMUNITY)
    names = place_names(codes=[row.area_code for row in rows], from_level=Level.STREET)
    return month, [(row, names.get(row.area_code, row.area_code)) for row in rows]
