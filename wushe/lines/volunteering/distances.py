"""Distances between places on the earth, in metres: near home, near the activity, and too far for the time between."""

from math import asin, cos, radians, sin, sqrt

EARTH_METRES = 6_371_000


def metres_between(
    longitude: float | None, latitude: float | None, other_longitude: float | None, other_latitude: float | None
) -> int | None:
    """Return the distance along the great circle; None if one of the places is not known."""
    if longitude is None or latitude is None or other_longitude is None or other_latitude is None:
        return None
    phi, other_phi = radians(latitude), radians(other_latitude)
    across = sin(radians(other_longitude - longitude) / 2) ** 2 * cos(phi) * cos(other_phi)
    return round(2 * EARTH_METRES * asin(sqrt(min(1.0, sin((other_phi - phi) / 2) ** 2 + across))))
