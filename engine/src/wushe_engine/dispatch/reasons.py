"""Say why a visit went to this person, or to nobody."""

from __future__ import annotations

from wushe_engine.dispatch.model import Problem, may_serve
from wushe_engine.dispatch.plan import Plan, Reason


def explain(problem: Problem, plan: Plan, visit_id: str) -> Reason:
    """Explain one visit of a plan; KeyError when the visit is unknown."""
    visit = problem.visit(visit_id)
    given = plan.assignment(visit_id)
    eligible = sum(may_serve(problem, person, visit) for person in problem.people)
    if given is None:
        code = "no_room" if eligible else "nobody_allowed"
        return Reason(visit_id, code, eligible=eligible)
    code = "locked" if visit.locked_person else "lowest_cost"
    return Reason(visit_id, code, given.person, eligible=eligible, feasible=eligible)
