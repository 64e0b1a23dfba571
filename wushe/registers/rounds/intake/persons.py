"""Finding the person of a row: by ID number, or by name, birthday and place where no number is given; never a namesake."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.scope import within
from wushe.registers.people.identity import id_number_index
from wushe.registers.people.models import Person
from wushe.registers.rounds.sheets.description import Row

from .base import standing

ELSEWHERE = "这个身份证号已在别的社区登记，请联系原登记社区办理迁入。"


def person_keys(row: Row) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
    """Return the keys of a person: the ID number; without it name, birthday and place, which no numbered row may share."""
    values = row.values
    if "name" not in values or "born_on" not in values:
        return (), ()
    soft = hash((values["name"], values["born_on"], values.get("area_code", "")[:12]))
    if number := values.get("id_number"):
        own = hash(number)
        return (own, hash((soft, "bare"))), (own, soft)
    return (soft,), (soft, hash((soft, "bare")))


def find_persons(rows: Iterable[Row], actor: Actor) -> None:
    """Put the registered person into `values["person"]`, None if there is none; refuse who contradicts the register."""
    rows = list(standing(rows))
    for row in rows:
        number = row.values.get("id_number", "")
        row.values["id_index"] = id_number_index(number) if number else ""
    indexes = {row.values["id_index"] for row in rows} - {""}
    known = {p.id_number_index: p for p in _people().filter(id_number_index__in=indexes)}
    loose = [row for row in rows if row.values["id_index"] not in known]
    if not _people().filter(within(actor.area_code), id_number_index="").exists():
        loose = [row for row in loose if not row.values["id_index"]]  # nobody waits for a number
    namesakes = _namesakes(loose)
    for row in rows:
        person = known.get(row.values["id_index"])
        if person is not None and person.merged_into is not None:
            person = person.merged_into
        row.values["person"] = person or _only(row, namesakes)
        if row.values["person"] is not None:
            _refuse_contradictions(row, row.values["person"], actor)


def _people() -> Any:
    return Person.with_merged.select_related("household", "merged_into")


def _namesakes(rows: list[Row]) -> dict[tuple[Any, ...], list[Person]]:
    found: dict[tuple[Any, ...], list[Person]] = {}
    names = {row.values["name"] for row in rows if "name" in row.values}
    days = {row.values["born_on"] for row in rows if "born_on" in row.values}
    if names and days:
        for person in _people().filter(name__in=names, born_on__in=days, merged_into=None):
            found.setdefault((person.name, person.born_on, person.area_code[:12]), []).append(person)
    return found


def _only(row: Row, namesakes: dict[tuple[Any, ...], list[Person]]) -> Person | None:
    """Return the namesake of the same birthday and place who may be meant; refuse where there are several."""
    values = row.values
    same = namesakes.get((values.get("name"), values.get("born_on"), values.get("area_code", "")[:12]), [])
    if values.get("id_number"):
        same = [person for person in same if not person.id_number_index]
    if len(same) > 1:
        row.refuse("name", "登记册里有几位同名、同生日、同社区的居民，请填身份证号。")
        return None
    return same[0] if same else None


def _refuse_contradictions(row: Row, person: Person, actor: Actor) -> None:
    values = row.values
    if not person.area_code.startswith(actor.area_code):
        row.refuse("id_number" if values.get("id_number") else "name", ELSEWHERE)
    elif person.name != values.get("name", person.name):
        row.refuse("name", f"这个身份证号登记的姓名是“{person.name}”，和表里不同，请核对。")
    elif person.died_on:
        row.refuse("name", "这位居民已登记去世。")
    elif person.moved_out_on:
        row.refuse("name", "这位居民已登记迁出，请先办理迁入。")
    elif values.get("sex", person.sex) != person.sex:
        row.refuse("sex", "与登记册里的性别不一致，请核对。")
    elif values.get("born_on", person.born_on) != person.born_on:
        row.refuse("born_on", f"与登记册里的出生日期（{person.born_on}）不一致，请核对。")
