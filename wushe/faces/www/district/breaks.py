"""Where the chain breaks: the chain stage by stage, what stops at each, where, why, for whom, and what to do."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from wushe.chain.needs.models import Channel
from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.district.areas import MAP_NOTE, View, map_of, scene_name, switcher, view_of
from wushe.faces.www.doors import desk
from wushe.oversight.break_kinds import KINDS
from wushe.oversight.selectors.breaks import (
    Break,
    Share,
    StageLoad,
    breaks_table,
    for_whom,
    kind_of,
    oldest,
    stages,
    why,
)

_LOUD, _CLEAR = 5, 1


@require_GET
@allow("oversight:view")
def breaks_page(request: PageRequest) -> HttpResponse:
    """Show the chain of an area with the number of chains that stop at each place, and one break closely."""
    view = view_of(request)
    loads = stages(actor=request.actor, area_code=view.place.code, at=view.at)
    found = [one for load in loads for one in load.breaks]
    worst = max((one for one in found if one.kind.stage != "volunteer"), key=lambda one: one.count)
    chosen = request.GET.get("show", "") or worst.kind.code
    inside = _inside(request, view)
    return render(request, "www/district/breaks.html", {
        **switcher(view, show=chosen),
        "stages": [_stage(view, load, chosen) for load in loads],
        "total": sum(one.count for one in found if one.kind.stage != "volunteer"),
        "chosen": _chosen(request, view, next((b for b in found if b.kind.code == chosen), Break(kind_of(chosen), 0))),
        "map": map_of(
            request, view, {code: float(row.get(chosen, 0)) for code, row in inside.items()},
            address=reverse("district:breaks"), unit=kind_unit(chosen), kept={"show": chosen},
        ),
        "map_title": f"{kind_of(chosen).title} · {MAP_NOTE}",
        "matrix": _matrix(view, inside),
        "quiet": [area for area in view.place.inside if area.area_code not in inside],
        "kinds": KINDS,
    })  # fmt: skip


def kind_unit(code: str) -> str:
    """Return the unit in which a break is counted."""
    units = {
        "need": "件",
        "link": "件",
        "order": "单",
        "dispatch": "次",
        "visit": "次",
        "check": "次",
        "settlement": "笔",
    }
    special = {"projects_without_carrier": "个", "volunteers_without_post": "人", "posts_without_volunteers": "个"}
    return special.get(code) or units[kind_of(code).stage]


def _inside(request: PageRequest, view: View) -> dict[str, dict[str, int]]:
    if not view.place.column:
        return {}
    return breaks_table(actor=request.actor, area_code=view.place.code, at=view.at, column=view.place.column)


def _stage(view: View, load: StageLoad, chosen: str) -> dict[str, Any]:
    return {
        "stage": load.stage,
        "in_hand": load.in_hand,
        "stopped": load.stopped,
        "side": load.stage.code == "volunteer",
        "breaks": [
            {
                "kind": one.kind,
                "count": one.count,
                "unit": kind_unit(one.kind.code),
                "tone": "done" if one.count < _CLEAR else "stop" if one.count >= _LOUD else "wait",
                "address": reverse("district:breaks") + view.query(show=one.kind.code),
                "current": one.kind.code == chosen,
            }
            for one in load.breaks
        ],
    }


def _chosen(request: PageRequest, view: View, one: Break) -> dict[str, Any]:
    where: dict[str, Any] = {"actor": request.actor, "code": one.kind.code, "area_code": view.place.code, "at": view.at}
    first = oldest(**where) if one.count else None
    return {
        "kind": one.kind,
        "count": one.count,
        "unit": kind_unit(one.kind.code),
        "rows": reverse("district:rows", args=["break", one.kind.code]) + view.query(),
        "desk": desk(request.actor, one.kind.desks),
        "days": (view.at - first).days if first else None,
        "why": [_share(one, share) for share in why(**where)] if one.count else [],
        "for_whom": for_whom(**where) if one.count else [],
        "reason_title": "送出去为什么没成" if one.kind.code == "orders_without_taker" else "主要集中在",
    }


def _share(one: Break, share: Share) -> dict[str, Any]:
    label = share.label
    if one.kind.reason == "channel":
        label = dict(Channel.choices).get(label, label)
    elif one.kind.reason == "scene":
        label = scene_name("" if label == "没有写明" else label)
    return {"label": label, "count": share.count}


def _matrix(view: View, inside: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    most = {kind.code: max((row.get(kind.code, 0) for row in inside.values()), default=0) for kind in KINDS}
    rows = []
    for area in (one for one in view.place.inside if one.area_code in inside):
        found = inside[area.area_code]
        cells = [
            {
                "kind": kind,
                "count": found.get(kind.code, 0),
                "address": reverse("district:rows", args=["break", kind.code]) + view.query(area=area.area_code),
                "band": _band(found.get(kind.code, 0), most[kind.code]),
            }
            for kind in KINDS
        ]
        total = sum(found.get(kind.code, 0) for kind in KINDS if kind.stage != "volunteer")
        rows.append({"area": area, "address": view.query(area=area.area_code), "cells": cells, "total": total})
    return sorted(rows, key=lambda row: (-row["total"], row["area"].area_code))


def _band(count: int, most: int) -> int:
    """Return how dark a cell is: 0 for none, 1 to 3 by thirds of the greatest."""
    return 0 if not count else min(3, 1 + 3 * (count - 1) // max(most, 1))
