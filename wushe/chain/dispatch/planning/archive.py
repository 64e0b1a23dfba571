"""Problem and plan as documents that are kept whole: a kept problem, solved again with its seed, gives the same plan."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any
from zlib import compress, decompress

import numpy as np
from numpy.typing import NDArray
from wushe_engine.dispatch import (
    Break,
    Link,
    LinkKind,
    Objective,
    Person,
    PersonKind,
    Plan,
    Problem,
    Promise,
    Travel,
    Visit,
)

FORMAT = "wushe.dispatch/1"


def pack_problem(problem: Problem) -> dict[str, Any]:
    """Return the problem as JSON values; travel matrices are packed, being by far the largest part."""
    travel = {one.id: _pack(one.matrix) for one in problem.travel}
    return {"format": FORMAT, **_plain(problem), "travel": travel}


def unpack_problem(document: Mapping[str, Any]) -> Problem:
    """Return the problem of a document; raise ValueError for another format."""
    if document.get("format") != FORMAT:
        raise ValueError(f"not a {FORMAT} document")
    return Problem(
        places=tuple(document["places"]),
        people=tuple(_person(row) for row in document["people"]),
        visits=tuple(_visit(row) for row in document["visits"]),
        links=tuple(Link(**{**row, "kind": LinkKind(row["kind"])}) for row in document["links"]),
        travel=tuple(Travel(name, _unpack(packed)) for name, packed in document["travel"].items()),
        objective=Objective(**document["objective"]),
        published={name: Promise(**row) for name, row in document["published"].items()},
        change_tolerance=document["change_tolerance"],
        day=document["day"],
        time_unit=document["time_unit"],
    )


def pack_plan(plan: Plan) -> dict[str, Any]:
    """Return the plan as JSON values, without the timings of the machine it was found on."""
    document: dict[str, Any] = _plain(plan)
    del document["statistics"]
    document["routes"] = [route for route in document["routes"] if route["visits"]]
    return document


def _plain(value: Any) -> Any:
    if isinstance(value, Travel):
        return value.id
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in sorted(value.items())}
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return int(value) if isinstance(value, np.integer) else value


def _person(row: Mapping[str, Any]) -> Person:
    rest = Break(**row["rest"]) if row["rest"] else None
    return Person(**{**row, "shift": tuple(row["shift"]), "kind": PersonKind(row["kind"]), "rest": rest})


def _visit(row: Mapping[str, Any]) -> Visit:
    allowed = None if row["allowed"] is None else frozenset(row["allowed"])
    sets = {"skills": frozenset(row["skills"]), "forbidden": frozenset(row["forbidden"]), "allowed": allowed}
    return Visit(**{**row, **sets, "window": tuple(row["window"])})


def _pack(matrix: NDArray[np.int64]) -> dict[str, Any]:
    return {"size": len(matrix), "zlib": b64encode(compress(matrix.astype("<i4").tobytes(), 6)).decode()}


def _unpack(packed: Mapping[str, Any]) -> NDArray[np.int64]:
    size = packed["size"]
    return np.frombuffer(decompress(b64decode(packed["zlib"])), dtype="<i4").reshape(size, size).astype(np.int64)
