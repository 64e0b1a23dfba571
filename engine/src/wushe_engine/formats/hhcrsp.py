"""Read the public home health care routing and scheduling instances (HHCRSP) as problems.

Format: Ceschia, Di Gaspero, Rosati, Schaerf, "Multi-Neighborhood Simulated Annealing for the Home
Healthcare Routing and Scheduling Problem", International Transactions in Operational Research,
2024. The cost is (total distance + total tardiness + largest tardiness) / 3; times have up to
three decimals and are read as thousandths.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np

from wushe_engine.dispatch.model import (
    Link,
    LinkKind,
    Objective,
    Person,
    Problem,
    Travel,
    Visit,
)
from wushe_engine.dispatch.plan import Plan, Value

SCALE = 1000
"""Units of the problem in one unit of the file."""

OFFICE = "office"


def read_hhcrsp(path: Path | str) -> Problem:
    """Read an instance (``.json`` or ``.json.gz``).

    Raises
    ------
    ValueError
        When the file is not an instance, or has times finer than a thousandth.
    """
    path = Path(path)
    raw = path.read_bytes()
    data = json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)
    try:
        return _problem(data)
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"{path.name} is not an HHCRSP instance: {error!r}") from error


def _problem(data: dict[str, Any]) -> Problem:
    distances = np.asarray(data["distances"], dtype=np.float64) * SCALE
    matrix = np.rint(distances)
    if not np.allclose(matrix, distances, rtol=0, atol=1e-3):
        raise ValueError("the distances are finer than a thousandth")
    patients = data["patients"]
    visits: list[Visit] = []
    links: list[Link] = []
    for patient in patients:
        halves = [
            _visit(patient, number, service, data["services"])
            for number, service in enumerate(patient["required_caregivers"])
        ]
        visits += halves
        if len(halves) == 2:
            links.append(_link(halves[0].id, halves[1].id, patient["synchronization"]))
    return Problem(
        places=(OFFICE, *(str(patient["id"]) for patient in patients)),
        people=tuple(_person(caregiver) for caregiver in data["caregivers"]),
        visits=tuple(visits),
        links=tuple(links),
        travel=(Travel("default", matrix.astype(np.int64)),),
        objective=Objective(
            lateness=1, lateness_max=1, travel=1, continuity=0, overtime=0, changes=0
        ),
        time_unit="1/1000",
    )


def _visit(
    patient: dict[str, Any], number: int, service: dict[str, Any], services: list[dict[str, Any]]
) -> Visit:
    default = {entry["id"]: entry["default_duration"] for entry in services}
    duration = service.get("duration", default[service["service"]])
    opens, closes = (_units(value) for value in patient["time_window"])
    return Visit(
        id=f"{patient['id']}/{number + 1}",
        place=str(patient["id"]),
        duration=_units(duration),
        window=(opens, closes),
        max_lateness=None,
        penalty=10**9,
        skills=frozenset({str(service["service"])}),
    )


def _link(first: str, second: str, rule: dict[str, Any]) -> Link:
    if rule["type"] == "simultaneous":
        return Link(first, second, LinkKind.SIMULTANEOUS)
    low, high = rule["distance"]
    return Link(first, second, LinkKind.SEQUENCE, _units(low), _units(high))


def _person(caregiver: dict[str, Any]) -> Person:
    skills = dict.fromkeys(map(str, caregiver["abilities"]))
    return Person(str(caregiver["id"]), OFFICE, OFFICE, skills=skills)


def _units(value: float) -> int:
    scaled = value * SCALE
    if abs(scaled - round(scaled)) > 1e-3:
        raise ValueError(f"{value} is finer than a thousandth")
    return round(scaled)


def hhcrsp_cost(value: Value) -> float:
    """Return the benchmark's cost of a plan's value."""
    return (value.travel + value.lateness + value.lateness_max) / 3 / SCALE


def hhcrsp_solution(plan: Plan) -> dict[str, Any]:
    """Write a plan as the benchmark's own validator reads it."""
    routes = [
        {
            "caregiver_id": route.person,
            "locations": [
                {
                    "patient": given.visit.rsplit("/", 1)[0],
                    "visit": given.visit,
                    "arrival_time": given.start / SCALE,
                    "departure_time": given.end / SCALE,
                }
                for given in route.visits
            ],
        }
        for route in plan.routes
    ]
    return {"routes": routes}
