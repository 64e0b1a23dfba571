"""Where in a JSON text a value stands, so that a fault can be shown with its line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

Path = tuple[str | int, ...]
_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class FormatFault:
    """One fault of an input file; ``line`` is 1-based, ``None`` when it has no place."""

    message: str
    line: int | None = None
    path: str = ""
    file: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part)
        return " ".join(
            part for part in (f"{place}:" if place else "", self.path, self.message) if part
        )


class FormatError(ValueError):
    """A file cannot be read; ``faults`` lists everything found."""

    def __init__(self, faults: Sequence[FormatFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def parse(text: str, *, file: str = "") -> Any:
    """Parse JSON; raise `FormatError` for bad syntax, a key given twice, NaN or infinity."""
    twice: list[str] = []

    def no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice.extend(sorted({key for key in keys if keys.count(key) > 1}))
        return found

    def no_such_number(name: str) -> None:
        raise ValueError(f"{name} is not a number")

    try:
        data = json.loads(text, object_pairs_hook=no_key_twice, parse_constant=no_such_number)
    except json.JSONDecodeError as error:
        fault = FormatFault(f"not valid JSON: {error.msg}", error.lineno, file=file)
        raise FormatError([fault]) from None
    except RecursionError:
        raise FormatError([FormatFault("nested too deeply", file=file)]) from None
    except ValueError as error:
        line = next(_lines_of(text, r"-?Infinity|NaN"), None)
        raise FormatError([FormatFault(str(error), line, file=file)]) from None
    if twice:
        faults = [
            FormatFault(f"key {key!r} is given twice in one object", file=file) for key in twice
        ]
        raise FormatError(faults)
    return data


def _lines_of(text: str, pattern: str) -> Iterator[int]:
    for found in re.finditer(pattern, text):
        yield text.count("\n", 0, found.start()) + 1


def line_of(text: str, path: Path) -> int | None:
    """Return the line at which the value at `path` begins; of its parent when it is absent."""
    at = _skip(text, 0)
    for step in path:
        inner = _enter(text, at, step)
        if inner is None:
            break
        at = inner
    return text.count("\n", 0, at) + 1 if text else None


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _enter(text: str, at: int, step: str | int) -> int | None:
    """Return where the member `step` of the object or list at `at` begins."""
    opening = text[at : at + 1]
    if opening not in ("{", "[") or (opening == "{") != isinstance(step, str):
        return None
    at, index = _skip(text, at + 1), 0
    while text[at] not in "}]":
        key: str | int = index
        if opening == "{":
            key, at = scanstring(text, at + 1, True)
            at = _skip(text, _skip(text, at) + 1)
        if key == step:
            return at
        _, at = _DECODER.raw_decode(text, at)
        at = _skip(text, at)
        if text[at] == ",":
            at = _skip(text, at + 1)
        index += 1
    return None


def written(path: Path) -> str:
    """Write a path the way people do: ``visits[3].duration``."""
    parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(parts).lstrip(".")
