"""XLSX, read as it streams: one row at a time, so that a workbook of any length takes the memory of its words alone.

A reader that lays a sheet out first holds every cell at once; here the sheet runs through the XML parser in pieces, the
common words of the book (sharedStrings) stand end to end in one block of bytes, and a row is gone when it has been taken.
The form is ECMA-376 part 1: 18.3 sheets, 18.4 shared strings, 18.8.30 number formats, 18.17.4 days since 1900 or 1904.
"""

import re
import zipfile
from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO
from posixpath import join, normpath
from typing import IO, Any
from xml.parsers import expat

from .cells import Cell
from .tables import Merges

_PIECE = 1 << 16
_DIGITS = "0123456789"
_OFFICE = "/officeDocument/2006/relationships/worksheet"
_STRICT = "purl.oclc.org/ooxml/officeDocument/relationships/worksheet"
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?\bref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")

# The kinds of number formats.
_PLAIN, _MOMENT, _LENGTH = 0, 1, 2
_BUILT_IN = {
    **dict.fromkeys([*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)], _MOMENT), 46: _LENGTH,
}  # fmt: skip
_SILENT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_LENGTHS = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)


class Damaged(ValueError):
    """Something in the book is not as it has to be."""


class Words:
    """The shared words of a book, end to end in one block; a string object exists only while it is used."""

    def __init__(self) -> None:
        self._block, self._ends = bytearray(), array("I", [0])

    def add(self, text: str) -> None:
        """Keep one more."""
        self._block += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._block))

    def __getitem__(self, place: int) -> str:
        """Return the words of this number; raise Damaged for one that is not there."""
        if not 0 <= place < len(self._ends) - 1:
            raise Damaged
        return self._block[self._ends[place] : self._ends[place + 1]].decode("utf-8", "surrogatepass")


class Packed:
    """An XLSX file; raises Damaged if it cannot be read."""

    def __init__(self, content: bytes) -> None:
        self._zip = zipfile.ZipFile(BytesIO(content))
        self._names = {name.lower(): name for name in self._zip.namelist()}
        book = _Book()
        book.run(self._open("xl/workbook.xml"))
        links = _Links()
        links.run(self._open("xl/_rels/workbook.xml.rels"))
        self.since_1904 = book.since_1904
        self.sheets = [(name, links.sheets[rid]) for name, rid in book.shown if rid in links.sheets]
        styles, words = _Styles(), _SharedWords()
        if "xl/styles.xml" in self._names:
            styles.run(self._open("xl/styles.xml"))
        if "xl/sharedstrings.xml" in self._names:
            words.run(self._open("xl/sharedStrings.xml"))
        self.kinds, self.words = styles.kinds(), words.words

    def merges(self, path: str) -> Merges:
        """Return the merged ranges of a sheet, rows and columns from 0."""
        found: list[tuple[tuple[int, int], tuple[int, int]]] = []
        tail = b""
        with self._open(path) as member:
            while block := member.read(_PIECE):
                seen = tail + block
                last = 0
                for match in _MERGE.finditer(seen):
                    left, top, right, bottom = match.groups()
                    found.append(
                        ((int(top) - 1, _column(left.decode())), (int(bottom) - 1, _column(right.decode())))
                    )  # fmt: skip
                    last = match.end()
                tail = seen[max(last, len(seen) - 200) :]
        return tuple(found)

    def rows(self, path: str) -> Iterator[list[Cell]]:
        """Yield the rows of a sheet from the first, empty ones included."""
        sheet = _Sheet(self)
        for piece in sheet.fed(self._open(path)):
            yield from piece

    def _open(self, path: str) -> IO[bytes]:
        try:
            return self._zip.open(self._names[normpath(path).lower()])
        except KeyError:
            raise Damaged from None


