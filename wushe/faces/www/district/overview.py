"""The overview of an area: its figures, their course, map and ranking; every figure opens its rows."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.district.areas import (
    MAP_NOTE,
    View,
    map_of,
    map_unit,
    map_value,
    scene_name,
    switcher,
    view_of,
    written,
)
from wushe.faces.www.spreadsheets import spreadsheet
from wushe.oversight.indicators import BY_CODE, INDICATORS
from wushe.oversight.selectors.breaks import breaks
from wushe.oversight.selectors.figures import Figure, course, figures, latest_day, table
from wushe.oversight.selectors.societies import scenes, societies
from wushe.oversight.services import log_export

KPIS = ("needs_recorded", "needs_met", "orders_accepted", "visits_made", "people_served", "service_minutes",
        "visits_passed", "calls_satisfied", "money_settled")  # fmt: skip
RANKED = ("needs_recorded", "needs_met", "orders_accepted", "visits_made", "people_served", "visits_passed",
          "calls_satisfied", "money_settled")  # fmt: skip
DRAWN = ("needs_recorded", "needs_finished", "visits_made")
ICONS = {
    "needs_recorded": "inbox", "needs_met": "circle-check", "orders_accepted": "user-check", "visits_made": "home-heart",
    "people_served": "users", "service_minutes": "clock", "visits_passed": "shield-check", "calls_satisfied": "mood-smile",
    "money_settled": "receipt",
}  # fmt: skip


@require_GET
@allow("oversight:view")
def home(request: PageRequest) -> HttpResponse:
    """Show the overview of an area."""
    view = view_of(request)
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in BY_CODE else "needs_recorded"
    counted = figures(actor=request.actor, area_code=view.place.code, as_of=view.today, period=view.period)
    courses = {code: _course(request, view, code) for code in DRAWN}
    inside = _table(request, view)
    found = breaks(actor=request.actor, area_code=view.place.code, at=view.at)
    stopped = sorted((one for one in found if one.kind.stage != "volunteer"), key=lambda one: -one.count)
    return render(request, "www/district/home.html", {
        **switcher(view, show=chosen),
        "counted_on": latest_day(actor=request.actor, area_code=view.place.code, as_of=view.today, period=view.period),
        "tiles": [_tile(view, one, courses) for one in counted if one.indicator.code in KPIS],
        "others": [_tile(view, one, {}) for one in counted if one.indicator.code not in KPIS],
        "needs_trend": _trend(view, courses, "needs_recorded", "needs_finished"),
        "visits_trend": _trend(view, courses, "visits_made"),
        "stopped": stopped[:5],
        "stopped_total": sum(one.count for one in stopped),
        "breaks_address": reverse("district:breaks") + view.query(),
        "map": map_of(
            request, view, {code: map_value(row[chosen]) for code, row in inside.items() if chosen in row},
            address=reverse("district:home"), unit=map_unit(BY_CODE[chosen]), kept={"show": chosen},
        ) if view.place.inside or view.place.way else None,
        "map_title": f"{BY_CODE[chosen].title} · {MAP_NOTE}",
        "choices": [(one.code, one.title) for one in INDICATORS],
        "chosen": chosen,
        "ranking": _ranking(request, view, inside),
        "quiet": [area for area in view.place.inside if not _has_data(inside.get(area.area_code, {}))],
        "ranked": [(code, BY_CODE[code].title) for code in RANKED],
        "societies": societies(actor=request.actor, area_code=view.place.code, at=view.at),
        "scenes": _scenes(request, view),
        "nothing": not any(one.numerator for one in counted),
    })  # fmt: skip


@require_GET
@allow("oversight:view")
def indicators(request: PageRequest) -> HttpResponse:
    """Show every indicator of an area with its meaning, numerator and denominator."""
    view = view_of(request)
    counted = figures(actor=request.actor, area_code=view.place.code, as_of=view.today, period=view.period)
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in counted:
        groups.setdefault(one.indicator.group, []).append(_tile(view, one, {}))
    day = latest_day(actor=request.actor, area_code=view.place.code, as_of=view.today, period=view.period)
    return render(request, "www/district/indicators.html", {**switcher(view), "groups": groups, "counted_on": day})


@require_GET
@allow("oversight:view")
def map_page(request: PageRequest) -> HttpResponse:
    """Show the map of an area alone, large, shaded by the chosen figure."""
    view = view_of(request)
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in BY_CODE else "visits_made"
    inside = _table(request, view)
    values = {code: map_value(row[chosen]) for code, row in inside.items() if chosen in row}
    return render(request, "www/district/map.html", {
        **switcher(view, show=chosen),
        "map": map_of(request, view, values, address=reverse("district:map"), unit=map_unit(BY_CODE[chosen]), kept={"show": chosen}),
        "map_title": f"{BY_CODE[chosen].title} · {MAP_NOTE}",
        "choices": [(one.code, one.title) for one in INDICATORS],
        "chosen": chosen,
    })  # fmt: skip


@require_POST
@allow("oversight:view")
def export_ranking(request: PageRequest) -> HttpResponse:
    """Give the ranking as a file; who took it is journalled."""
    view = view_of(request)
    inside = _table(request, view)
    codes = [one.code for one in INDICATORS]
    heads = ["地区", *(head for code in codes for head in _heads(code))]
    rows = [
        [area.name, *(cell for code in codes for cell in _cells(inside.get(area.area_code, {}).get(code), code))]
        for area in view.place.inside
    ]
    log_export(actor=request.actor, at=view.at, what="indicators", area_code=view.place.code, rows=len(rows))
    note = f"{view.place.name} · {view.period.title}，截至{view.today:%Y-%m-%d} · 比率为分子合计÷分母合计"
    return spreadsheet(title=f"{view.place.name}指标排名", note=note, heads=heads, rows=rows)


def _course(request: PageRequest, view: View, code: str) -> list[tuple[Any, int]]:
    return course(actor=request.actor, code=code, area_code=view.place.code, until=view.today, period=view.period)


def _table(request: PageRequest, view: View) -> dict[str, dict[str, Figure]]:
    if not view.place.column:
        return {}
    return table(
        actor=request.actor, area_code=view.place.code, as_of=view.today, column=view.place.column, period=view.period
    )


def _tile(view: View, figure: Figure, courses: dict[str, list[tuple[Any, int]]]) -> dict[str, Any]:
    value, unit = written(figure)
    code = figure.indicator.code
    share = f"{figure.numerator:,} ÷ {figure.denominator or 0:,}" if figure.indicator.is_rate else ""
    return {
        "indicator": figure.indicator,
        "label": figure.indicator.title,
        "value": value,
        "unit": unit,
        "note": share,
        "icon": ICONS.get(code, "chart-bar"),
        "address": reverse("district:rows", args=["figure", code]) + view.query(),
        "trend": [n for _, n in courses[code]] if code in courses else None,
    }


def _trend(view: View, courses: dict[str, list[tuple[Any, int]]], *codes: str) -> dict[str, Any]:
    days = [day for day, _ in courses[codes[0]]]
    return {
        "kind": "line",
        "unit": BY_CODE[codes[0]].unit + ("，每点一周" if view.period.step > 1 else ""),
        "x": [f"{day.month}月{day.day}日" for day in days],
        "series": [
            {
                "name": BY_CODE[code].title,
                "values": [n for _, n in courses[code]],
                "links": [
                    reverse("district:rows", args=["figure", code]) + view.query(on=day.isoformat()) for day in days
                ],
            }
            for code in codes
        ],
    }


def _has_data(row: dict[str, Figure]) -> bool:
    return any(figure.numerator for code, figure in row.items() if code in RANKED)


def _ranking(request: PageRequest, view: View, inside: dict[str, dict[str, Figure]]) -> list[dict[str, Any]]:
    sort = request.GET.get("sort", "-needs_recorded")
    code, down = sort.lstrip("-"), sort.startswith("-")
    rows = []
    for area in (one for one in view.place.inside if _has_data(inside.get(one.area_code, {}))):
        found = inside.get(area.area_code, {})
        cells = []
        for name in RANKED:
            figure = found.get(name) or Figure(BY_CODE[name], 0, 0 if BY_CODE[name].is_rate else None)
            value, unit = written(figure)
            share = f"{figure.numerator}÷{figure.denominator or 0}" if figure.indicator.is_rate else ""
            address = reverse("district:rows", args=["figure", name]) + view.query(area=area.area_code)
            cells.append({"title": BY_CODE[name].title, "value": value + unit, "share": share, "address": address})
        chosen = found.get(code)
        key = chosen.value if chosen and chosen.value is not None else -1
        rows.append({"area": area, "address": view.query(area=area.area_code), "cells": cells, "key": key})
    return sorted(rows, key=lambda row: row["area"].area_code if code == "area" else row["key"], reverse=down)


def _scenes(request: PageRequest, view: View) -> list[dict[str, Any]]:
    found = scenes(actor=request.actor, area_code=view.place.code, until=view.today, period=view.period)
    return [
        {
            "title": scene_name(one.code),
            "needs": one.needs,
            "met": one.met,
            "projects": one.projects,
            "address": reverse("district:rows", args=["scene", one.code or "none"]) + view.query(),
        }
        for one in found
    ]


def _heads(code: str) -> list[str]:
    title = BY_CODE[code].title
    return (
        [f"{title}（%）", f"{title}分子", f"{title}分母"]
        if BY_CODE[code].is_rate
        else [f"{title}（{BY_CODE[code].unit}）"]
    )


def _cells(figure: Figure | None, code: str) -> list[Any]:
    if BY_CODE[code].is_rate:
        return [figure.rate, figure.numerator, figure.denominator] if figure else [None, 0, 0]
    return [figure.numerator if figure else 0]
