"""The tables that hold a problem and a plan, and the types of everything that kernels take."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Grid = NDArray[np.int64]
Floats = NDArray[np.float64]
FloatGrid = NDArray[np.float64]
Flags = NDArray[np.int8]
Cube = NDArray[np.int32]


class Tables(NamedTuple):
    """Everything the kernels read and write; see ``columns`` for the meaning of the columns.

    Few tables, since numba passes the parts of each one by one to every kernel.
    """

    S: Grid  # (nodes, NODE_WIDTH)
    D: Grid  # (nodes, DAY_WIDTH)
    P: Grid  # (people, PERSON_WIDTH)
    Q: Grid  # (people, QUOTA_WIDTH)
    G: Ints  # (SCALARS,)
    label: Floats  # (nodes,) place in the global order
    T: Cube  # (profiles, places, places)
    eligible: Flags  # (visits, people)
    affinity: Grid  # (visits, people) points of who comes
    near: Cube  # (2, visits, k): nodes to come after, nodes to come before
    series: Grid  # (series + 1, people + 2): visits by person; points; number of people
    log: Grid  # (m, 4)
    lists: Grid  # (LISTS, nodes)
    labels: FloatGrid  # (LABELS, nodes or m)
