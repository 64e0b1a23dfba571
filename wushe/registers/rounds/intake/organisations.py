"""The intake of organisations: found by their social credit code, or by name at their seat where they have none."""

from collections.abc import Hashable, Sequence
from datetime import date, datetime

from wushe.foundation.actor import Actor
from wushe.registers.areas.models import Level
from wushe.registers.catalogue.selectors import items_on
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.organisations.models import Organisation, Standing
from wushe.registers.rounds.reading.words import key
from wushe.registers.rounds.sheets.description import Row
from wushe.registers.rounds.sheets.organisations import organisations

from .base import Intake, differing, given, standing
from .contacts import contact_phone
from .places import Places

TOO_MANY = "持证社工人数不能多于专职人数。"
_FIELDS = (
    "name",
    "kind",
    "standing",
    "uscc",
    "grade",
    "hub",
    "serves",
    "services",
    "takes_orders",
    "joined_on",
    "longitude",
    "latitude",
    "graded_on",
    "full_time",
    "certified",
    "members",
    "seats",
    "agreement_until",
    "contact_name",
)


class Organisations(Intake):
    """Organisations by code, or by name."""

    def __init__(self, *, actor: Actor, at: datetime, round_id: int) -> None:
        super().__init__(actor=actor, at=at, round_id=round_id)
        self.sheet = organisations(self.on, _services(self.on))
        self.places = Places(actor=actor, on=self.on)

    def settle(self, row: Row) -> None:
        """Find the seat and the areas that are served."""
        values = row.values
        self.places.resolve(row, least=Level.STREET)
        if "serves" in values:
            values["serves"] = [code for text in values["serves"] if (code := self._served(row, text))]

    def _served(self, row: Row, text: str) -> str:
        wanted = Row(row.sheet, row.number, [], values={"place": text})
        self.places.resolve(wanted, least=Level.DISTRICT if text.isdigit() else Level.STREET)
        if wanted.faults:
            row.refuse("serves", wanted.faults["place"])
        return str(wanted.values.get("area_code", ""))

    def keys(self, row: Row) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
        """Return code and name: each stands in a file once."""
        values = row.values
        found = [hash(("code", values["uscc"]))] if "uscc" in values else []
        if "name" in values:
            found.append(hash((key(values["name"]), values.get("area_code", "")[:9])))
        return found, found

    def match(self, rows: list[Row]) -> None:
        """Find the organisations by code, then by name."""
        codes = {row.values["uscc"] for row in standing(rows) if "uscc" in row.values}
        names = {row.values["name"] for row in standing(rows)}
        by_code = {one.uscc: one for one in Organisation.objects.filter(uscc__in=codes)}
        by_name: dict[str, list[Organisation]] = {}
        for one in Organisation.objects.filter(name__in=names):
            by_name.setdefault(one.name, []).append(one)
        for row in standing(rows):
            found = by_code.get(row.values.get("uscc", "")) or self._named(row, by_name.get(row.values["name"], []))
            if found is None:
                self._refuse_incomplete(row)
            else:
                self._found(row, found)

    def _named(self, row: Row, same: list[Organisation]) -> Organisation | None:
        code = row.values.get("uscc", "")
        here = [one for one in same if one.area_code.startswith(self.actor.area_code) and not (code and one.uscc)]
        if len(here) > 1:
            row.refuse("name", "登记册里有几家同名的组织，请填统一社会信用代码。")
        return here[0] if len(here) == 1 else None

    def _refuse_incomplete(self, row: Row) -> None:
        values = row.values
        self.places.require(row)
        if values.get("certified", 0) > values.get("full_time", 0):
            row.refuse("certified", TOO_MANY)
        if "kind" not in values:
            row.refuse("kind", "请填组织类型。")
        values.setdefault("standing", Standing.REGISTERED if "uscc" in values else None)
        if values["standing"] is None:
            row.refuse("standing", "请填登记情况；已登记的请填统一社会信用代码。")
        elif values["standing"] == Standing.REGISTERED and "uscc" not in values:
            row.refuse("uscc", "已登记的组织请填统一社会信用代码。")

    def _found(self, row: Row, one: Organisation) -> None:
        values = row.values
        row.found = one
        if not one.area_code.startswith(self.actor.area_code):
            row.refuse("uscc" if "uscc" in values else "name", "这家组织已在别处登记。")
        elif one.left_on:
            row.refuse("name", "这家组织已登记退出。")
        changes = {**differing(row, one, _FIELDS), **contact_phone(row, one)}
        if values.get("certified", one.certified) > values.get("full_time", one.full_time):
            row.refuse("certified", TOO_MANY)
        if "name" in changes:
            changes["initials"] = initials_of_title(changes["name"])
        if values.get("place") and values.get("area_code", one.area_code) != one.area_code:
            changes["area_code"] = values["area_code"]
        values["changes"] = changes

    def write(self, rows: list[Row]) -> None:
        """Write the organisations."""
        self.write_things(Organisation, rows, self._organisation, entered="organisation.register")

    def _organisation(self, row: Row) -> Organisation:
        return Organisation(**{
            "joined_on": self.on, **given(row, _FIELDS), **contact_phone(row), "area_code": row.values["area_code"],
            "initials": initials_of_title(row.values["name"]),
        })  # fmt: skip


def _services(on: date) -> tuple[tuple[str, str], ...]:
    """Return the kinds of service of the catalogue, each under the code with which its items begin."""
    kinds = {(item.code.partition("-")[0], item.subcategory) for item in items_on(day=on)}
    return tuple(sorted((code, title) for code, title in kinds if title))
