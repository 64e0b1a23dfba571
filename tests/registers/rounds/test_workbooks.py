"""A workbook that streams says what the reader says that lays it out, whatever wrote it, and in little memory."""

import io
import tracemalloc
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook as Written
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.registers.rounds.test_files import packed
from tests.registers.rounds.ugly import one, xlsx
from wushe.registers.rounds.reading import books
from wushe.registers.rounds.reading.books import Streamed, UnreadableFile, Workbook, open_book
from wushe.registers.rounds.reading.cells import broken
from wushe.registers.rounds.reading.workbooks import Packed, kind_of_format, moment

ROWS: list[list[Any]] = [
    ["登记表", None, None, None],
    [None, "姓名", "出生", "电话"],
    [],
    ["1", "王桂芳", date(1944, 2, 11), 13908260001],
    [2, None, datetime.fromisoformat("1950-03-05 08:30"), "00012"],
    [None, "　全角　", 0.5, True],
    [" 前后 ", "两\n行", -3.25, False],
]
MERGES = [(0, 0, 0, 3, "登记表"), (3, 1, 5, 1, "王桂芳")]
_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
)
_PREFIXED = '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>%s</x:sheetData></x:worksheet>'


def by(book: books.Book) -> list[tuple[str, Any, list[list[Any]]]]:
    """Return all sheets with their rows; blanks at the end of a row, and whether they are None or "", say nothing.

    The other reader says nothing where a formula failed; the one that streams passes its error on, to be refused.
    """
    return [
        (leaf.name, sorted(leaf.merges), [trimmed(row, errors=True) for row in leaf.lines]) for leaf in book.leaves()
    ]


