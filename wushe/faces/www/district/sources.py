"""The sources of rows: behind each figure, break, society and scene stand rows, opened and exported in one way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from wushe.faces.www.access import PageRequest
from wushe.faces.www.district.areas import View, scene_name
from wushe.foundation.errors import NotFound
from wushe.oversight.selectors.breaks import break_rows, kind_of
from wushe.oversight.selectors.figures import figure_rows, known
from wushe.oversight.selectors.societies import scene_needs, society_of, society_rows

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Source:
    """The rows behind one figure: what they are called, what they mean, where the figure stands."""

    title: str
    meaning: str
    rows: Rows
    back: tuple[str, str]
    newest_first: bool = True
    parts: tuple[tuple[str, str], ...] = ()


def source_of(request: PageRequest, view: View, kind: str, code: str) -> Source:
    """Return the rows behind a figure; raise NotFound for an unknown one."""
    if kind not in _SOURCES:
        raise NotFound
    return _SOURCES[kind](request, view, code)


def _figure(request: PageRequest, view: View, code: str) -> Source:
    indicator, part = known(code), request.GET.get("part", "numerator")
    on = _day(request.GET.get("on", ""))
    rows = figure_rows(
        actor=request.actor, code=code, area_code=view.place.code, at=view.at, part=part, period=view.period, on=on
    )
    when = "现在" if indicator.stock else f"{on:%Y年%m月%d日}起{view.period.step}天" if on else view.period.title
    base = reverse("district:rows", args=["figure", code])
    parts = (
        ((base + view.query(), "分子"), (base + view.query(part="denominator"), "分母")) if indicator.is_rate else ()
    )
    return Source(
        f"{indicator.title}{'（分母）' if part == 'denominator' else ''}", f"{indicator.meaning}；{when}。", rows,
        ("总览", reverse("district:home") + view.query()), parts=parts,
    )  # fmt: skip


def _break(request: PageRequest, view: View, code: str) -> Source:
    kind = kind_of(code)
    rows = break_rows(actor=request.actor, code=code, area_code=view.place.code, at=view.at)
    back = ("断点检查", reverse("district:breaks") + view.query(show=code))
    return Source(kind.title, f"{kind.meaning}{kind.advice}", rows, back, newest_first=False)


def _society(request: PageRequest, view: View, code: str) -> Source:
    kind = society_of(code)
    rows = society_rows(actor=request.actor, code=code, area_code=view.place.code, at=view.at)
    return Source(kind.title, f"五社中的“{kind.part}”。", rows, ("总览", reverse("district:home") + view.query()))


def _scene(request: PageRequest, view: View, code: str) -> Source:
    scene = "" if code == "none" else code
    rows = scene_needs(
        actor=request.actor, area_code=view.place.code, until=view.today, period=view.period, scene=scene
    )
    title = f"场景：{scene_name(scene)}"
    return Source(title, f"{view.period.title}登记的需求。", rows, ("总览", reverse("district:home") + view.query()))


_SOURCES: dict[str, Callable[[PageRequest, View, str], Source]] = {
    "figure": _figure,
    "break": _break,
    "society": _society,
    "scene": _scene,
}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
