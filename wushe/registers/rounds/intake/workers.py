"""The intake of workers: found by their number; the organisation by name or code; a start point from the place if none is given."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime

from django.db.models import Q

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible
from wushe.registers.organisations.models import Organisation
from wushe.registers.rounds.reading.words import key, suggestion
from wushe.registers.rounds.sheets.description import Row
from wushe.registers.rounds.sheets.workers import workers
from wushe.registers.workforce.models import Qualification, Skill, Worker, WorkerKind, WorkerSkill

from .base import Intake, differing, given, standing
from .people_writing import prepare_people, write_people
from .persons import find_persons
from .places import Places, point_of
from .volunteers import own_person_changes, refuse_another, refuse_unknown

_FIELDS = ("kind", "travel_mode", "weekdays", "qualification", "qualification_until", "level", "certificate_number",
           "registered_on", "starts_on", "ends_on")  # fmt: skip


class Workers(Intake):
    """Workers by number."""

    def __init__(self, *, actor: Actor, at: datetime, round_id: int) -> None:
        super().__init__(actor=actor, at=at, round_id=round_id)
        skills = list(Skill.objects.order_by("pk").values_list("pk", "code", "title"))
        self.skill_ids = {code: pk for pk, code, _ in skills}
        self.sheet = workers(self.on, tuple((code, title) for _, code, title in skills))
        self.places = Places(actor=actor, on=self.on)
        self.organisations = Carriers()
        self.supervisors = Supervisors(actor)

    def settle(self, row: Row) -> None:
        """Find the place, the organisation, the shift and the point from which the worker sets out."""
        values = row.values
        self.places.resolve(row)
        self.organisations.resolve(row, "organisation")
        if "level" in values:
            values.setdefault("qualification", str(Qualification(values["level"]).label))
        if "hours" in values:
            values["shift_start"], values["shift_end"] = values["hours"]
        if "longitude" in values and "latitude" in values:
            values["base_longitude"], values["base_latitude"] = values["longitude"], values["latitude"]

    def keys(self, row: Row) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
        """Return the number: it stands in a file once, while a person may hold several posts."""
        number = row.values.get("number")
        return ((hash(number),), (hash(number),)) if number else ((), ())

    def match(self, rows: list[Row]) -> None:
        """Find the workers by number; for new ones, the person."""
        numbers = {row.values["number"] for row in standing(rows)}
        posts = Worker.objects.select_related("person", "person__household").filter(number__in=numbers)
        known = {post.number: post for post in posts}
        held: dict[int, set[str]] = {}
        for pk, code in WorkerSkill.objects.filter(worker__in=posts).values_list("worker_id", "skill__code"):
            held.setdefault(pk, set()).add(code)
        self.supervisors.find(rows)
        for row in standing(rows):
            if row.values["number"] in known:
                post = known[row.values["number"]]
                self._found(row, post, held.get(post.pk, set()))
        others = [row for row in standing(rows) if row.found is None]
        find_persons(others, self.actor)
        for row in standing(others):
            self.places.require(row)
            refuse_unknown(row, self.actor)
            self._complete(row)

    def _found(self, row: Row, post: Worker, held: set[str]) -> None:
        values = row.values
        row.found, values["person"] = post, post.person
        refuse_another(row, post.person, self.actor)
        if not post.area_code.startswith(self.actor.area_code):
            row.refuse("number", "这个工号已在别处使用。")
        names = (*_FIELDS, "shift_start", "shift_end", "base_longitude", "base_latitude")
        changes = differing(row, post, names)
        if "organisation_id" in values and values["organisation_id"] != post.organisation_id:
            changes["organisation"] = values["organisation_id"]
        if values.get("supervisor_id", post.supervisor_id) != post.supervisor_id:
            changes["supervisor"] = values["supervisor_id"]
        if values.get("place") and values.get("area_code", "")[:12] != post.area_code[:12]:
            changes["area_code"] = values["area_code"]
        values["skills"] = [code for code in values.get("skills", ()) if code not in held]
        values["own_changes"] = changes
        values["person_changes"] = own_person_changes(row, self.actor)
        new = {"skills": values["skills"]} if values["skills"] else {}
        values["changes"] = {**changes, **values["person_changes"], **new}

    def _complete(self, row: Row) -> None:
        """Ask for what a new post needs, and take the point of its place where no other is given."""
        values = row.values
        if "kind" not in values:
            row.refuse("kind", "请填人员类别，如 护理员、社会工作者。")
        elif values.get("level") and "certificate_number" not in values:
            row.refuse("certificate_number", "持证的请填写证书管理号。")
        elif values["kind"] == "paid_carer" and "organisation_id" not in values:
            row.refuse("organisation", "护理员请填所属机构。")
        if "base_longitude" not in values:
            point = point_of(self.places, values)
            if point is None:
                row.refuse("longitude", "请填出发地点的经度和纬度。")
            else:
                values["base_longitude"], values["base_latitude"] = point
                row.note("place", "没有经纬度，出发地点先放在所在社区。")

    def prepare(self, rows: list[Row]) -> None:
        """Seal and index."""
        prepare_people(rows)

    def write(self, rows: list[Row]) -> None:
        """Write the people who are new, then their posts and skills."""
        write_people(self, rows)
        self.write_things(Worker, rows, self._post, entered="worker.register", changes="own_changes")
        self._supervise(rows)
        self.trail.create(WorkerSkill, [
            WorkerSkill(worker_id=row.values["pk"], skill_id=self.skill_ids[code])
            for row in rows
            for code in row.values.get("skills", ())
        ])  # fmt: skip

    def _supervise(self, rows: list[Row]) -> None:
        """Give those their supervisor who has only come into the register with this file."""
        late = [row for row in rows if "supervisor" in row.values and "supervisor_id" not in row.values]
        self.supervisors.find(late)
        found = [row for row in late if "supervisor_id" in row.values and not row.faults]
        self.trail.rewrite(Worker, [(row.values["pk"], {"supervisor": row.values["supervisor_id"]}) for row in found])

    def _post(self, row: Row) -> Worker:
        values = row.values
        own = given(row, (*_FIELDS, "shift_start", "shift_end"))
        return Worker(**{
            "starts_on": self.on, **own, "person_id": values["person_id"], "number": values["number"], "area_code": values["area_code"],
            "organisation_id": values.get("organisation_id"), "supervisor_id": values.get("supervisor_id"),
            "base_longitude": values["base_longitude"], "base_latitude": values["base_latitude"],
        })  # fmt: skip


class Supervisors:
    """The social workers in post who may supervise others, by number and by a name that only one of them has."""

    def __init__(self, actor: Actor) -> None:
        self._posts = visible(Worker.objects.filter(kind=WorkerKind.SOCIAL_WORKER, ends_on=None), actor)

    def find(self, rows: Iterable[Row]) -> None:
        """Put the supervisor's id into each row, or tell that there is none yet; refuse oneself, and each other."""
        rows = [row for row in standing(rows) if "supervisor" in row.values]
        texts = {row.values["supervisor"] for row in rows}
        said = Q(number__in={text.upper() for text in texts}) | Q(person__name__in=texts)
        known: dict[str, list[Worker]] = {}
        for post in self._posts.filter(said).select_related("person", "supervisor").order_by("pk") if texts else ():
            for name in {post.number, post.person.name}:
                known.setdefault(name, []).append(post)
        for row in rows:
            text = row.values["supervisor"]
            same = known.get(text) or known.get(text.upper(), [])
            if len(same) > 1:
                row.refuse("supervisor", f"有几位社工叫“{text}”，请填督导的工号。")
            elif not same:
                row.remarks["supervisor"] = f"台账里还没有“{text}”这位社工，没有登记督导；登记后再导入一次即可。"
            else:
                row.remarks.pop("supervisor", None)
                self._take(row, same[0])

    @staticmethod
    def _take(row: Row, chosen: Worker) -> None:
        number = row.values.get("number")
        if number in {chosen.number, chosen.supervisor.number if chosen.supervisor else None}:
            row.refuse("supervisor", "督导须是另一位在岗的社会工作者，不能互为督导。")
        else:
            row.values["supervisor_id"] = chosen.pk


class Carriers:
    """The organisations that have not left, by name and by code."""

    def __init__(self) -> None:
        rows = Organisation.objects.filter(left_on=None).order_by("-pk").values_list("pk", "name", "uscc")
        self._names = [name for _, name, _ in rows]
        self._known = {key(name): pk for pk, name, _ in rows} | {uscc.lower(): pk for pk, _, uscc in rows if uscc}

    def resolve(self, row: Row, column: str) -> None:
        """Put the organisation's id into the row's values, or say beside the column that there is none."""
        text = row.values.get(column)
        if not text:
            return
        found = self._known.get(key(text))
        if found is None:
            row.refuse(column, f"没有“{text[:20]}”这家机构{suggestion(text, self._names)}")
        else:
            row.values[f"{column}_id"] = found
