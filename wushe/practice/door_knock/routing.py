"""Sharing out a list of doors: fair shares in a walkable order. Pure: no database and no clock.

Doors are taken building by building. Buildings are walked by nearest neighbour from the westernmost one; the walk is
cut into as many connected pieces as there are people, so that the largest piece is as small as it can be without
splitting a building (found exactly, by bisection over the size of a piece). Within a building doors follow their
numbers, stair by stair and floor by floor.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians

_NUMBER = re.compile(r"\d+")
_BUILDING = re.compile(r"^(.*?\d+\s*[号]?\s*[栋幢座楼])|^(.*?\d+号)(?!楼)")


@dataclass(frozen=True, slots=True)
class Door:
    """One door: its key, its address, and where it is if that is known."""

    key: int
    address: str = ""
    place: tuple[float, float] | None = None
    near: str = ""
    """The estate or community, in which buildings of the same name are told apart."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A door in its turn: whose it is (the place in the list of people), which turn it has, and its building."""

    key: int
    share: int
    turn: int
    building: str


def building_of(address: str) -> str:
    """Return the building that an address names: 阳光花园3栋; "" if it names none."""
    found = _BUILDING.match(address.strip())
    return next((part for part in found.groups() if part), "").strip()[:60] if found else ""


def share_out(doors: Sequence[Door], people: int) -> list[Stop]:
    """Return all doors in the order of the walk, shared among so many people."""
    buildings: dict[tuple[str, str], list[Door]] = {}
    for door in doors:
        buildings.setdefault((door.near, building_of(door.address)), []).append(door)
    walk = _walk(buildings)
    shares = cut([len(buildings[key]) for key in walk], max(1, people))
    stops: list[Stop] = []
    for key, share in zip(walk, shares, strict=True):
        for door in sorted(buildings[key], key=lambda one: (_numbers(one.address), one.key)):
            stops.append(Stop(door.key, share, len(stops) + 1, key[1]))
    return stops


def cut(sizes: Sequence[int], pieces: int) -> list[int]:
    """Return for each size the number of its piece: connected pieces, the largest as small as possible."""
    low, high = max(sizes, default=0), sum(sizes)
    while low < high:
        middle = (low + high) // 2
        if _pieces(sizes, middle)[-1] < pieces:
            high = middle
        else:
            low = middle + 1
    return _spread(sizes, low, pieces)


def _pieces(sizes: Sequence[int], most: int) -> list[int]:
    numbers, current, filled = [0], 0, 0
    for size in sizes:
        if filled + size > most and filled:
            current, filled = current + 1, 0
        filled += size
        numbers.append(current)
    return numbers


def _spread(sizes: Sequence[int], most: int, pieces: int) -> list[int]:
    """Cut with pieces of at most this size, each as near as possible to an equal share of what is left."""
    numbers: list[int] = []
    current, filled, left = 0, 0, sum(sizes)
    for place, size in enumerate(sizes):
        fair = (left + filled) / (pieces - current)
        over = filled + size > most or filled + size / 2 > fair
        rest_fits = current + 1 < pieces and _pieces(sizes[place:], most)[-1] < pieces - current - 1
        if filled and over and (rest_fits or filled + size > most):
            current, filled = current + 1, 0
        filled += size
        left -= size
        numbers.append(current)
    return numbers


def _walk(buildings: dict[tuple[str, str], list[Door]]) -> list[tuple[str, str]]:
    """Return the buildings by nearest neighbour; those whose place is not known come last, by name."""
    places = {key: _middle(doors) for key, doors in buildings.items()}
    left = {key: place for key, place in places.items() if place is not None}
    walk: list[tuple[str, str]] = []
    here = min(left.values(), default=None)
    while left and here is not None:
        start = here
        nearest = min(left, key=lambda key: (_metres(start, left[key]), key))
        here = left.pop(nearest)
        walk.append(nearest)
    return walk + sorted(
        (key for key, place in places.items() if place is None), key=lambda key: _numbers("".join(key))
    )


def _middle(doors: Sequence[Door]) -> tuple[float, float] | None:
    known = [door.place for door in doors if door.place is not None]
    if not known:
        return None
    return sum(x for x, _ in known) / len(known), sum(y for _, y in known) / len(known)


def _metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    return 111_320 * hypot((one[0] - other[0]) * cos(radians(one[1])), one[1] - other[1])


def _numbers(address: str) -> tuple[str, list[int]]:
    """Return an address so that room 901 comes before room 1002."""
    return _NUMBER.sub("", address), [int(number) for number in _NUMBER.findall(address)[:8]]
