"""Cells: what a spreadsheet holds, made plain. Full-width letters, invisible characters and fillers are normal input."""

from dataclasses import dataclass
from typing import Any

Cell = str | int | float | bool | None
"""What a file gives for a cell; a date comes as text in the ISO form."""

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " ", 0x2007: " ", 0x202F: " "}
_WIDE_WORDS = {code: plain for code, plain in _WIDE.items() if not isinstance(plain, int) or chr(plain).isalnum()}
_INVISIBLE = dict.fromkeys(
    [code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)]
    + [0x7F, 0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F)]
)
_NARROW = _WIDE | _INVISIBLE
_TIDY = _WIDE_WORDS | _INVISIBLE
_FILLERS = frozenset(
    [
        "无",
        "没有",
        "暂无",
        "不详",
        "未知",
        "空",
        "未填",
        "未提供",
        "略",
        "N/A",
        "NA",
        "n/a",
        "null",
        "NULL",
        "None",
        "nan",
        "NaN",
        "-",
        "--",
        "---",
        "—",
        "——",
        "－",
        "/",
        "//",
        "\\",
        "、",
        ".",
        "。",
        "*",
        "**",
        "〃",
    ]
)
_ERRORS = frozenset(
    ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"]
)
EXACT = 10**15
"""A spreadsheet keeps fifteen digits of a number; of a longer one the rest is gone."""


class Unreadable(ValueError):
    """A cell cannot be what its column asks for; the message stands beside the cell."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class LostDigits(Unreadable):
    """The spreadsheet kept the cell as a number and cut its last digits."""

    def __init__(self, shown: str) -> None:
        super().__init__(
            f"这个号码在Excel里被存成了数字（{shown}），后面几位已经丢失。请把这一列设为“文本”格式，重新填写完整号码。"
        )


@dataclass(frozen=True, slots=True)
class Noted:
    """A value with something that the person who imports should know about it."""

    value: Any
    remark: str


def tidy(cell: Cell) -> str:
    """Return words as they would be typed carefully: no invisible characters, one blank at most, plain letters and digits."""
    if not isinstance(cell, str):
        return shown(cell)
    return " ".join(cell.translate(_TIDY).split())


def narrow(cell: Cell) -> str:
    """Return a code or number as half-width characters without blanks around."""
    if not isinstance(cell, str):
        return shown(cell)
    if cell.isascii() and cell.isprintable():
        return cell.strip().lstrip("'`")
    return " ".join(cell.translate(_NARROW).split()).lstrip("'’‘`")


def shown(cell: Cell) -> str:
    """Return a cell as a spreadsheet shows it: whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < EXACT:
            return str(int(cell))
        return repr(cell) if abs(cell) < EXACT else f"{cell:.5E}".replace("E+", "E+")
    return str(cell)


def blank(cell: Cell) -> bool:
    """Say whether a cell says nothing: empty, or one of the fillers that stand for it (无, /, —)."""
    if cell is None or cell == "":
        return True
    if not isinstance(cell, str):
        return isinstance(cell, float) and cell != cell  # noqa: PLR0124 — that is what a missing number is
    return len(cell) < 12 and ((text := narrow(cell)) in _FILLERS or not text)


def empty(cell: Cell) -> bool:
    """Say whether nothing at all stands in a cell."""
    return cell is None or (isinstance(cell, str) and not narrow(cell))


def broken(cell: Cell) -> bool:
    """Say whether the cell shows the error of a formula."""
    return isinstance(cell, str) and cell[:1] == "#" and cell.strip() in _ERRORS