def trimmed(row: list[Any], *, errors: bool = False) -> list[Any]:
    cells = ["" if cell is None or (errors and broken(cell)) else cell for cell in row]
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def with_formats() -> bytes:
    """Return a workbook with every kind of number format that shows a moment, and some that only look so."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("格式")
    formats = [
        "yyyy/m/d", "yyyy年m月d日", "m/d", "h:mm", "yyyy-mm-dd hh:mm:ss", '[$-804]yyyy"年"m"月";@', "[h]:mm", "0.00", "General",
        '0"days"', "#,##0_);[Red](#,##0)", "@", 14, 22, 49, 2,
    ]  # fmt: skip
    for row, code in enumerate(formats):
        style = book.add_format({"num_format": code})
        for column, number in enumerate((0.25, 1, 59, 61, 16113, 45000.75, 2958465)):
            sheet.write_number(row, column, number, style)
    sheet.write_formula(20, 0, '="王"&"桂芳"', None, "王桂芳")
    sheet.write_formula(20, 1, "=1/0", None, "#DIV/0!")
    sheet.write_formula(20, 2, "=1+1", None, 2)
    sheet.write_boolean(20, 3, True)
    sheet.write_rich_string(21, 0, "王", book.add_format({"bold": True}), "桂", "芳")
    sheet.write_string(22, 3, "_x0041_ 不变 _x000D_")
    book.add_worksheet("空表")
    book.close()
    return buffer.getvalue()


def by_openpyxl(*, since_1904: bool = False) -> bytes:
    """Return a workbook as another program writes it: words in the cells, rows left out, a reading beside a word."""
    book = Written()
    if since_1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet["B3"], sheet["D7"], sheet["D8"] = "姓名", date(1944, 2, 11), datetime.fromisoformat("2020-01-01 12:00:01")
    sheet["E8"], sheet["F8"] = time(8, 5), timedelta(hours=30, minutes=5)
    sheet["G8"] = CellRichText("王", TextBlock(InlineFont(b=True), "桂芳"))
    sheet["AB9"], sheet["A9"] = 3, "#N/A"
    sheet.merge_cells("B3:C4")
    hidden = book.create_sheet("藏着")
    hidden["A1"], hidden.sheet_state = "x", "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        one(*ROWS), one(*ROWS, merges=MERGES), xlsx(("一", ROWS), ("二", ROWS[:2]), ("三", []), hidden="二"), with_formats(),
        by_openpyxl(), by_openpyxl(since_1904=True),
    ],
)  # fmt: skip
def test_both_readers_say_the_same(content: bytes) -> None:
    streamed, laid_out = by(Streamed(Packed(content))), by(Workbook(content))
    assert [name for name, _, _ in streamed] == [name for name, _, _ in laid_out]
    for one_, other in zip(streamed, laid_out, strict=True):
        assert one_[1] == other[1]
        assert one_[2] == other[2]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("<row><c><v>1</v></c><c t='inlineStr'><is><t>姓名</t></is></c></row>", [[1.0, "姓名"]]),
        ("<row r='3'><c r='B3' t='str'><v>甲</v></c></row>", [[], [], ["", "甲"]]),
        (
            "<row r='1'><c r='A1' t='inlineStr'><is><r><t>王</t></r><r><t>芳</t></r><rPh><t>wang</t></rPh></is></c></row>",
            [["王芳"]],
        ),
        (
            "<row r='1'><c r='A1' t='b'><v>1</v></c><c r='B1' t='e'><v>#N/A</v></c><c r='C1' s='1'/></row>",
            [[True, "#N/A"]],
        ),
    ],
)
def test_unusual_cells(rows: str, said: list[list[Any]]) -> None:
    for frame, content in (
        (_SHEET, rows),
        (_PREFIXED, rows.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")),
    ):
        book = Streamed(Packed(packed({"xl/worksheets/sheet1.xml": (frame % content).encode()})))
        assert [trimmed(row) for leaf in book.leaves() for row in leaf.lines] == said


@pytest.mark.parametrize(
    "sheet",
    [
        _SHEET % "<row><c t='s'><v>99999</v></c></row>",
        _SHEET % "<row><c t='s'><v>-1</v></c></row>",
        _SHEET % "<row><c><v>viele</v></c></row>",
        _SHEET % "<row r='9999999999'><c><v>1</v></c></row>",
        _SHEET % "<row><c r='ZZZZ1'><v>1</v></c></row>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]>" + _SHEET % "<row><c><v>&a;</v></c></row>",
        "<worksheet><sheetData><row>",
    ],
)
def test_what_is_damaged_is_said_and_no_fault(sheet: str) -> None:
    content = packed({"xl/worksheets/sheet1.xml": sheet.encode()})
    book = open_book(lambda: [content], size=len(content))
    with pytest.raises(UnreadableFile):
        [list(leaf.lines) for leaf in book.leaves()]


def test_an_unusual_book_is_read_the_other_way() -> None:
    content = packed({"xl/styles.xml": b"<not closed"}, one(*ROWS))
    assert isinstance(open_book(lambda: [one(*ROWS)], size=1), Streamed)
    with pytest.raises(UnreadableFile):
        open_book(lambda: [content], size=len(content))  # damaged for both


def test_formats_and_moments() -> None:
    assert [kind_of_format(code) for code in ("General", "0.00", "yyyy\\-mm", "[mm]:ss", '"d"0', "[Red]0")] == [
        0,
        0,
        1,
        2,
        0,
        0,
    ]
    assert moment(60) == "1900-02-28"  # a day that never was
    assert moment(61) == "1900-03-01"
    assert moment(0, since_1904=True) == "00:00"
    assert moment(2, since_1904=True) == "1904-01-03"
    assert moment(1.25, length=True) == "30:00"
    assert moment(1e12) == 1e12
    assert moment(45000.999999) == "2023-03-16"


def test_a_long_sheet_takes_the_memory_of_its_words() -> None:
    content = one(*[[f"王{n}", n, f"幸福巷{n}号", n / 7] for n in range(6000)])
    tracemalloc.start()
    count = sum(1 for leaf in open_book(lambda: [content], size=len(content)).leaves() for _ in leaf.lines)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 6000
    assert peak < 5 << 20
