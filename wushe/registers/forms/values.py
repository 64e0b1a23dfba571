"""Working out a tree: the values of the small language, the same on the server as on a phone.

Numbers are double precision everywhere, because a phone knows no others.
"""

import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from .expressions import Tree

Look = Callable[[str], Any]
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def work_out(tree: Tree, look: Look, *, own: Any = "", today: date) -> Any:
    """Return the value of a tree. `look` gives the answer to a named question, `own` stands for the dot."""
    kind = tree[0]
    if kind in {"n", "s"}:
        return tree[1]
    if kind == "ref":
        return look(tree[1])
    if kind == "self":
        return own
    if kind == "neg":
        number = number_of(work_out(tree[1], look, own=own, today=today))
        return "" if number is None else -number
    if kind == "op":
        return _operate(tree, look, own, today)
    return _call(tree[1], [work_out(part, look, own=own, today=today) for part in tree[2:]], today)


def truth(value: Any) -> bool:
    """Say whether a value counts as yes: not the empty text, no zero, no empty list."""
    return value not in ("", None, 0, False) and value != []


def number_of(value: Any) -> float | None:
    """Return a value as a number; None for what is none."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, str) and re.fullmatch(r"\s*-?\d{1,15}(\.\d{1,12})?\s*", value):
        return float(value)
    return None


def _operate(tree: Tree, look: Look, own: Any, today: date) -> Any:
    sign = tree[1]
    left = work_out(tree[2], look, own=own, today=today)
    if sign in {"and", "or"}:
        if truth(left) is (sign == "or"):
            return sign == "or"
        return truth(work_out(tree[3], look, own=own, today=today))
    right = work_out(tree[3], look, own=own, today=today)
    if sign in {"=", "!="}:
        return _equal(left, right) is (sign == "=")
    if sign in {"<", "<=", ">", ">="}:
        return _compare(sign, left, right)
    return _reckon(sign, number_of(left), number_of(right))


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) is truth(right)
    if isinstance(left, list) or isinstance(right, list):
        return _text(left) == _text(right)
    if isinstance(left, int | float) or isinstance(right, int | float):
        one, other = number_of(left), number_of(right)
        return one is not None and one == other
    return bool(left == right)


def _compare(sign: str, left: Any, right: Any) -> bool:
    one: Any = number_of(left)
    other: Any = number_of(right)
    if isinstance(left, str) and isinstance(right, str) and _DAY.fullmatch(left) and _DAY.fullmatch(right):
        one, other = left, right
    if one is None or other is None:
        return False
    if sign in {"<", ">"}:
        return bool(one < other) if sign == "<" else bool(one > other)
    return bool(one <= other) if sign == "<=" else bool(one >= other)


def _reckon(sign: str, one: float | None, other: float | None) -> Any:
    if one is None or other is None or (sign in {"div", "mod"} and other == 0):
        return ""
    if sign == "+":
        return one + other
    if sign == "-":
        return one - other
    if sign == "*":
        return one * other
    return one / other if sign == "div" else math.fmod(one, other)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(str(part) for part in value if not isinstance(part, dict))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _call(name: str, given: list[Any], today: date) -> Any:
    if name in {"true", "false"}:
        return name == "true"
    if name == "today":
        return today.isoformat()
    if name == "not":
        return not truth(given[0])
    if name == "if":
        return given[1] if truth(given[0]) else given[2]
    if name == "coalesce":
        return given[1] if given[0] in ("", None, []) else given[0]
    if name in {"selected", "count-selected", "count", "string-length"}:
        return _of_choices(name, given)
    if name == "years-since":
        return _years(given[0], today)
    return _of_numbers(name, given)


def _of_choices(name: str, given: list[Any]) -> Any:
    chosen = given[0] if isinstance(given[0], list) else str(given[0] or "").split()
    if name == "selected":
        return _text(given[1]) in [_text(one) for one in chosen]
    if name == "string-length":
        return float(len(_text(given[0])))
    return float(len(chosen))


def _of_numbers(name: str, given: list[Any]) -> Any:
    flat = [one for value in given for one in (value if isinstance(value, list) else [value])]
    numbers = [number for number in map(number_of, flat) if number is not None]
    if name == "sum":
        return float(sum(numbers))
    if not numbers:
        return ""
    if name in {"min", "max"}:
        return min(numbers) if name == "min" else max(numbers)
    if name == "round":
        return math.floor(numbers[0] + 0.5)
    return float(math.trunc(numbers[0])) if name == "int" else numbers[0]


def _years(value: Any, today: date) -> Any:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return ""
    year, month, day = int(value[:4]), int(value[5:7]), int(value[8:])
    return float(today.year - year - ((today.month, today.day) < (month, day)))
