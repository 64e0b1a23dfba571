"""The numbers of settlement at one place on one day, and what they grant to a person."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from wushe.foundation.presets.models import Preset
from wushe.registers.people.models import Person

from .formulas import Entitlement, TimeRule, best

_SUBSIDY = "settlement.subsidy."
# The categories of people that have an entitlement of their own, by the code of the tag.
_BY_TAG = {
    "tekun": "tekun", "dibao": "dibao", "dibao_edge": "dibao_edge", "family_planning_special": "family_planning",
    "disabled_severe": "disabled_severe", "child_hardship": "child_hardship",
}  # fmt: skip
_AGE_80 = 80


class Policy:
    """All presets that settlement needs, read once for many visits of many places and days."""

    def __init__(self) -> None:
        keys = Q(key__startswith="settlement.") | Q(key__startswith="visits.minutes.")
        self._rows = list(Preset.objects.filter(keys).order_by("effective_from"))
        self._kept: dict[tuple[str, str, date], Any] = {}

    def value(self, key: str, *, area_code: str, on: date) -> Any:
        """Return the value in force, of the most specific region; None if there is none."""
        known = (key, area_code[:12], on)
        if known not in self._kept:
            self._kept[known] = self._find(key, area_code, on)
        return self._kept[known]

    def time_rule(self, *, area_code: str, on: date) -> TimeRule:
        """Return from when a visit is paid."""
        full = self.value("visits.minutes.pay_full", area_code=area_code, on=on)
        none = self.value("visits.minutes.pay_none", area_code=area_code, on=on)
        return TimeRule(int(full), int(none))

    def hold_percent(self, *, area_code: str, on: date) -> int:
        """Return which part of the subsidy is kept until the year-end assessment."""
        return int(self.value("settlement.hold.share", area_code=area_code, on=on))

    def entitlement(self, person: Person, tags: Iterable[str], *, area_code: str, on: date) -> Entitlement | None:
        """Return the best entitlement of a person on a day; None without any."""
        found = (self.value(_SUBSIDY + name, area_code=area_code, on=on) for name in grounds_of(person, tags, on=on))
        return best([Entitlement(v["share_percent"], v["monthly_cap_fen"]) for v in found if v])

    def _find(self, key: str, area_code: str, on: date) -> Any:
        rows = [
            row for row in self._rows
            if row.key == key and area_code.startswith(row.region) and row.effective_from <= on
            and (row.effective_to is None or row.effective_to > on)
        ]  # fmt: skip
        row = max(rows, key=lambda r: (len(r.region), r.effective_from), default=None)
        return row and row.value


def grounds_of(person: Person, tags: Iterable[str], *, on: date) -> list[str]:
    """Return the names of all entitlements that a person has a ground for on a day."""
    codes = set(tags)
    grounds = [name for tag, name in _BY_TAG.items() if tag in codes]
    age = on.year - person.born_on.year - ((on.month, on.day) < (person.born_on.month, person.born_on.day))
    if age >= _AGE_80 and (person.lives_alone or "living_alone" in codes):
        grounds.append("living_alone_80")
    if person.ability_level is not None:
        grounds.append(f"level_{person.ability_level}")
    return grounds