class _Part(ABC):
    """Runs one part of the book through the parser; a subclass says what it does with each element."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._first
        self._parser.StartDoctypeDeclHandler = _refuse

    def _first(self, name: str, about: dict[str, str]) -> None:
        """Learn from the first element by which prefix the names go, and hand over."""
        prefix = name.partition(":")[0] + ":" if ":" in name else ""
        self.begin(prefix, self._parser)

    @abstractmethod
    def begin(self, prefix: str, parser: Any) -> None:
        """Set the handlers."""

    def run(self, member: IO[bytes]) -> None:
        """Read all of it."""
        for _ in self.fed(member):
            pass

    def fed(self, member: IO[bytes]) -> Iterator[list[Any]]:
        """Feed the parser piece by piece and yield after each what has been taken in."""
        try:
            with member:
                while piece := member.read(_PIECE):
                    self._parser.Parse(piece, False)
                    yield self.taken()
            self._parser.Parse(b"", True)
        except (expat.ExpatError, zipfile.BadZipFile, OverflowError, ValueError) as fault:
            raise Damaged from fault
        yield self.taken()

    def taken(self) -> list[Any]:
        """Return what is ready."""
        return []


class _Book(_Part):
    """Which sheets there are, which of them are shown, and from when the days count."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[tuple[str, str]] = []
        self.since_1904 = False

    def begin(self, prefix: str, parser: Any) -> None:
        """Look at the list of sheets."""
        sheet, properties = f"{prefix}sheet", f"{prefix}workbookPr"

        def start(name: str, about: dict[str, str]) -> None:
            if name == sheet and about.get("state", "visible") == "visible":
                rid = next((value for key, value in about.items() if key.rpartition(":")[2] == "id"), "")
                self.shown.append((about.get("name", ""), rid))
            elif name == properties:
                self.since_1904 = about.get("date1904", "0") in ("1", "true")

        parser.StartElementHandler = start


class _Links(_Part):
    """Where in the file each sheet stands."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: dict[str, str] = {}

    def begin(self, prefix: str, parser: Any) -> None:
        """Look at the links to sheets."""

        def start(name: str, about: dict[str, str]) -> None:
            kind = about.get("Type", "")
            if kind.endswith((_OFFICE, _STRICT)):
                target = about.get("Target", "")
                self.sheets[about.get("Id", "")] = target.lstrip("/") if target[:1] == "/" else join("xl", target)

        parser.StartElementHandler = start


class _Styles(_Part):
    """Which styles show a number as a day, a time or a length of time."""

    def __init__(self) -> None:
        super().__init__()
        self._formats: dict[int, int] = dict(_BUILT_IN)
        self._styles: list[int] = []

    def begin(self, prefix: str, parser: Any) -> None:
        """Look at the book's own formats and at the list of styles."""
        own, styles, style = f"{prefix}numFmt", f"{prefix}cellXfs", f"{prefix}xf"
        inside = False

        def start(name: str, about: dict[str, str]) -> None:
            nonlocal inside
            if name == own:
                self._formats[int(about.get("numFmtId", "0"))] = kind_of_format(about.get("formatCode", ""))
            elif name == styles:
                inside = True
            elif name == style and inside:
                self._styles.append(int(about.get("numFmtId", "0")))

        def end(name: str) -> None:
            nonlocal inside
            inside = inside and name != styles

        parser.StartElementHandler, parser.EndElementHandler = start, end

    def kinds(self) -> list[int]:
        """Return for each style the kind of its number format."""
        return [self._formats.get(one, _PLAIN) for one in self._styles]


class _SharedWords(_Part):
    """The words that cells share; readings above them (rPh) are none of them."""

    def __init__(self) -> None:
        super().__init__()
        self.words = Words()

    def begin(self, prefix: str, parser: Any) -> None:
        """Keep the words of each item, of all its runs."""
        item, text, reading = f"{prefix}si", f"{prefix}t", f"{prefix}rPh"
        said: list[str] = []
        add, aside = self.words.add, False

        def start(name: str, about: dict[str, str]) -> None:
            nonlocal aside
            if name == text and not aside:
                parser.CharacterDataHandler = said.append
            elif name == reading:
                aside = True

        def end(name: str) -> None:
            nonlocal aside
            if name == text:
                parser.CharacterDataHandler = None
            elif name == item:
                add(unescaped("".join(said)))
                said.clear()
            elif name == reading:
                aside = False

        parser.StartElementHandler, parser.EndElementHandler = start, end


