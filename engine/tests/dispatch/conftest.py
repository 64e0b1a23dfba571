"""Small days written in a few words."""

from __future__ import annotations

import numpy as np
import pytest

from wushe_engine.dispatch import Objective, Person, Problem, Travel, Visit

PLAIN = Objective(lateness=10, continuity=1, travel=1, overtime=5, changes=50)


class Line:
    """Places on a line: place ``"7"`` lies 7 minutes from ``"0"``."""

    @staticmethod
    def problem(visits, people=None, *, length=60, objective=PLAIN, **more):
        positions = range(length + 1)
        matrix = np.array([[abs(a - b) for b in positions] for a in positions], dtype=np.int64)
        more.setdefault("travel", (Travel("default", matrix),))
        return Problem(
            places=tuple(map(str, positions)),
            people=tuple(people if people is not None else [Line.person("a")]),
            visits=tuple(visits),
            objective=objective,
            **more,
        )

    @staticmethod
    def person(name, shift=(0, 480), at=0, **more):
        return Person(name, str(at), str(at), shift, **more)

    @staticmethod
    def visit(name, at, duration=10, window=(0, 480), **more):
        more.setdefault("penalty", 10_000)
        return Visit(name, str(at), duration, window, **more)


@pytest.fixture
def line():
    return Line
