"""Say why a visit went to this person, or to nobody, in codes and figures.

All comparisons keep the rest of the plan as it stands: a margin is what the plan would lose if this
one visit went to somebody else, at the best time that person has for it.
"""

from __future__ import annotations

import numpy as np

from wushe_engine.dispatch.arrays import build
from wushe_engine.dispatch.building import appraise
from wushe_engine.dispatch.kernels import columns as c
from wushe_engine.dispatch.model import Problem, Visit, may_serve
from wushe_engine.dispatch.plan import Assignment, Plan, Reason, Remedy
from wushe_engine.dispatch.remedies import Remedies
from wushe_engine.dispatch.search import take_over

MOST_REMEDIED = 40
"""Unserved units, the most valued first, for which remedies are looked for."""


def explain(problem: Problem, plan: Plan, visit_id: str) -> Reason:
    """Explain one visit of a plan; KeyError when the visit is unknown."""
    problem.visit(visit_id)
    return Explainer(problem, plan).reason(visit_id)


def explain_all(problem: Problem, plan: Plan) -> dict[str, Reason]:
    """Explain every visit of a plan."""
    if not problem.visits:
        return {}
    explainer = Explainer(problem, plan)
    unserved = sorted(
        (visit for visit in problem.visits if visit.id in set(plan.unserved)),
        key=lambda visit: (-visit.penalty, visit.id),
    )
    explainer.remedied = {visit.id for visit in unserved[: 2 * MOST_REMEDIED]}
    return {visit.id: explainer.reason(visit.id) for visit in problem.visits}


class Explainer:
    """Holds a plan in tables and asks them what if."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem = problem
        self.index = {visit.id: row for row, visit in enumerate(problem.visits)}
        self.given = {given.visit: given for route in plan.routes for given in route.visits}
        self.tables = build(problem, 0)
        self.remedied: set[str] | None = None
        if problem.people:
            take_over(problem, self.tables, plan)

    def reason(self, visit_id: str) -> Reason:
        """Return the reason of one visit."""
        visit = self.problem.visit(visit_id)
        given = self.given.get(visit_id)
        eligible = sum(may_serve(self.problem, person, visit) for person in self.problem.people)
        if given is None or self.tables.D[self.index[visit_id], c.WHO] < 0:
            return self._unserved(visit, eligible)
        return self._served(visit, given, eligible)

    # -- served ------------------------------------------------------------------------------

    def _served(self, visit: Visit, given: Assignment, eligible: int) -> Reason:
        from wushe_engine.dispatch.kernels.insert import NO_PRICE

        row = self.index[visit.id]
        figures = self._figures(visit, given, row)
        present, points = appraise(self.tables, row)
        prices = {
            person.id: int(price) - present
            for person, price in zip(self.problem.people, points, strict=True)
            if price < NO_PRICE and person.id != given.person
        }
        runner_up = min(prices, key=lambda person: (prices[person], person), default=None)
        usual, usual_code, usual_margin = self._usual(visit, given.person, prices)
        return Reason(
            visit=visit.id,
            code=self._code(visit, given.person, eligible, bool(prices)),
            person=given.person,
            runner_up=runner_up,
            margin=None if runner_up is None else prices[runner_up],
            usual=usual,
            usual_code=usual_code,
            usual_margin=usual_margin,
            eligible=eligible,
            feasible=len(prices) + 1,
            figures=figures,
        )

    def _code(self, visit: Visit, person: str, eligible: int, others: bool) -> str:
        if visit.locked_person is not None:
            return "locked"
        if eligible == 1:
            return "only_eligible"
        if not others:
            return "only_feasible"
        if visit.preferred.get(person, 0) == max(visit.preferred.values(), default=-1):
            return "usual_person"
        return "lowest_cost"

    def _usual(
        self, visit: Visit, person: str, prices: dict[str, int]
    ) -> tuple[str | None, str | None, int | None]:
        """Say why the best-known person does not come."""
        best = max(visit.preferred.values(), default=0)
        usual = sorted(name for name, points in visit.preferred.items() if points == best)
        if not best or person in usual:
            return None, None, None
        known = [who for who in self.problem.people if who.id in usual]
        may = [who.id for who in known if may_serve(self.problem, who, visit)]
        if not may:
            return usual[0], "may_not", None
        able = [name for name in may if name in prices]
        if not able:
            return may[0], "no_room", None
        nearest = min(able, key=lambda name: (prices[name], name))
        return nearest, "costlier", prices[nearest]

    def _figures(self, visit: Visit, given: Assignment, row: int) -> dict[str, int]:
        """Return what the visit adds: detour, lateness, broken continuity."""
        table, person = self.tables, int(self.tables.D[row, c.WHO])
        n = len(self.problem.visits)
        before, after = int(table.D[row, c.PREV]), int(table.D[row, c.NEXT])
        way = table.T[table.P[person, c.PROFILE]]
        place = [int(table.S[node, c.PLACE]) for node in (before, row, after)]
        direct = 0 if before >= n and after >= n else int(way[place[0], place[2]])
        detour = int(way[place[0], place[1]]) + int(way[place[1], place[2]]) - direct
        return {
            "detour": detour,
            "lateness": given.lateness,
            "continuity": visit.broken_continuity(given.person),
        }

    # -- unserved ----------------------------------------------------------------------------

    def _unserved(self, visit: Visit, eligible: int) -> Reason:
        row = self.index[visit.id]
        first = row if self.tables.S[row, c.SECOND] == 0 else int(self.tables.S[row, c.PARTNER])
        partner = int(self.tables.S[first, c.PARTNER])
        unit = [first] if partner < 0 else [first, partner]
        if not self.problem.people:
            return Reason(visit.id, "nobody_skilled", eligible=0)
        asked = Remedies(self.problem, self.tables)
        place = asked.best(first)
        if place is not None:
            weight = max(1, self.problem.objective.unserved)
            lacking = Remedy(
                "raise_penalty",
                visit.id,
                max(0, place.price) // weight + 1,
                place.price + asked.price(first, unit),
                self.problem.people[place.who].id,
            )
            return Reason(visit.id, "not_worth_it", eligible=eligible, remedies=(lacking,))
        remedies: tuple[Remedy, ...] = ()
        if self.remedied is None or visit.id in self.remedied:
            remedies = asked.find(first, unit)
        return Reason(
            visit.id, self._why_not(visit, unit, eligible), eligible=eligible, remedies=remedies
        )

    def _why_not(self, visit: Visit, unit: list[int], eligible: int) -> str:
        if eligible == 0:
            skilled = any(
                all(person.has_skill(skill, self.problem.day) for skill in visit.skills)
                for person in self.problem.people
            )
            return "nobody_allowed" if skilled else "nobody_skilled"
        if len(unit) == 2:
            able = [set(np.flatnonzero(self.tables.eligible[row])) for row in unit]
            if not all(able) or len(able[0] | able[1]) < 2:
                return "no_partner"
        return "no_room"
