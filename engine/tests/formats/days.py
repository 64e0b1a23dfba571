"""A small day for the tests of formats and of the command line."""

from __future__ import annotations

import numpy as np

from wushe_engine.dispatch import (
    Break,
    Link,
    Person,
    PersonKind,
    Problem,
    Promise,
    Series,
    Travel,
    Visit,
)
from wushe_engine.formats.json_day import Day

AT = {"station": (0, 0), "east": (1000, 0), "north": (0, 800)}


def small_day() -> Day:
    matrix = np.array([[0, 10, 8], [10, 0, 13], [8, 13, 0]])
    problem = Problem(
        places=tuple(AT),
        people=(
            Person("c1", "station", "station", (480, 1020), 30, skills={"bath": None, "cook": 400}),
            Person(
                "v1",
                "station",
                "station",
                (480, 1020),
                kind=PersonKind.VOLUNTEER,
                skills={"cook": None},
                rest=Break(690, 780, 45),
                travel="bike",
            ),
        ),
        visits=(
            Visit("visit-1", "east", 45, (510, 600), skills=frozenset({"bath"})),
            Visit("visit-2", "north", 30, (600, 720), 60, preferred={"v1": 20}),
            Visit("visit-3", "north", 30, (480, 700), skills=frozenset({"nurse"}), penalty=500),
            Visit("visit-4", "east", 20, (800, 900)),
            Visit("visit-5", "east", 20, (800, 900)),
        ),
        travel=(Travel("default", matrix), Travel("bike", matrix // 2)),
        links=(Link("visit-4", "visit-5"),),
        series=(Series("week", ("visit-1", "visit-2"), 5),),
        published={"visit-2": Promise("v1", 610)},
        day=39,
    )
    return Day(problem, dict(AT), {"c1": "护理员<甲>", "visit-1": "助浴"})
