"""The places of oversight: the area that is looked at, the areas inside it, and their schematic outlines (F7)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.scope import COMMUNITY, DISTRICT, STREET, covers, visible, within
from wushe.registers.areas.models import Area
from wushe.registers.areas.selectors import area_at, children_of, lineage
from wushe.registers.facilities.models import Facility

_COLUMNS = {STREET: "street_code", COMMUNITY: "community_code", DISTRICT: "district_code"}


@dataclass(frozen=True, slots=True)
class Place:
    """An area with the way to it from the actor's own, and the areas inside it that figures are told apart by."""

    code: str
    name: str
    way: list[Area]
    inside: list[Area]

    @property
    def column(self) -> str:
        """Return the column that tells the inner areas apart, "" where there are none."""
        return _COLUMNS.get(len(self.inside[0].area_code), "") if self.inside else ""


def place(*, actor: Actor, area_code: str, on: date) -> Place:
    """Return an area of the actor's scope, the actor's own for ""; raise NotAllowed, or NotFound outside the scope."""
    actor.require("oversight:view")
    code = area_code or actor.area_code
    if not covers(actor, code):
        raise NotFound
    area = area_at(code=code, on=on) if code else None
    if code and area is None:
        raise NotFound
    way = [one for one in lineage(code=code, on=on) if len(one.area_code) >= len(actor.area_code)]
    inside = [] if len(code) >= COMMUNITY else list(children_of(code=code, on=on))
    return Place(code, area.name if area else "全国", way, inside)


def outlines(*, actor: Actor, codes: list[str], on: date) -> dict[str, Any]:
    """Return the outlines of areas of the actor's scope as GeoJSON geometries, of those that have one."""
    actor.require("oversight:view")
    areas = visible(Area.objects.filter(area_code__in=codes, boundary__isnull=False, valid_until=None), actor)
    return dict(areas.order_by("area_code").values_list("area_code", "boundary"))


def facilities(*, actor: Actor, area_code: str, most: int = 300) -> list[Facility]:
    """Return the facilities of an area that are open, for the map."""
    actor.require("oversight:view")
    rows = visible(Facility.objects.filter(closed_on=None), actor).filter(within(area_code))
    return list(rows.order_by("kind", "name")[:most])
