"""JSON schemas of the formats, made from the same dataclasses that read and write them.

``python -m wushe_engine.formats.json_schema FOLDER`` writes them; a test keeps docs/formats equal.
"""

from __future__ import annotations

import json
import sys
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from wushe_engine.dispatch import Plan, Problem

from . import json_day, json_match

Schema = dict[str, Any]
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, Schema]:
    """Return file name → schema for every format of this version."""
    named = {
        "day": (json_day.DAY_FORMAT, Problem, _day),
        "plan": (json_day.PLAN_FORMAT, Plan, None),
        "matching": (json_match.MATCHING_FORMAT, json_match.MatchInput, None),
        "match": (json_match.MATCH_FORMAT, json_match.MatchFile, _match),
    }
    found = {}
    for name, (format_name, kind, finish) in named.items():
        schema = _record(kind)
        head = {
            "format": {"const": format_name},
            "version": {"const": json_day.VERSION},
        }
        schema["properties"] = head | schema["properties"]
        schema["required"] = [*head, *schema["required"]]
        if finish is not None:
            finish(schema)
        found[f"{name}.v{json_day.VERSION}.schema.json"] = {"$schema": _DRAFT, **schema}
    return found


def _day(schema: Schema) -> None:
    """Add what a day's file has beyond the problem: coordinates, labels, travel by speed."""
    properties = schema["properties"]
    properties["places"] = {"type": "array", "items": _record(json_day.PlaceRow)}
    properties["labels"] = {"type": "object", "additionalProperties": {"type": "string"}}
    either = [properties["travel"]["items"], _record(json_day.SpeedRow)]
    properties["travel"]["items"] = {"oneOf": either}


def _match(schema: Schema) -> None:
    from wushe_engine.matching import MatchReason

    schema["properties"]["reasons"] = {"type": "array", "items": _record(MatchReason)}


def _record(kind: Any) -> Schema:
    hints = typing.get_type_hints(kind)
    needed = [
        item.name
        for item in fields(kind)
        if item.default is MISSING and item.default_factory is MISSING
    ]
    return {
        "type": "object",
        "properties": {item.name: _schema(hints[item.name]) for item in fields(kind)},
        "required": needed,
        "additionalProperties": False,
    }


def _schema(hint: Any) -> Schema:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return {"anyOf": [_schema(argument) for argument in arguments]}
    if origin is tuple and arguments[-1] is not Ellipsis:
        items = [_schema(argument) for argument in arguments]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
    if origin in (tuple, frozenset):
        unique = {"uniqueItems": True} if origin is frozenset else {}
        return {"type": "array", "items": _schema(arguments[0]), **unique}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema(arguments[1])}
    if origin is np.ndarray:
        row = {"type": "array", "items": {"type": "integer"}}
        return {"type": "array", "items": row}
    if is_dataclass(hint):
        return _record(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"enum": [item.value for item in hint]}
    names = {int: "integer", float: "number", str: "string", bool: "boolean"}
    return {"type": names.get(hint, "null")}


def write_schemas(folder: Path) -> None:
    """Write every schema into a folder."""
    for name, schema in schemas().items():
        text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
