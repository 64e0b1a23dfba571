"""Dates as people write them: 1950.3.5, 50年3月, 19500305, 一九五〇年三月, a serial number; each as exact as it was written.

A day that is not written is not invented silently: `Day` keeps how exact it is, and the register decides.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from .cells import Cell, Unreadable, narrow

_FIRST = date(1899, 12, 30)
_SERIALS = range(366, 73415)  # 1901 … 2100
_LARGEST = 10**9
_CHINESE = str.maketrans("〇零○Ｏ一二三四五六七八九元", "00001234567891")
_TENS = re.compile(r"([1-9]?)十([1-9]?)")
_CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")
_PARTS = re.compile(r"(\d{4}|\d{2})(?:[年./\-、\\ ]+(\d{1,2}))?(?:[月./\-、\\ ]+(\d{1,2}))?[日号月年.]*")
_SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_AMBIGUOUS = re.compile(r"(\d{4})\.1")
_AROUND = re.compile(r"^(?:公历|阳历|出生于|生于)|(?:出生|生)$")
_SPACES = re.compile(r"\s*([年月日./\-])\s*")


@dataclass(frozen=True, slots=True)
class Day:
    """A date as exact as it was written; `short` means that the century was left out, `either` 1月 or 10月."""

    year: int
    month: int = 0
    day: int = 0
    short: bool = False
    either: bool = False

    def agrees(self, known: date) -> bool:
        """Say whether a known date may be the one that was meant."""
        year = known.year % 100 == self.year % 100 if self.short else known.year == self.year
        months = (1, 10) if self.either else (self.month,)
        return year and (not self.month or known.month in months) and (not self.day or known.day == self.day)

    def date(self) -> date | None:
        """Return the whole date, the first of a month if only the month is known; None if not even that is."""
        return date(self.year, self.month, self.day or 1) if self.month and not self.either else None


def day(cell: Cell, *, today: date) -> Day:
    """Return the date in a cell, a two-figure year in the century that has passed; raise Unreadable."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) < _LARGEST:
        return _of_number(cell)
    text = _SPACES.sub(r"\1", _AROUND.sub("", narrow(cell)))
    if "农历" in text or "阴历" in text:
        raise Unreadable("请填公历日期。")
    text = _CLOCK.sub("", _arabic(text) if not text.isascii() else text)
    if text.isdigit():
        return _of_digits(text)
    if match := _AMBIGUOUS.fullmatch(text):
        return Day(int(match.group(1)), 1, either=True)
    match = _PARTS.fullmatch(text)
    if match is None:
        raise Unreadable(f"“{narrow(cell)[:20]}”不像日期，请写成 1950-03-05 的样子。")
    year, month, day_of_month = (int(part or 0) for part in match.groups())
    short = len(match.group(1)) == 2
    if short:
        if not month or ("/" in text and year <= 31):  # 03/05/12 may begin with the month or the day
            raise Unreadable("请写出四位数的年份。")
        year += 2000 if year <= today.year % 100 else 1900
    return _whole(year, month, day_of_month, short=short)


def exact(cell: Cell, *, today: date) -> date:
    """Return a date that is written in full, or the first of a month; raise Unreadable for a bare year."""
    found = day(cell, today=today).date()
    if found is None:
        raise Unreadable("日期请写到月和日，如 2024-03-05。")
    return found


def _of_number(number: float) -> Day:
    """Return the date of a serial number, of 19500305, or of 1950.3 that was kept as a number."""
    if not float(number).is_integer():
        year, _, month = repr(float(number)).partition(".")
        if len(year) == 4 and 1850 <= int(year) <= 2100:
            return Day(int(year), 1, either=True) if month == "1" else _whole(int(year), int(month), 0)
        if int(number) in _SERIALS:
            return _of_serial(int(number))
        raise Unreadable("不像日期，请写成 1950-03-05 的样子。")
    return _of_digits(str(int(number)))


def _of_digits(text: str) -> Day:
    if len(text) in (6, 8) and (match := _SOLID.fullmatch(text)):
        year, month, day_of_month = (int(part or 0) for part in match.groups())
        if len(text) == 6 and not 1850 <= year <= 2100:
            return _whole(1900 + int(text[:2]), int(text[2:4]), int(text[4:]), short=True)
        return _whole(year, month, day_of_month)
    if len(text) == 4 and 1850 <= int(text) <= 2100:
        return Day(int(text))
    if len(text) in (4, 5) and int(text) in _SERIALS:
        return _of_serial(int(text))
    raise Unreadable(f"“{text[:20]}”不像日期，请写成 1950-03-05 的样子。")


def _of_serial(number: int) -> Day:
    found = _FIRST + timedelta(days=number)
    return Day(found.year, found.month, found.day)


def _whole(year: int, month: int, day_of_month: int, *, short: bool = False) -> Day:
    if not 1850 <= year <= 2100:
        raise Unreadable(f"年份 {year} 不对。")
    try:
        date(year, month or 1, day_of_month or 1)
    except ValueError:
        raise Unreadable(f"没有 {year}年{month}月{f'{day_of_month}日' if day_of_month else ''} 这一天。") from None
    return Day(year, month, day_of_month, short)


def _arabic(text: str) -> str:
    """Return Chinese figures as digits: 一九五〇年十二月二十三日 → 1950年12月23日."""
    plain = text.translate(_CHINESE)
    return _TENS.sub(lambda m: f"{m.group(1) or 1}{m.group(2) or 0}", plain)
