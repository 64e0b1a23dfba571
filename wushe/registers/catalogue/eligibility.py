"""Who qualifies for a package: the conditions are data, this evaluates them, without a database.

Every condition that is given must hold: any one of `tags_any`, all of `tags_all`, none of `tags_none`, age and
ability level within the inclusive range. Null or an empty list is no condition.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from wushe.registers.people.identity import full_years


@dataclass(frozen=True, slots=True)
class Applicant:
    """What the conditions look at."""

    born_on: date
    ability_level: int | None
    tags: set[str]


def eligible(conditions: Mapping[str, Any], applicant: Applicant, *, on: date) -> bool:
    """Say whether all conditions hold for the applicant on a day."""
    return not unmet(conditions, applicant, on=on)


def unmet(conditions: Mapping[str, Any], applicant: Applicant, *, on: date) -> list[str]:
    """Return the names of the conditions that do not hold; an unknown level meets no condition on the level."""
    tags = applicant.tags
    checks = {
        "tags_any": not conditions.get("tags_any") or bool(tags & set(conditions["tags_any"])),
        "tags_all": set(conditions.get("tags_all") or ()) <= tags,
        "tags_none": not tags & set(conditions.get("tags_none") or ()),
        "age": _inside(full_years(applicant.born_on, on), conditions.get("age_min"), conditions.get("age_max")),
        "ability_level": _inside(
            applicant.ability_level, conditions.get("ability_level_min"), conditions.get("ability_level_max")
        ),
    }
    return [name for name, holds in checks.items() if not holds]


def _inside(value: int | None, least: int | None, most: int | None) -> bool:
    if least is None and most is None:
        return True
    return value is not None and (least is None or value >= least) and (most is None or value <= most)
