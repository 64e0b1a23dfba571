"""The policy numbers that a day is planned by, read once for a place and a day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from wushe.foundation.presets.selectors import PresetMissing, in_force

_KEYS = {
    "objective": "dispatch.objective",
    "emphasis": "dispatch.emphasis",
    "unserved_points": "dispatch.unserved.points",
    "continuity_points": "dispatch.continuity.points",
    "continuity_days": "dispatch.continuity.days",
    "lateness_max": "dispatch.lateness.max",
    "overtime_max": "dispatch.overtime.max",
    "break_earliest": "dispatch.break.earliest",
    "break_latest": "dispatch.break.latest",
    "change_tolerance": "dispatch.change.tolerance",
    "day_max": "dispatch.hours.day_max",
    "volunteer_day_max": "dispatch.hours.volunteer_day",
    "week_max": "dispatch.hours.week_max",
    "buffer": "dispatch.handover.buffer",
    "search_rate": "dispatch.search.rate",
    "inline_visits": "dispatch.search.inline_visits",
    "horizon_days": "dispatch.horizon.days",
    "no_show_after": "visits.no_show.after",
    "walk_speed": "travel.walk.adult",
    "ebike_speed": "travel.ebike.speed",
    "car_speed": "travel.car.speed",
    "detour_percent": "travel.straight_line.factor",
    "parking": "travel.parking.overhead",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """Minutes, minutes of the day, points, percent and cm/s, as the presets' units say."""

    objective: dict[str, int]
    emphasis: dict[str, dict[str, int]]
    unserved_points: dict[str, int]
    continuity_points: int
    continuity_days: int
    lateness_max: int
    overtime_max: int
    break_earliest: int
    break_latest: int
    change_tolerance: int
    day_max: int
    volunteer_day_max: int
    week_max: int
    buffer: int
    search_rate: int
    inline_visits: int
    horizon_days: int
    no_show_after: int
    walk_speed: int
    ebike_speed: int
    car_speed: int
    detour_percent: int
    parking: int

    def weights(self, emphasis: str) -> dict[str, int]:
        """Return the points of each part of the objective, with what is emphasised multiplied."""
        factors = self.emphasis.get(emphasis, {})
        return {part: points * factors.get(part, 1) for part, points in self.objective.items()}

    def speed(self, mode: str) -> int:
        """Return the speed of a way of moving in cm/s."""
        return {"walk": self.walk_speed, "ebike": self.ebike_speed, "car": self.car_speed}[mode]


def rules_for(*, area_code: str, day: date) -> Rules:
    """Return the numbers in force; raise PresetMissing for the first that has none. One query."""
    chosen: dict[str, tuple[tuple[int, date], Any]] = {}
    for row in in_force(on=day).filter(key__in=_KEYS.values()):
        rank = (len(row.region), row.effective_from)
        if area_code.startswith(row.region) and (row.key not in chosen or chosen[row.key][0] < rank):
            chosen[row.key] = (rank, row.value)
    for key in _KEYS.values():
        if key not in chosen:
            raise PresetMissing(key)
    return Rules(**{name: chosen[key][1] for name, key in _KEYS.items()})
