"""How a register describes its spreadsheet: columns with their names and readers, and what must agree in a row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from wushe.registers.rounds.reading.cells import Cell, Noted, Unreadable, blank, broken
from wushe.registers.rounds.reading.headings import Names

Read = Callable[[Cell], Any]
CREATE, UPDATE, SAME, REFUSE = "c", "u", "s", "r"
"""What becomes of a row: it is new, changes something, changes nothing, or is refused."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title in the empty form, other names of it, how a cell is read, what its values are masked as."""

    code: str
    title: str
    read: Read
    names: tuple[str, ...] = ()
    required: bool = False
    protected: str = ""
    hint: str = ""


@dataclass(slots=True)
class Row:
    """One row on its way: the cells, what they say, what is wrong beside which column, and what becomes of it."""

    sheet: int
    number: int
    cells: list[Cell]
    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    outcome: str = ""
    found: Any = None

    def refuse(self, column: str, message: str) -> None:
        """Refuse the row; the first message of a column stays."""
        self.faults.setdefault(column, message)

    def note(self, column: str, message: str) -> None:
        """Tell something that does not hinder."""
        self.remarks[column] = f"{self.remarks[column]}{message}" if column in self.remarks else message


@dataclass(frozen=True, slots=True)
class Sheet:
    """A register's spreadsheet."""

    register: str
    title: str
    thing: str
    """What one row is, with its counting word: 位居民."""
    permission: str
    columns: tuple[Column, ...]
    ignored: tuple[str, ...] = ()
    """Headings that are understood and not needed: 序号, 年龄."""
    agree: Callable[[Row, date], None] | None = None
    """Check what the cells of a row say together."""

    def names(self) -> list[Names]:
        """Return the columns as headings name them; "" is what is understood and left out."""
        own = [Names(column.code, (column.title, *column.names)) for column in self.columns]
        return [*own, Names("", self.ignored)] if self.ignored else own

    def column(self, code: str) -> Column | None:
        """Return the column of a code."""
        return next((column for column in self.columns if column.code == code), None)


Met = dict[Cell, tuple[Any, str]]
"""What cells of a column said before: the value, or why there is none. Most columns repeat themselves."""
_MOST_MET = 4096


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column stands in the file, with what its cells have said so far."""

    column: Column
    place: int
    met: Met = field(default_factory=dict)


def read_row(row: Row, places: Sequence[Place], missing: Mapping[str, str], on: date, sheet: Sheet) -> None:
    """Read the cells of a row into values, with faults and remarks beside their columns."""
    for where in places:
        cell = row.cells[where.place]
        if cell is not None and cell != "":
            _take(row, where, cell)
    if sheet.agree:
        sheet.agree(row, on)
    for code, message in missing.items():
        if code not in row.values and code not in row.faults:
            row.faults[code] = message


def _take(row: Row, where: Place, cell: Cell) -> None:
    said = where.met.get(cell)
    if said is None:
        said = _said(where.column, cell)
        if len(where.met) < _MOST_MET:
            where.met[cell] = said
    code, (value, fault) = where.column.code, said
    if fault:
        row.faults[code] = fault
    elif type(value) is Noted:
        row.remarks[code], row.values[code] = value.remark, value.value
    elif value is not None:
        row.values[code] = value


def _said(column: Column, cell: Cell) -> tuple[Any, str]:
    if blank(cell):
        return None, ""
    if broken(cell):
        return None, f"单元格里的公式出错了（{cell}）。"
    try:
        return column.read(cell), ""
    except Unreadable as fault:
        return None, fault.message


def required(columns: Sequence[Column]) -> dict[str, str]:
    """Return what to say where a required cell is empty."""
    return {column.code: f"“{column.title}”必填。" for column in columns if column.required}
