"""What every page of oversight is about: an area, a period, and the figures' way of being written."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from wushe.chain.projects.scenes import scene_title
from wushe.faces.www.access import PageRequest
from wushe.faces.www.templatetags.formats import money_short
from wushe.oversight.indicators import Indicator
from wushe.oversight.periods import PERIODS, Period
from wushe.oversight.selectors.figures import Figure, period_of
from wushe.oversight.selectors.places import Place, outlines, place
from wushe.registers.areas.models import Area

MAP_NOTE = "示意图，非行政区划界线"


@dataclass(frozen=True, slots=True)
class View:
    """The area and period that a page shows, and now."""

    place: Place
    period: Period
    at: datetime

    @property
    def today(self) -> date:
        """Return the local day."""
        return timezone.localdate(self.at)

    def query(self, **more: str) -> str:
        """Return the query string that keeps area and period."""
        kept = {"area": self.place.code, "period": self.period.code} | more
        return "?" + urlencode({name: value for name, value in kept.items() if value})


def view_of(request: PageRequest) -> View:
    """Read area and period from the address; an area outside the actor's scope is not found."""
    at = timezone.now()
    area = place(actor=request.actor, area_code=request.GET.get("area", ""), on=timezone.localdate(at))
    return View(area, period_of(request.GET.get("period", "")), at)


def switcher(view: View, **kept: str) -> dict[str, Any]:
    """Return what the area switcher shows: the way here, the areas inside, and the periods."""
    return {
        "way": [(one, view.query(area=one.area_code, **kept)) for one in view.place.way],
        "inside": [(one.area_code, one.name) for one in view.place.inside],
        "periods": [(one, view.query(period=one.code, **kept), one == view.period) for one in PERIODS.values()],
        "kept": kept,
        "view": view,
    }


def written(figure: Figure) -> tuple[str, str]:
    """Return a figure as people read it, with its unit."""
    if figure.indicator.is_rate:
        return ("—", "") if figure.rate is None else (f"{figure.rate:g}", "%")
    if figure.indicator.unit == "分":
        return money_short(figure.numerator), ""
    if figure.indicator.unit == "分钟":
        return f"{round(figure.numerator / 60):,}", "小时"
    return f"{figure.numerator:,}", figure.indicator.unit


def scene_name(code: str) -> str:
    """Return the title of a scene 应用场景, or that none was written down."""
    return scene_title(code) or "没有写明场景"


def map_value(figure: Figure) -> float | None:
    """Return what shades an area: yuan and hours instead of fen and minutes."""
    size = {"分": 100, "分钟": 60}.get(figure.indicator.unit)
    return round(figure.numerator / size) if size else figure.value


def map_unit(indicator: Indicator) -> str:
    """Return the unit of `map_value`."""
    return {"分": "元", "分钟": "小时"}.get(indicator.unit, indicator.unit)


def map_of(
    request: PageRequest, view: View, values: dict[str, float | None], *, address: str, unit: str, kept: dict[str, str]
) -> dict[str, Any]:
    """Return the map of the areas inside, shaded by value; a press goes into the area."""
    areas: list[Area] = view.place.inside or view.place.way[-1:]
    shapes = outlines(actor=request.actor, codes=[one.area_code for one in areas], on=view.today)
    features = [
        {
            "type": "Feature",
            "geometry": shapes[one.area_code],
            "properties": {
                "name": one.short_name,
                "value": values.get(one.area_code),
                "url": address + view.query(area=one.area_code, **kept) if view.place.inside else "",
            },
        }
        for one in areas
        if one.area_code in shapes
    ]
    return {"areas": features, "points": [], "unit": unit, "legend": []}
