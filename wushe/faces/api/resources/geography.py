"""Maps: facilities, areas and where chains stop as GeoJSON (RFC 7946), in WGS 84."""

from typing import Any, Literal

from django.utils import timezone
from ninja import Query, Schema

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import AreaFilter, Code
from wushe.faces.api.operations import Resource
from wushe.foundation.scope import COMMUNITY
from wushe.oversight.selectors.breaks import breaks_by_area
from wushe.oversight.selectors.places import outlines, place
from wushe.registers.areas.models import Area
from wushe.registers.areas.selectors import tree
from wushe.registers.facilities.models import FacilityKind
from wushe.registers.facilities.selectors import facilities

router = Resource("地图")

_MOST, GEOJSON = 2000, "application/geo+json"


class Feature(Schema):
    """One thing on the map; an area without an outline is a point, one without either has no geometry."""

    type: Literal["Feature"] = "Feature"
    id: str
    geometry: dict[str, Any] | None
    properties: dict[str, Any]


class Features(Schema):
    """Things on the map."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[Feature]


class FacilityQuery(Schema):
    """Which facilities."""

    kind: FacilityKind | None = None


class PlaceQuery(Schema):
    """Which area; the token's own without."""

    area_code: AreaFilter = ""


@router.reads(
    "/geo/facilities", "registers:view", gives=Features, media_type=GEOJSON, name="geo_facilities", summary="设施分布"
)
def facility_points(request: ApiRequest, where: Query[FacilityQuery]) -> Features:
    """Return the open facilities as points."""
    found = facilities(actor=request.actor, on=timezone.localdate(), kind=where.kind or "")[:_MOST]
    return Features(features=[
        Feature(
            id=f"facility/{one.pk}",
            geometry=_point(one.longitude, one.latitude),
            properties={
                "id": one.pk, "name": one.name, "kind": one.kind, "area_code": one.area_code,
                "capacity": one.capacity, "opening": one.opening,
            },
        )
        for one in found
    ])  # fmt: skip


@router.reads("/geo/areas", "oversight:view", gives=Features, media_type=GEOJSON, name="geo_areas", summary="区划边界")
def area_outlines(request: ApiRequest, where: Query[PlaceQuery]) -> Features:
    """Return an area and those inside it down to the community, with their outlines where there are any."""
    return Features(features=[_area(one, shape, {}) for one, shape in _areas(request, where.area_code)])


@router.reads(
    "/geo/breaks/{code}",
    "oversight:view",
    gives=Features,
    media_type=GEOJSON,
    name="geo_breaks",
    summary="各社区断点数",
)
def break_map(request: ApiRequest, code: Code, where: Query[PlaceQuery]) -> Features:
    """Return for each community how many chains stop at one place."""
    area = place(actor=request.actor, area_code=where.area_code, on=timezone.localdate()).code
    counts = breaks_by_area(
        actor=request.actor, code=code, area_code=area, at=timezone.now(), column="community_code"
    )  # fmt: skip
    return Features(features=[
        _area(one, shape, {"break": code, "count": counts.get(one.area_code, 0)})
        for one, shape in _areas(request, where.area_code)
        if one.level == COMMUNITY
    ])  # fmt: skip


def _areas(request: ApiRequest, area_code: str) -> list[tuple[Area, dict[str, Any] | None]]:
    today = timezone.localdate()
    code = place(actor=request.actor, area_code=area_code, on=today).code
    found = list(tree(code=code, on=today, deepest=COMMUNITY)[:_MOST])
    shapes = outlines(actor=request.actor, codes=[one.area_code for one in found], on=today)
    return [(one, shapes.get(one.area_code)) for one in found]


def _area(area: Area, shape: dict[str, Any] | None, more: dict[str, Any]) -> Feature:
    own = {"area_code": area.area_code, "name": area.name, "level": area.level, "schematic": area.schematic}
    return Feature(
        id=f"area/{area.area_code}", geometry=shape or _point(area.longitude, area.latitude), properties=own | more
    )


def _point(longitude: float | None, latitude: float | None) -> dict[str, Any] | None:
    if longitude is None or latitude is None:
        return None
    return {"type": "Point", "coordinates": [longitude, latitude]}
