"""Read areas: the tree as of a day, and the place that a code names."""

from collections.abc import Hashable, Iterable
from datetime import date
from typing import Any

from django.db.models import CharField, DateField, Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.prepared import Prepared, Slot
from wushe.foundation.roles import Reach
from wushe.foundation.scope import covers, with_slots, within

from .models import Area, Level


def in_force(*, on: date) -> QuerySet[Area]:
    """Return the areas that exist on a day."""
    return Area.objects.filter(Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on).defer("boundary")


def area_at(*, code: str, on: date) -> Area | None:
    """Return the area of this code on a day; a code that has ended by then gives None (see successors_of)."""
    return in_force(on=on).filter(area_code=code).first()


def children_of(*, code: str, on: date) -> QuerySet[Area]:
    """Return the areas of the next level inside one, in the order of their codes; "" gives the provinces."""
    levels = [level for level in Level.values if level > len(code)]
    inside = in_force(on=on).filter(within(code)).order_by("area_code")
    return inside.filter(level=min(levels)) if levels else inside.none()


def tree(*, code: str, on: date, deepest: int = Level.COMMUNITY) -> QuerySet[Area]:
    """Return an area and all inside it down to a level, parents before children."""
    return in_force(on=on).filter(within(code), level__gte=len(code), level__lte=deepest).order_by("area_code")


def places_of(*, actor: Actor, on: date, level: int | tuple[int, ...] = Level.COMMUNITY) -> QuerySet[Area]:
    """Return the areas of a level, or of several, inside the actor's own: what a form offers to choose from."""
    if actor.reach is not Reach.AREA:
        return Area.objects.none()
    levels = level if isinstance(level, tuple) else (level,)
    return in_force(on=on).filter(within(actor.area_code), level__in=levels).order_by("area_code")


def names_inside(*, actor: Actor, on: date, level: int) -> list[Any]:
    """Return code and name of the areas of `places_of`: what stands in the filter of a list."""
    slots = with_slots(actor) if actor.reach is Reach.AREA else None
    if slots is None:
        return list(places_of(actor=actor, on=on, level=level).values_list("area_code", "name", named=True))
    kind, slotted, values = slots
    if (query := _NAMES.get((kind, level))) is None:
        day: Any = Slot("on", DateField())
        names = places_of(actor=slotted, on=day, level=level).values_list("area_code", "name", named=True)
        query = _NAMES[kind, level] = Prepared(lambda: names)
    return query.rows(**values, on=on)


_NAMES: dict[Hashable, Prepared[Any]] = {}


def narrowing_level(actor: Actor) -> Level:
    """Return the places by which a list is narrowed: streets for who stands above them, communities inside a street."""
    return Level.STREET if len(actor.area_code) <= Level.DISTRICT else Level.COMMUNITY


def resolve(*, code: str, on: date, since: date | None = None) -> list[Area]:
    """Return what stands on a day in the place that a code names: itself, or what it has become, in turn.

    `since` is the day on which the code was written down, where it is known: a code that one part of a split keeps
    meant the whole before. A place that is not known is looked for in the place above it.
    """
    meant = Area.objects.filter(area_code=code, valid_from__lte=since or on).order_by("-valid_from").first()
    if meant is None:
        above = max((level for level in Level.values if level < len(code)), default=0)
        return resolve(code=code[:above], on=on, since=since) if above else []
    found: dict[int, Area] = {}
    wave = [meant]
    while wave:
        found |= {area.pk: area for area in wave if _stands(area, on)}
        ended = [area.pk for area in wave if not _stands(area, on)]
        wave = list(Area.objects.filter(predecessors__in=ended, valid_from__lte=on).distinct())
    return sorted(found.values(), key=lambda area: area.area_code)


def _stands(area: Area, on: date) -> bool:
    return area.valid_from <= on and (area.valid_until is None or area.valid_until > on)


def successors_of(*, code: str, on: date) -> list[Area]:
    """Return what stands today in the place of a code that may have ended: itself, or its successors in turn."""
    return resolve(code=code, on=on)


def area_of(*, actor: Actor, area_id: int) -> Area:
    """Return one area, standing or ended, inside the actor's own or above it; raise NotFound otherwise."""
    actor.require("areas:view")
    area = Area.objects.filter(pk=area_id).first()
    inside = area is not None and (
        area.area_code.startswith(actor.area_code) or actor.area_code.startswith(area.area_code)
    )
    if area is None or not inside:
        raise NotFound
    return area


def became(*, area: Area) -> tuple[list[Area], list[Area]]:
    """Return what an area was before, and what it has become."""
    return list(area.predecessors.order_by("area_code")), list(area.successors.order_by("area_code"))


def ended_inside(*, code: str, on: date) -> QuerySet[Area]:
    """Return the areas of the next level inside one that have ended, the last first."""
    levels = [level for level in Level.values if level > len(code)]
    ended = (
        Area.objects.filter(within(code), valid_until__lte=on).order_by("-valid_until", "area_code").defer("boundary")
    )
    return ended.filter(level=min(levels)) if levels else ended.none()


def lineage(*, code: str, on: date) -> list[Area]:
    """Return the area and all above it that are known, from the top down."""
    codes = [code[:level] for level in Level.values if level <= len(code)]
    return list(in_force(on=on).filter(area_code__in=codes).order_by("area_code"))


def place_names(*, codes: Iterable[str], from_level: int = Level.STREET) -> dict[str, str]:
    """Return for each code its place in words, from this level down: 浓洄街道 翠屏路社区. Two queries at most."""
    wanted = {code for code in codes if code}
    parts = {code[:level] for code in wanted for level in Level.values if from_level <= level <= len(code)}
    names = _names(sorted(parts))
    return {
        code: " ".join(
            names[code[:level]] for level in Level.values if from_level <= level <= len(code) and code[:level] in names
        )
        for code in wanted
    }


_AT_ONCE = 24


def _names(codes: list[str]) -> dict[str, str]:
    """Return the latest name of each code; a page of a list seldom shows more places than one query asks for."""
    names: dict[str, str] = {}
    for start in range(0, len(codes), _AT_ONCE):
        part = codes[start : start + _AT_ONCE]
        part += part[:1] * (_AT_ONCE - len(part))  # asked for twice it is found once
        names.update(_LATEST_NAMES.rows(**{f"code{number}": code for number, code in enumerate(part)}))
    return names


_LATEST_NAMES: Prepared[tuple[str, str]] = Prepared(
    lambda **slots: (
        Area.objects.filter(area_code__in=list(slots.values())).order_by("valid_from").values_list("area_code", "name")
    ),
    **{f"code{number}": CharField() for number in range(_AT_ONCE)},
)


def may_place_in(*, actor: Actor, area_code: str, on: date) -> bool:
    """Say whether the actor may put a row into this area: it exists, reaches the community, and is the actor's."""
    return (
        len(area_code) >= Level.COMMUNITY
        and covers(actor, area_code)
        and area_at(code=area_code[:12], on=on) is not None
    )


def bounds_of(*, code: str, on: date) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north of the known points inside an area, None if it has none."""
    points = list(in_force(on=on).filter(within(code), longitude__isnull=False).values_list("longitude", "latitude"))
    if not points:
        return None
    longitudes, latitudes = [float(p[0] or 0) for p in points], [float(p[1] or 0) for p in points]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)
