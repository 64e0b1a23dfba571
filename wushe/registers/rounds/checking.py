"""The dry run: every row is read, checked against itself, the file and the register, and nothing is written there."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wushe.foundation.actor import Actor

from . import parts
from .intake.areas import Areas
from .intake.base import Intake, same_row
from .laying import columns_meant, guesses, lay_out
from .models import HeadingMemory, ImportRound
from .reading.headings import Headings
from .registry import intake_for
from .sheets.description import CREATE, REFUSE, SAME, UPDATE, Place, Row, read_row, required

Tell = Callable[[int, int], None]
_FAULTS_SHOWN = 30


@dataclass(slots=True)
class Counts:
    """What the dry run found."""

    rows: int = 0
    outcomes: dict[str, int] = field(default_factory=lambda: {CREATE: 0, UPDATE: 0, SAME: 0, REFUSE: 0})
    remarked: int = 0
    faults: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, rows: list[Row]) -> None:
        """Count some rows."""
        self.rows += len(rows)
        for row in rows:
            self.outcomes[row.outcome] += 1
            self.remarked += bool(row.remarks)
            for column in row.faults:
                self.faults[column, ""] = self.faults.get((column, ""), 0) + 1


def known_headings(intake: Intake, area_code: str) -> Headings:
    """Return the headings of a register as this office uses them."""
    register = intake.sheet.register
    memory = HeadingMemory.objects.filter(area_code=area_code, register=register).values_list("heading", "column")
    columns = {column.code for column in intake.sheet.columns} | {""}
    return Headings(intake.sheet.names(), {heading: code for heading, code in memory if code in columns})


def read_file(round_: ImportRound, intake: Intake, tell: Tell) -> dict[str, Any]:
    """Keep the rows of the file and return its layout; raise UnreadableFile."""
    known = known_headings(intake, round_.area_code)
    layout, rows = lay_out(lambda: parts.kept_file(round_.pk), round_.size, known)
    parts.forget_rows(round_.pk)
    batch: list[Row] = []
    number = 0
    for row in rows:
        batch.append(row)
        if len(batch) == parts.ROWS:
            parts.keep_rows(round_.pk, number, batch)
            number, batch = number + 1, []
            tell(0, number * parts.ROWS)
    if batch:
        parts.keep_rows(round_.pk, number, batch)
    return {"headings": layout.headings, "sheets": layout.sheets, "skipped": [name for name in layout.skipped if name]}


def meaning(layout: dict[str, Any], intake: Intake, area_code: str, said: Mapping[str, str] | None) -> dict[str, Any]:
    """Return the layout with what each heading means, what was guessed, and which columns are missing."""
    known = known_headings(intake, area_code)
    columns = columns_meant(layout, known, said)
    missing = [column.title for column in intake.sheet.columns if column.required and column.code not in columns]
    return {
        **layout,
        "columns": columns,
        "guessed": [] if said is not None else guesses(layout, known),
        "missing": missing,
    }


def check_rows(round_: ImportRound, layout: Mapping[str, Any], intake: Intake, tell: Tell) -> Counts:
    """Go through all rows, keep what was found beside them, and return the counts."""
    check = Checker(intake, layout)
    counts = Counts()
    numbers = parts.row_parts(round_.pk)
    total = sum(sheet["rows"] for sheet in layout["sheets"])
    if isinstance(intake, Areas):
        for number in numbers:
            rows = parts.unpacked(parts.part_of(round_.pk, number))
            check.read(rows)
            intake.learn(rows)
    for number in numbers:
        part = parts.part_of(round_.pk, number)
        rows = [Row(row.sheet, row.number, row.cells) for row in parts.unpacked(part)]
        check.all(rows)
        parts.keep_again(part, rows)
        counts.add(rows)
        tell(counts.rows, total)
    return counts


class Checker:
    """Reads and checks the rows of one round, part by part; remembers the keys that have been met."""

    def __init__(self, intake: Intake, layout: Mapping[str, Any]) -> None:
        self.intake = intake
        columns = {column.code: column for column in intake.sheet.columns}
        self._places = [Place(columns[code], place) for code, place in layout["columns"].items() if code in columns]
        self._missing = required(intake.sheet.columns)
        self._sheets = [sheet["name"] for sheet in layout["sheets"]]
        self._met: dict[Hashable, int] = {}

    def read(self, rows: list[Row]) -> None:
        """Read the cells into values."""
        intake = self.intake
        for row in rows:
            read_row(row, self._places, self._missing, intake.on, intake.sheet)

    def all(self, rows: list[Row]) -> None:
        """Read, settle, look for doubles in the file, find the records, and decide."""
        self.read(rows)
        for row in rows:
            self.intake.settle(row)
            self._refuse_double(row)
        self.intake.match([row for row in rows if not row.faults])
        self.intake.decide(rows)

    def again(self, rows: list[Row]) -> None:
        """Read and settle rows that were let through before; doubles were sorted out then."""
        self.intake.let_through = True
        self.read(rows)
        for row in rows:
            self.intake.settle(row)

    def _refuse_double(self, row: Row) -> None:
        tested, left = self.intake.keys(row)
        for key in tested:
            if (first := self._met.get(key)) is not None:
                row.refuse(
                    "",
                    f"和{same_row((first >> 32, first & 0xFFFFFFFF), self._sheets, row.sheet)}重复，只导入前面那一行。",
                )
                return
        if row.faults:
            return  # a row that will not be imported stands in nobody's way
        here = row.sheet << 32 | row.number
        for key in left:
            self._met.setdefault(key, here)


def intake_of(round_: ImportRound, at: datetime) -> Intake:
    """Return the intake of a round, for who uploaded it and with their rights."""
    return intake_for(actor=actor_of(round_), at=at, register=round_.register, round_id=round_.pk)


def actor_of(round_: ImportRound) -> Actor:
    """Return who uploaded the round, as an actor for the work in the background."""
    return Actor(user_id=round_.uploaded_by, name="", role_code=round_.role_code, area_code=round_.area_code)
