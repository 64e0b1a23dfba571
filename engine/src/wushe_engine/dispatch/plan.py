"""The answer: who goes where and when, what is left out, what it costs, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Stop(NamedTuple):
    """When to stop: the first limit reached ends the search.

    Parameters
    ----------
    seconds : float or None
        CPU seconds of this process. The plan then depends on the machine's speed.
    iterations : int or None
        Number of moves priced. The plan is then identical for the same seed anywhere.
    no_gain : int or None
        Number of moves without a better plan.
    """

    seconds: float | None = None
    iterations: int | None = None
    no_gain: int | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """One visit in a person's route, in the problem's time unit."""

    visit: str
    person: str
    arrival: int
    start: int
    end: int
    lateness: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """A person's day: visits in order; ``finish`` is the time back at the end place."""

    person: str
    visits: tuple[Assignment, ...]
    departure: int
    finish: int
    travel: int
    work: int
    overtime: int = 0
    break_start: int | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """Amounts measured (not weighted) and the weighted ``total``."""

    total: int = 0
    unserved: int = 0
    lateness: int = 0
    lateness_max: int = 0
    continuity: int = 0
    travel: int = 0
    overtime: int = 0
    unfairness: int = 0
    changes: int = 0
    pay: int = 0


@dataclass(frozen=True, slots=True)
class Remedy:
    """What would make an unserved visit possible.

    ``kind`` is ``extend_shift``, ``raise_hours``, ``add_skill``, ``widen_window``,
    ``allow_person`` or ``raise_penalty``; ``amount`` is in the problem's time unit (points for the
    penalty); ``subject`` the person, skill or visit concerned, ``person`` who would then come;
    ``cost`` the points that serving the visit would then add to the plan.
    """

    kind: str
    subject: str
    amount: int
    cost: int
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a visit went to this person, or to nobody.

    Parameters
    ----------
    visit : str
        The visit.
    code : str
        Served: ``locked``, ``only_eligible``, ``only_feasible``, ``usual_person``, ``lowest_cost``.
        Unserved: ``nobody_skilled``, ``nobody_allowed``, ``no_partner``, ``no_room``,
        ``not_worth_it``, ``not_tried``.
    person : str or None
        Who serves it.
    runner_up, margin : str or None, int or None
        Who would come second, and by how many points the plan would then be worse.
    usual, usual_code, usual_margin
        The best-known person when somebody else comes: ``may_not``, ``no_room`` or ``costlier``
        with the points.
    eligible, feasible : int
        People who may serve it, and those into whose day it fits as the rest of the plan stands.
    figures : mapping of str to int
        Parts of the points the visit costs in its place.
    remedies : tuple of Remedy
        For an unserved visit.
    """

    visit: str
    code: str
    person: str | None = None
    runner_up: str | None = None
    margin: int | None = None
    usual: str | None = None
    usual_code: str | None = None
    usual_margin: int | None = None
    eligible: int = 0
    feasible: int = 0
    figures: Mapping[str, int] = field(default_factory=dict)
    remedies: tuple[Remedy, ...] = ()


@dataclass(frozen=True, slots=True)
class Statistics:
    """How the plan was found."""

    seconds: float = 0.0
    iterations: int = 0
    first_feasible_seconds: float = 0.0
    start_total: int = 0
    improvements: int = 0
    stopped_by: str = "start"


@dataclass(frozen=True, slots=True)
class Change:
    """One visit whose published person or time differs in a repaired plan."""

    visit: str
    person_before: str | None
    person_after: str | None
    start_before: int | None
    start_after: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of the day.

    ``bound`` is a proven lower limit of the total where one is known; a plan is optimal only when
    ``bound == value.total``. ``reasons`` has one entry for each visit. ``changes`` names every
    visit that differs from the published plan given to ``repair``.
    """

    routes: tuple[Route, ...]
    unserved: tuple[str, ...]
    value: Value
    seed: int
    engine_version: str
    bound: int | None = None
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    statistics: Statistics = Statistics()
    changes: tuple[Change, ...] = ()

    def assignment(self, visit_id: str) -> Assignment | None:
        """Return where and when the visit is served, or None."""
        for route in self.routes:
            for assignment in route.visits:
                if assignment.visit == visit_id:
                    return assignment
        return None

    def route(self, person_id: str) -> Route:
        """Return the person's route; KeyError when the person is unknown."""
        for route in self.routes:
            if route.person == person_id:
                return route
        raise KeyError(person_id)


@dataclass(frozen=True, slots=True)
class Progress:
    """Sent to ``on_progress``: how far the search is and the best total so far."""

    seconds: float
    iterations: int
    share: float
    best_total: int
    unserved: int


@dataclass(frozen=True, slots=True)
class Report:
    """Outcome of ``check``: faults found and the value computed afresh."""

    ok: bool
    faults: tuple[Fault, ...]
    value: Value


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule of a plan: stable code, ids concerned, sentence with the figures."""

    code: str
    subjects: tuple[str, ...]
    message: str
