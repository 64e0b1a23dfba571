"""Laying out a file: its sheets become rows under one common line of headings, and each heading finds its column."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from .reading.books import Blocks, UnreadableFile, open_book
from .reading.cells import Cell, empty, tidy
from .reading.headings import Headings, Match, settle
from .reading.tables import Line, Table, table_of
from .sheets.description import Row

MOST_COLUMNS = 200
_KEPT_NUMBERS = 20


@dataclass(slots=True)
class Layout:
    """What was found in a file: sheets with how many rows were left out, and the headings of all of them."""

    headings: list[str] = field(default_factory=list)
    sheets: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def lay_out(blocks: Blocks, size: int, known: Headings) -> tuple[Layout, Iterator[Row]]:
    """Return the layout, which fills while the rows are read, and the rows; raise UnreadableFile."""
    layout = Layout()
    return layout, _rows(layout, blocks, size, known)


def _rows(layout: Layout, blocks: Blocks, size: int, known: Headings) -> Iterator[Row]:
    found = False
    for leaf in open_book(blocks, size=size).leaves():
        table = table_of(leaf.name, leaf.lines, known, leaf.merges)
        if table is None:
            layout.skipped.append(leaf.name)
            continue
        found = True
        yield from _laid(layout, table)
    if not found:
        # No heading says anything here: the person who uploads has to say it, over the first row that looks like headings.
        for leaf in open_book(blocks, size=size).leaves():
            table = _plain_table(leaf.name, leaf.lines)
            if table is not None:
                layout.skipped = [name for name in layout.skipped if name != leaf.name]
                yield from _laid(layout, table)
                return
        raise UnreadableFile("没有找到表头。请确认第一张工作表里有“姓名”这样的列名，再上传。")


def _laid(layout: Layout, table: Table) -> Iterator[Row]:
    """Yield the rows of one sheet under the common headings."""
    if len(table.headings) > MOST_COLUMNS:
        raise UnreadableFile(f"一张表最多{MOST_COLUMNS}列。")
    places = [_place(layout.headings, heading) for heading in table.headings]
    straight = places == list(range(len(places)))
    about: dict[str, Any] = {"name": table.name, "rows": 0, "left_out": [], "left_out_count": 0}
    layout.sheets.append(about)
    number = len(layout.sheets) - 1
    for line, cells in table.rows:
        about["rows"] += 1
        yield Row(number, line, cells if straight else _spread(cells, places, len(layout.headings)))
    about["left_out"], about["left_out_count"] = table.left_out[:_KEPT_NUMBERS], len(table.left_out)


def _place(headings: list[str], heading: str) -> int:
    if heading not in headings:
        headings.append(heading)
    return headings.index(heading)


def _spread(cells: list[Cell], places: list[int], width: int) -> list[Cell]:
    spread: list[Cell] = [None] * width
    for cell, place in zip(cells, places, strict=False):
        spread[place] = cell
    return spread


def _plain_table(name: str, lines: Iterator[list[Cell]]) -> Table | None:
    source = enumerate(lines, start=1)
    first: list[Line] = list(islice(source, 10))
    worded = [sum(1 for cell in cells if isinstance(cell, str) and not empty(cell)) for _, cells in first]
    if not worded or max(worded) < 2:
        return None
    start = worded.index(max(worded))
    heads = [tidy(cell) or f"第{place + 1}列" for place, cell in enumerate(first[start][1])]

    def data() -> Iterator[Line]:
        for part in (first[start + 1 :], source):
            for number, cells in part:
                if any(not empty(cell) for cell in cells):
                    yield number, [*cells[: len(heads)], *[None] * (len(heads) - len(cells))]

    return Table(name, heads, [None] * len(heads), data())


def columns_meant(layout: Mapping[str, Any], known: Headings, said: Mapping[str, str] | None = None) -> dict[str, int]:
    """Return for each column of the register the place of its heading; what the person said counts before everything."""
    headings: list[str] = layout["headings"]
    found: list[Match | None] = settle([known.match(heading) for heading in headings])
    if said is not None:
        found = [Match(said[heading]) if said.get(heading) else None for heading in headings]
    return {match.code: place for place, match in enumerate(settle(found)) if match and match.code}


def guesses(layout: Mapping[str, Any], known: Headings) -> list[str]:
    """Return the headings whose meaning was only guessed from a part of them."""
    found = settle([known.match(heading) for heading in layout["headings"]])
    return [h for h, match in zip(layout["headings"], found, strict=True) if match and match.code and not match.sure]
