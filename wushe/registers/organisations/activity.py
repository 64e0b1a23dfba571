"""活跃度: how active an organisation was over a year, as a stated formula whose parts are shown.

Each part counts something that the station can open; it earns its weight in full at the preset's mark, and less in
proportion. Weights and marks are a preset, so that an area can say what it calls active.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.presets.selectors import preset

from .models import Organisation

FORMULA = "organisations.activity.formula"
ACTIVE_FROM = "organisations.activity.active"
PARTS = {
    "visits": "上门服务",
    "people": "服务人数",
    "projects": "承接项目",
    "resources": "登记资源",
    "staff": "专职人员",
}
UNITS = {"visits": "次", "people": "人", "projects": "个", "resources": "项", "staff": "人"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the formula: what was counted, the mark for full points, and the points."""

    code: str
    count: int
    mark: int
    weight: int

    @property
    def title(self) -> str:
        """Return the part in words."""
        return PARTS.get(self.code, self.code)

    @property
    def unit(self) -> str:
        """Return what is counted."""
        return UNITS.get(self.code, "")

    @property
    def points(self) -> int:
        """Return weight × min(1, count ÷ mark), rounded half up."""
        return min(self.weight, (2 * self.weight * self.count + self.mark) // (2 * self.mark))


def parts_of(counts: Mapping[str, int], formula: Mapping[str, Mapping[str, int]]) -> list[Part]:
    """Return the parts of the formula for what was counted."""
    return [Part(code, counts.get(code, 0), max(1, rule["mark"]), rule["weight"]) for code, rule in formula.items()]


def shown_parts(organisation: Organisation) -> list[Part]:
    """Return the parts of the activity as it was last computed."""
    return [Part(code, *numbers) for code, numbers in organisation.activity_parts.items()]


@domain_call("oversight:refresh")
def note_activity(*, actor: Actor, at: datetime, on: date, counts: Mapping[int, Mapping[str, int]]) -> int:
    """Keep the activity of organisations from what a higher floor has counted; return how many were written."""
    organisations = list(Organisation.objects.filter(pk__in=counts))
    formulas: dict[str, Any] = {}
    for one in organisations:
        region = one.area_code[:6]
        if region not in formulas:
            formulas[region] = preset(FORMULA, area_code=region, on=on)
        parts = parts_of({**counts[one.pk], "staff": one.full_time}, formulas[region])
        one.activity = min(100, sum(part.points for part in parts))
        one.activity_parts = {part.code: [part.count, part.mark, part.weight] for part in parts}
        one.activity_on = on
    _save(organisations)
    return len(organisations)


def _save(organisations: Iterable[Organisation]) -> None:
    fields = ["activity", "activity_parts", "activity_on"]
    Organisation.objects.bulk_update(organisations, fields, batch_size=200)
