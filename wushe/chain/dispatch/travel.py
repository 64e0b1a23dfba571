"""How long it takes from door to door: the straight line, a factor for detours, and the speed of the way of moving."""

from collections.abc import Sequence
from math import asin, ceil, cos, radians, sin, sqrt

import numpy as np
import numpy.typing as npt

from .rules import Rules

EARTH_RADIUS = 6_371_000
SAME_DOOR = 30
MINUTE = 60

Point = tuple[float, float]


def metres_between(a: Point, b: Point) -> int:
    """Return the length of the straight line between two (longitude, latitude) points."""
    (west, south), (east, north) = ((radians(x), radians(y)) for x, y in (a, b))
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return round(2 * EARTH_RADIUS * asin(sqrt(half)))


def minutes_between(a: Point, b: Point, *, mode: str, rules: Rules) -> int:
    """Return the minutes of the way itself, with parking; 0 behind the same door."""
    metres = metres_between(a, b)
    if metres <= SAME_DOOR:
        return 0
    ride = ceil(metres * rules.detour_percent / rules.speed(mode) / MINUTE)
    return ride + (0 if mode == "walk" else rules.parking)


def matrix_between(points: Sequence[Point], *, homes: int, mode: str, rules: Rules) -> npt.NDArray[np.int64]:
    """Return the minutes from each point to each, as `minutes_between` gives them; 0 from a point to itself.

    The first `homes` points are where days begin and end; a way to any other door, where somebody is served,
    includes the buffer between two services.
    """
    longitude, latitude = np.radians(np.array(points, dtype=float).reshape(-1, 2)).T
    east, north = longitude[:, None] - longitude, latitude[:, None] - latitude
    half = np.sin(north / 2) ** 2 + np.cos(latitude)[:, None] * np.cos(latitude) * np.sin(east / 2) ** 2
    metres = np.rint(2 * EARTH_RADIUS * np.arcsin(np.sqrt(half)))
    minutes = np.ceil(metres * rules.detour_percent / rules.speed(mode) / MINUTE)
    minutes += 0 if mode == "walk" else rules.parking
    minutes[metres <= SAME_DOOR] = 0
    minutes[:, homes:] += rules.buffer
    np.fill_diagonal(minutes, 0)
    table: npt.NDArray[np.int64] = minutes.astype(np.int64)
    return table
