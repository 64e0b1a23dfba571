"""Run the kernels: construct, anneal in one or several starts, stop, and read the plan back."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wushe_engine.dispatch.arrays import build
from wushe_engine.dispatch.assemble import assemble
from wushe_engine.dispatch.building import (
    appraise,
    construct,
    insert_all,
    polish,
    restore,
)
from wushe_engine.dispatch.kernels import columns as c
from wushe_engine.dispatch.model import Link, Person, Problem, Travel, Visit
from wushe_engine.dispatch.plan import Plan, Progress, Statistics, Stop
from wushe_engine.dispatch.schedule import Decision

if TYPE_CHECKING:
    from wushe_engine.dispatch.kernels.tables import Tables

CHUNK = 4000
"""Moves between two looks at the stop."""

MIX = np.array([0.5, 0.65, 0.75, 0.995])
"""Cumulative shares: relocate, exchange people, move a segment; exchange tails; drop the rest."""

HOT, WARM, COLD = 4.0, 0.2, 0.05
"""Temperatures in scales: of a fresh start, of a plan to be deepened, at the end."""

START_END = 0.05
"""Temperature at the end of one start among several."""

HARD_HOT, HARD_DEEP, HARD_START_END = 1.5, 0.5, 0.1
"""The same where no visit may be late: nothing in between can be paid for, so days freeze early."""

START_MOVES = 30_000
"""Moves for each visit that one start among several needs to be worth comparing."""

MOST_STARTS = 6
START_SHARE = 0.6
"""Part of the effort spent on several starts; the rest deepens the best of them."""

ASSUMED_SPEED = 3_000_000
"""Moves a second assumed when a time limit is divided into starts."""

SAMPLES = 4000
"""Worsening moves priced to find the scale of the temperature."""

NONE = np.zeros(0)

REPORT_EVERY = 0.2
"""CPU seconds between two reports of progress."""


class Search:
    """One search over one problem."""

    def __init__(
        self,
        problem: Problem,
        *,
        stop: Stop,
        seed: int,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> None:
        load_kernels()
        self.problem = problem
        self.stop = stop
        self.on_progress = on_progress
        self.began = time.process_time()
        self.tables: Tables = build(problem, seed)
        self.tally = np.zeros((9, 2), np.int64)
        self.scale = 1.0
        self.start_total = 0
        self.first_seconds = 0.0
        self.best: tuple[int, NDArray[np.int64], NDArray[np.float64]] | None = None
        self.stopped_by = "nothing_to_search"
        self.reported = 0.0

    # -- the course of a search --------------------------------------------------------------

    def run(self, warm: Plan | None = None) -> None:
        """Search from scratch, or from a plan, until the stop."""
        if not self.problem.people or not self.problem.visits:
            return
        if warm is None:
            construct(self.tables)
        else:
            take_over(self.problem, self.tables, warm)
            insert_all(self.tables)
        self.first_seconds = self.elapsed()
        self.start_total = int(self.tables.G[c.TOTAL])
        self._keep()
        if self._exhausted():
            return
        self._calibrate()
        hard = self._windows_are_hard()
        hot, deep, end = (HARD_HOT, HARD_DEEP, HARD_START_END) if hard else (HOT, WARM, START_END)
        if warm is not None:
            self._restore()
            self._phase(WARM, COLD, 1.0)
            return
        starts = self._starts()
        for number in range(starts if starts > 1 else 0):
            construct(self.tables)
            self.tables.G[c.BEST] = self.tables.G[c.TOTAL]
            self._phase(hot, end, START_SHARE * (number + 1) / starts)
            self._keep()
        self._restore()
        self._phase(deep if starts > 1 else hot, COLD, 1.0)

    def _windows_are_hard(self) -> bool:
        """Say whether no visit may be late."""
        visits = self.tables.S[: len(self.problem.visits)]
        return bool(np.all(visits[:, c.LIMIT] <= visits[:, c.DUE]))

    def _starts(self) -> int:
        """Return how many starts the effort allows."""
        limits = [float(self.stop.iterations)] if self.stop.iterations is not None else []
        if self.stop.seconds is not None:
            limits.append(self.stop.seconds * ASSUMED_SPEED)
        if not limits:
            return 1
        each = START_MOVES * len(self.problem.visits)
        return max(1, min(MOST_STARTS, int(START_SHARE * min(limits) / each)))

    def _calibrate(self) -> None:
        """Measure the scale of the temperature: what a modest worsening of a fair plan costs."""
        from wushe_engine.dispatch.kernels.anneal import anneal

        deltas = np.zeros(SAMPLES)
        self._anneal(1e-9, 200 * len(self.problem.visits))
        found = anneal(self.tables, 0.0, 10 * SAMPLES, MIX, self.tally, deltas)
        if found:
            self.scale = max(1.0, float(np.quantile(deltas[:found], 0.05)))

    def _phase(self, hot: float, cold: float, until: float) -> None:
        """Cool from ``hot`` to ``cold`` (in scales) while the effort grows to ``until``."""
        first = self.share()
        span = max(until - first, 1e-9)
        while not self._exhausted():
            done = (self.share() - first) / span
            if done >= 1.0:
                return
            heat = self.scale * hot * (cold / hot) ** done
            self._anneal(heat, CHUNK)
            self._report()

    def _anneal(self, heat: float, moves: int) -> None:
        from wushe_engine.dispatch.kernels.anneal import anneal

        anneal(self.tables, heat, self._allowed(moves), MIX, self.tally, NONE)

    # -- limits ------------------------------------------------------------------------------

    def elapsed(self) -> float:
        """Return the CPU seconds since the search began."""
        return time.process_time() - self.began

    def share(self) -> float:
        """Return the part of the effort that is spent (0 to 1)."""
        shares = [0.0]
        if self.stop.seconds is not None:
            shares.append(self.elapsed() / max(self.stop.seconds, 1e-9))
        if self.stop.iterations is not None:
            shares.append(int(self.tables.G[c.ITERATIONS]) / max(self.stop.iterations, 1))
        if self.stop.no_gain is not None and len(shares) == 1:
            shares.append(self._idle() / max(self.stop.no_gain, 1))
        return min(1.0, max(shares))

    def _idle(self) -> int:
        return int(self.tables.G[c.ITERATIONS] - self.tables.G[c.IMPROVED])

    def _allowed(self, moves: int) -> int:
        """Return how many of ``moves`` the limit on iterations still allows."""
        if self.stop.iterations is None:
            return moves
        return max(0, min(moves, self.stop.iterations - int(self.tables.G[c.ITERATIONS])))

    def _exhausted(self) -> bool:
        if self.stop.seconds is not None and self.elapsed() >= self.stop.seconds:
            self.stopped_by = "seconds"
        elif (
            self.stop.iterations is not None and self.tables.G[c.ITERATIONS] >= self.stop.iterations
        ):
            self.stopped_by = "iterations"
        elif self.stop.no_gain is not None and self._idle() >= self.stop.no_gain:
            self.stopped_by = "no_gain"
        else:
            return False
        return True

    def _report(self) -> None:
        now = self.elapsed()
        if self.on_progress is None or now - self.reported < REPORT_EVERY:
            return
        self.reported = now
        best = int(self.tables.G[c.BEST])
        if self.best is not None:
            best = min(best, self.best[0])
        unserved = int(self.tables.G[c.UNSERVED])
        done = int(self.tables.G[c.ITERATIONS])
        self.on_progress(Progress(now, done, self.share(), best, unserved))

    # -- the best plan -----------------------------------------------------------------------

    def _keep(self) -> None:
        """Remember the best plan over all starts."""
        from wushe_engine.dispatch.kernels.anneal import keep_best

        tables = self.tables
        if tables.G[c.TOTAL] <= tables.G[c.BEST]:
            keep_best(tables)
        if self.best is None or tables.G[c.BEST] < self.best[0]:
            n = len(self.problem.visits)
            who, label = tables.lists[c.IN_BEST, :n], tables.labels[c.BEST_LABEL, :n]
            self.best = int(tables.G[c.BEST]), who.copy(), label.copy()

    def _restore(self) -> None:
        """Make the best plan the present one."""
        from wushe_engine.dispatch.kernels.anneal import keep_best
        from wushe_engine.dispatch.kernels.reset import restore_exactly

        if self.best is None:
            return
        total, who, label = self.best
        if not restore_exactly(self.tables, who, label) or self.tables.G[c.TOTAL] != total:
            raise RuntimeError("the best plan cannot be rebuilt; this is a fault of the engine")
        keep_best(self.tables)

    def plan(self, seed: int) -> Plan:
        """Return the best plan.

        Raises
        ------
        RuntimeError
            When the kernels' total is not that of the plan: a fault of the engine.
        """
        if self.best is not None:
            self._keep()
            self._restore()
            # leave no visit where another place would be better, so that every reason is true
            insert_all(self.tables)
            polish(self.tables)
        statistics = Statistics(
            seconds=self.elapsed(),
            iterations=int(self.tables.G[c.ITERATIONS]),
            first_feasible_seconds=self.first_seconds,
            start_total=self.start_total,
            improvements=int(self.tables.G[c.GAINS]),
            stopped_by=self.stopped_by,
        )
        decisions = decisions_of(self.problem, self.tables)
        plan = assemble(self.problem, decisions, seed=seed, statistics=statistics)
        if self.best is not None and plan.value.total != self.tables.G[c.TOTAL]:
            raise RuntimeError(
                f"the search counted {self.tables.G[c.TOTAL]}, the plan is {plan.value}; "
                "this is a fault of the engine"
            )
        return plan


@cache
def load_kernels() -> None:
    """Compile or load every kernel by planning a tiny day, so that no search is timed with it."""
    from wushe_engine.dispatch.kernels.anneal import anneal
    from wushe_engine.dispatch.kernels.insert import try_unit
    from wushe_engine.dispatch.kernels.timing import revert_move

    people = tuple(Person(name, "home", "home", (0, 600)) for name in "ab")
    visits = tuple(Visit(str(number), "home", 10, (0, 300), penalty=9) for number in range(3))
    travel = (Travel("default", np.zeros((1, 1), np.int64)),)
    k = build(Problem(("home",), people, visits, travel, links=(Link("0", "1"),)), 0)
    construct(k)
    anneal(k, 1.0, 50, MIX, np.zeros((9, 2), np.int64), NONE)
    appraise(k, 2)
    try_unit(k, 2, 1.0, 0, -1)
    revert_move(k)


def decisions_of(problem: Problem, tables: Tables) -> list[Decision]:
    """Read the decisions of the plan in the tables, in their global order."""
    n = len(problem.visits)
    decisions = []
    for node in np.argsort(tables.label[:n], kind="stable"):
        if tables.D[node, c.WHO] < 0 or tables.S[node, c.SECOND] == 1:
            continue
        partner = int(tables.S[node, c.PARTNER])
        unit = [int(node)] if partner < 0 else [int(node), partner]
        people = tuple(problem.people[int(tables.D[half, c.WHO])].id for half in unit)
        decisions.append(Decision(tuple(problem.visits[half].id for half in unit), people))
    return decisions


def take_over(problem: Problem, tables: Tables, plan: Plan) -> None:
    """Make a plan the present one: whole if it keeps all rules, else what still fits of it."""
    restore(tables, *fitting(tables, *order_of(problem, plan)))


def fitting(
    tables: Tables, who: NDArray[np.int64], label: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Leave out of a plan to be restored whoever may no longer come."""
    rows = np.flatnonzero(who >= 0)
    barred = rows[tables.eligible[rows, who[rows]] == 0]
    kept = who.copy()
    kept[barred] = -1
    partner = tables.S[: len(kept), c.PARTNER]
    alone = (partner >= 0) & (kept[partner] < 0)
    kept[alone] = -1
    return kept, label


