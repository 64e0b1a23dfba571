"""Who is named in a row and must be on record already: by ID number, by name and telephone, or by a name that is the only one."""

from collections.abc import Iterable
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible
from wushe.registers.people.identity import id_number_index, phone_index
from wushe.registers.people.models import Person
from wushe.registers.rounds.sheets.description import Row

from .base import standing

NAMED = ("name", "id_number", "phone")
"""The columns of who a row is about; those of somebody else bear other codes in this order."""


class Known:
    """The people on record whom an actor sees; never a namesake without saying so."""

    def __init__(self, actor: Actor) -> None:
        self._people = visible(Person.objects.filter(died_on=None, moved_out_on=None), actor).select_related(
            "household"
        )

    def find(self, rows: Iterable[Row], columns: tuple[str, str, str] = NAMED, *, into: str = "person") -> None:
        """Put each row's person into `values[into]`, or say beside the column why there is none."""
        name, number, _ = columns
        rows = [row for row in standing(rows) if name in row.values or number in row.values]
        indexes = {row.values[number]: id_number_index(row.values[number]) for row in rows if number in row.values}
        by_number = {p.id_number_index: p for p in self._people.filter(id_number_index__in=set(indexes.values()))}
        names = {row.values[name] for row in rows if number not in row.values}
        namesakes: dict[str, list[Person]] = {}
        for person in self._people.filter(name__in=names).order_by("pk") if names else ():
            namesakes.setdefault(person.name, []).append(person)
        for row in rows:
            values: dict[str, Any] = row.values
            if number in values:
                found = by_number.get(indexes[values[number]])
                self._numbered(row, found, columns)
            else:
                found = self._named(row, namesakes.get(values[name], []), columns)
            values[into] = found

    @staticmethod
    def _numbered(row: Row, found: Person | None, columns: tuple[str, str, str]) -> None:
        name, number, _ = columns
        if found is None:
            row.refuse(number, "居民台账里没有这个身份证号的人（或者不在本辖区），请先登记居民。")
        elif row.values.get(name, found.name) != found.name:
            row.refuse(name, f"这个身份证号登记的姓名是“{found.name}”，和表里不同，请核对。")

    @staticmethod
    def _named(row: Row, same: list[Person], columns: tuple[str, str, str]) -> Person | None:
        """Return the only one of this name and telephone, or of this name and place; the latter is told."""
        name, _, phone = columns
        if phone in row.values:
            same = [person for person in same if person.phone_index == phone_index(row.values[phone])]
        else:
            place = row.values.get("area_code", "")[:12]
            same = [person for person in same if person.area_code[:12] == place] or same
        if len(same) == 1:
            if phone not in row.values:
                row.note(name, "没有身份证号和电话，按台账里唯一的同名居民登记，请核对。")
            return same[0]
        none = f"居民台账里没有“{row.values[name]}”这个人（或者电话不符），请先登记居民。"
        row.refuse(name, "台账里有几位同名的居民，请填身份证号。" if same else none)
        return None
