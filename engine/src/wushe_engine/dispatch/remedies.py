"""Find what would make an unserved visit possible, the rest of the plan as it stands.

Each remedy loosens one rule in the tables, looks for the place that needs least of it, and measures
how much was needed; the tables are left as they were found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wushe_engine.dispatch.building import Place, best_place
from wushe_engine.dispatch.kernels import columns as c
from wushe_engine.dispatch.model import FOREVER, Person, Problem, Visit
from wushe_engine.dispatch.plan import Remedy

if TYPE_CHECKING:
    from wushe_engine.dispatch.kernels.tables import Tables

DEAR = 10**9
"""Points for each unit of a loosened rule, so that the least loosening is found."""


class Remedies:
    """Looks for remedies in tables that hold the plan."""

    def __init__(self, problem: Problem, tables: Tables) -> None:
        self.problem = problem
        self.tables = tables
        self.n, self.p = len(problem.visits), len(problem.people)

    def find(self, first: int, unit: list[int]) -> tuple[Remedy, ...]:
        """Return the remedies of an unserved unit, the cheapest first."""
        found = [
            *self._longer_shift(first, unit),
            *self._more_hours(first, unit),
            *self._wider_window(first, unit),
            *self._other_people(first, unit),
        ]
        return tuple(sorted(found, key=lambda remedy: (remedy.cost, remedy.kind)))

    def best(self, first: int) -> Place | None:
        """Return the cheapest place of an unserved unit, whatever it costs; None: nowhere."""
        return best_place(self.tables, first)

    def price(self, first: int, unit: list[int]) -> int:
        """Return what the unit's penalties are worth."""
        return int(self.tables.S[unit, c.PENALTY].sum())

    def _measure(self, first: int, place: Place, read: Callable[[], list[int]]) -> list[int]:
        """Put the unit into its place, read something, and take it out again."""
        from wushe_engine.dispatch.kernels.insert import try_unit
        from wushe_engine.dispatch.kernels.timing import revert_move

        try_unit(self.tables, *place[1:])
        measured = read()
        revert_move(self.tables)
        return measured

    def _cost(self, first: int, unit: list[int], place: Place) -> int:
        """Return the points that serving the unit adds under the rules now in the tables."""
        from wushe_engine.dispatch.kernels.insert import try_unit
        from wushe_engine.dispatch.kernels.timing import revert_move

        points = int(try_unit(self.tables, *place[1:]))
        revert_move(self.tables)
        return points + self.price(first, unit)

    def _longer_shift(self, first: int, unit: list[int]) -> Iterator[Remedy]:
        ends = np.arange(self.n + self.p, self.n + 2 * self.p)
        table = self.tables.S
        limits = table[ends, c.LIMIT].copy()
        with loosened(table):
            table[ends, c.DUE], table[ends, c.LIMIT] = limits, FOREVER
            table[ends, c.LATE_W] = DEAR
            place = self.best(first)
            if place is None:
                return
            finish = self._measure(
                first, place, lambda: [int(self.tables.D[end, c.TRIAL]) for end in ends]
            )
        over = {row: finish[row] - int(limits[row]) for row in (place.who, place.mate) if row >= 0}
        over = {row: amount for row, amount in over.items() if amount > 0}
        if len(over) != 1:
            return
        ((row, amount),) = over.items()
        with loosened(table):
            table[ends[row], [c.DUE, c.LIMIT]] += amount
            cost = self._cost(first, unit, place)
        who = self.problem.people[row].id
        yield Remedy("extend_shift", who, amount, cost, self.problem.people[place.who].id)

    def _more_hours(self, first: int, unit: list[int]) -> Iterator[Remedy]:
        table = self.tables.P
        caps = table[:, c.WORK_CAP].copy()
        with loosened(table):
            table[:, c.WORK_CAP] = FOREVER
            place = self.best(first)
            if place is None:
                return
            work = self._measure(
                first, place, lambda: [int(value) for value in self.tables.Q[:, c.WORK]]
            )
            cost = self._cost(first, unit, place)
        rows = [row for row in {place.who, place.mate} if row >= 0 and work[row] > caps[row]]
        if len(rows) == 1:
            who = self.problem.people[rows[0]].id
            amount = work[rows[0]] - int(caps[rows[0]])
            yield Remedy("raise_hours", who, amount, cost, self.problem.people[place.who].id)

    def _wider_window(self, first: int, unit: list[int]) -> Iterator[Remedy]:
        """Try a later end of the window, and an earlier opening."""
        table = self.tables.S
        visits = [self.problem.visits[row] for row in unit]
        if any(visit.locked_start is not None for visit in visits):
            return
        limits = table[unit, c.LIMIT].copy()
        with loosened(table):
            table[unit, c.DUE], table[unit, c.LIMIT] = limits, FOREVER
            table[unit, c.LATE_W] = DEAR
            place = self.best(first)
            starts = (
                []
                if place is None
                else self._measure(
                    first, place, lambda: [int(self.tables.D[row, c.TRIAL]) for row in unit]
                )
            )
        late = [start - int(limit) for start, limit in zip(starts, limits, strict=False)]
        if place is not None and max(late) > 0:
            with loosened(table):
                table[unit, c.LIMIT] += max(late)
                cost = self._cost(first, unit, place)
            who = self.problem.people[place.who].id
            yield Remedy("widen_window", visits[0].id, max(late), cost, who)
        step = max(1, visits[0].duration // 2)
        for amount in (step * 2**power for power in range(6)):
            with loosened(table):
                table[unit, c.OPEN] = np.maximum(0, table[unit, c.OPEN] - amount)
                place = self.best(first)
            if place is not None:
                who = self.problem.people[place.who].id
                cost = place.price + self.price(first, unit)
                yield Remedy("open_earlier", visits[0].id, amount, cost, who)
                return

    def _other_people(self, first: int, unit: list[int]) -> Iterator[Remedy]:
        """Try one more skill for somebody, or permission for somebody who has the skills."""
        for row in unit:
            visit = self.problem.visits[row]
            cheapest: dict[tuple[str, str], Remedy] = {}
            for number, person in enumerate(self.problem.people):
                key = barrier(self.problem, person, visit)
                if key is None:
                    continue
                with loosened(self.tables.eligible):
                    self.tables.eligible[row] = 0
                    self.tables.eligible[row, number] = 1
                    place = self.best(first)
                if place is None:
                    continue
                cost = place.price + self.price(first, unit)
                slot = key if key[0] == "add_skill" else (key[0], "")
                if slot not in cheapest or cost < cheapest[slot].cost:
                    cheapest[slot] = Remedy(key[0], key[1], 0, cost, person.id)
            yield from cheapest.values()


def barrier(problem: Problem, person: Person, visit: Visit) -> tuple[str, str] | None:
    """Return the one rule that keeps a person from a visit, or None (no rule, or several)."""
    if visit.locked_person is not None:
        return None
    lacking = [skill for skill in sorted(visit.skills) if not person.has_skill(skill, problem.day)]
    barred = person.id in visit.forbidden
    barred = barred or (visit.allowed is not None and person.id not in visit.allowed)
    if barred and not lacking:
        return "allow_person", person.id
    if len(lacking) == 1 and not barred:
        return "add_skill", lacking[0]
    return None


@contextmanager
def loosened(table: NDArray[np.int64] | NDArray[np.int8]) -> Iterator[None]:
    """Give a table back as it was."""
    before = table.copy()
    try:
        yield
    finally:
        table[...] = before
