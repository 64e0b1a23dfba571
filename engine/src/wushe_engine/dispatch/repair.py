"""Mend a published plan during the day with no more changes than needed.

The caller states the day as it is now: a sick person is missing or has a shorter shift, an urgent
visit is added, a visit that runs late is locked to its real start. Whatever was published and still
fits stays; a change outweighs travel, lateness and the rest, but not a visit left out.
"""

from __future__ import annotations

from dataclasses import replace

from wushe_engine.dispatch.check import evaluate
from wushe_engine.dispatch.errors import ClashError
from wushe_engine.dispatch.model import Problem, Promise
from wushe_engine.dispatch.plan import Change, Plan, Stop
from wushe_engine.dispatch.validation import COST_RANGE, find_clashes

SEARCH_SHARE = 0.5
"""Part of the time given that the search may use; tables and reasons take the rest."""

PATIENCE = 400_000
"""Moves without gain after which a mended plan is good enough."""

CHANGES_TO_AN_UNSERVED = 8
"""As many changes as this may be needed to keep the least valued visit."""


def repair(
    problem: Problem,
    published: Plan,
    *,
    seed: int = 0,
    seconds: float = 1.0,
    stop: Stop | None = None,
) -> Plan:
    """Mend ``published`` for the day as it is now.

    Parameters
    ----------
    problem : Problem
        The changed day.
    published : Plan
        What people have been told.
    seed : int
        Start of the random numbers.
    seconds : float
        CPU time allowed, reasons included.
    stop : Stop or None
        Instead of ``seconds``: with ``iterations`` the outcome depends on the seed only.

    Returns
    -------
    Plan
        ``changes`` names every visit whose published person or time differs, ``reasons`` explains
        those, the new and the unserved ones. The value is that of ``problem`` itself.

    Raises
    ------
    ClashError
        When locks or links contradict each other.
    """
    from wushe_engine.dispatch.reasons import Explainer
    from wushe_engine.dispatch.search import Search

    clashes = find_clashes(problem)
    if clashes:
        raise ClashError(clashes)
    held = hold(problem, published)
    limit = stop or Stop(seconds=seconds * SEARCH_SHARE, no_gain=PATIENCE)
    search = Search(held, stop=limit, seed=seed)
    search.run(published)
    plan = search.plan(seed)
    changes = changes_between(held, published, plan)
    explainer = Explainer(held, plan)
    before = {given.visit for route in published.routes for given in route.visits}
    named = {change.visit for change in changes} | set(plan.unserved)
    named |= {visit.id for visit in problem.visits if visit.id not in before}
    ordered = [visit.id for visit in problem.visits if visit.id in named]
    return replace(
        plan,
        value=evaluate(problem, plan),
        reasons={visit: explainer.reason(visit) for visit in ordered},
        changes=changes,
    )


def hold(problem: Problem, published: Plan) -> Problem:
    """Return the problem with everything published held by the weight of a change."""
    known = {visit.id for visit in problem.visits}
    people = {person.id for person in problem.people}
    told = {
        given.visit: Promise(given.person, given.start)
        for route in published.routes
        for given in route.visits
        if given.visit in known and given.person in people
    }
    weights = problem.objective
    penalties = [visit.penalty * weights.unserved for visit in problem.visits if visit.penalty]
    weight = min(penalties, default=0) // CHANGES_TO_AN_UNSERVED
    weight = min(weight, COST_RANGE // 4 // max(1, len(known)))
    return replace(
        problem,
        published={**told, **problem.published},
        objective=replace(weights, changes=max(1, weight, weights.changes)),
    )


def changes_between(problem: Problem, before: Plan, after: Plan) -> tuple[Change, ...]:
    """Name every visit of the day whose person or time is not what was published."""
    old = {given.visit: given for route in before.routes for given in route.visits}
    new = {given.visit: given for route in after.routes for given in route.visits}
    changes = []
    for visit in problem.visits:
        was, now = old.get(visit.id), new.get(visit.id)
        if was is None:
            continue
        kept = (
            now is not None
            and now.person == was.person
            and abs(now.start - was.start) <= problem.change_tolerance
        )
        if not kept:
            changes.append(
                Change(
                    visit.id,
                    was.person,
                    now.person if now else None,
                    was.start,
                    now.start if now else None,
                )
            )
    return tuple(changes)
