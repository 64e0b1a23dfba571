"""Writing people in bulk: new ones with their households, changed ones column by column, all searchable as if typed in."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef

from wushe.foundation.protected import Sealed
from wushe.registers.people.identity import address_index, phone_index, phone_tail_index, search_columns
from wushe.registers.people.models import Household, Person
from wushe.registers.rounds.sheets.description import Row

from .base import Intake, Thing

_PLAIN = ("ability_level", "lives_alone")


def prepare_people(rows: Iterable[Row]) -> None:
    """Seal and index what a row says of a person, before any lock is taken."""
    for row in rows:
        values = row.values
        number, phone = values.get("id_number", ""), values.get("phone", "")
        values["derived"] = search_columns(name=values.get("name", ""), id_number=number, phone=phone)
        values["sealed"] = Sealed.seal(number, "id_number"), Sealed.seal(phone, "phone")
        values["address_index"] = address_index(values["address"]) if values.get("address") else ""


def person_changes(row: Row) -> dict[str, Any]:
    """Return what the row changes of the person it found; an empty cell changes nothing."""
    values, person = row.values, row.values["person"]
    changes: dict[str, Any] = {}
    if values.get("id_number") and not person.id_number_index:
        changes["id_number"] = values["id_number"]
    if values.get("phone") and phone_index(values["phone"]) != person.phone_index:
        changes["phone"] = values["phone"]
    if values.get("area_code", "")[:12] not in ("", person.area_code[:12]):
        changes["area_code"] = values["area_code"]
    if values.get("address") and ("area_code" in changes or _moves(row, person)):
        changes["address"] = values["address"]
    for name in _PLAIN:
        if name in values and values[name] != getattr(person, name):
            changes[name] = values[name]
    return changes


def _moves(row: Row, person: Person) -> bool:
    home = person.household
    return home is None or home.address_index != address_index(row.values["address"])


def write_people(intake: Intake, rows: list[Row]) -> None:
    """Register the people who are not yet there, and rewrite what is changed of the others; all rows get `person_id`."""
    homes = _Homes(intake, rows)
    fresh = [row for row in rows if row.values["person"] is None]
    for row, pk in zip(fresh, intake.trail.insert(Person, [_person(row, homes) for row in fresh]), strict=True):
        row.values["person_id"] = pk
    intake.record(
        "person.register", [Thing("person", row.values["person_id"], row.values["area_code"]) for row in fresh]
    )
    known = [row for row in rows if row.values["person"] is not None]
    for row in known:
        row.values["person_id"] = row.values["person"].pk
    changed = [row for row in known if row.values["person_changes"]]
    intake.trail.rewrite(Person, [(row.values["person_id"], _columns(row, homes)) for row in changed])
    _close_empty(intake, {row.values["person"].household_id for row in changed} - {None})
    fields = {row.values["person_id"]: {"fields": sorted(row.values["person_changes"])} for row in changed}
    intake.record("person.update", [Thing.of(row.values["person"]) for row in changed], fields)


def _person(row: Row, homes: "_Homes") -> dict[str, Any]:
    values, (number, phone) = row.values, row.values["sealed"]
    return {
        "name": values["name"], "sex": values["sex"], "born_on": values["born_on"], "area_code": values["area_code"],
        "id_number": number, "phone": phone, "household_id": homes.of(row), "ability_level": values.get("ability_level"),
        "lives_alone": values.get("lives_alone", False), "died_on": values.get("died_on"),
        "moved_out_on": values.get("moved_out_on"), **values["derived"],
    }  # fmt: skip


def _columns(row: Row, homes: "_Homes") -> dict[str, Any]:
    """Return the columns of a person that the row's changes touch; who is changed is compared with others anew."""
    values, changes = row.values, row.values["person_changes"]
    columns: dict[str, Any] = {name: changes[name] for name in (*_PLAIN, "area_code") if name in changes}
    if "id_number" in changes:
        columns |= {"id_number": values["sealed"][0], "id_number_index": values["derived"]["id_number_index"]}
    if "phone" in changes:
        columns |= {
            "phone": values["sealed"][1], "phone_index": phone_index(values["phone"]),
            "phone_tail_index": phone_tail_index(values["phone"]),
        }  # fmt: skip
    if "address" in changes or "area_code" in changes:
        columns["household"] = homes.of(row)  # who moves without a new address has none that is known
    return {**columns, "compared_at": None}


def _close_empty(intake: Intake, left: set[int]) -> None:
    """Hide the households that somebody left and where nobody lives any more."""
    living = Person.objects.filter(household=OuterRef("pk"), died_on=None, moved_out_on=None)
    empty = Household.objects.filter(~Exists(living), pk__in=left, closed_on=None)
    intake.trail.rewrite(Household, [(pk, {"closed_on": intake.on}) for pk in empty.values_list("pk", flat=True)])


class _Homes:
    """The households of some rows: found by community and address, founded once where they are new."""

    def __init__(self, intake: Intake, rows: Iterable[Row]) -> None:
        wanted = {
            (_area(row)[:12], row.values["address_index"]): row for row in rows if row.values.get("address_index")
        }
        known = Household.objects.filter(address_index__in={index for _, index in wanted}).order_by("-pk")
        found = known.values_list("pk", "area_code", "address_index", "closed_on")
        here = {(area[:12], index): (pk, closed) for pk, area, index, closed in found if (area[:12], index) in wanted}
        self._homes = {key: pk for key, (pk, _) in here.items()}
        fresh = [(key, row) for key, row in wanted.items() if key not in here]
        made = [
            {"area_code": _area(row), "address": row.values["address"], "address_index": key[1]} for key, row in fresh
        ]
        self._homes |= dict(zip((key for key, _ in fresh), intake.trail.insert(Household, made), strict=True))
        intake.trail.rewrite(Household, [(pk, {"closed_on": None}) for pk, closed_on in here.values() if closed_on])

    def of(self, row: Row) -> int | None:
        """Return the id of the household at the row's address."""
        index = row.values.get("address_index")
        return self._homes[_area(row)[:12], index] if index else None


def _area(row: Row) -> str:
    person = row.values["person"]
    return str(row.values.get("area_code") or (person.area_code if person else ""))
