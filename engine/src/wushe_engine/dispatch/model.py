"""The day to be planned: who may serve, who is to be served, and what counts as good.

All numbers are integers. Times, travel and durations share one unit, named by
``Problem.time_unit`` (the product uses minutes); costs are dimensionless points, the sum of the
objective's weights times the measured amounts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

FOREVER = 10**12
"""A time later than any other: the open end of an unbounded window or shift."""

UNREACHABLE = -1
"""Travel entry for a pair of places that cannot be connected."""


class PersonKind(StrEnum):
    """The four kinds of people who can be sent."""

    PAID_CARER = "paid_carer"
    SOCIAL_WORKER = "social_worker"
    VOLUNTEER = "volunteer"
    NEIGHBOUR = "neighbour"


class LinkKind(StrEnum):
    """How the two halves of a visit that needs two people are tied."""

    SIMULTANEOUS = "simultaneous"
    SEQUENCE = "sequence"


@dataclass(frozen=True, slots=True)
class Break:
    """A rest of ``length`` that must begin within ``[earliest, latest]``.

    It is taken between two visits, before the first or after the last; nothing is owed when the
    person is home again by ``latest`` or has no visit at all.
    """

    earliest: int
    latest: int
    length: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be sent.

    Parameters
    ----------
    id : str
        Opaque id.
    start, end : str
        Ids of the places where the day begins and ends.
    shift : (int, int)
        Earliest departure and the time to be back. Being back later is overtime.
    max_overtime : int
        How much overtime is possible at all (0: the shift end is hard).
    kind : PersonKind
        Paid carer, social worker, volunteer or neighbour.
    skills : mapping of str to int or None
        Skill → last day on which it is valid (same count as ``Problem.day``), None for ever.
    rest : Break or None
        The break of the day.
    day_limit, week_left : int or None
        Most working time (visits and travel) today, and what is left of the week's.
    travel : str
        Id of the travel profile (walking, e-bike, car).
    cost_per_unit : int
        Cost of one unit of working time, counted by ``Objective.pay``.
    capacity : int or None
        Most load carried in the day (meals, goods).
    fair_share : int or None
        Working time regarded as this person's share, above which ``Objective.unfairness`` counts;
        None: the average over all people weighted by the length of the shift.
    """

    id: str
    start: str
    end: str
    shift: tuple[int, int] = (0, FOREVER)
    max_overtime: int = 0
    kind: PersonKind = PersonKind.PAID_CARER
    skills: Mapping[str, int | None] = field(default_factory=dict)
    rest: Break | None = None
    day_limit: int | None = None
    week_left: int | None = None
    travel: str = "default"
    cost_per_unit: int = 0
    capacity: int | None = None
    fair_share: int | None = None

    @property
    def work_limit(self) -> int:
        """Return the hard cap on working time today."""
        caps = [cap for cap in (self.day_limit, self.week_left) if cap is not None]
        return min(caps, default=FOREVER)

    def has_skill(self, skill: str, day: int) -> bool:
        """Say whether the skill is held and still valid on ``day``."""
        if skill not in self.skills:
            return False
        expires = self.skills[skill]
        return expires is None or day <= expires


@dataclass(frozen=True, slots=True)
class Visit:
    """One person needed at one place for one stretch of time.

    Parameters
    ----------
    id, place : str
        Opaque ids.
    duration : int
        Time at the place.
    window : (int, int)
        Earliest and latest start.
    max_lateness : int or None
        How much later than the window's end it may still start, at a cost: 0 is a hard window,
        None any amount.
    penalty : int
        Points lost when the visit is left out (times ``Objective.unserved``).
    skills : frozenset of str
        All are needed.
    allowed : frozenset of str or None
        Only these people may come (None: anybody).
    forbidden : frozenset of str
        These people may not come.
    preferred : mapping of str to int
        Known or wished-for people with the points lost when somebody without any points comes;
        a person with fewer points loses the difference.
    locked_person, locked_start : str or None, int or None
        A decision that must stay.
    load : int
        What the person has to carry.
    """

    id: str
    place: str
    duration: int
    window: tuple[int, int] = (0, FOREVER)
    max_lateness: int | None = 0
    penalty: int = 1_000_000
    skills: frozenset[str] = frozenset()
    allowed: frozenset[str] | None = None
    forbidden: frozenset[str] = frozenset()
    preferred: Mapping[str, int] = field(default_factory=dict)
    locked_person: str | None = None
    locked_start: int | None = None
    load: int = 0

    @property
    def latest(self) -> int:
        """Return the last possible start."""
        if self.max_lateness is None:
            return FOREVER
        return min(FOREVER, self.window[1] + self.max_lateness)

    def broken_continuity(self, person: str) -> int:
        """Return the points lost when ``person`` comes instead of the best known one."""
        best = max(self.preferred.values(), default=0)
        return best - self.preferred.get(person, 0)


@dataclass(frozen=True, slots=True)
class Link:
    """Two visits that belong together and need two different people.

    ``SIMULTANEOUS``: both start at the same time. ``SEQUENCE``: the second starts between
    ``min_gap`` and ``max_gap`` after the first one's start. Both are served, or neither.
    """

    first: str
    second: str
    kind: LinkKind = LinkKind.SIMULTANEOUS
    min_gap: int = 0
    max_gap: int = 0


