"""The intake of hours: a social worker found by number, certificate or ID number; a record by kind, content and day."""

from collections.abc import Hashable, Sequence
from datetime import datetime

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible
from wushe.registers.people.identity import id_number_index
from wushe.registers.rounds.sheets.description import Row
from wushe.registers.rounds.sheets.learning import learning
from wushe.registers.workforce.models import Learning, Worker, WorkerKind

from .base import Intake, Thing, standing

_BY = ("number", "certificate_number", "id_number")


class Hours(Intake):
    """Hours by worker, kind, content and day; other hours for the same strike out the old record."""

    def __init__(self, *, actor: Actor, at: datetime, round_id: int) -> None:
        super().__init__(actor=actor, at=at, round_id=round_id)
        self.sheet = learning(self.on)
        social = Worker.objects.filter(kind=WorkerKind.SOCIAL_WORKER, ends_on=None)
        self.workers = visible(social, actor).select_related("person")

    def settle(self, row: Row) -> None:
        """Take hours that are not called otherwise for continuing education."""
        row.values.setdefault("kind", Learning.Kind.EDUCATION)

    def keys(self, row: Row) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
        """Return worker, kind, content and day: together they stand in a file once."""
        values = row.values
        what = tuple(values.get(name) for name in ("kind", "title", "day"))
        found = [hash((name, values[name], what)) for name in _BY if name in values]
        return found, found

    def match(self, rows: list[Row]) -> None:
        """Find the workers, then their records."""
        rows = list(standing(rows))
        self._find_workers(rows)
        rows = list(standing(rows))
        days = {row.values["day"] for row in rows}
        held = Learning.objects.filter(
            worker__in={row.values["worker"].pk for row in rows}, on__in=days, struck_at=None
        )
        known = {(one.worker_id, one.kind, one.title, one.on): one for one in held}
        for row in rows:
            values = row.values
            row.found = known.get((values["worker"].pk, values["kind"], values["title"], values["day"]))
            if row.found is not None and row.found.minutes != values["minutes"]:
                values["changes"] = {"minutes": values["minutes"]}
                row.note("minutes", "原来登记的学时不同，旧的作废，按这里登记。")
            elif values["day"] < values["worker"].starts_on.replace(month=1, day=1):
                row.refuse("day", "日期应在到岗当年以后。")

    def _find_workers(self, rows: list[Row]) -> None:
        said = {name: {row.values[name] for row in rows if name in row.values} for name in _BY}
        indexes = {id_number_index(number): number for number in said["id_number"]}
        known: dict[tuple[str, str], Worker] = {}
        for name, found in (
            ("number", self.workers.filter(number__in=said["number"])),
            ("certificate_number", self.workers.filter(certificate_number__in=said["certificate_number"])),
            ("id_number", self.workers.filter(person__id_number_index__in=indexes)),
        ):
            for one in found:
                known[name, indexes[one.person.id_number_index] if name == "id_number" else getattr(one, name)] = one
        for row in rows:
            values = row.values
            column = next(name for name in _BY if name in values)
            worker = known.get((column, values[column]))
            if worker is None:
                row.refuse(column, "社会工作者台账里没有这个人（或者已离岗、不在本辖区）。")
            elif values.get("name", worker.person.name) != worker.person.name:
                row.refuse("name", f"这个号码登记的是“{worker.person.name}”，和表里不同，请核对。")
            values["worker"] = worker

    def write(self, rows: list[Row]) -> None:
        """Strike out what is corrected, and write the hours; the journal is that of the workers."""
        old = [row for row in rows if row.found is not None]
        self.trail.rewrite(Learning, [(row.found.pk, {"struck_at": self.at}) for row in old])
        self._tell("worker.unlearn", [(row.values["worker"], row.found.pk) for row in old])
        made = [
            Learning(
                worker=row.values["worker"], kind=row.values["kind"], title=row.values["title"], on=row.values["day"],
                minutes=row.values["minutes"],
            )
            for row in rows
        ]  # fmt: skip
        self.trail.create(Learning, made)
        self._tell("worker.learn", [(one.worker, one.pk) for one in made])

    def _tell(self, kind: str, acts: Sequence[tuple[Worker, int]]) -> None:
        of: dict[int, tuple[Worker, list[int]]] = {}
        for worker, pk in acts:
            of.setdefault(worker.pk, (worker, []))[1].append(pk)
        self.record(
            kind,
            [Thing.of(worker) for worker, _ in of.values()],
            {pk: {"learning": ids} for pk, (_, ids) in of.items()},
        )
