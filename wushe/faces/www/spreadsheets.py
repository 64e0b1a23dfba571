"""Lists as XLSX files: exactly the rows and columns of the page, every cell a text or a number, never a formula."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse

MOST_ROWS = 20_000
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST = 40


def spreadsheet(*, title: str, note: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return a file with a title line, a line that says what was exported when, the headings and the rows."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_sheet_name(title))
    strong = book.add_format({"bold": True})
    sheet.write_string(0, 0, title, strong)
    sheet.write_string(1, 0, note)
    for column, head in enumerate(heads):
        sheet.write_string(3, column, head, strong)
        sheet.set_column(column, column, min(_WIDEST, max(12, 2 * len(head) + 2)))
    for number, row in enumerate(rows, start=4):
        for column, value in enumerate(row):
            _write(sheet, number, column, value)
    sheet.freeze_panes(4, 1)
    book.close()
    response = HttpResponse(buffer.getvalue(), content_type=_TYPE)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(title)}.xlsx"
    return response


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, "" if value is None else str(value))


def _sheet_name(title: str) -> str:
    return "".join("－" if letter in "[]:*?/\\" else letter for letter in title)[:31]
