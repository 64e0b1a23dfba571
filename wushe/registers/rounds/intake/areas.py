"""The intake of areas: found by code; the area above must exist or stand in the same file; a code that ends is never reused here."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from wushe.foundation.actor import Actor
from wushe.foundation.journal.services import Act, record_all
from wushe.foundation.scope import within
from wushe.registers.areas.models import Area, Level
from wushe.registers.areas.services import parent_code, short_name
from wushe.registers.rounds.sheets.areas import areas
from wushe.registers.rounds.sheets.description import Row

from .base import Intake, standing
from .bulk import insert, rewrite

_FIELDS = ("name", "urban", "longitude", "latitude")
_DEEP = Level.COMMUNITY


class Areas(Intake):
    """Areas by code."""

    def __init__(self, *, actor: Actor, at: datetime, round_id: int) -> None:
        super().__init__(actor=actor, at=at, round_id=round_id)
        self.sheet = areas(self.on)
        above = [actor.area_code[:level] for level in Level.values if level <= len(actor.area_code)]
        inside = within(actor.area_code) | Q(area_code__in=above) if above else Q()
        standing_codes = Area.objects.filter(inside, valid_until=None, level__lte=_DEEP)
        # As numbers: a million codes are then forty megabytes, and no two codes are the same number.
        self._known = {int(code) for code in standing_codes.values_list("area_code", flat=True).iterator()}

    def learn(self, rows: list[Row]) -> None:
        """Keep the codes of the file, wherever in it the area above may stand."""
        self._known.update(int(row.values["code"]) for row in rows if "code" in row.values and "code" not in row.faults)

    def settle(self, row: Row) -> None:
        """Refuse a code outside the actor's own area, and one whose area above is nowhere."""
        code = row.values.get("code")
        if not code:
            return
        parent = parent_code(code)
        if not code.startswith(self.actor.area_code):
            row.refuse("code", "这个代码不在您的辖区内。")
        elif parent and not self.let_through and int(parent) not in self._known:
            row.refuse("code", f"上级区划 {parent} 不存在，也不在这份表里。")

    def keys(self, row: Row) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
        """Return the code: it stands in a file once."""
        code = row.values.get("code")
        return ((int(code),), (int(code),)) if code else ((), ())

    def match(self, rows: list[Row]) -> None:
        """Find the areas in force by code; one that has ended keeps its name and is not called back by a file."""
        codes = [row.values["code"] for row in standing(rows)]
        known: dict[str, Area] = {}
        for area in Area.objects.filter(area_code__in=codes).defer("boundary").order_by("valid_from"):
            known[area.area_code] = area
        for row in standing(rows):
            if row.values["code"] not in known:
                continue
            row.found = area = known[row.values["code"]]
            if area.valid_until is not None:
                row.refuse("code", f"这个代码已于 {area.valid_until} 停用。")
            values = row.values
            changes: dict[str, Any] = {n: values[n] for n in _FIELDS if n in values and values[n] != getattr(area, n)}
            if "name" in changes:
                changes["short_name"] = short_name(changes["name"])
            values["changes"] = changes

    def write(self, rows: list[Row]) -> None:
        """Write the areas; one journal row tells how many, for a province has a hundred thousand."""
        fresh = [
            {"area_code": values["code"], "level": len(values["code"]), "name": values["name"], "short_name": short_name(values["name"]),
             "urban": values.get("urban", False), "longitude": values.get("longitude"), "latitude": values.get("latitude"),
             "valid_from": values.get("valid_from") or self.on}
            for values in (row.values for row in rows if row.found is None)
        ]  # fmt: skip
        insert(Area, fresh)
        changed = [row for row in rows if row.found is not None]
        rewrite(Area, [(row.found.pk, row.values["changes"]) for row in changed])
        data = {"created": len(fresh), "updated": len(changed)}
        record_all([Act("area.load", "importround", self.round_id, self.actor.area_code, self.actor, self.at, data)])
