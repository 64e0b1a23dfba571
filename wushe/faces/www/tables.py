"""Lists as files: CSV that opens in Excel with Chinese intact, or XLSX. What is written is what was shown."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from wushe.faces.www.spreadsheets import XLSX, write_row, xlsx

_HELD = 5000
MOST_ROWS = _HELD + 1
"""As many rows as a list asks for: one more than a file holds, so that a file knows that there are more, and says so."""
_FORMULA_STARTS = tuple("=+-@|%＝＋－＠\t\r\n")
_UNSEEN = "\ufeff\u200b \u3000\xa0"


def table_file(*, name: str, kind: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return the rows as a download: kind "xlsx", otherwise CSV."""
    cells = [[_cell(value) for value in row] for row in rows]
    if len(cells) > _HELD:
        cells[_HELD:] = [[f"（只含前{_HELD}行，后面还有。请缩小筛选范围，分几次导出。）"]]
    content = _xlsx(name, head, cells) if kind == "xlsx" else _csv(head, cells)
    ending = "xlsx" if kind == "xlsx" else "csv"
    response = HttpResponse(content, content_type=XLSX if kind == "xlsx" else "text/csv; charset=utf-8")
    stamp = f"{timezone.localtime():%Y%m%d-%H%M}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{stamp}.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def harmless(text: str) -> str:
    """Return a text so that no spreadsheet runs it as a formula when it opens the CSV."""
    return f"'{text}" if text.lstrip(_UNSEEN).startswith(_FORMULA_STARTS) else text


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return value if isinstance(value, int) else str(value)


def _csv(head: Sequence[str], rows: list[list[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(name: str, head: Sequence[str], rows: list[list[Any]]) -> bytes:
    def fill(book: Any, sheet: Any) -> None:
        for column, title in enumerate(head):
            sheet.write_string(0, column, title, book.add_format({"bold": True}))
        for number, row in enumerate(rows, 1):
            write_row(sheet, number, row)
        sheet.freeze_panes(1, 0)
        sheet.autofit()

    return xlsx(name, fill)
