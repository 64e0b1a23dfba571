"""Reasons are true: forcing the alternative gives what the reason said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wushe_engine.dispatch import Stop, check, explain, solve

from .test_properties import street

MOVES = Stop(iterations=30_000)


def held(problem, plan, visit_id, **change):
    """Return the day with everybody else's visits tied to their people, and one visit changed."""
    fixed = []
    for visit in problem.visits:
        given = plan.assignment(visit.id)
        if visit.id == visit_id:
            fixed.append(replace(visit, **change))
        elif given is not None:
            fixed.append(replace(visit, locked_person=given.person))
        else:
            fixed.append(visit)
    return replace(problem, visits=tuple(fixed))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_margins_are_true_and_never_negative(seed):
    problem = street(seed)
    plan = solve(problem, stop=Stop(iterations=60_000), seed=seed)
    told = [reason for reason in plan.reasons.values() if reason.margin is not None]
    assert told
    assert all(reason.margin >= 0 for reason in told)
    for reason in sorted(told, key=lambda reason: reason.visit)[:3]:
        forced = held(problem, plan, reason.visit, locked_person=reason.runner_up)
        again = solve(forced, stop=MOVES, seed=seed, warm=plan, reasons=False)
        assert check(forced, again).ok
        given = again.assignment(reason.visit)  # left out where that is cheaper still
        assert given is None or given.person == reason.runner_up
        assert again.value.total <= plan.value.total + reason.margin


def test_only_feasible_means_that_nobody_else_fits(line):
    crowd = [line.person("a"), line.person("b", shift=(0, 20))]
    problem = line.problem([line.visit("v", 20)], crowd)
    reason = solve(problem, stop=MOVES).reasons["v"]
    assert (reason.code, reason.person, reason.eligible, reason.feasible) == (
        "only_feasible",
        "a",
        2,
        1,
    )


def test_codes_of_the_served(line):
    crowd = [line.person("a", skills={"x": None}), line.person("b")]
    visits = [
        line.visit("locked", 5, locked_person="b"),
        line.visit("skilled", 5, skills=frozenset({"x"})),
        line.visit("usual", 5, preferred={"a": 90}),
    ]
    plan = solve(line.problem(visits, crowd), stop=MOVES)
    assert {name: reason.code for name, reason in plan.reasons.items()} == {
        "locked": "locked",
        "skilled": "only_eligible",
        "usual": "usual_person",
    }


def test_the_usual_person_who_may_not_come_is_named(line):
    crowd = [line.person("a"), line.person("b")]
    visit = line.visit("v", 5, preferred={"b": 9}, forbidden=frozenset({"b"}))
    reason = solve(line.problem([visit], crowd), stop=MOVES).reasons["v"]
    assert (reason.usual, reason.usual_code) == ("b", "may_not")


def test_explain_tells_the_same_as_the_plan():
    problem = street(2)
    plan = solve(problem, stop=MOVES, seed=2)
    one = explain(problem, plan, "v9")
    assert (one.code, one.person, one.eligible) == (
        plan.reasons["v9"].code,
        plan.reasons["v9"].person,
        plan.reasons["v9"].eligible,
    )
    with pytest.raises(KeyError):
        explain(problem, plan, "ghost")


def remedy(problem, kind):
    plan = solve(problem, stop=MOVES)
    assert plan.unserved == ("v",)
    found = [each for each in plan.reasons["v"].remedies if each.kind == kind]
    assert len(found) == 1
    return plan, found[0]


def test_one_more_hour_would_do(line):
    problem = line.problem([line.visit("v", 20)], [line.person("a", shift=(0, 43))])
    _, told = remedy(problem, "extend_shift")
    assert (told.subject, told.amount, told.cost) == ("a", 7, 40)
    longer = replace(problem, people=(line.person("a", shift=(0, 43 + told.amount)),))
    assert solve(longer, stop=MOVES).unserved == ()
    shorter = replace(problem, people=(line.person("a", shift=(0, 42 + told.amount)),))
    assert solve(shorter, stop=MOVES).unserved == ("v",)


def test_more_hours_would_do(line):
    problem = line.problem([line.visit("v", 20)], [line.person("a", day_limit=44)])
    _, told = remedy(problem, "raise_hours")
    assert (told.subject, told.amount) == ("a", 6)
    longer = replace(problem, people=(line.person("a", day_limit=50),))
    assert solve(longer, stop=MOVES).unserved == ()


def test_a_wider_window_would_do(line):
    problem = line.problem([line.visit("v", 20, window=(0, 12))])
    _, told = remedy(problem, "widen_window")
    assert (told.subject, told.amount) == ("v", 8)
    wider = replace(problem, visits=(line.visit("v", 20, window=(0, 20)),))
    assert solve(wider, stop=MOVES).unserved == ()


def test_a_skill_would_do(line):
    problem = line.problem([line.visit("v", 20, skills=frozenset({"x"}))])
    plan, told = remedy(problem, "add_skill")
    assert (told.subject, told.person) == ("x", "a")
    assert plan.reasons["v"].code == "nobody_skilled"


def test_a_permission_would_do(line):
    problem = line.problem([line.visit("v", 20, forbidden=frozenset({"a"}))])
    plan, told = remedy(problem, "allow_person")
    assert told.subject == "a"
    assert plan.reasons["v"].code == "nobody_allowed"
