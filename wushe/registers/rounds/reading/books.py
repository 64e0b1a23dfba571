"""Books: an uploaded file becomes sheets of cells, and what would harm the machine is refused before it is opened.

XLSX, CSV (UTF-8, GBK, UTF-16) and JSON stream. XLS, and an XLSX of an unusual build, is read by calamine. It lays a sheet
out as one block of memory, so a single cell in the last row of the last column would ask for half a terabyte: the far
corner is measured first.
"""

import codecs
import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any, Protocol

from .cells import Cell, tidy
from .tables import Merges
from .workbooks import Damaged, Packed

Blocks = Callable[[], Iterable[bytes]]
"""The content of a file, block by block, as often as it is asked for."""
MOST_PACKED = 30 << 20
MOST_UNPACKED = 300 << 20
MOST_STREAMED = 300 << 20
MOST_CELLS = 12_000_000
MOST_ROWS = 1_200_000
_MOST_PARTS = 2000
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_EXACT_DIGITS = 15
_DAMAGED = "文件损坏，打不开。请用Excel重新保存一遍再上传。"
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"


class UnreadableFile(ValueError):
    """A file cannot be taken; the message says why and what to do."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


@dataclass(slots=True)
class Leaf:
    """One sheet of a book."""

    name: str
    lines: Iterator[list[Cell]]
    merges: Merges = ()


class Book(Protocol):
    """A file that has been let in."""

    def leaves(self) -> Iterator[Leaf]:
        """Yield the sheets that are shown, one after the other."""


def open_book(blocks: Blocks, *, size: int) -> Book:
    """Return the book in a file by what it holds, whatever it is called; raise UnreadableFile."""
    head = _head(blocks)
    if not head.strip():
        raise UnreadableFile("这个文件是空的。")
    if head.startswith((_OLE, _ZIP)):
        if size > MOST_PACKED:
            raise UnreadableFile(f"Excel文件最大{MOST_PACKED >> 20}MB。请拆成几个文件，或另存为CSV。")
        content = b"".join(blocks())
        if head.startswith(_ZIP):
            _refuse_zip(content)
            return _streamed(content)
        _refuse_ole(content)
        return Workbook(content)
    if size > MOST_STREAMED:
        raise UnreadableFile(f"文件最大{MOST_STREAMED >> 20}MB，请拆成几个文件。")
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if start.startswith(b"[") and b"{" in start[:20]:
        return Records(blocks)
    if start[:1] == b"<" or b"<table" in start.lower():
        raise UnreadableFile("这是网页格式的表格。请用Excel或WPS打开，另存为 .xlsx 后再上传。")
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf")):
        raise UnreadableFile("这不是表格文件。请上传 .xlsx、.xls 或 .csv。")
    return Lines(blocks, _encoding(blocks))


def _head(blocks: Blocks) -> bytes:
    head = b""
    for block in blocks():
        head += block
        if len(head) >= 4096:
            break
    return head[:4096]


def _refuse_ole(content: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise UnreadableFile("这个文件加了密码。请去掉密码后再上传。")
    if "_VBA_PROJECT_CUR".encode("utf-16-le") in content:
        raise UnreadableFile("这个文件带有宏。请另存为不带宏的 .xlsx 后再上传。")


def _refuse_zip(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = {entry.filename for entry in packed.infolist()}
            if len(names) > _MOST_PARTS or any(entry.compress_type not in _PACKINGS for entry in packed.infolist()):
                raise UnreadableFile("这个文件的内部结构不正常，不能打开。")
            if any("vbaproject" in name.lower() or "macrosheets" in name.lower() for name in names):
                raise UnreadableFile("这个文件带有宏。请另存为不带宏的 .xlsx 后再上传。")
            if "xl/workbook.bin" in names:
                raise UnreadableFile("请另存为 .xlsx 后再上传，不支持 .xlsb。")
            if "xl/workbook.xml" not in names:
                raise UnreadableFile("这不是Excel表格。请上传 .xlsx、.xls 或 .csv。")
            _measure(packed)
    except UnreadableFile:
        raise
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError):
        raise UnreadableFile(_DAMAGED) from None


def _measure(packed: zipfile.ZipFile) -> None:
    """Unpack everything once, counting, so that neither a bomb nor a far corner reaches the reader."""
    left = MOST_UNPACKED
    if sum(entry.file_size for entry in packed.infolist()) > left:
        raise UnreadableFile(f"这个文件解压后超过{left >> 20}MB。请拆成几个文件，或另存为CSV。")
    for entry in packed.infolist():
        sheet = entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml")
        widest, lowest, tail = 0, 0, b""
        with packed.open(entry) as member:
            while block := member.read(1 << 20):
                left -= len(block)
                if left < 0:
                    raise UnreadableFile("这个文件解压后太大。请拆成几个文件，或另存为CSV。")
                if sheet:
                    seen = tail + block
                    for letters, number in _CELL.findall(seen):
                        widest = max(widest, _place(letters))
                        lowest = max(lowest, int(number))
                    tail = seen[-200:]
        if widest * lowest > MOST_CELLS or lowest > MOST_ROWS:
            raise UnreadableFile("表格里离数据很远的地方还有内容，范围太大。请把数据复制到新的工作表，另存后再上传。")


def _place(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _streamed(content: bytes) -> Book:
    try:
        return Streamed(Packed(content))
    except Damaged:
        return Workbook(content)


class Streamed:
    """An XLSX file, row by row."""

    def __init__(self, packed: Packed) -> None:
        self._packed = packed

    def leaves(self) -> Iterator[Leaf]:
        """Yield the visible sheets in which something stands."""
        for name, path in self._packed.sheets:
            merges = self._packed.merges(path)
            lines = self._lines(tidy(name), path, max((right + 1 for _, (_, right) in merges), default=0))
            if (first := next(lines, None)) is not None:
                yield Leaf(tidy(name), chain([first], lines), merges)

    def _lines(self, name: str, path: str, width: int) -> Iterator[list[Cell]]:
        """Yield the rows, as wide as the widest range that is merged."""
        try:
            for row in self._packed.rows(path):
                yield row if len(row) >= width else row + [""] * (width - len(row))
        except Damaged:
            raise UnreadableFile(f"工作表“{name}”损坏，打不开。") from None


class Workbook:
    """An XLS file, or an XLSX file of an unusual build."""

    def __init__(self, content: bytes) -> None:
        from python_calamine import CalamineError, CalamineWorkbook, PasswordError

        self._errors = (CalamineError, PasswordError)
        try:
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        except PasswordError:
            raise UnreadableFile("这个文件加了密码。请去掉密码后再上传。") from None
        except (CalamineError, OSError, ValueError):
            raise UnreadableFile(_DAMAGED) from None

    def leaves(self) -> Iterator[Leaf]:
        """Yield the visible sheets."""
        for about in self._book.sheets_metadata:
            if "WorkSheet" not in str(about.typ) or not str(about.visible).endswith(".Visible"):
                continue
            try:
                sheet = self._book.get_sheet_by_name(about.name)
            except self._errors:
                raise UnreadableFile(f"工作表“{tidy(about.name)}”损坏，打不开。") from None
            if sheet.start is not None:
                left = sheet.start[1]
                yield Leaf(tidy(about.name), _cells(sheet.iter_rows(), left), tuple(sheet.merged_cell_ranges or ()))


def _cells(rows: Iterable[list[Any]], left: int) -> Iterator[list[Cell]]:
    pad: list[Cell] = [None] * left
    for row in rows:
        yield [*pad, *[cell if type(cell) in (str, float) else _written(cell) for cell in row]]


def _written(cell: Any) -> Cell:
    """Return a cell that JSON can keep; a date at midnight is a date."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, timedelta):
        return f"{int(cell.total_seconds()) // 3600:02d}:{int(cell.total_seconds()) // 60 % 60:02d}"
    return cell  # type: ignore[no-any-return]


