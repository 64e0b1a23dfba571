"""Load areas: divisions and estates from public tables. A code that ends is dated, never deleted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid

from .models import Area, Level

_ENDINGS = ("街道办事处", "街道", "社区居委会", "社区", "村委会", "民族乡")


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area as a table gives it; the level follows from the length of the code."""

    code: str
    name: str
    urban: bool = False
    longitude: float | None = None
    latitude: float | None = None
    boundary: Mapping[str, Any] | None = None
    schematic: bool = False


@domain_call("jobs:run")
def load_divisions(*, actor: Actor, at: datetime, rows: Iterable[AreaRow], valid_from: date) -> int:
    """Add the areas whose code is not yet in force; return how many were added.

    Raises Invalid for a code whose length is no level or whose parent is neither known nor in the table.
    """
    known = set(Area.objects.filter(valid_until=None).values_list("area_code", flat=True))
    fresh = {row.code: row for row in rows if row.code not in known}
    areas = []
    for row in fresh.values():
        if len(row.code) not in Level.values or not row.code.isdigit():
            raise Invalid(f"区划代码“{row.code}”的位数不对。")
        parent = parent_code(row.code)
        if parent and parent not in known and parent not in fresh:
            raise Invalid(f"区划“{row.name}”（{row.code}）的上级 {parent} 不在表中。")
        areas.append(_area(row, valid_from))
    Area.objects.bulk_create(areas, batch_size=500)
    return len(areas)


def parent_code(code: str) -> str:
    """Return the code of the area above, "" above a province."""
    shorter = [level for level in Level.values if level < len(code)]
    return code[: max(shorter)] if shorter else ""


def _area(row: AreaRow, valid_from: date) -> Area:
    return Area(
        area_code=row.code,
        level=len(row.code),
        name=row.name,
        short_name=short_name(row.name),
        urban=row.urban,
        longitude=row.longitude,
        latitude=row.latitude,
        boundary=row.boundary,
        schematic=row.schematic,
        valid_from=valid_from,
    )


def short_name(name: str) -> str:
    """Return a name without its kind, if at least two characters are left."""
    ending = next((e for e in _ENDINGS if name.endswith(e) and len(name) - len(e) >= 2), "")
    return name.removesuffix(ending)
