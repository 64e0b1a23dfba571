"""The bulletin of a quarter: communities, and the units of one community."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.tables import table_file
from wushe.foundation.errors import NotFound
from wushe.foundation.journal.exports import note_export
from wushe.foundation.scope import covers
from wushe.governance.check_in.bulletin import RIGHT, BulletinRow, Quarter, bulletin, units_in
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names

HEAD = [
    "季度",
    "报到单位（家）",
    "报到个人（人）",
    "认领心愿（个）",
    "其中已实现（个）",
    "服务人数（人）",
    "服务人次（人次）",
    "服务时长（小时）",
]
NOBODY = "没写单位的个人"


@require_GET
@allow(RIGHT)
def communities(request: PageRequest) -> HttpResponse:
    """Show a row for each community."""
    quarter, rows = _asked(request, request.GET)
    context = {"rows": rows, "export_url": reverse("check_in:export_bulletin"), **_around(quarter)}
    return render(request, "www/check_in/bulletin.html", context)


@require_POST
@allow(RIGHT)
def export(request: PageRequest) -> HttpResponse:
    """Give the rows as a file, and journal that they were taken."""
    quarter, rows = _asked(request, request.POST)
    return _file(request, "check-in", "社区", quarter, rows)


@require_GET
@allow(RIGHT)
def community(request: PageRequest, area_code: str) -> HttpResponse:
    """Show the units of one community, who did most first."""
    quarter, rows = _asked_of(request, request.GET, area_code)
    place = _place(area_code)
    context = {
        "rows": rows, "place": place, "export_url": reverse("check_in:export_community", args=[area_code]),
        **_around(quarter),
    }  # fmt: skip
    return render(request, "www/check_in/community.html", context)


@require_POST
@allow(RIGHT)
def export_community(request: PageRequest, area_code: str) -> HttpResponse:
    """Give the units of one community as a file, and journal that they were taken."""
    quarter, rows = _asked_of(request, request.POST, area_code)
    return _file(request, "check-in-units", "单位", quarter, rows)


def _asked(request: PageRequest, given: Any) -> tuple[Quarter, list[tuple[BulletinRow, str]]]:
    quarter = _quarter(given)
    rows = bulletin(actor=request.actor, quarter=quarter)
    names = place_names(codes=[row.key for row in rows], from_level=Level.STREET)
    return quarter, [(row, names.get(row.key, row.key)) for row in rows]


def _asked_of(request: PageRequest, given: Any, area_code: str) -> tuple[Quarter, list[tuple[BulletinRow, str]]]:
    if len(area_code) != Level.COMMUNITY or not covers(request.actor, area_code):
        raise NotFound
    quarter = _quarter(given)
    rows = units_in(actor=request.actor, quarter=quarter, area_code=area_code)
    return quarter, [(row, row.key or NOBODY) for row in rows]


def _quarter(given: Any) -> Quarter:
    """Return the quarter that was asked for, this one where it makes no sense."""
    year, _, number = str(given.get("quarter", "")).partition("-")
    if year.isascii() and year.isdigit() and 2000 <= int(year[:5]) <= 2200 and number in {"1", "2", "3", "4"}:
        return Quarter(int(year), int(number))
    return Quarter.of(timezone.localdate())


def _around(quarter: Quarter) -> dict[str, Any]:
    now = Quarter.of(timezone.localdate())
    later = quarter.next if (quarter.year, quarter.number) < (now.year, now.number) else None
    return {"quarter": quarter, "later": later, "export_values": [("quarter", str(quarter))]}


def _place(area_code: str) -> str:
    return place_names(codes=[area_code]).get(area_code, area_code)


def _file(
    request: PageRequest, name: str, first: str, quarter: Quarter, rows: list[tuple[BulletinRow, str]]
) -> HttpResponse:
    note_export(
        actor=request.actor, at=timezone.now(), list_name=name.replace("-", "_"), rows=len(rows), permission=RIGHT,
        filters={"quarter": str(quarter)},
    )  # fmt: skip
    cells = [
        [title, f"{quarter.year}年第{quarter.number}季度", row.units, row.members, row.claims, row.realised,
         row.given.persons, row.given.person_times, f"{row.given.minutes / 60:.1f}"]
        for row, title in rows
    ]  # fmt: skip
    return table_file(name=name, kind=request.POST.get("format", ""), head=[first, *HEAD], rows=cells)