class Stream(io.RawIOBase):
    """Blocks read as one file."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        super().__init__()
        self._blocks, self._rest = iter(blocks), memoryview(b"")

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what comes next."""
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = memoryview(block)
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)


class Lines:
    """A CSV file, parted by whichever sign its first lines agree on."""

    def __init__(self, blocks: Blocks, encoding: str) -> None:
        self._blocks, self._encoding = blocks, encoding

    def leaves(self) -> Iterator[Leaf]:
        """Yield the one sheet."""
        yield Leaf("", self._lines())

    def _lines(self) -> Iterator[list[Cell]]:
        text = io.TextIOWrapper(io.BufferedReader(Stream(self._blocks())), encoding=self._encoding, newline="")
        first = [line for _, line in zip(range(20), text, strict=False)]
        source = io.StringIO("".join(first), newline="")
        reader = csv.reader(_continued(source, text), delimiter=_delimiter(first))
        number = 0
        try:
            for row in reader:
                number += 1
                if number > MOST_ROWS:
                    raise UnreadableFile(f"一个文件最多{MOST_ROWS}行，请拆开。")
                yield list(row)
        except UnicodeDecodeError:
            raise UnreadableFile("文件里有认不出的文字，请用Excel另存为 .xlsx 后再上传。") from None
        except csv.Error:
            raise UnreadableFile(
                f"第{number + 1}行附近格式不对（可能引号没有成对），请用Excel另存为 .xlsx 后再上传。"
            ) from None


