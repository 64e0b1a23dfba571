"""Lists as XLSX files: exactly the rows and columns of the page, every cell a text or a number, never a formula."""

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse

MOST_ROWS = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST = 40


def spreadsheet(*, title: str, note: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return a file with a title line, a line that says what was exported when, the headings and the rows."""

    def fill(book: Any, sheet: Any) -> None:
        strong = book.add_format({"bold": True})
        sheet.write_string(0, 0, title, strong)
        sheet.write_string(1, 0, note)
        for column, head in enumerate(heads):
            sheet.write_string(3, column, head, strong)
            sheet.set_column(column, column, min(_WIDEST, max(12, 2 * len(head) + 2)))
        for number, row in enumerate(rows, start=4):
            write_row(sheet, number, row)
        sheet.freeze_panes(4, 1)

    return _download(title, xlsx(title, fill))


def empty_sheet(*, title: str, notes: Sequence[tuple[str, str, str]]) -> HttpResponse:
    """Return a spreadsheet to be filled in: headings over cells that keep numbers as text, and what each column is."""

    def fill(book: Any, sheet: Any) -> None:
        strong, words = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        for column, (head, must, _) in enumerate(notes):
            sheet.write_string(0, column, f"{head}（必填）" if must else head, strong)
            sheet.set_column(column, column, max(12, 2 * len(head) + 8), words)
        sheet.freeze_panes(1, 0)
        about = book.add_worksheet("填写说明")
        for number, row in enumerate([("列名", "要求", "说明"), *notes]):
            write_row(about, number, row)
        about.set_column(0, 2, 24)

    return _download(title, xlsx("填写", fill))


def xlsx(name: str, fill: Callable[[Any, Any], None]) -> bytes:
    """Return a workbook with one sheet, filled by the caller."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    fill(book, book.add_worksheet(_sheet_name(name)))
    book.close()
    return buffer.getvalue()


def write_row(sheet: Any, number: int, row: Iterable[Any]) -> None:
    """Write a row: numbers as numbers, everything else as text that is never carried out."""
    for column, value in enumerate(row):
        if isinstance(value, int | float) and not isinstance(value, bool) and value == value and abs(value) < 10**15:  # noqa: PLR0124
            sheet.write_number(number, column, value)
        else:
            sheet.write_string(number, column, "" if value is None else str(value))


def _download(title: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(title)}.xlsx"
    response.headers["Cache-Control"] = "no-store"
    return response


def _sheet_name(title: str) -> str:
    return "".join("－" if letter in "[]:*?/\\" else letter for letter in title).strip("'")[:31] or "表"
