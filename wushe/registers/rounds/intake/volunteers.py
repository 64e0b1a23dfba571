"""The intake of volunteers: found by their number or as a person; who is not yet a resident on record becomes one."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import visible
from wushe.registers.people.identity import full_years
from wushe.registers.people.models import Person
from wushe.registers.rounds.reading.words import key, suggestion
from wushe.registers.rounds.sheets.description import Row
from wushe.registers.rounds.sheets.volunteers import volunteers
from wushe.registers.volunteers.entering import GUARDIAN_AGE
from wushe.registers.volunteers.models import Team, Volunteer, VolunteerSkill
from wushe.registers.workforce.models import Skill

from .base import Intake, differing, standing
from .people_writing import person_changes, prepare_people, write_people
from .persons import ELSEWHERE, find_persons, person_keys
from .places import Places

_FIELDS = ("registered_on", "left_on", "insured_until")


class Volunteers(Intake):
    """Volunteers by number, or by who they are."""

    def __init__(self, *, actor: Actor, at: datetime, round_id: int) -> None:
        super().__init__(actor=actor, at=at, round_id=round_id)
        skills = list(Skill.objects.order_by("pk").values_list("pk", "code", "title"))
        self.skill_ids = {code: pk for pk, code, _ in skills}
        self.sheet = volunteers(self.on, tuple((code, title) for _, code, title in skills))
        self.places = Places(actor=actor, on=self.on)
        teams = visible(Team.objects.all(), actor).order_by("pk")
        self.teams = {key(name): (pk, name) for pk, name in teams.values_list("pk", "name")}

    def settle(self, row: Row) -> None:
        """Find the place and the team."""
        self.places.resolve(row)
        if team := row.values.get("team"):
            if key(team) in self.teams:
                row.values["team_id"] = self.teams[key(team)][0]
            else:
                row.refuse(
                    "team", f"没有“{team[:20]}”这支队伍{suggestion(team, [name for _, name in self.teams.values()])}"
                )

    def keys(self, row: Row) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
        """Return number and person: each stands in a file once."""
        tested, left = person_keys(row)
        number = row.values.get("number")
        own = (hash(("number", number)),) if number else ()
        return (*tested, *own), (*left, *own)

    def match(self, rows: list[Row]) -> None:
        """Find the volunteers by number, then as people."""
        numbers = {row.values["number"] for row in standing(rows) if "number" in row.values}
        by_number = {v.number: v for v in _volunteers().filter(number__in=numbers)}
        known = [row for row in standing(rows) if row.values.get("number") in by_number]
        for row in known:
            self._found(row, by_number[row.values["number"]])
        others = [row for row in standing(rows) if row.found is None]
        find_persons(others, self.actor)
        people = [row.values["person"].pk for row in standing(others) if row.values["person"]]
        by_person = {v.person_id: v for v in _volunteers().filter(person__in=people)}
        for row in standing(others):
            person = row.values["person"]
            if person and person.pk in by_person:
                self._found(row, by_person[person.pk])
            else:
                self.places.require(row)
                refuse_unknown(row, self.actor)
                self._refuse_minor(row)

    def _refuse_minor(self, row: Row) -> None:
        """Refuse a minor: who goes along with them is chosen on their page."""
        born = row.values.get("born_on")
        age = int(preset(GUARDIAN_AGE, area_code=row.values.get("area_code", ""), on=self.on))
        if born and full_years(born, self.on) < age:
            row.refuse("born_on", f"未满{age}周岁的志愿者须有监护人陪同，请到志愿者台账逐个登记。")

    def _found(self, row: Row, volunteer: Volunteer) -> None:
        values, person = row.values, volunteer.person
        row.found, values["person"] = volunteer, person
        refuse_another(row, person, self.actor)
        if values.get("number", volunteer.number) != volunteer.number:
            row.refuse("number", f"这位居民已是志愿者，编号是 {volunteer.number}。")
        if volunteer.left_on and "left_on" not in values:
            row.refuse("name", "这位志愿者已登记退出。")
        changes = differing(row, volunteer, _FIELDS)
        if "team_id" in values and values["team_id"] != volunteer.team_id:
            changes["team"] = values["team_id"]
        if row.cells and values.get("place") and values.get("area_code", "")[:12] != volunteer.area_code[:12]:
            changes["area_code"] = values["area_code"]
        if values.pop("earlier_hours", None) not in (None, volunteer.earlier_minutes):
            row.note("earlier_hours", "已在册，时长以台账的记录为准。")
        held = set(volunteer.skills.values_list("skill__code", flat=True)) if values.get("skills") else set()
        values["skills"] = [code for code in values.get("skills", ()) if code not in held]
        values["own_changes"] = changes
        values["person_changes"] = own_person_changes(row, self.actor)
        new = {"skills": values["skills"]} if values["skills"] else {}
        values["changes"] = {**changes, **values["person_changes"], **new}

    def prepare(self, rows: list[Row]) -> None:
        """Seal and index."""
        prepare_people(rows)

    def write(self, rows: list[Row]) -> None:
        """Write the people who are new, then the volunteers."""
        write_people(self, rows)
        self.write_things(Volunteer, rows, self._volunteer, entered="volunteer.register", changes="own_changes")
        self.trail.create(VolunteerSkill, [
            VolunteerSkill(volunteer_id=row.values["pk"], skill_id=self.skill_ids[code])
            for row in rows
            for code in row.values.get("skills", ())
        ])  # fmt: skip

    def _volunteer(self, row: Row) -> Volunteer:
        values, person = row.values, row.values["person_id"]
        place = values["area_code"]
        return Volunteer(
            number=values.get("number") or f"{place[:6]}{person:010d}", person_id=person, area_code=place,
            team_id=values.get("team_id"), registered_on=values.get("registered_on") or self.on, left_on=values.get("left_on"),
            insured_until=values.get("insured_until"), earlier_minutes=values.get("earlier_hours") or 0,
        )  # fmt: skip


def _volunteers() -> Any:
    return Volunteer.objects.select_related("person", "person__household")


def refuse_unknown(row: Row, actor: Actor) -> None:
    """Refuse somebody new of whom too little is said to be registered; of who is registered, take what is new."""
    known = row.values["person"] is not None
    row.values["person_changes"] = own_person_changes(row, actor) if known else {}
    for name, message in (("sex", "请填性别，或者填身份证号。"), ("born_on", "请填出生日期，或者填身份证号。")):
        if not known and name not in row.values:
            row.refuse(name, message)


def refuse_another(row: Row, person: Person, actor: Actor) -> None:
    """Refuse a number that belongs to somebody else than the row says, or to another place."""
    values = row.values
    if not person.area_code.startswith(actor.area_code):
        row.refuse("name", ELSEWHERE.replace("这个身份证号", "这个人"))
    elif values.get("name", person.name) != person.name:
        row.refuse("name", f"这个编号登记的是“{person.name}”，和表里不同，请核对。")
    elif values.get("id_number") and person.id_number_index and values["id_number"] != person.id_number.reveal():
        row.refuse("id_number", "与登记册里这个人的身份证号不一致，请核对。")


def own_person_changes(row: Row, actor: Actor) -> dict[str, Any]:
    """Return what may be changed of the person by who keeps another register: the telephone, with the right to edit people."""
    if not actor.may("people:edit"):
        return {}
    return {name: value for name, value in person_changes(row).items() if name in ("phone", "id_number")}