def _continued(first: io.StringIO, rest: io.TextIOWrapper) -> Iterator[str]:
    for line in first:
        yield line if "\0" not in line else line.replace("\0", "")
    for line in rest:
        yield line if "\0" not in line else line.replace("\0", "")


def _delimiter(first: list[str]) -> str:
    best = max(
        ",\t;|，", key=lambda sign: (sum(1 for line in first if sign in line), sum(line.count(sign) for line in first))
    )
    return best if any(best in line for line in first) else ","


def _encoding(blocks: Blocks) -> str:
    head = _head(blocks)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for name in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(name)()
        try:
            for block in blocks():
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        if b"\0" not in head:
            return name
    raise UnreadableFile("看不出这个文件的文字编码。请用Excel或WPS打开，另存为 .xlsx 后再上传。")


class Records:
    """A JSON file that is one list of flat objects, as division data is published."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks

    def leaves(self) -> Iterator[Leaf]:
        """Yield the one sheet: the keys of the first object are its headings."""
        yield Leaf("", self._lines())

    def _lines(self) -> Iterator[list[Cell]]:
        heads: list[str] | None = None
        for record in self._records():
            if heads is None:
                heads = list(record)
                yield [_flat(head) for head in heads]
            yield [_flat(record.get(head)) for head in heads]

    def _records(self) -> Iterator[dict[str, Any]]:
        text = io.TextIOWrapper(io.BufferedReader(Stream(self._blocks())), encoding="utf-8-sig")
        decode, rest, begun = json.JSONDecoder(parse_int=_whole).raw_decode, "", False
        wrong = UnreadableFile('JSON应是一个列表，每一项是一条记录，如 [{"code": "51", "name": "四川省"}]。')
        try:
            while block := text.read(1 << 16):
                rest = (rest + block).lstrip() if begun else (rest + block).lstrip()[1:]
                begun, place = True, 0
                while True:
                    while rest[place : place + 1] in set(" \r\n\t,"):
                        place += 1
                    if rest[place : place + 1] in ("", "]"):
                        break
                    try:
                        record, place = decode(rest, place)
                    except json.JSONDecodeError:
                        break
                    if not isinstance(record, dict):
                        raise wrong
                    yield record
                rest = rest[place:]
                if len(rest) > 1 << 20:
                    raise wrong
        except (UnicodeDecodeError, RecursionError):
            raise wrong from None
        if rest.strip() not in ("", "]"):
            raise wrong


def _whole(digits: str) -> Cell:
    """Return a whole number, a long one as its digits: a code that no spreadsheet has cut."""
    return int(digits) if len(digits) <= _EXACT_DIGITS else digits


def _flat(value: Any) -> Cell:
    if isinstance(value, str):
        return value.encode(errors="ignore").decode()  # half of a letter can be written in JSON and kept nowhere
    return value if isinstance(value, int | float) or value is None else json.dumps(value)
