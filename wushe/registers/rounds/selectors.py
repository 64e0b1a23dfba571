"""Read rounds: the office's own, how far one is, its rows with what is said beside the cells, and its result."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.jobs.models import Job
from wushe.foundation.protected import MASKS
from wushe.foundation.scope import obtain

from . import parts
from .models import ImportRound, PartKind, RoundPart, RoundState
from .reading.cells import empty, shown
from .registry import REGISTERS, intake_for, require_register
from .sheets.description import CREATE, REFUSE, SAME, UPDATE, Column, Row, Sheet
from .workflow import ROUND

PAGE = 50
AT_WORK = (RoundState.UPLOADED, RoundState.COMMITTING, RoundState.RETURNING)
"""Where a round waits for the background."""
OUTCOMES = {CREATE: "新增", UPDATE: "更新", SAME: "不变", REFUSE: "不能导入"}
_DONE = {CREATE: "已新增", UPDATE: "已更新", SAME: "没有变化", REFUSE: "没有导入"}


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell of the preview: its text, masked where it holds a sound protected value, and what is wrong or noted."""

    head: str
    text: str
    fault: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the preview."""

    place: int
    """Its number in the whole round, from zero: where the page after it begins."""
    sheet: str
    number: int
    outcome: str
    label: str
    cells: list[ShownCell]
    fault: str
    remarks: list[str]


def registers_of(*, actor: Actor) -> list[tuple[str, str]]:
    """Return code and title of the registers into which the actor may import."""
    return [(code, title) for code, (title, right, _) in REGISTERS.items() if actor.may(right)]


def rounds_of(*, actor: Actor) -> QuerySet[ImportRound]:
    """Return the actor's own rounds under this office, newest first."""
    codes = [code for code, _ in registers_of(actor=actor)]
    own = ImportRound.objects.filter(uploaded_by=actor.user_id, area_code=actor.area_code, register__in=codes)
    return own.exclude(state=RoundState.DISCARDED).order_by("-id")


def own_round(*, actor: Actor, round_id: int) -> ImportRound:
    """Return a round that the actor uploaded under this office; raise NotFound otherwise, NotAllowed without its right."""
    round_ = obtain(
        ImportRound.objects.filter(uploaded_by=actor.user_id, area_code=actor.area_code), actor, pk=round_id
    )
    require_register(actor=actor, register=round_.register)
    return round_


def given_up(*, round_: ImportRound) -> bool:
    """Say whether the work in the background ended without a result."""
    if round_.state not in AT_WORK or round_.job is None:
        return False
    return Job.objects.filter(pk=round_.job, outcome__in=["failed", "refused"]).exists()


def may_be_taken_back(*, round_: ImportRound) -> bool:
    """Say whether something that the round wrote can still be taken out of its register."""
    return ROUND.allows(round_.state, "take_back") and parts.has_trail(round_.pk)


def sheet_of(*, actor: Actor, at: datetime, register: str) -> Sheet:
    """Return the description of a register's spreadsheet; raise NotFound or NotAllowed."""
    require_register(actor=actor, register=register)
    return intake_for(actor=actor, at=at, register=register).sheet


def rows_of(
    *, round_: ImportRound, sheet: Sheet, outcome: str = "", after: int = -1
) -> tuple[list[ShownRow], int | None]:
    """Return a page of rows, those with one outcome or with a remark ("note"), and where the next page begins."""
    found: list[ShownRow] = []
    first = min(after + 1, round_.rows) // parts.ROWS
    kept = RoundPart.objects.filter(round=round_, kind=PartKind.ROWS, number__gte=first).order_by("number")
    for number, letters in kept.values_list("number", "outcomes").iterator():
        base = number * parts.ROWS
        places = [i for i, letter in enumerate(letters) if base + i > after and _wanted(letter, outcome)]
        if not places:
            continue
        rows = parts.unpacked(parts.part_of(round_.pk, number))
        for place in places:
            if len(found) == PAGE:
                return found, found[-1].place
            found.append(_shown(rows[place], base + place, round_, sheet))
    return found, None


def _wanted(letter: str, outcome: str) -> bool:
    if outcome == "note":
        return letter.isupper()
    return not outcome or letter.lower() == outcome


def _shown(row: Row, place: int, round_: ImportRound, sheet: Sheet) -> ShownRow:
    columns = {column.code: column for column in sheet.columns}
    meant = {at: columns[code] for code, at in round_.layout["columns"].items() if code in columns}
    cells = [_cell(row, meant[at], at, round_.layout["headings"][at]) for at in sorted(meant)]
    beside = {column.code for column in meant.values()}
    faults = [text for code, text in row.faults.items() if code not in beside]
    name = round_.layout["sheets"][row.sheet]["name"]
    label = (_DONE if round_.state == RoundState.COMMITTED else OUTCOMES).get(row.outcome, "")
    remarks = [text for code, text in row.remarks.items() if code not in beside]
    return ShownRow(place, name, row.number, row.outcome, label, cells, "".join(faults), remarks)


def _cell(row: Row, column: Column, at: int, head: str) -> ShownCell:
    cell = row.cells[at] if at < len(row.cells) else None
    text, fault = "" if empty(cell) else shown(cell), row.faults.get(column.code, "")
    if column.protected and text and not fault:
        text = MASKS[column.protected](text)
    return ShownCell(head, text[:60], fault, row.remarks.get(column.code, ""))


def heads_of(*, round_: ImportRound, sheet: Sheet) -> list[str]:
    """Return the headings of the columns that are imported, in the order of the file."""
    columns = {column.code for column in sheet.columns}
    places = sorted(place for code, place in round_.layout["columns"].items() if code in columns)
    return [round_.layout["headings"][place] for place in places]


def unread(*, round_: ImportRound) -> list[str]:
    """Return the headings that are not imported."""
    taken = {place for code, place in round_.layout["columns"].items() if code}
    return [heading for place, heading in enumerate(round_.layout["headings"]) if heading and place not in taken]


def result_of(*, round_: ImportRound, only_refused: bool = False) -> Iterator[list[object]]:
    """Yield the headings and rows of the file as it came, each row with what became of it; for whoever uploaded it."""
    several = len(round_.layout["sheets"]) > 1
    yield [*(["工作表"] if several else []), "行号", *round_.layout["headings"], "结果", "说明"]
    width = len(round_.layout["headings"])
    meant = {code: round_.layout["headings"][place] for code, place in round_.layout["columns"].items()}
    for number in parts.row_parts(round_.pk):
        for row in parts.unpacked(parts.part_of(round_.pk, number)):
            if only_refused and row.outcome != REFUSE:
                continue
            cells = [row.cells[i] if i < len(row.cells) else None for i in range(width)]
            sheet = [round_.layout["sheets"][row.sheet]["name"]] if several else []
            yield [*sheet, row.number, *cells, _label(round_, row), said(row, meant)]


def said(row: Row, meant: dict[str, str]) -> str:
    """Return everything that is said about a row, each with the heading that it concerns."""
    lines = [*row.faults.items(), *row.remarks.items()]
    return " ".join(f"{meant[code]}：{text}" if code in meant else text for code, text in lines)


def _label(round_: ImportRound, row: Row) -> str:
    return (_DONE if round_.state == RoundState.COMMITTED else OUTCOMES).get(row.outcome, "")