class _Sheet(_Part):
    """The rows of one sheet."""

    def __init__(self, book: Packed) -> None:
        super().__init__()
        self._book, self._rows = book, 0
        self._ready: list[list[Cell]] = []

    def taken(self) -> list[list[Cell]]:
        """Return the rows that have ended since."""
        ready, self._ready = self._ready, []
        return ready

    def begin(self, prefix: str, parser: Any) -> None:  # noqa: C901 — one function, because the handlers share the cell they are in
        """Set the handlers: a row is begun, its cells are read one by one, and it is laid out when it ends."""
        cell, row, reading = f"{prefix}c", f"{prefix}row", f"{prefix}rPh"
        spoken = {f"{prefix}v", f"{prefix}t"}
        cells: list[Cell] = []
        said: list[str] = []
        read, column_of = self._reader(), _Columns()
        place, kind, style, aside = 0, "n", "0", False

        def start(name: str, about: dict[str, str]) -> None:
            nonlocal place, kind, style, aside
            if name == cell:
                at = about.get("r")
                place = column_of[at.rstrip(_DIGITS)] if at else len(cells)
                kind, style = about.get("t", "n"), about.get("s", "0")
            elif name in spoken and not aside:
                parser.CharacterDataHandler = said.append
            elif name == row:
                self._skip_to(about.get("r"))
                cells.clear()
            elif name == reading:
                aside = True

        def end(name: str) -> None:
            nonlocal aside
            if name in spoken:
                parser.CharacterDataHandler = None
            elif name == cell and said:
                _put(cells, place, read("".join(said), kind, style))
                said.clear()
            elif name == row:
                self._lay(cells[:])
            elif name == reading:
                aside = False

        parser.StartElementHandler, parser.EndElementHandler = start, end

    def _lay(self, cells: list[Cell]) -> None:
        self._ready.append(cells)
        self._rows += 1

    def _skip_to(self, number: str | None) -> None:
        """Add the empty rows that the file leaves out."""
        if number is not None and (gap := int(number) - 1 - self._rows) > 0:
            if gap > _MOST_EMPTY:
                raise Damaged
            self._ready += [[] for _ in range(gap)]
            self._rows += gap

    def _reader(self) -> Callable[[str, str, str], Cell]:
        words, kinds, since_1904 = self._book.words, self._book.kinds, self._book.since_1904

        def read(text: str, kind: str, style: str) -> Cell:
            if kind == "s":
                return words[int(text)]
            if kind == "n":
                number = float(text)
                shown = kinds[int(style)] if int(style) < len(kinds) else _PLAIN
                return number if shown == _PLAIN else moment(number, since_1904=since_1904, length=shown == _LENGTH)
            if kind == "b":
                return text.strip() in ("1", "true")
            return text if kind == "e" else unescaped(text)

        return read


class _Columns(dict[str, int]):
    """The number of each column by its letters, worked out once."""

    def __missing__(self, letters: str) -> int:
        self[letters] = number = _column(letters)
        return number


_MOST_EMPTY = 1_100_000


def kind_of_format(code: str) -> int:
    """Return whether a number format shows a moment, a length of time ([h]:mm) or a plain number."""
    said = _SILENT.sub("", code.split(";", maxsplit=1)[0])
    if _LENGTHS.search(said):
        return _LENGTH
    if said.strip().lower() == "general":
        return _PLAIN
    return _MOMENT if set("ymdhs") & set(said.lower()) else _PLAIN


def moment(number: float, *, since_1904: bool = False, length: bool = False) -> Cell:
    """Return days since 1900 (or 1904) as a day, a time or both in the ISO form; what is no date stays a number."""
    seconds = round(number * 86_400)
    if length or 0 <= number < 1:
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    # The year 1900 was no leap year, but a spreadsheet counts its 29 February.
    start = date(1904, 1, 1) if since_1904 else date(1899, 12, 30 if number >= 60 else 31)
    days, rest = divmod(seconds, 86_400)
    try:
        found = (start + timedelta(days=days)).isoformat()
    except OverflowError:
        return number
    return f"{found} {rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}" if rest else found


def unescaped(text: str) -> str:
    """Return a text with the characters that XML cannot hold (_x000D_) as themselves."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _put(cells: list[Cell], place: int, found: Cell) -> None:
    if place == len(cells):
        cells.append(found)
        return
    if place > len(cells):
        cells += [""] * (place + 1 - len(cells))
    cells[place] = found


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise Damaged
        number = number * 26 + ord(letter) - 64
    if not 0 < number <= 16_384:
        raise Damaged
    return number - 1


def _refuse(*_: Any) -> None:
    raise Damaged
