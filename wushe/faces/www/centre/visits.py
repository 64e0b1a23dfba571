"""Service records at the centre: every visit that was begun, by state, place and day, each leading to its whole chain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_POST

from wushe.chain.visits.models import Visit, VisitState
from wushe.chain.visits.selectors import find_visits
from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import whole
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.counting import capped_counts, show_count
from wushe.foundation.journal.exports import note_export
from wushe.foundation.scope import within
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import names_inside, place_names
from wushe.registers.organisations.selectors import organisations

FILTERS = ("state", "area", "organisation", "first", "last")
HEAD = [
    "服务记录", "服务日期", "服务", "服务对象", "地点", "人员", "工号", "承接机构", "签到", "签退", "实际分钟",
    "签到距住处（米）", "状态", "补报原因",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class VisitFilter:
    """What the list is narrowed to; an empty value leaves that side open."""

    state: str = ""
    area_code: str = ""
    organisation_id: int | None = None
    first: date | None = None
    last: date | None = None
    text: str = ""


@require_GET
@desk("visits:view")
def visits(request: PageRequest) -> HttpResponse:
    """List visits with filters, counts and search."""
    where = visit_filter(request.GET)
    page = page_of(_found(request, where, where.state), request.GET)
    counts = capped_counts({state: _found(request, where, state) for state in VisitState.values})
    narrow = len(request.actor.area_code) >= Level.STREET
    return render(request, "www/centre/visits.html", {
        "page": page, "rows": _rows(page.rows), "where": where,
        "states": [(s.value, s.label, show_count(counts[s.value])) for s in VisitState],
        "streets": [] if narrow else names_inside(actor=request.actor, on=timezone.localdate(), level=Level.STREET),
        "organisations": organisations(actor=request.actor).filter(takes_orders=True)
        if request.actor.may("registers:view") else [],
        "export_url": reverse("centre:export_visits"),
        "export_values": [*((name, request.GET.get(name, "")) for name in FILTERS), ("q", where.text)],
    })  # fmt: skip


@require_POST
@desk("visits:view")
def export_visits(request: PageRequest) -> HttpResponse:
    """Give the rows of the list under the same filters as a file, and journal that they were taken."""
    where = visit_filter(request.POST)
    rows = _rows(_found(request, where, where.state)[:MOST_ROWS])
    note_export(
        actor=request.actor, at=timezone.now(), list_name="visits", rows=len(rows), permission="visits:view",
        filters={name: request.POST[name][:20] for name in FILTERS if request.POST.get(name)},
    )  # fmt: skip
    return table_file(name="visits", kind=request.POST.get("format", ""), head=HEAD, rows=map(_cells, rows))


def visit_filter(query: Mapping[str, str]) -> VisitFilter:
    """Return the filters of a request; what makes no sense is left open."""
    state, area = query.get("state", ""), query.get("area", "")
    return VisitFilter(
        state=state if state in VisitState.values else "",
        area_code=area if area.isascii() and area.isdigit() and len(area) <= 12 else "",
        organisation_id=whole(query.get("organisation", "")),
        first=_day(query.get("first", "")),
        last=_day(query.get("last", "")),
        text=query.get("q", "").strip()[:40],
    )


def _found(request: PageRequest, where: VisitFilter, state: str) -> QuerySet[Visit]:
    rows = find_visits(
        actor=request.actor, states=[state] if state else [], text=where.text, first=where.first, last=where.last
    )
    if where.area_code:
        rows = rows.filter(within(where.area_code))
    if where.organisation_id:
        rows = rows.filter(appointment__order__organisation_id=where.organisation_id)
    return rows


def _rows(found: Iterable[Visit]) -> list[dict[str, Any]]:
    found = list(found)
    places = place_names(codes=[row.area_code for row in found])
    return [
        {"visit": row, "order": row.appointment.order, "place": places.get(row.area_code, "")} for row in found
    ]  # fmt: skip


def _cells(one: dict[str, Any]) -> list[Any]:
    row, order = one["visit"], one["order"]
    return [
        row.pk, str(row.appointment.day), order.item.name, order.person.name, one["place"], row.worker.person.name,
        row.worker.number, order.organisation.name if order.organisation else "", row.started_at, row.ended_at,
        row.minutes, row.start_distance, row.get_state_display(), row.report_reason,
    ]  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
