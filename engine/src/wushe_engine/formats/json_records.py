"""Frozen dataclasses to JSON and back, by their type hints; defaults are left out when written."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

import numpy as np

from .json_text import Path

Record = TypeVar("Record")
Faults = list[tuple[Path, str]]


def to_json(value: Any) -> Any:
    """Return a value of dicts, lists, texts and numbers; sets are sorted, defaults left out."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.integer):
        return int(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {
            item.name: to_json(getattr(value, item.name))
            for item in fields(value)
            if not _is_default(item, getattr(value, item.name))
        }
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    return value


def _is_default(item: Field[Any], value: Any) -> bool:
    if item.default is not MISSING:
        return type(item.default) is type(value) and bool(np.all(item.default == value))
    if item.default_factory is not MISSING:
        return bool(item.default_factory() == value)
    return False


def from_json(kind: type[Record], data: Any, path: Path, faults: Faults) -> Record | None:
    """Read a dataclass from a JSON object.

    Every fault is added to `faults` with its path; ``None`` is returned when there was one.
    """
    before = len(faults)
    values = read_fields(kind, data, path, faults)
    return kind(**values) if len(faults) == before else None


def read_fields(kind: type, data: Any, path: Path, faults: Faults) -> dict[str, Any]:
    """Read the fields of a dataclass without building it; faults are added to `faults`."""
    if not isinstance(data, dict):
        faults.append((path, f"an object is expected, got {_shown(data)}"))
        return {}
    hints = _hints(kind)
    for name in data:
        if name not in hints:
            close = difflib.get_close_matches(str(name), hints, 1)
            guess = f", do you mean {close[0]!r}?" if close else ""
            faults.append(((*path, name), f"unknown field {name!r}{guess}"))
    values = {}
    for item in fields(kind):
        if item.name in data:
            values[item.name] = _read(hints[item.name], data[item.name], (*path, item.name), faults)
        elif item.default is MISSING and item.default_factory is MISSING:
            faults.append((path, f"field {item.name!r} is missing"))
    return values


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _read(hint: Any, data: Any, path: Path, faults: Faults) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        if data is None and type(None) in arguments:
            return None
        rest = [argument for argument in arguments if argument is not type(None)]
        return _read(rest[0], data, path, faults)
    if origin is tuple:
        return _read_tuple(arguments, data, path, faults)
    if origin is frozenset:
        items = _read_tuple((arguments[0], ...), data, path, faults)
        if len(set(items)) < len(items):
            faults.append((path, "a name is given twice"))
        return frozenset(items)
    if origin is not None and issubclass(origin, Mapping):
        return _read_mapping(arguments[1], data, path, faults)
    if origin is np.ndarray or hint is np.ndarray:
        return _read_matrix(data, path, faults)
    if isinstance(hint, type) and is_dataclass(hint):
        return from_json(hint, data, path, faults)
    return _read_plain(hint, data, path, faults)


def _read_plain(hint: Any, data: Any, path: Path, faults: Faults) -> Any:
    words = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        if data in [item.value for item in hint]:
            return hint(data)
        allowed = ", ".join(repr(item.value) for item in hint)
        faults.append((path, f"one of {allowed} is expected, got {_shown(data)}"))
    elif hint is float and isinstance(data, int | float) and not isinstance(data, bool):
        return float(data)
    elif isinstance(data, hint) and (hint is bool) == isinstance(data, bool):
        return data
    else:
        faults.append((path, f"{words[hint]} is expected, got {_shown(data)}"))
    return None


def _read_tuple(arguments: tuple[Any, ...], data: Any, path: Path, faults: Faults) -> Any:
    if not isinstance(data, list):
        faults.append((path, f"a list is expected, got {_shown(data)}"))
        return ()
    if arguments[-1] is Ellipsis:
        return tuple(_read(arguments[0], item, (*path, at), faults) for at, item in enumerate(data))
    if len(data) != len(arguments):
        faults.append((path, f"{len(arguments)} values are expected, got {len(data)}"))
        return ()
    pairs = zip(arguments, data, strict=True)
    return tuple(_read(hint, item, (*path, at), faults) for at, (hint, item) in enumerate(pairs))


def _read_mapping(hint: Any, data: Any, path: Path, faults: Faults) -> dict[str, Any]:
    if not isinstance(data, dict):
        faults.append((path, f"an object is expected, got {_shown(data)}"))
        return {}
    return {key: _read(hint, item, (*path, key), faults) for key, item in data.items()}


def _read_matrix(data: Any, path: Path, faults: Faults) -> Any:
    """Read a list of equally long lists of whole numbers."""
    rows = data if isinstance(data, list) else []
    width = len(rows[0]) if rows and isinstance(rows[0], list) else 0
    for at, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != width:
            faults.append(((*path, at), f"a list of {width} whole numbers is expected"))
            return None
        for column, item in enumerate(row):
            if type(item) is not int or abs(item) > 2**62:
                faults.append(
                    ((*path, at, column), f"a whole number is expected, got {_shown(item)}")
                )
                return None
    if not isinstance(data, list):
        faults.append((path, f"a list of lists is expected, got {_shown(data)}"))
        return None
    return np.array(rows, dtype=np.int64).reshape(len(rows), width)


def _shown(data: Any) -> str:
    text = repr(data)
    return text if len(text) <= 40 else text[:37] + "…"
