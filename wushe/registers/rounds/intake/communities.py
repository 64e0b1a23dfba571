"""The intake of communities: each is its area's own, found by it and named after it."""

from collections.abc import Hashable, Sequence
from datetime import datetime

from wushe.foundation.actor import Actor
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import in_force
from wushe.registers.communities.models import Community
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.rounds.sheets.communities import communities
from wushe.registers.rounds.sheets.description import Row

from .base import Intake, differing, given, standing
from .places import Places

_FIELDS = ("residents", "households", "phone", "office", "council_since")


class Communities(Intake):
    """Communities by area."""

    def __init__(self, *, actor: Actor, at: datetime, round_id: int) -> None:
        super().__init__(actor=actor, at=at, round_id=round_id)
        self.sheet = communities(self.on)
        self.places = Places(actor=actor, on=self.on)

    def settle(self, row: Row) -> None:
        """Find the area, down to the community and no deeper."""
        self.places.resolve(row)
        if "area_code" in row.values:
            row.values["area_code"] = row.values["area_code"][: Level.COMMUNITY]

    def keys(self, row: Row) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
        """Return the area: it stands in a file once."""
        code = row.values.get("area_code")
        return ((hash(code),), (hash(code),)) if code else ((), ())

    def match(self, rows: list[Row]) -> None:
        """Find the communities by their areas."""
        codes = {row.values["area_code"] for row in standing(rows)}
        known = {one.area_code: one for one in Community.objects.filter(area_code__in=codes)}
        for row in standing(rows):
            row.found = known.get(row.values["area_code"])
            if row.found is not None:
                row.values["changes"] = differing(row, row.found, _FIELDS)

    def write(self, rows: list[Row]) -> None:
        """Write the communities under the names of their areas."""
        areas = in_force(on=self.on).filter(area_code__in={row.values["area_code"] for row in rows})
        named = {code: (name, urban) for code, name, urban in areas.values_list("area_code", "name", "urban")}

        def make(row: Row) -> Community:
            name, urban = named[row.values["area_code"]]
            return Community(
                area_code=row.values["area_code"], name=name, urban=urban, initials=initials_of_title(name), **given(row, _FIELDS)
            )  # fmt: skip

        self.write_things(Community, rows, make, entered="community.enter")
