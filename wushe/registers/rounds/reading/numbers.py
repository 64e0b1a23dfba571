"""Numbers and codes: digits that went through a spreadsheet, accepted only where none of them was lost."""

import re
from decimal import Decimal, InvalidOperation

from .cells import EXACT, Cell, LostDigits, Unreadable, narrow, shown

_SCIENTIFIC = re.compile(r"([+-]?\d(?:\.\d+)?)[eE]\+?(\d{1,2})")
_BETWEEN = re.compile(r"[\s\-‐‑‒–—―_]+")
_POINT_ZERO = re.compile(r"(\d+)\.0+")
_AMOUNT = re.compile(
    r"[约共近计]?\s*([+-]?\d[\d,]*(?:\.\d+)?)\s*(?:余|多)?\s*(个|张|人|名|位|间|套|户|床|份|平米|㎡|平方米|分钟|小时|元|岁|年|月|次)?"
)


def digits(cell: Cell) -> str:
    """Return an identifier without the blanks and hyphens inside; raise LostDigits if a number lost some on the way."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if not float(cell).is_integer() or abs(cell) >= EXACT:
            raise LostDigits(shown(cell)) if abs(cell) >= EXACT else Unreadable("这里应是号码，不是小数。")
        return str(int(cell))
    text = narrow(cell)
    if text.isdigit():
        return text
    if match := _SCIENTIFIC.fullmatch(text):
        return _expanded(text, match)
    if match := _POINT_ZERO.fullmatch(text):
        text = match.group(1)
    return text if text.isalnum() else _BETWEEN.sub("", text)


def _expanded(text: str, match: "re.Match[str]") -> str:
    fraction = match.group(1).partition(".")[2]
    if int(match.group(2)) > len(fraction):
        raise LostDigits(text)
    return str(int(Decimal(text)))


def amount(cell: Cell) -> Decimal:
    """Return a number with or without its unit: 50张, 1,200, 约30人. Raise Unreadable for anything else."""
    text = narrow(cell)
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise Unreadable(f"“{text[:20]}”不是数字。")
    try:
        return Decimal(match.group(1).replace(",", ""))
    except InvalidOperation:
        raise Unreadable(f"“{text[:20]}”不是数字。") from None


def count(cell: Cell) -> int:
    """Return a whole number that is not negative."""
    number = amount(cell)
    if number != int(number) or not 0 <= number < 10**9:
        raise Unreadable("请填不小于0的整数。")
    return int(number)


def degrees(low: float, high: float, name: str) -> "Degrees":
    """Return a reader of a coordinate that lies between two bounds."""
    return Degrees(low, high, name)


class Degrees:
    """Read one coordinate in decimal degrees."""

    def __init__(self, low: float, high: float, name: str) -> None:
        self.low, self.high, self.name = low, high, name

    def __call__(self, cell: Cell) -> float:
        """Return degrees; raise Unreadable outside the country."""
        text = narrow(cell).rstrip("°度EN东经北纬 ")
        try:
            value = float(text)
        except ValueError:
            raise Unreadable(f"{self.name}请写成小数，如 {self.low + 33:.4f}。") from None
        if not self.low <= value <= self.high:
            raise Unreadable(f"{self.name}应在 {self.low:g} 到 {self.high:g} 之间，请检查经度和纬度是否写反。")
        return value


longitude = degrees(73, 136, "经度")
latitude = degrees(3, 54, "纬度")
