"""The intake of residents: people, households, categories, and relatives where the spreadsheet names them."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Any

from wushe.foundation.actor import Actor
from wushe.registers.people.bonds import months_later
from wushe.registers.people.identity import id_number_index
from wushe.registers.people.models import Person, Relation, Tag, TagKind
from wushe.registers.rounds.reading.identity import sex as sex_of
from wushe.registers.rounds.sheets.description import Row
from wushe.registers.rounds.sheets.residents import residents

from .base import Intake, Thing, standing
from .people_writing import person_changes, prepare_people, write_people
from .persons import find_persons, person_keys
from .places import Places

_ALONE = "living_alone"
_BOUND = {"head_number": "", "guardian_number": Relation.Kind.GUARDIAN, "carer_number": Relation.Kind.CARER}


class Residents(Intake):
    """Residents by ID number, or by name, birthday and community."""

    def __init__(self, *, actor: Actor, at: datetime, round_id: int) -> None:
        super().__init__(actor=actor, at=at, round_id=round_id)
        self.kinds = {kind.code: kind for kind in TagKind.objects.order_by("pk")}
        self.sheet = residents(self.on, tuple((kind.code, kind.title) for kind in self.kinds.values()))
        self.places = Places(actor=actor, on=self.on)
        self._heads: dict[int, int] = {}

    def settle(self, row: Row) -> None:
        """Find the place; gather the categories from their column and from the columns of their own."""
        values = row.values
        self.places.resolve(row)
        if "sex" not in values and "id_number" in values:
            values["sex"] = sex_of(values["id_number"])
        for name, message in (("sex", "请填性别，或者填身份证号。"), ("born_on", "请填出生日期，或者填身份证号。")):
            if name not in values and "id_number" not in row.faults:
                row.refuse(name, message)
        if "id_number" not in values:
            self.places.require(row)
        codes = dict.fromkeys(values.get("tags", ()))
        codes |= dict.fromkeys(name[4:] for name, said in values.items() if name.startswith("tag:") and said)
        if values.get("lives_alone") and _ALONE in self.kinds:
            codes[_ALONE] = None
        elif _ALONE in codes:
            values.setdefault("lives_alone", True)
        values["codes"] = list(codes)
        died, born = values.get("died_on"), values.get("born_on")
        if died and born and not born <= died <= self.on:
            row.refuse("died_on", "去世日期应在出生日期之后、今天之前。")

    def keys(self, row: Row) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
        """Return who it is: a person stands in a file once."""
        return person_keys(row)

    def match(self, rows: list[Row]) -> None:
        """Find each person and what the row changes; a death or departure of somebody known is written on their page."""
        find_persons(rows, self.actor)
        for row in standing(rows):
            if row.values["person"] is None:
                self.places.require(row)
        found = [row for row in standing(rows) if row.values["person"] is not None]
        tagged = [row.values["person"].pk for row in found if row.values["codes"]]
        stand: dict[int, set[str]] = {}
        for pk, code in Tag.objects.filter(person__in=tagged, ends_on=None).values_list("person_id", "kind__code"):
            stand.setdefault(pk, set()).add(code)
        for row in found:
            values, person = row.values, row.values["person"]
            row.found = person
            for name, word in (("died_on", "去世"), ("moved_out_on", "迁出")):
                if name in values:
                    row.refuse(name, f"这位居民已在册，请到居民页面登记{word}。")
            values["codes"] = [code for code in values["codes"] if code not in stand.get(person.pk, ())]
            values["person_changes"] = person_changes(row)
            values["changes"] = {**values["person_changes"], **({"tags": values["codes"]} if values["codes"] else {})}

    def prepare(self, rows: list[Row]) -> None:
        """Seal and index."""
        prepare_people(rows)

    def write(self, rows: list[Row]) -> None:
        """Write people and households, then categories, then relatives."""
        write_people(self, rows)
        self._write_tags(rows)
        self._write_relations(rows)

    def _write_tags(self, rows: list[Row]) -> None:
        evidence = f"{self.on} 表格导入"
        self.trail.insert(Tag, [
            {"person_id": row.values["person_id"], "kind_id": kind.pk, "starts_on": self.on, "evidence": evidence,
             "source": Tag.Source.ROLL, "review_on": months_later(self.on, kind.review_months) if kind.review_months else None}
            for row in rows
            for kind in (self.kinds[code] for code in row.values["codes"])
        ])  # fmt: skip
        tagged = [row.values for row in rows if row.values["codes"]]
        codes = {values["person_id"]: {"tags": values["codes"]} for values in tagged}
        self.record("person.tag", [Thing("person", v["person_id"], v["area_code"]) for v in tagged], codes)

    def _write_relations(self, rows: list[Row]) -> None:
        bonds = [bond for row in rows for bond in self._household_bond(row)]
        named = [(row, column, row.values[column]) for row in rows for column in _BOUND if column in row.values]
        people = self._people({number for _, _, number in named})
        for row, column, number in named:
            relative, person = people.get(number), row.values["person_id"]
            if relative is None:
                row.note(column, "登记册里没有这个身份证号的人，没有登记关系。")
            elif relative == person:
                continue
            elif column == "head_number":
                bonds += self._kin(relative, row)
            else:
                bonds.append((person, relative, _BOUND[column]))
        wanted = {(p, r, str(kind)) for p, r, kind in bonds if p != r}
        held = Relation.objects.filter(person__in={p for p, _, _ in wanted}).values_list(
            "person_id", "relative_id", "kind"
        )
        self.trail.create(Relation, [
            Relation(person_id=p, relative_id=r, kind=kind) for p, r, kind in sorted(wanted - set(held))
        ])  # fmt: skip

    def _household_bond(self, row: Row) -> list[tuple[int, int, str]]:
        """Return the bond to the head of the family, who stands before the others at the same address."""
        values = row.values
        kin, index = values.get("kin"), values.get("address_index")
        if not kin or not index or "head_number" in values:
            return []
        home = hash((values["area_code"][:12], index))
        if kin == "head":
            self._heads[home] = values["person_id"]
            return []
        return self._kin(self._heads.get(home), row)

    @staticmethod
    def _kin(head: int | None, row: Row) -> list[tuple[int, int, str]]:
        kin = row.values.get("kin")
        return [(head, row.values["person_id"], str(kin))] if head and kin and kin != "head" else []

    def _people(self, numbers: set[Any]) -> dict[str, int]:
        indexes = {id_number_index(number): number for number in numbers}
        visible = Person.objects.filter(id_number_index__in=indexes, area_code__startswith=self.actor.area_code)
        return {indexes[index]: pk for index, pk in visible.values_list("id_number_index", "pk")}
