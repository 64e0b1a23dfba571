"""Tables: where the headings of a sheet are, which rows below them are data, and which are titles, notes and totals."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from .cells import Cell, blank, empty, tidy
from .headings import Headings, Match, joined, settle

_LOOK = 30
_DEEPEST = 3
_NOTE = re.compile(
    r"^(?:备\s*注|注|说\s*明|填表(?:人|说明|日期|单位|要求)|填报(?:人|单位|日期|说明)?|审核(?:人)?|制表(?:人)?|经办人|复核人|单位负责人|负责人"
    r"|合\s*计|总\s*计|小\s*计|共\s*计|统计(?:人|日期)?|联系人|日\s*期|盖\s*章|（盖章）|\(盖章\)|例如?|示例|样例|填写示例|以下空白|本页)(?:[:：\s\d（(].*)?$",
    re.DOTALL,
)

Merges = Sequence[tuple[tuple[int, int], tuple[int, int]]]
Line = tuple[int, list[Cell]]
"""The number of a row as the spreadsheet counts it, and its cells."""


@dataclass(slots=True)
class Table:
    """The data of one sheet: headings, what each means, the rows, and the numbers of rows that were left out."""

    name: str
    headings: list[str]
    matches: list[Match | None]
    rows: Iterator[Line]
    left_out: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    depth: int
    headings: list[str]
    matches: list[Match | None]

    @property
    def score(self) -> float:
        sure = sum(1 for match in self.matches if match and match.sure)
        guessed = sum(1 for match in self.matches if match and not match.sure)
        return sure + guessed / 2 - (self.depth - 1) / 4


def table_of(name: str, lines: Iterable[list[Cell]], known: Headings, merges: Merges = ()) -> Table | None:
    """Return the table in a sheet; None if no row of the first thirty bears two headings of the register."""
    source = enumerate(_filled(lines, merges), start=1)
    first = list(islice(source, _LOOK + _DEEPEST))
    widest = max((len(cells) for _, cells in first), default=0)
    for _, cells in first:
        cells.extend([None] * (widest - len(cells)))
    found = _headings(first, known, merges)
    if found is None:
        return None
    table = Table(name, found.headings, found.matches, iter(()))
    table.rows = _data(table, chain(first[found.start + found.depth :], source))
    return table


def _headings(first: Sequence[Line], known: Headings, merges: Merges) -> _Found | None:
    best: _Found | None = None
    for start in range(min(_LOOK, len(first))):
        for depth in range(1, _DEEPEST + 1):
            rows = [list(cells) for _, cells in first[start : start + depth]]
            if len(rows) < depth:
                continue
            tried = _tried(start, rows, known, merges)
            if tried and (best is None or tried.score > best.score):
                best = tried
    return best if best and best.score >= 2 else None


def _tried(start: int, rows: list[list[Cell]], known: Headings, merges: Merges) -> _Found | None:
    if all(empty(cell) for cell in rows[-1]) or not all(isinstance(c, str) or c is None for c in rows[-1]):
        return None
    for number, row in enumerate(rows[:-1]):
        _spread(row, rows[number + 1 :], start + number, merges)
    width = max(len(row) for row in rows)
    headings = _distinct([joined(rows, place) for place in range(width)])
    found = [known.match(heading) for heading in headings]
    if len(rows) > 1:
        # A row of data below the headings must not pass for their second row: it has to say something itself.
        lower = [known.match(tidy(cell)) for cell in rows[-1]]
        if sum(1 for match in lower if match) < 1 or not _speaks(rows):
            return None
    return _Found(start, len(rows), headings, settle(found))


def _speaks(rows: list[list[Cell]]) -> bool:
    """Say whether the lower row stands under headings that are wider or empty, and not under a title or under data's heads."""
    if any(len({tidy(cell) for cell in row if not empty(cell)}) < 2 for row in rows[:-1]):
        return False  # one text over everything is a title
    above = [place for place in range(len(rows[0])) if not empty(rows[0][place])]
    below = {place for place in range(len(rows[-1])) if not empty(rows[-1][place])}
    alone = [place for place in above if place not in below]
    spread = len({tidy(rows[0][place]) for place in above}) < len(above)
    return bool(alone) or spread or not above


def _spread(row: list[Cell], lower: list[list[Cell]], number: int, merges: Merges) -> None:
    """Let a merged heading stand over all its columns; without merges, over the empty ones that have a lower heading."""
    ranges = [(a, b) for (top, a), (bottom, b) in merges if top <= number <= bottom and b > a]
    for left, right in ranges:
        for place in range(left + 1, min(right + 1, len(row))):
            row[place] = row[left]
    if not merges:
        for place in range(1, len(row)):
            below = lower[0][place] if place < len(lower[0]) else None
            beside = lower[0][place - 1] if place - 1 < len(lower[0]) else None
            if empty(row[place]) and not empty(row[place - 1]) and not empty(below) and not empty(beside):
                row[place] = row[place - 1]


def _filled(lines: Iterable[list[Cell]], merges: Merges) -> Iterator[list[Cell]]:
    """Yield the lines with cells that are merged downwards filled: one address written over a whole family."""
    tall: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _) in merges:
        if bottom > top:
            tall.setdefault(top, []).append((left, bottom))
    if not tall:
        yield from lines
        return
    running: dict[int, tuple[int, Cell]] = {}
    for number, cells in enumerate(lines):
        for place, (bottom, value) in list(running.items()):
            if number > bottom:
                del running[place]
            elif place < len(cells) and empty(cells[place]):
                cells[place] = value
        for left, bottom in tall.get(number, ()):
            if left < len(cells):
                running[left] = (bottom, cells[left])
        yield cells


def _distinct(headings: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    for place, heading in enumerate(headings):
        seen[heading] = seen.get(heading, 0) + 1
        if heading and seen[heading] > 1:
            headings[place] = f"{heading}（{seen[heading]}）"
    return headings


def _data(table: Table, lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the rows of data; blank rows go silently, notes, totals and repeated headings are counted as left out."""
    meant = [place for place, match in enumerate(table.matches) if match and match.code]
    heads = [tidy(heading) for heading in table.headings]
    width = len(heads)
    for number, cells in lines:
        values = cells[:width] if len(cells) >= width else [*cells, *[None] * (width - len(cells))]
        said = [place for place in meant if not empty(values[place])]
        if not said:
            if any(not empty(cell) for cell in values) and not _only_number(values):
                table.left_out.append(number)
            continue
        if _is_note(values, said, meant) or _repeats(values, heads, meant):
            table.left_out.append(number)
            continue
        yield number, values


def _only_number(values: list[Cell]) -> bool:
    said = [cell for cell in values if not empty(cell)]
    return len(said) == 1 and tidy(said[0]).isdigit()


def _is_note(values: list[Cell], said: list[int], meant: list[int]) -> bool:
    first = next(cell for cell in values if not empty(cell))
    if not isinstance(first, str) or not _NOTE.match(tidy(first)):
        return False
    real = sum(1 for place in said if not blank(values[place]) and tidy(values[place]) != tidy(first))
    return real <= max(1, len(meant) // 3) or tidy(first)[:1] in "例示样合总小共"


def _repeats(values: list[Cell], heads: list[str], meant: list[int]) -> bool:
    same = sum(
        1 for place in meant if isinstance(values[place], str) and tidy(values[place]) == heads[place].split("·")[-1]
    )
    return same >= 2 and same >= len(meant) / 2
