"""The intake of facilities: found by name in their community; placed on the community's point where no other is given."""

from collections.abc import Hashable, Sequence
from datetime import datetime

from wushe.foundation.actor import Actor
from wushe.registers.areas.models import Level
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.facilities.models import Facility, FacilityKind, Function
from wushe.registers.rounds.reading.words import key
from wushe.registers.rounds.sheets.description import Row
from wushe.registers.rounds.sheets.facilities import facilities

from .base import Intake, differing, given, standing, titles_of
from .places import Places, point_of
from .workers import Carriers

_FIELDS = ("kind", "functions", "capacity", "opening", "longitude", "latitude", "opened_on", "closed_on", "star", "weekdays", "address",
           "phone")  # fmt: skip


class Facilities(Intake):
    """Facilities by name and community."""

    def __init__(self, *, actor: Actor, at: datetime, round_id: int) -> None:
        super().__init__(actor=actor, at=at, round_id=round_id)
        self.sheet = facilities(self.on, kinds=titles_of(FacilityKind), functions=titles_of(Function))
        self.places = Places(actor=actor, on=self.on)
        self.organisations = Carriers()

    def settle(self, row: Row) -> None:
        """Find the place and who runs it."""
        self.places.resolve(row, least=Level.STREET)
        self.places.require(row)
        self.organisations.resolve(row, "operator")

    def keys(self, row: Row) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
        """Return name and community: they stand in a file once."""
        values = row.values
        found = (
            (hash((key(values["name"]), values["area_code"][:12])),) if {"name", "area_code"} <= values.keys() else ()
        )
        return found, found

    def match(self, rows: list[Row]) -> None:
        """Find the facilities by name and place."""
        names = {row.values["name"] for row in standing(rows)}
        known = {(one.name, one.area_code[:12]): one for one in Facility.objects.filter(name__in=names)}
        for row in standing(rows):
            found = known.get((row.values["name"], row.values["area_code"][:12]))
            if found is None:
                self._complete(row)
            else:
                self._found(row, found)

    def _complete(self, row: Row) -> None:
        if "longitude" in row.values:
            return
        point = point_of(self.places, row.values)
        if point is None:
            row.refuse("longitude", "请填经度和纬度。")
        else:
            row.values["longitude"], row.values["latitude"] = point
            row.note("place", "没有经纬度，先放在所在社区的位置。")

    def _found(self, row: Row, one: Facility) -> None:
        values = row.values
        row.found = one
        changes = differing(row, one, _FIELDS)
        if "operator_id" in values and values["operator_id"] != one.operator_id:
            changes["operator"] = values["operator_id"]
        values["changes"] = changes

    def write(self, rows: list[Row]) -> None:
        """Write the facilities."""
        self.write_things(Facility, rows, self._facility, entered="facility.open")

    def _facility(self, row: Row) -> Facility:
        values = row.values
        return Facility(**{
            "opened_on": self.on, **given(row, _FIELDS), "name": values["name"], "area_code": values["area_code"],
            "operator_id": values.get("operator_id"), "initials": initials_of_title(values["name"]),
        })  # fmt: skip
