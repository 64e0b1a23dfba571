"""The calendar of legal duties of a fund, computed from dated rules alone: no clock, no database.

A term runs from an anchor: the start, the end, the previous due day, or New Year. The rule in force on the anchor
sets the term; of several the one of the narrowest region, then the latest. Months are counted from the start, so that
a fund of the 31st is due on the last day of a shorter month and on the 31st again afterwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from wushe.registers.people.bonds import months_later

TITLES = {
    "progress": "公开募捐和项目进展",
    "final": "结束后全面公开",
    "emergency": "公开应急募捐收支",
    "emergency_plan": "补办应急募捐备案",
    "mutual_aid": "募捐结束公示",
    "annual_report": "年度工作报告和财务会计报告",
    "lottery_report": "公告上年度福彩公益金使用情况",
    "trust_filing": "慈善信托备案",
    "trust_report": "慈善信托事务处理和财务报告",
    "monthly_accounts": "公开收支",
}
PUBLIC_MONEY = ("government", "lottery")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the duties of a fund depend on."""

    source_class: str
    starts_on: date
    ends_on: date | None = None
    raises_publicly: bool = False
    emergency: bool = False
    community_fund: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One value of one duty's term, in one region, from a day on until the day before another."""

    code: str
    value: int | str
    since: date
    until: date | None = None
    region: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """What has to be done by a day, and by which rule."""

    code: str
    due_on: date
    source: str

    @property
    def title(self) -> str:
        """Return the duty in words."""
        return TITLES[self.code]


def duties(facts: Facts, rules: Sequence[Rule], *, until: date) -> list[Duty]:
    """Return every duty of a fund that falls due up to a day, in the order of the days."""
    book = _Book(rules)
    found = [duty for duty in _all(facts, book, until) if duty.due_on <= until]
    return sorted(found, key=lambda duty: (duty.due_on, duty.code))


def _all(facts: Facts, book: "_Book", until: date) -> Iterator[Duty]:
    start, end = facts.starts_on, facts.ends_on
    last = min(end, until) if end else until
    if facts.source_class not in PUBLIC_MONEY:
        over = book.at("progress_over", start)
        if end is None or over is None or end > months_later(start, int(over.value)):
            yield from _every_months("progress", book, start, last, before=end)
        yield from _once_months("final", book, end)
        yield from _yearly("annual_report", book, start, end, until)
    if facts.emergency:
        yield from _every_days("emergency", book, start, last)
        yield from _once_days("emergency_plan", book, start)
    if facts.raises_publicly and end:
        yield from _once_days("mutual_aid", book, end)
    if facts.source_class == "lottery":
        yield from _yearly("lottery_report", book, start, end, until)
    if facts.source_class == "trust":
        yield from _once_days("trust_filing", book, start)
        yield from _every_months("trust_report", book, start, last, before=None)
    if facts.community_fund:
        yield from _every_months("monthly_accounts", book, start, last, before=None)


class _Book:
    """The rules, looked up by code and day."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules: dict[str, list[Rule]] = {}
        for rule in rules:
            self._rules.setdefault(rule.code, []).append(rule)

    def at(self, code: str, day: date) -> Rule | None:
        standing = [r for r in self._rules.get(code, ()) if r.since <= day and (r.until is None or day < r.until)]
        return max(standing, key=lambda r: (len(r.region), r.since), default=None)

    def begins_after(self, code: str, day: date) -> date | None:
        return min((r.since for r in self._rules.get(code, ()) if r.since > day), default=None)


def _every_months(code: str, book: _Book, start: date, last: date, *, before: date | None) -> Iterator[Duty]:
    base, months, anchor = start, 0, start
    while anchor <= last:
        rule = book.at(code, anchor)
        if rule is None:
            later = book.begins_after(code, anchor)
            if later is None:
                return
            base, months, anchor = later, 0, later
            continue
        months += int(rule.value)
        anchor = months_later(base, months)
        if anchor > last or (before is not None and anchor >= before):
            return
        yield Duty(code, anchor, rule.source)


def _every_days(code: str, book: _Book, start: date, last: date) -> Iterator[Duty]:
    anchor = start
    while anchor <= last:
        rule = book.at(code, anchor)
        if rule is None:
            later = book.begins_after(code, anchor)
            if later is None:
                return
            anchor = later
            continue
        anchor += timedelta(days=int(rule.value))
        if anchor <= last:
            yield Duty(code, anchor, rule.source)


def _once_days(code: str, book: _Book, anchor: date) -> Iterator[Duty]:
    if rule := book.at(code, anchor):
        yield Duty(code, anchor + timedelta(days=int(rule.value)), rule.source)


def _once_months(code: str, book: _Book, anchor: date | None) -> Iterator[Duty]:
    if anchor and (rule := book.at(code, anchor)):
        yield Duty(code, months_later(anchor, int(rule.value)), rule.source)


def _yearly(code: str, book: _Book, start: date, end: date | None, until: date) -> Iterator[Duty]:
    """Yield the report on each year in which the fund stood, due in the year after."""
    for year in range(start.year + 1, min(end.year if end else until.year, until.year) + 2):
        if rule := book.at(code, date(year, 1, 1)):
            month, day = str(rule.value).split("-")
            yield Duty(code, date(year, int(month), int(day)), rule.source)
