"""Builders of spreadsheets as offices have them: titles, merged headings, stray notes, numbers that were text."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from tests.factories.people import id_number

NUMBER = id_number(born_on=date(1944, 2, 11), sex="F", serial=11)
HIS = id_number(born_on=date(1950, 3, 5), sex="M", serial=12)
HERS = id_number(born_on=date(1962, 12, 1), sex="F", serial=13)
OLD = "511602440211022"  # fifteen digits: 1944-02-11, a woman
BROKEN = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")

Merge = tuple[int, int, int, int, Any]


def xlsx(*sheets: tuple[str, Sequence[Sequence[Any]]], merges: Sequence[Merge] = (), hidden: str = "") -> bytes:
    """Return a workbook; a merge is (first row, first column, last row, last column, value) of the first sheet."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    dates = book.add_format({"num_format": "yyyy/m/d"})
    for number, (name, rows) in enumerate(sheets):
        sheet = book.add_worksheet(name)
        if name == hidden:
            sheet.hide()
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                if isinstance(value, date | datetime):
                    sheet.write_datetime(y, x, value, dates)
                elif value is not None:
                    sheet.write(y, x, value)
        for merge in merges if number == 0 else ():
            sheet.merge_range(*merge)
    book.close()
    return buffer.getvalue()


def one(*rows: Sequence[Any], **more: Any) -> bytes:
    """Return a workbook with one sheet."""
    return xlsx(("Sheet1", rows), **more)


def csv(text: str, encoding: str = "gb18030") -> bytes:
    """Return a CSV file."""
    return text.encode(encoding)
