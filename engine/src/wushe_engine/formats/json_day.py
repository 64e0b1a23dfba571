"""The day to be dispatched and its plan, as versioned JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from wushe_engine.dispatch import Plan, Problem, ProblemError, Travel

from .json_records import Faults, from_json, read_fields, to_json
from .json_text import FormatError, FormatFault, Path, line_of, parse, written

DAY_FORMAT = "wushe-engine/day"
PLAN_FORMAT = "wushe-engine/plan"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Day:
    """A problem with what is only for showing it.

    Parameters
    ----------
    at
        Place id → metres east and north of any origin.
    labels
        Id of a person, visit or place → text shown for it.
    """

    problem: Problem
    at: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place as it stands in the file, with metres east and north where they are known."""

    id: str
    at: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class SpeedRow:
    """Travel by straight line: metres in one unit of time, the way being longer by a percentage."""

    id: str
    metres_per_unit: int
    detour_percent: int = 35


def write_day(day: Day) -> str:
    """Return the JSON text of a day; `read_day` gives the same day back."""
    problem = to_json(day.problem)
    rows = [PlaceRow(place, day.at.get(place)) for place in day.problem.places]
    problem["places"] = to_json(rows)
    data = {"format": DAY_FORMAT, "version": VERSION, **problem}
    if day.labels:
        data["labels"] = dict(day.labels)
    return dump(data)


def read_day(text: str, *, file: str = "") -> Day:
    """Read a day from JSON.

    Raises
    ------
    FormatError
        With every fault, its line and its path.
    """
    data = envelope(text, DAY_FORMAT, file)
    faults: Faults = []
    places = _places(data, faults)
    at = {place.id: place.at for place in places if place.at is not None}
    travel = _travels(data, places, at, faults)
    hidden = {"format", "version", "labels", "places", "travel"}
    rest = {key: value for key, value in data.items() if key not in hidden}
    labels = data.get("labels", {})
    if not isinstance(labels, dict) or not all(isinstance(x, str) for x in labels.values()):
        faults.append((("labels",), "an object of texts is expected"))
        labels = {}
    # an empty stand-in lets the record reader check the other fields in the same pass
    stub = {**rest, "places": [place.id for place in places], "travel": []}
    try:
        parts = read_fields(Problem, stub, (), faults)
        if faults:
            raise located(text, faults, file)
        problem = Problem(**{**parts, "travel": travel})
    except ProblemError as error:
        raise clashing(text, data, error, file) from None
    return Day(problem, at, labels)


def _places(data: dict[str, Any], faults: Faults) -> list[PlaceRow]:
    given = data.get("places")
    if not isinstance(given, list):
        faults.append((("places",), "a list of places is expected"))
        return []
    read = [from_json(PlaceRow, item, ("places", i), faults) for i, item in enumerate(given)]
    return [place for place in read if place is not None]


def _travels(
    data: dict[str, Any], places: list[PlaceRow], at: Mapping[str, tuple[int, int]], faults: Faults
) -> tuple[Travel, ...]:
    given = data.get("travel")
    if not isinstance(given, list):
        faults.append((("travel",), "a list of ways of travel is expected"))
        return ()
    found = []
    for i, item in enumerate(given):
        path: Path = ("travel", i)
        if isinstance(item, dict) and "metres_per_unit" in item:
            speed = from_json(SpeedRow, item, path, faults)
            lost = [place.id for place in places if place.id not in at]
            if speed is not None and speed.metres_per_unit <= 0:
                faults.append(((*path, "metres_per_unit"), "a number above zero is expected"))
            elif lost:
                faults.append((path, f"place {lost[0]!r} has no 'at' to measure the way from"))
            elif speed is not None:
                found.append(travel_by_speed(speed.id, [at[p.id] for p in places], speed))
        else:
            travel = from_json(Travel, item, path, faults)
            found += [] if travel is None else [travel]
    return tuple(found)


def travel_by_speed(name: str, at: Iterable[tuple[int, int]], speed: Any) -> Travel:
    """Measure travel times by straight line, rounded up."""
    places = list(at)
    per_unit, longer = speed.metres_per_unit, 100 + speed.detour_percent
    matrix = [
        [math.ceil(math.dist(a, b) * longer / 100 / per_unit) for b in places] for a in places
    ]
    return Travel(name, np.array(matrix, dtype=np.int64).reshape(len(places), len(places)))


def write_plan(plan: Plan) -> str:
    """Return the JSON text of a plan; `read_plan` gives the same plan back."""
    return dump({"format": PLAN_FORMAT, "version": VERSION, **to_json(plan)})


def read_plan(text: str, *, file: str = "") -> Plan:
    """Read a plan from JSON; raise `FormatError` with line and path of every fault."""
    data = envelope(text, PLAN_FORMAT, file)
    faults: Faults = []
    rest = {key: value for key, value in data.items() if key not in ("format", "version")}
    plan = from_json(Plan, rest, (), faults)
    if plan is None:
        raise located(text, faults, file)
    return plan


def envelope(text: str, name: str, file: str) -> dict[str, Any]:
    """Parse a document and make sure that it is of this format and version."""
    data = parse(text, file=file)
    faults: Faults = []
    if not isinstance(data, dict):
        faults.append(((), "the document must be a JSON object"))
    elif data.get("format") != name:
        faults.append((("format",), f"{name!r} is expected, got {data.get('format')!r}"))
    elif data.get("version") != VERSION:
        faults.append((("version",), f"version {VERSION} is expected, got {data.get('version')!r}"))
    if faults:
        raise located(text, faults, file)
    assert isinstance(data, dict)
    return data


def located(text: str, faults: Faults, file: str) -> FormatError:
    """Add lines to faults."""
    return FormatError(
        [FormatFault(said, line_of(text, path), written(path), file) for path, said in faults]
    )


def clashing(text: str, data: dict[str, Any], error: ProblemError, file: str) -> FormatError:
    """Show each issue of a problem at the line of the first thing it concerns."""
    faults = []
    for issue in error.issues:
        path = next((p for p in (path_of_id(data, s) for s in issue.subjects) if p), ())
        line = line_of(text, path) if path else None
        faults.append(FormatFault(f"[{issue.code}] {issue.message}", line, written(path), file))
    return FormatError(faults)


def path_of_id(data: dict[str, Any], name: str) -> Path:
    """Return the path of the list item with this id, the empty path when there is none."""
    for key, items in data.items():
        if isinstance(items, list):
            for at, item in enumerate(items):
                if isinstance(item, dict) and item.get("id") == name:
                    return (key, at)
    return ()


def dump(data: dict[str, Any]) -> str:
    """Write JSON with one list item on each line: readable, and easy to compare."""
    lines = []
    for key, value in data.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = ",\n".join("    " + _flat(item) for item in value)
            lines.append(f"  {json.dumps(key)}: [\n{rows}\n  ]")
        else:
            lines.append(f"  {json.dumps(key)}: {_flat(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _flat(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
