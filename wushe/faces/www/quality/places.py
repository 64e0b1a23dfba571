"""A sketch of where somebody signed in: the home in the middle, the fence around it, everything to scale."""

from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Any

from wushe.chain.verification.models import Check

SIDE = 320
_MARGIN = 30
_METRES_PER_DEGREE = 111_195
_SCALE_BARS = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000)


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of the sketch and how far it is from the home."""

    label: str
    tone: str
    x: float
    y: float
    metres: int


def sketch(check: Check, *, radius: int) -> dict[str, Any] | None:
    """Return the points of the sketch in its own coordinates; None if home or sign-in is unknown."""
    visit, home = check.visit, check.visit.appointment.order.person.household
    if home is None or home.longitude is None or home.latitude is None:
        return None
    seen = [
        ("签到", visit.start_longitude, visit.start_latitude), ("签退", visit.end_longitude, visit.end_latitude),
    ]  # fmt: skip
    east = _METRES_PER_DEGREE * cos(radians(home.latitude))
    offsets = [
        (label, (lng - home.longitude) * east, (home.latitude - lat) * _METRES_PER_DEGREE)
        for label, lng, lat in seen
        if lng is not None and lat is not None
    ]
    if not offsets:
        return None
    reach = max(radius, *(hypot(x, y) for _, x, y in offsets))
    scale = (SIDE / 2 - _MARGIN) / reach
    centre = SIDE / 2
    spots = [
        Spot(label, "stop" if hypot(x, y) > radius else "done", round(centre + x * scale, 1),
             round(centre + y * scale, 1), round(hypot(x, y)))
        for label, x, y in offsets
    ]  # fmt: skip
    bar = max((metres for metres in _SCALE_BARS if metres * scale <= SIDE / 3), default=_SCALE_BARS[0])
    return {
        "side": SIDE, "centre": centre, "fence": round(radius * scale, 1), "radius": radius, "spots": spots,
        "home": centre - 7, "bar": round(bar * scale, 1), "bar_metres": bar, "bar_y": SIDE - 12, "bar_text_y": SIDE - 18,
    }  # fmt: skip
