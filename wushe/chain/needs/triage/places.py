"""Which place the words name: an area of the register by its name, and the door by its numbers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from wushe.registers.areas.models import Area

_NUMBER = "[0-9０-９一二三四五六七八九十百A-Za-z]{1,4}"
# The words for building, staircase and door, in their order; any of them may be missing.
_DOOR = re.compile(
    rf"(?:{_NUMBER}(?:号楼|幢|栋|座))(?:{_NUMBER}单元)?(?:{_NUMBER}(?:室|号|楼|层))?|{_NUMBER}单元(?:{_NUMBER}(?:室|号|楼|层))?|{_NUMBER}(?:号院|室)"
)
_ENDINGS = ("社区居委会", "社区居民委员会", "村民委员会", "社区", "小区", "街道", "村")
_LEAST_NAME = 2


@dataclass(frozen=True, slots=True)
class PlaceHeard:
    """A place that the words name: the deepest area, if one is known by that name, and the door as it was said."""

    area: Area | None
    door: str


def place_heard(words: str, areas: Iterable[Area]) -> PlaceHeard | None:
    """Return the deepest of these areas whose name the words hold, the longest name first, and the door."""
    named = [area for area in areas if any(name in words for name in _names(area))]
    area = max(named, key=lambda one: (one.level, len(one.name), one.area_code), default=None)
    door = _DOOR.search(words)
    if area is None and door is None:
        return None
    return PlaceHeard(area, door.group() if door else "")


def _names(area: Area) -> set[str]:
    """Return by what an area may be called: its name, its short name, and its name without its kind."""
    names = {area.name, area.short_name}
    for ending in _ENDINGS:
        if area.name.endswith(ending):
            names.add(area.name.removesuffix(ending))
            break
    return {name for name in names if len(name) > _LEAST_NAME or (name == area.name and len(name) == _LEAST_NAME)}