def order_of(problem: Problem, plan: Plan) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return people and global order of a plan, as ``restore`` takes them.

    Units come as soon as all that precedes them in their people's days has come, the earliest
    start first. A linked visit with one half unknown, or in a circle of waiting, is left out.
    """
    index = {visit.id: row for row, visit in enumerate(problem.visits)}
    people = {person.id: row for row, person in enumerate(problem.people)}
    first = {link.second: link.first for link in problem.links}
    who = np.full(len(index), -1, np.int64)
    label = np.zeros(len(index))
    days = [
        [given for given in route.visits if given.visit in index]
        for route in plan.routes
        if route.person in people
    ]
    needed = {link.first: 2 for link in problem.links}
    position = [0] * len(days)
    rank = 0
    while True:
        heads: dict[str, list[int]] = {}
        for day, at in enumerate(position):
            if at < len(days[day]):
                visit = days[day][at].visit
                heads.setdefault(first.get(visit, visit), []).append(day)
        if not heads:
            return who, label
        ready = {unit: at for unit, at in heads.items() if len(at) == needed.get(unit, 1)}
        pool = ready or heads
        begins = {name: min(days[d][position[d]].start for d in at) for name, at in pool.items()}
        unit = min(pool, key=lambda name: (begins[name], name))
        rank += 1
        for day in pool[unit]:
            given = days[day][position[day]]
            position[day] += 1
            if ready:
                who[index[given.visit]] = people[given.person]
                label[index[given.visit]] = rank