@dataclass(frozen=True, slots=True)
class Series:
    """Visits of the day that should share one carer; each further carer costs ``points``."""

    id: str
    visits: tuple[str, ...]
    points: int = 1


@dataclass(frozen=True, slots=True)
class Promise:
    """What was published for a visit: who comes and when it starts."""

    person: str
    start: int


@dataclass(frozen=True, slots=True, eq=False)
class Travel:
    """Travel times of one way of moving.

    Parameters
    ----------
    id : str
        Name used by ``Person.travel``.
    matrix : integer array, shape (places, places)
        Time from row to column in the problem's unit; ``UNREACHABLE`` where there is no way.
    """

    id: str
    matrix: NDArray[np.int64]

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Travel)
            and self.id == other.id
            and np.array_equal(self.matrix, other.matrix)
        )

    def __hash__(self) -> int:
        return hash((self.id, np.shape(self.matrix)))


@dataclass(frozen=True, slots=True)
class Objective:
    """Points per unit of each measure; the plan minimises their sum.

    ``unserved`` multiplies the visits' penalties; ``lateness`` the sum and ``lateness_max`` the
    largest lateness; ``continuity`` the points of broken continuity and of split series;
    ``travel`` the travel time; ``overtime`` the time home after the shift; ``unfairness`` the
    working time above the fair share; ``changes`` one per visit whose published person or time
    (beyond ``Problem.change_tolerance``) differs; ``pay`` the cost of working time.
    """

    unserved: int = 1
    lateness: int = 10
    lateness_max: int = 0
    continuity: int = 1
    travel: int = 1
    overtime: int = 5
    unfairness: int = 0
    changes: int = 50
    pay: int = 0

    @classmethod
    def lexicographic(cls, *parts: str, step: int = 1000) -> Objective:
        """Rank the parts: one unit of an earlier part outweighs ``step`` units of all later ones.

        Raises
        ------
        ProblemError
            When a part is unknown or the weights would leave the integer range.
        """
        from wushe_engine.dispatch.errors import Issue, ProblemError

        names = {part.name for part in fields(cls)}
        unknown = tuple(part for part in parts if part not in names)
        if unknown:
            raise ProblemError((Issue("unknown_objective", unknown, "no such objective part"),))
        if step < 2 or step ** max(len(parts) - 1, 0) > 10**12:
            message = f"{len(parts)} ranks of step {step} leave the integer range"
            raise ProblemError((Issue("objective_range", parts, message),))
        ranks = {part: step ** (len(parts) - 1 - rank) for rank, part in enumerate(parts)}
        return cls(**{name: ranks.get(name, 0) for name in names})


@dataclass(frozen=True, slots=True)
class Problem:
    """One day to plan.

    Parameters
    ----------
    places : tuple of str
        Ids of the places, in the order of the travel matrices.
    people, visits, links, series
        See the classes; every visit is in one link at most.
    travel : tuple of Travel
        One matrix for each profile used by the people.
    objective : Objective
        What counts.
    published : mapping of str to Promise
        Visit id → what has been published for it, for ``Objective.changes``. With a weight on
        changes nobody comes earlier than published (less the tolerance), unless the window has
        since closed before.
    change_tolerance : int
        A start that moves by no more than this is no change.
    day : int
        The day planned, for the expiry of skills.
    time_unit : str
        Name of the unit of all times.

    Raises
    ------
    ProblemError
        When data are malformed; all faults are listed.
    """

    places: tuple[str, ...]
    people: tuple[Person, ...]
    visits: tuple[Visit, ...]
    travel: tuple[Travel, ...]
    links: tuple[Link, ...] = ()
    series: tuple[Series, ...] = ()
    objective: Objective = Objective()
    published: Mapping[str, Promise] = field(default_factory=dict)
    change_tolerance: int = 0
    day: int = 0
    time_unit: str = "minute"

    def __post_init__(self) -> None:
        from wushe_engine.dispatch.errors import ProblemError
        from wushe_engine.dispatch.validation import find_faults

        faults = find_faults(self)
        if faults:
            raise ProblemError(faults)

    def person(self, person_id: str) -> Person:
        """Return the person with this id; KeyError when there is none."""
        for person in self.people:
            if person.id == person_id:
                return person
        raise KeyError(person_id)

    def visit(self, visit_id: str) -> Visit:
        """Return the visit with this id; KeyError when there is none."""
        for visit in self.visits:
            if visit.id == visit_id:
                return visit
        raise KeyError(visit_id)


def may_serve(problem: Problem, person: Person, visit: Visit) -> bool:
    """Say whether the person may come at all: permission, lock and valid skills."""
    if visit.locked_person is not None and visit.locked_person != person.id:
        return False
    if visit.allowed is not None and person.id not in visit.allowed:
        return False
    if person.id in visit.forbidden:
        return False
    return all(person.has_skill(skill, problem.day) for skill in visit.skills)


def start_bounds(problem: Problem, visit: Visit) -> tuple[int, int]:
    """Return the earliest and latest start: window, lock, and the promise not to come earlier."""
    if visit.locked_start is not None:
        return visit.locked_start, visit.locked_start
    earliest = visit.window[0]
    promise = problem.published.get(visit.id)
    if promise is not None and problem.objective.changes > 0:
        held = promise.start - problem.change_tolerance
        if earliest < held <= visit.latest:
            earliest = held
    return earliest, visit.latest
