"""What came of each scout's leads in a month: sent, confirmed as needs, closed, waiting."""

from calendar import monthrange
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
from wushe.practice.scouts.selectors import ScoutRow, scout_rows

HEAD = ["排困员", "月份", "上报线索", "确认为需求", "关闭", "待处理", "确认率（%）"]
RIGHT = "scouts:view"


@require_GET
@allow(RIGHT)
def rates(request: PageRequest) -> HttpResponse:
    """Show a month, a row for each scout."""
    month, rows = _asked(request, request.GET)
    sums = (sum(getattr(row, name) for row in rows) for name in ("sent", "confirmed", "closed", "waiting"))
    context = {
        "month": month, "rows": rows, "whole": ScoutRow("合计", *sums),
        "previous": (month - timedelta(days=1)).strftime("%Y-%m"),
        "export_url": reverse("scouts:export_rates"), "export_values": [("month", month.strftime("%Y-%m"))],
    }  # fmt: skip
    return render(request, "www/scouts/rates.html", context)


@require_POST
@allow(RIGHT)
def export(request: PageRequest) -> HttpResponse:
    """Give the rows as a file, and journal that they were taken."""
    month, rows = _asked(request, request.POST)
    said = month.strftime("%Y-%m")
    note_export(
        actor=request.actor, at=timezone.now(), list_name="scout_rates", rows=len(rows), permission=RIGHT,
        filters={"month": said},
    )  # fmt: skip
    cells = [
        [
            row.name,
            said,
            row.sent,
            row.confirmed,
            row.closed,
            row.waiting,
            "" if row.share is None else f"{100 * row.share:.1f}",
        ]
        for row in rows
    ]
    return table_file(name="scouts", kind=request.POST.get("format", ""), head=HEAD, rows=cells)


def _asked(request: PageRequest, given: Any) -> tuple[date, list[ScoutRow]]:
    """Return the month that was asked for, this one where it makes no sense, and its rows."""
    try:
        month = date.fromisoformat(f"{given.get('month', '')}-01")
    except ValueError:
        month = timezone.localdate().replace(day=1)
    last = month.replace(day=monthrange(month.year, month.month)[1])
    return month, scout_rows(actor=request.actor, since=month, until=last)
