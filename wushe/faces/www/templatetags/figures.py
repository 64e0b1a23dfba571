"""Figures: tiles that open their rows, charts with a table behind them, maps without tiles, the day board."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import json_script

register = template.Library()

WIDTH, HEIGHT = 100, 30
BANDS = 5


@register.inclusion_tag("www/components/tile.html")
def tile(
    label: str,
    figure: int | str,
    *,
    unit: str = "",
    address: str = "",
    icon: str = "",
    tone: str = "",
    note: str = "",
    trend: Sequence[float] | None = None,
) -> dict[str, Any]:
    """Show a figure that opens its rows: {% tile "待派订单" 12 unit="单" address=url tone="wait" trend=last_14_days %}."""
    return {
        "label": label, "figure": figure, "unit": unit, "address": address, "icon": icon, "tone": tone,
        "note": note, "line": _sparkline(trend) if trend and len(trend) > 1 else None,
    }  # fmt: skip


@register.inclusion_tag("www/components/chart.html")
def chart(title: str, data: Mapping[str, Any], height: str = "") -> dict[str, Any]:
    """Draw a chart: {% chart "每日服务量" data height="short" %}; height: "", "short", "tall".

    data: kind ("line", "bar", "pie", "scatter", "heatmap"), x [labels], series [{name, values, links?}], unit?,
    stacked?, horizontal?; heatmap also y [labels], its one series holding [x, y, value] triples; scatter [x, y] pairs.
    """
    heads, rows = _table(data)
    return {"title": title, "data": data, "height": height, "json": json_script(data), "heads": heads, "rows": rows,
            "words": f"{title}，数字见图下的数字表"}  # fmt: skip


@register.inclusion_tag("www/components/map.html")
def area_map(title: str, data: Mapping[str, Any], height: str = "") -> dict[str, Any]:
    """Draw boundaries and points: {% area_map "今日服务" data height="tall" %}; height: "", "short", "tall".

    data: areas (GeoJSON features; properties name, value?, url?, note?), points [{lng, lat, label, url?, tone?,
    shape? ("dot", "square", "diamond", "home"), note?}], routes [{line [[lng, lat] …], tone?, label}],
    unit?, legend [{tone, label, shape?}]. Areas with a value are shaded in five bands of equal width.
    """
    properties = [feature["properties"] for feature in data.get("areas", [])]
    unit = data.get("unit", "")
    edges = _band_edges([p["value"] for p in properties if p.get("value") is not None])
    areas = [{**p, "note": p.get("note") or _with_unit(p.get("value"), unit)} for p in properties]
    return {
        "title": title, "height": height, "json": json_script({**data, "edges": edges}), "areas": areas,
        "points": data.get("points", []), "legend": data.get("legend", []), "bands": _band_labels(edges, unit),
    }  # fmt: skip


@register.inclusion_tag("www/components/board.html")
def day_board(title: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Draw a day: a row per worker, visits as blocks: {% day_board "今日排班" data %}.

    data: start, end, now? (minutes since midnight), legend [{tone, icon, label}], reassign? (True: R and drag),
    rows [{id, name, note, url?, pool?, away?, off [[from, to]], visits [{id, start, end, travel? (minutes before),
    title, note, tone, icon, state, url, reassign_url?, lock_url?, locked?, late?, fixed?}]}], lock_form? (id of a form
    with `locked` and `next`). R opens reassign_url, L posts the form to lock_url; a drag adds ?to=<row id>.
    """
    return {"title": title, "data": data, "json": json_script(data), "reassign": data.get("reassign", False)}


def _sparkline(values: Sequence[float]) -> dict[str, str]:
    """Return the points of a small line, and the words for those who do not see it."""
    low, span = min(values), (max(values) - min(values)) or 1
    step = WIDTH / (len(values) - 1)
    points = " ".join(
        f"{i * step:.1f},{HEIGHT - 2 - (v - low) / span * (HEIGHT - 4):.1f}" for i, v in enumerate(values)
    )
    return {"points": points, "words": f"走势：从{values[0]:g}到{values[-1]:g}，最低{low:g}，最高{max(values):g}"}


def _table(data: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """Return the heads and rows that say the same as the chart."""
    x, series = data.get("x", []), data["series"]
    if data["kind"] == "heatmap":
        rows = [[f"{data['y'][y]} · {x[column]}", value] for column, y, value in series[0]["values"]]
        return ["位置", series[0]["name"]], rows
    if data["kind"] == "scatter":
        return ["名称", "横轴", "纵轴"], [[s["name"], *pair] for s in series for pair in s["values"]]
    heads = ["项目", *(s["name"] for s in series)]
    return heads, [[label, *(s["values"][i] for s in series)] for i, label in enumerate(x)]


def _band_edges(values: Sequence[float]) -> list[float]:
    """Return the upper edges of the bands, of equal width, whole numbers where the values are whole."""
    if not values:
        return []
    low, high = min(values), max(values)
    edges = [low + (high - low) * (i + 1) / BANDS for i in range(BANDS)]
    return sorted({round(edge) for edge in edges}) if all(float(v).is_integer() for v in values) else edges


def _band_labels(edges: Sequence[float], unit: str) -> list[str]:
    """Return the words of each band for the legend."""
    if not edges:
        return []
    starts = [None, *edges[:-1]] if edges else []
    return [
        f"{end:g}{unit}及以下" if start is None else f"{start:g}–{end:g}{unit}"
        for start, end in zip(starts, edges, strict=True)
    ]


def _with_unit(value: Any, unit: str) -> str:
    """Write a value of an area, or say that there is none."""
    return "暂无数据" if value is None else f"{value:g}{unit}"
