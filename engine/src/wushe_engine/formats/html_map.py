"""The map of a plan, drawn from the places alone: routes by person, unserved visits in red."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from wushe_engine.dispatch import Route

if TYPE_CHECKING:
    from .html_plan import _Page

_WIDE = 760
_EDGE = 26
_RULERS = (50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000)


def draw_map(page: _Page) -> str:
    """Return an SVG; a sentence instead when the places have no coordinates."""
    at = page.day.at
    if len(at) < 2:
        return '<p class="hint">地点没有坐标，画不出地图。</p>'
    return _Map(page).draw()


class _Map:
    """Turns metres into the units of the drawing."""

    def __init__(self, page: _Page) -> None:
        self.page = page
        east, north = zip(*page.day.at.values(), strict=True)
        self.west, self.top = min(east), max(north)
        span = max(max(east) - self.west, (self.top - min(north)) * 1.3, 1)
        self.scale = (_WIDE - 2 * _EDGE) / span
        self.high = round((self.top - min(north)) * self.scale + 2 * _EDGE + 24)

    def xy(self, place: str) -> str:
        """Return the position of a place."""
        east, north = self.page.day.at[place]
        x = (east - self.west) * self.scale + _EDGE
        y = (self.top - north) * self.scale + _EDGE
        return f"{x:.1f} {y:.1f}"

    def draw(self) -> str:
        """Draw ways below, then visits, then starts, then the ruler."""
        ways = "".join(self.way(route) for route in self.page.plan.routes)
        stops = "".join(self.stops(route) for route in self.page.plan.routes)
        lost = "".join(self.dot(visit, "stop lost", 8) for visit in self.page.plan.unserved)
        homes = {person.start for person in self.page.problem.people}
        starts = "".join(self.home(place) for place in sorted(homes) if place in self.page.day.at)
        return (
            f'<svg class="map" viewBox="0 0 {_WIDE} {self.high}" role="img" '
            f'aria-label="路线图">{ways}{stops}{lost}{starts}{self.ruler()}</svg>'
        )

    def way(self, route: Route) -> str:
        """Draw a person's way from start to end."""
        person = self.page.people[route.person]
        places = [
            person.start,
            *(self.page.visits[i.visit].place for i in route.visits),
            person.end,
        ]
        points = [self.xy(place) for place in places if place in self.page.day.at]
        if not route.visits or len(points) < 2:
            return ""
        colour = self.page.colour[route.person]
        return (
            f'<path class="way" data-person="{escape(route.person)}" stroke="{colour}" '
            f'd="M{" L".join(points)}"/>'
        )

    def stops(self, route: Route) -> str:
        """Draw the visits of a person."""
        who = f'data-person="{escape(route.person)}" fill="{self.page.colour[route.person]}"'
        return "".join(self.dot(item.visit, "stop", 7, who) for item in route.visits)

    def dot(self, visit: str, kind: str, radius: int, extra: str = "") -> str:
        """Draw one visit."""
        place = self.page.visits[visit].place
        if place not in self.page.day.at:
            return ""
        x, y = self.xy(place).split()
        return (
            f'<circle class="{kind}" data-visit="{escape(visit)}" {extra} cx="{x}" cy="{y}" '
            f'r="{radius}"><title>{escape(self.page.name(visit))}</title></circle>'
        )

    def home(self, place: str) -> str:
        """Draw where people start."""
        x, y = (float(part) for part in self.xy(place).split())
        name = escape(self.page.name(place))
        return (
            f'<rect class="home" x="{x - 7:.1f}" y="{y - 7:.1f}" width="14" height="14" rx="3">'
            f"<title>{name}</title></rect>"
        )

    def ruler(self) -> str:
        """Draw a length to compare with."""
        metres = max((r for r in _RULERS if r * self.scale <= _WIDE / 4), default=_RULERS[0])
        y, width = self.high - 12, metres * self.scale
        text = f"{metres} 米" if metres < 1000 else f"{metres // 1000} 公里"
        return (
            f'<path d="M{_EDGE} {y - 4}v4h{width:.1f}v-4" fill="none" stroke="#5b6676"/>'
            f'<text x="{_EDGE + width + 8:.1f}" y="{y + 2}">{text}</text>'
        )
