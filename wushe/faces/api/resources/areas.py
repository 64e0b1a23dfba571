"""Areas: the tree of places by administrative code, as of a day; a code that has ended leads to what it became."""

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import AreaCode, AreaFilter, Day
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging
from wushe.foundation.errors import NotFound
from wushe.foundation.scope import covers
from wushe.registers.areas.models import Area, Level
from wushe.registers.areas.selectors import area_at, children_of, lineage, successors_of, tree

router = Resource("区划")


class AreaLine(Schema):
    """An area as a list shows one."""

    id: int
    area_code: str
    level: int
    name: str
    short_name: str
    urban: bool
    longitude: float | None
    latitude: float | None
    valid_from: date
    valid_until: date | None


class AreaShown(AreaLine):
    """An area with what it lies in and what lies in it."""

    way: list[AreaLine]
    children: list[AreaLine]


class TreeFilter(Schema):
    """Which areas, and as of which day."""

    area_code: AreaFilter = ""
    level: Level = Level.COMMUNITY
    on: Day | None = None


class AsOf(Schema):
    """As of which day."""

    on: Day | None = None


@router.lists("/areas", "areas:view", item=AreaLine, name="area_list", summary="区划", newest_first=False)
def areas(request: ApiRequest, where: Query[TreeFilter], paging: Query[Paging]) -> QuerySet[Area]:
    """List the areas within the token's own down to a level."""
    code = where.area_code or request.actor.area_code
    if not covers(request.actor, code):
        raise NotFound
    return tree(code=code, on=where.on or timezone.localdate(), deepest=where.level)


@router.reads("/areas/{area_code}", "areas:view", gives=AreaShown, name="area", summary="一个区划")
def area(request: ApiRequest, area_code: AreaCode, when: Query[AsOf]) -> AreaShown:
    """Show an area with the way to it and the areas inside it."""
    on = when.on or timezone.localdate()
    found = area_at(code=area_code, on=on) if covers(request.actor, area_code) else None
    if found is None:
        raise NotFound
    shown = AreaLine.from_orm(found).dict()
    way = [AreaLine.from_orm(one) for one in lineage(code=area_code, on=on)]
    return AreaShown(**shown, way=way, children=[AreaLine.from_orm(one) for one in children_of(code=area_code, on=on)])


@router.reads("/areas/{area_code}/now", "areas:view", gives=list[AreaLine], name="area_now", summary="区划变成了什么")
def now(request: ApiRequest, area_code: AreaCode) -> list[Area]:
    """Return what stands today in the place of a code that may have ended: itself or its successors."""
    if not covers(request.actor, area_code):
        raise NotFound
    return successors_of(code=area_code, on=timezone.localdate())
