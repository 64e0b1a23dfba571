"""A day from three tables that any office program can write, and a plan as a table.

A folder holds ``places.csv`` (id, east, north), ``people.csv`` and ``visits.csv``; columns are the
fields of `Person` and `Visit`. Several names in one cell are parted by ``|``, pairs written
``name:number``; a window is ``08:00-12:00`` or ``480-720``. Times are minutes.
"""

from __future__ import annotations

import csv
import io
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from pathlib import Path as FilePath
from typing import Any

from wushe_engine.dispatch import (
    FOREVER,
    Break,
    Link,
    Person,
    Plan,
    Problem,
    ProblemError,
    Visit,
)

from .json_day import Day, travel_by_speed
from .json_text import FormatError, FormatFault

BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class CsvPlace:
    """A row of places.csv."""

    id: str
    east: int
    north: int


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast one way of moving is; the way is longer than the straight line."""

    metres_per_unit: int
    detour_percent: int = 35


def read_day_folder(folder: FilePath, *, speeds: Mapping[str, Speed]) -> Day:
    """Read a day from ``places.csv``, ``people.csv``, ``visits.csv`` (and ``links.csv``).

    Parameters
    ----------
    speeds
        Way of travel, as in the column ``travel`` of people.csv → its speed.

    Raises
    ------
    FormatError
        With every fault, its file, line and column.
    """
    faults: list[FormatFault] = []
    places, _ = _table(folder / "places.csv", CsvPlace, faults)
    people, person_lines = _table(folder / "people.csv", Person, faults)
    visits, visit_lines = _table(folder / "visits.csv", Visit, faults)
    links, _ = (
        _table(folder / "links.csv", Link, faults) if (folder / "links.csv").exists() else ((), {})
    )
    used = {person.travel for person in people}
    for name in sorted(used - set(speeds)):
        faults.append(
            FormatFault(f"no speed is given for the way of travel {name!r}", file="people.csv")
        )
    if faults:
        raise FormatError(faults)
    at = {place.id: (place.east, place.north) for place in places}
    travel = tuple(travel_by_speed(name, at.values(), speeds[name]) for name in sorted(used))
    try:
        problem = Problem(tuple(at), people, visits, travel, links)
    except ProblemError as error:
        lines = {name: ("people.csv", line) for name, line in person_lines.items()}
        lines |= {name: ("visits.csv", line) for name, line in visit_lines.items()}
        raise FormatError([_placed(issue, lines) for issue in error.issues]) from None
    return Day(problem, at)


def _placed(issue: Any, lines: dict[str, tuple[str, int]]) -> FormatFault:
    file, line = next((lines[name] for name in issue.subjects if name in lines), ("", None))
    return FormatFault(f"[{issue.code}] {issue.message}", line, file=file)


def _table(path: FilePath, kind: Any, faults: list[FormatFault]) -> tuple[Any, dict[str, int]]:
    """Read one dataclass from each row; return them and the line of each id."""
    try:
        text = path.read_text(encoding="utf-8").removeprefix(BOM)
    except FileNotFoundError:
        faults.append(FormatFault("the file is missing", file=path.name))
        return (), {}
    except UnicodeDecodeError:
        faults.append(FormatFault("the file is not UTF-8", file=path.name))
        return (), {}
    reader = csv.reader(io.StringIO(text))
    header = [name.strip() for name in next(reader, [])]
    hints = typing.get_type_hints(kind)
    for name in header:
        if name not in hints:
            faults.append(FormatFault(f"unknown column {name!r}", 1, file=path.name))
    needed = [
        item.name
        for item in fields(kind)
        if item.default is MISSING and item.default_factory is MISSING
    ]
    for name in needed:
        if name not in header:
            faults.append(FormatFault(f"column {name!r} is missing", 1, file=path.name))
    if any(fault.file == path.name for fault in faults):
        return (), {}
    rows, lines = [], {}
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        built = _row(kind, hints, header, row, needed, reader.line_num, path.name, faults)
        if built is not None:
            rows.append(built)
            lines[getattr(built, "id", "")] = reader.line_num
    return tuple(rows), lines


def _row(
    kind: Any,
    hints: dict[str, Any],
    header: list[str],
    row: list[str],
    needed: list[str],
    line: int,
    file: str,
    faults: list[FormatFault],
) -> Any:
    if len(row) != len(header):
        faults.append(
            FormatFault(f"{len(header)} cells are expected, got {len(row)}", line, file=file)
        )
        return None
    values = {}
    for name, cell in zip(header, row, strict=True):
        if not cell.strip():
            if name in needed:
                faults.append(FormatFault("the cell is empty", line, name, file))
                return None
            continue
        try:
            values[name] = _cell(hints[name], cell.strip())
        except ValueError as error:
            faults.append(FormatFault(str(error), line, name, file))
            return None
    return kind(**values)


def _cell(hint: Any, cell: str) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _cell(arguments[0], cell)
    if origin is tuple and arguments == (int, int):
        return _window(cell)
    if origin is frozenset:
        return frozenset(_names(cell))
    if origin is not None and issubclass(origin, Mapping):
        return _numbered(cell, optional=type(None) in typing.get_args(arguments[1]))
    if hint is Break:
        return _break(cell)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        if cell not in [item.value for item in hint]:
            raise ValueError(f"one of {', '.join(hint)} is expected, got {cell!r}")
        return hint(cell)
    return _time(cell) if hint is int else cell


def _names(cell: str) -> list[str]:
    return [name.strip() for name in cell.split("|") if name.strip()]


def _numbered(cell: str, *, optional: bool) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for item in _names(cell):
        name, parted, number = item.partition(":")
        if not parted and not optional:
            raise ValueError(f"'name:number' is expected, got {item!r}")
        found[name.strip()] = _time(number.strip()) if parted else None
    return found


def _time(cell: str) -> int:
    """Read a whole number, or a clock time as minutes."""
    if re.fullmatch(r"-?\d{1,15}", cell):
        return int(cell)
    clock = re.fullmatch(r"(\d{1,2}):([0-5]\d)", cell)
    if clock and int(clock[1]) <= 47:
        return 60 * int(clock[1]) + int(clock[2])
    raise ValueError(f"a whole number or a time like 08:30 is expected, got {cell!r}")


def _window(cell: str) -> tuple[int, int]:
    first, parted, last = cell.partition("-")
    if not parted:
        raise ValueError(f"a window like 08:00-12:00 is expected, got {cell!r}")
    return (_time(first.strip()) if first.strip() else 0), (
        _time(last.strip()) if last.strip() else FOREVER
    )


def _break(cell: str) -> Break:
    window, parted, length = cell.partition("/")
    if not parted:
        raise ValueError(f"a break like 11:30-13:00/45 is expected, got {cell!r}")
    return Break(*_window(window), _time(length.strip()))


def write_plan_csv(problem: Problem, plan: Plan) -> str:
    """Return one row for each visit, those nobody serves last; opens well in office programs."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    header = "person order visit place arrival start end lateness reason runner_up margin"
    writer.writerow(header.split())
    places = {visit.id: visit.place for visit in problem.visits}
    for route in plan.routes:
        for order, item in enumerate(route.visits, start=1):
            times = (item.arrival, item.start, item.end, item.lateness)
            row = [item.person, order, item.visit, places[item.visit], *times]
            writer.writerow([_safe(cell) for cell in [*row, *_why(plan, item.visit)]])
    for name in plan.unserved:
        row = ["", "", name, places[name], "", "", "", "", *_why(plan, name)]
        writer.writerow([_safe(cell) for cell in row])
    return BOM + out.getvalue()


def _safe(cell: Any) -> Any:
    """Keep an office program from taking a text for a formula."""
    return "'" + cell if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t") else cell


def _why(plan: Plan, visit: str) -> list[Any]:
    reason = plan.reasons.get(visit)
    if reason is None:
        return ["", "", ""]
    margin = "" if reason.margin is None else reason.margin
    return [reason.code, reason.runner_up or "", margin]
