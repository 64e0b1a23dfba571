"""Read vehicle routing instances with time windows: Solomon, and Gehring and Homberger.

The text format of M. M. Solomon (1987): number and capacity of vehicles, then for each customer its
number, coordinates, demand, ready time, due date and service time; customer 0 is the depot.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from wushe_engine.dispatch.model import Objective, Person, Problem, Travel, Visit

SCALE = 10
"""Units of the problem in one unit of the file: distances are cut to one decimal, as is usual."""


def read_solomon(path: Path | str) -> Problem:
    """Read an instance whose objective is the total distance.

    Raises
    ------
    ValueError
        When the file is not in the format.
    """
    path = Path(path)
    rows = [line.split() for line in path.read_text().splitlines()]
    numbers = [[_number(word) for word in row] for row in rows if row and _is_numeric(row)]
    fleet = [row for row in numbers if len(row) == 2]
    customers = [row for row in numbers if len(row) == 7]
    if len(fleet) != 1 or not customers or customers[0][0] != 0:
        raise ValueError(f"{path.name} is not a Solomon instance")
    vehicles, capacity = (int(value) for value in fleet[0])
    depot, *others = customers
    points = [(row[1], row[2]) for row in customers]
    matrix = np.array(
        [[int(SCALE * math.dist(a, b)) for b in points] for a in points], dtype=np.int64
    )
    shift = (_units(depot[4]), _units(depot[5]))
    return Problem(
        places=tuple(str(int(row[0])) for row in customers),
        people=tuple(
            Person(f"vehicle-{number + 1}", "0", "0", shift, capacity=capacity)
            for number in range(vehicles)
        ),
        visits=tuple(_visit(row) for row in others),
        travel=(Travel("default", matrix),),
        objective=Objective(
            lateness=0, lateness_max=0, travel=1, continuity=0, overtime=0, changes=0
        ),
        time_unit=f"1/{SCALE}",
    )


def _visit(row: list[float]) -> Visit:
    return Visit(
        id=str(int(row[0])),
        place=str(int(row[0])),
        duration=_units(row[6]),
        window=(_units(row[4]), _units(row[5])),
        penalty=10**7,
        load=int(row[3]),
    )


def _units(value: float) -> int:
    return round(value * SCALE)


def _is_numeric(row: list[str]) -> bool:
    return all(word.replace(".", "", 1).lstrip("-").isdigit() for word in row)


def _number(word: str) -> float:
    return float(word)
