"""The intake of councils and backbone roles: a seat found by role and name at its place, or by who sits in it."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible
from wushe.registers.communities.models import Seat, SeatKind, Term
from wushe.registers.communities.selectors import with_holders
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.rounds.reading.words import key
from wushe.registers.rounds.sheets.description import Row
from wushe.registers.rounds.sheets.seats import seats

from .base import Intake, Thing, differing, standing, titles_of
from .known import Known
from .places import Places
from .workers import Carriers

_FOR_A_UNIT = {SeatKind.PART_TIME, SeatKind.UNIT_LIAISON}


class Seats(Intake):
    """Seats by place, role and name; who is named sits there."""

    def __init__(self, *, actor: Actor, at: datetime, round_id: int) -> None:
        super().__init__(actor=actor, at=at, round_id=round_id)
        self.sheet = seats(self.on, kinds=titles_of(SeatKind))
        self.places = Places(actor=actor, on=self.on)
        self.units = Carriers()
        self.known = Known(actor)

    def settle(self, row: Row) -> None:
        """Find the place and the unit; a person without a name is nobody."""
        self.places.resolve(row)
        self.places.require(row)
        self.units.resolve(row, "unit")
        values = row.values
        for column in ("starts_on", "ends_on", "unit"):
            if column in values and "name" not in values and "id_number" not in values:
                row.refuse("name", "请填担任人的姓名。")

    def keys(self, row: Row) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
        """Return place, role and the seat's name, or who sits there; each stands in a file once, and one secretary."""
        values = row.values
        there = (values.get("area_code"), values.get("kind"))
        who = values.get("id_number") or (values.get("name"), values.get("phone"))
        found = [hash((there, key(values["title"]) if "title" in values else who))]
        if "name" in values or "id_number" in values:
            found.append(hash((there, "person", who)))  # one role at one place, once
        if values.get("kind") == SeatKind.SECRETARY:
            found = [hash((there, "only"))]
        return found, found

    def match(self, rows: list[Row]) -> None:
        """Find who is named, then the seats; a role without a name of its own takes the vacant one of its kind first."""
        self.known.find(rows)
        here = {row.values["area_code"][:12] for row in standing(rows)}
        known: dict[tuple[str, str], list[Seat]] = {}
        standing_seats = visible(Seat.objects.filter(community_code__in=here, closed_on=None), self.actor)
        for seat in with_holders(standing_seats.order_by("pk")):
            known.setdefault((seat.area_code[:12], seat.kind), []).append(seat)
        taken: set[int] = set()
        for row in standing(rows):
            values = row.values
            there = known.get((values["area_code"][:12], values["kind"]), [])
            if len(values["area_code"]) > 12:
                there = [seat for seat in there if seat.area_code == values["area_code"]]
            row.found = self._meant(row, [seat for seat in there if seat.pk not in taken])
            if row.found is not None:
                taken.add(row.found.pk)
            self._seat(row, there)

    @staticmethod
    def _meant(row: Row, same: list[Seat]) -> Seat | None:
        values = row.values
        person = values.get("person")
        if "title" in values:
            same = [seat for seat in same if key(seat.title) == key(values["title"])]
            if not person:
                return same[0] if same else None
        held = [seat for seat in same if person and any(term.person_id == person.pk for term in _terms(seat))]
        vacant = [seat for seat in same if not _terms(seat)]
        return next(iter([*held, *vacant, *(same if "title" in values else [])]), None)

    def _seat(self, row: Row, there: list[Seat]) -> None:
        """Say what becomes of the seat and of who sits there."""
        values, found = row.values, row.found
        person = values.get("person")
        term = next(iter(_terms(found)), None) if found else None
        if found is None and values["kind"] == SeatKind.SECRETARY and there:
            row.refuse("kind", "每个社区只设一位大党委书记，请先办理离任。")
        if person and term and term.person_id != person.pk:
            row.refuse("name", f"这个岗位现在由“{term.person.name}”担任，请先办理离任。")
        if person and any(
            seat is not found and person.pk in (term.person_id for term in _terms(seat)) for seat in there
        ):
            row.refuse("name", "这个人在这里已经担任同样的角色。")
        if person and values["kind"] in _FOR_A_UNIT and not (term or values.get("unit_id")):
            row.refuse("unit", "请填他（她）代表的驻区单位。")
        starts = values.get("starts_on") or (term.starts_on if term else None)
        if found and starts and starts < values.get("since", found.since):
            row.refuse("starts_on", "到任日期不能早于岗位的设立日期。")
        values["own_changes"] = differing(row, found, ("since",)) if found else {}
        values["takes"] = bool(person and term is None and not (found and self._was_there(found, values)))
        values["leaves"] = term if term and "ends_on" in values and person else None
        told = {"person": person} if values["takes"] or values["leaves"] else {}
        values["changes"] = {**values["own_changes"], **told}

    @staticmethod
    def _was_there(seat: Seat, values: dict[str, Any]) -> bool:
        """Say whether the row tells of a term that is over and on record."""
        over = seat.terms.filter(person=values["person"], ends_on=values.get("ends_on"), ends_on__isnull=False)
        return "ends_on" in values and over.exists()

    def write(self, rows: list[Row]) -> None:
        """Write the seats, then who sits in them and who has left."""
        self.write_things(Seat, rows, self._made, entered="seat.set_up", changes="own_changes")
        takes = [row.values for row in rows if row.values["takes"]]
        self.trail.create(Term, [
            Term(seat_id=v["pk"], person=v["person"], unit_id=v.get("unit_id"), starts_on=self._start(v), ends_on=v.get("ends_on"))
            for v in takes
        ])  # fmt: skip
        self.record(
            "seat.take", [Thing("seat", v["pk"], v["area_code"]) for v in takes],
            {v["pk"]: {"person": v["person"].pk, "unit": v.get("unit_id"), "day": str(self._start(v))} for v in takes},
        )  # fmt: skip
        leaves = [row.values for row in rows if row.values["leaves"]]
        self.trail.rewrite(Term, [(v["leaves"].pk, {"ends_on": v["ends_on"]}) for v in leaves])
        self.record(
            "seat.vacate", [Thing("seat", v["pk"], v["area_code"]) for v in leaves],
            {v["pk"]: {"person": v["person"].pk, "term": v["leaves"].pk, "day": str(v["ends_on"])} for v in leaves},
        )  # fmt: skip

    def _start(self, values: dict[str, Any]) -> Any:
        return values.get("starts_on") or values.get("since") or values.get("ends_on") or self.on

    def _made(self, row: Row) -> Seat:
        values = row.values
        title = values.get("title") or str(SeatKind(values["kind"]).label)
        since = values.get("since") or values.get("starts_on") or values.get("ends_on") or self.on
        return Seat(
            kind=values["kind"], title=title, initials=initials_of_title(title), area_code=values["area_code"], since=since
        )  # fmt: skip


def _terms(seat: Seat) -> list[Term]:
    return seat.open_terms  # type: ignore[attr-defined,no-any-return]
