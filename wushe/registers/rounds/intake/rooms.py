"""The intake of rooms and beds: a room found by its name in its facility."""

from collections.abc import Hashable, Sequence
from datetime import datetime

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible
from wushe.registers.areas.models import Level
from wushe.registers.facilities.models import Facility, Room
from wushe.registers.rounds.reading.words import key, suggestion
from wushe.registers.rounds.sheets.description import Row
from wushe.registers.rounds.sheets.rooms import rooms

from .base import Intake, Thing, differing, given, standing, titles_of
from .places import Places

_FIELDS = ("use", "care", "beds", "taken", "holds")


class Rooms(Intake):
    """Rooms by facility and name."""

    def __init__(self, *, actor: Actor, at: datetime, round_id: int) -> None:
        super().__init__(actor=actor, at=at, round_id=round_id)
        self.sheet = rooms(self.on, uses=titles_of(Room.Use))
        self.places = Places(actor=actor, on=self.on)
        open_ones = visible(Facility.objects.filter(closed_on=None), actor).order_by("pk")
        self.facilities: dict[str, list[tuple[int, str]]] = {}
        for pk, name, area_code in open_ones.values_list("pk", "name", "area_code"):
            self.facilities.setdefault(key(name), []).append((pk, area_code))
        self._names = list(open_ones.values_list("name", flat=True))

    def settle(self, row: Row) -> None:
        """Find the facility, of several of one name the one in the place that is said."""
        values = row.values
        if "place" in values or "street" in values:
            self.places.resolve(row, least=Level.STREET)
        if "facility" not in values or row.faults:
            return
        same = self.facilities.get(key(values["facility"]), [])
        if code := values.get("area_code"):
            same = [(pk, area_code) for pk, area_code in same if area_code.startswith(code)]
        if len(same) == 1:
            values["facility_id"], values["area_code"] = same[0]
        elif same:
            row.refuse("place", "有几处同名的设施，请填所在社区。")
        else:
            text = values["facility"]
            row.refuse("facility", f"没有“{text[:20]}”这处设施{suggestion(text, self._names)}")

    def keys(self, row: Row) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
        """Return facility and name: together they stand in a file once."""
        found = hash((row.values.get("facility_id"), key(row.values.get("name", ""))))
        return (found,), (found,)

    def match(self, rows: list[Row]) -> None:
        """Find the rooms by facility and name."""
        facilities = {row.values["facility_id"] for row in standing(rows)}
        there = Room.objects.filter(facility__in=facilities, closed_on=None)
        known = {(room.facility_id, key(room.name)): room for room in there}
        for row in standing(rows):
            values = row.values
            row.found = known.get((values["facility_id"], key(values["name"])))
            if row.found is None:
                if "use" not in values:
                    row.refuse("use", "请填用途，如 居室、老年食堂、康复室。")
                if values.get("taken", 0) > values.get("beds", 0):
                    row.refuse("beds", "填了已住人数，请填床位。")
                continue
            if values.get("taken", row.found.taken) > values.get("beds", row.found.beds):
                row.refuse("beds" if "beds" in values else "taken", "已住人数不能多于床位。")
            values["changes"] = differing(row, row.found, _FIELDS)

    def write(self, rows: list[Row]) -> None:
        """Write the rooms; the journal is that of their facilities."""
        fresh = [row for row in rows if row.found is None]
        made = [
            Room(facility_id=row.values["facility_id"], name=row.values["name"], **given(row, _FIELDS)) for row in fresh
        ]
        self.trail.create(Room, made)
        changed = [row for row in rows if row.found is not None]
        self.trail.rewrite(Room, [(row.found.pk, row.values["changes"]) for row in changed])
        for kind, some, pks in (
            ("facility.room", fresh, [room.pk for room in made]),
            ("facility.room_update", changed, [row.found.pk for row in changed]),
        ):
            of: dict[int, list[int]] = {}
            for row, pk in zip(some, pks, strict=True):
                of.setdefault(row.values["facility_id"], []).append(pk)
            places = {row.values["facility_id"]: row.values["area_code"] for row in some}
            things = [Thing("facility", pk, places[pk]) for pk in of]
            self.record(kind, things, {pk: {"rooms": ids} for pk, ids in of.items()})
