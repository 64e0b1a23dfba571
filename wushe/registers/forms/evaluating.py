"""One filled form, examined: which questions stood open, what is missing or wrong, the score. Pure: no database, no clock.

Questions are taken in their order and conditions look back only, so one walk is enough. What a condition hides
counts as not answered and is left out of the answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .expressions import parse
from .questions import Question
from .values import truth, work_out

Answers = dict[str, Any]
LONGEST_TEXT, MOST_ROWS, MOST_PHOTOS = 2000, 50, 10
MISSING = "这一题要填。"


@dataclass(slots=True)
class Examined:
    """What became of a filled form. `faults` are by path: `members[0].age`."""

    answers: Answers = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    score: int = 0


@dataclass(slots=True)
class _Row:
    """Where answers are looked up: a row of a repetition before what stands around it."""

    values: Answers
    above: "_Row | None" = None
    lists: Answers = field(default_factory=dict)
    """From outside a repetition its questions are lists: sum(${age})."""

    def look(self, name: str) -> Any:
        row: _Row | None = self
        while row is not None:
            for known in (row.values, row.lists):
                if name in known:
                    return known[name]
            row = row.above
        return ""


def examine(questions: Sequence[Question], answers: Mapping[str, Any], *, today: date) -> Examined:
    """Return the answers that count, the faults and the score of a filled form."""
    done = Examined()
    _Examiner(done, today).walk(questions, answers, _Row(done.answers), "")
    return done


class _Examiner:
    """Walks over the questions of one filled form."""

    def __init__(self, done: Examined, today: date) -> None:
        self.done, self.today = done, today

    def walk(self, questions: Sequence[Question], given: Mapping[str, Any], row: _Row, path: str) -> None:
        for question in questions:
            name, kind = question["name"], question["kind"]
            if question["relevant"] and not truth(self._value(question["relevant"], row)):
                continue
            if kind == "group":
                self.walk(question["children"], given, row, path)
            elif kind == "repeat":
                self._repeat(question, given.get(name), row, f"{path}{name}")
            elif kind == "calculate":
                row.values[name] = self._value(question["calculation"], row)
            elif kind != "note":
                self._answer(question, given.get(name), row, f"{path}{name}")

    def _value(self, text: str, row: _Row, own: Any = "") -> Any:
        return work_out(parse(text), row.look, own=own, today=self.today)

    def _repeat(self, question: Question, given: Any, row: _Row, path: str) -> None:
        name, faults = question["name"], self.done.faults
        rows = [one for one in given if isinstance(one, Mapping)] if isinstance(given, list) else []
        if len(rows) > MOST_ROWS:
            faults[path] = f"最多填{MOST_ROWS}条。"
            rows = rows[:MOST_ROWS]
        if question["required"] and not rows:
            faults[path] = MISSING
        kept: list[Answers] = []
        row.values[name] = kept
        for number, one in enumerate(rows):
            values: Answers = {"id": str(one.get("id") or number)[:36]}
            kept.append(values)
            self.walk(question["children"], one, _Row(values, row), f"{path}[{number}].")
        for child in question["children"]:
            row.lists[child["name"]] = [one[child["name"]] for one in kept if child["name"] in one]

    def _answer(self, question: Question, given: Any, row: _Row, path: str) -> None:
        value, fault = read_answer(question, given)
        if not fault and value in ("", []):
            if not question["required"]:
                return
            fault = MISSING
        if not fault and question["constraint"] and not truth(self._value(question["constraint"], row, value)):
            fault = question["constraint_message"] or "填写的内容不符合要求。"
        if fault:
            self.done.faults[path] = fault
            return
        row.values[question["name"]] = value
        if question["kind"] in {"one", "many"}:
            chosen = value if isinstance(value, list) else [value]
            self.done.score += sum(choice["score"] for choice in question["choices"] if choice["code"] in chosen)


def read_answer(question: Question, given: Any) -> tuple[Any, str]:
    """Return one answer as its kind keeps it, and what is wrong with it."""
    kind = question["kind"]
    if kind in {"many", "photo"}:
        return _several(question, given)
    text = "" if given is None or isinstance(given, Mapping | list) else str(given).strip()
    if not text:
        return "", ""
    if len(text) > LONGEST_TEXT:
        return "", f"最多{LONGEST_TEXT}字。"
    if kind == "one":
        known = any(choice["code"] == text for choice in question["choices"])
        return (text, "") if known else ("", "请从选项里选。")
    if kind == "date":
        return _day(text)
    return (text, "") if kind == "text" else _number(kind, text)


def _several(question: Question, given: Any) -> tuple[Any, str]:
    chosen = [str(one)[:80] for one in given] if isinstance(given, list) else str(given or "").split()
    chosen = list(dict.fromkeys(one for one in chosen if one))
    if question["kind"] == "photo":
        return (chosen, "") if len(chosen) <= MOST_PHOTOS else ([], f"最多{MOST_PHOTOS}张照片。")
    known = [choice["code"] for choice in question["choices"]]
    if any(code not in known for code in chosen):
        return [], "请从选项里选。"
    return [code for code in known if code in chosen], ""


def _day(text: str) -> tuple[str, str]:
    try:
        return date.fromisoformat(text).isoformat(), ""
    except ValueError:
        return "", "日期不对，例如 2026-05-20。"


def _number(kind: str, text: str) -> tuple[Any, str]:
    plain = text.replace("，", "").replace(",", "")
    digits = plain.removeprefix("-").replace(".", "", 1)
    if not digits.isascii() or not digits.isdigit() or len(digits) > 15:
        return "", "请填数字。"
    if kind == "integer":
        return (int(plain), "") if "." not in plain else ("", "请填整数。")
    return float(plain), ""
