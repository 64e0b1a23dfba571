"""Every part of the objective, worked out by hand."""

from __future__ import annotations

import pytest

from wushe_engine.dispatch import Objective, ProblemError, Promise, Series, Stop, check, solve

NOTHING = dict.fromkeys(
    (
        "lateness",
        "lateness_max",
        "continuity",
        "travel",
        "overtime",
        "unfairness",
        "changes",
        "pay",
    ),
    0,
)


def best(problem, iterations=4000):
    plan = solve(problem, stop=Stop(iterations=iterations), seed=3)
    assert check(problem, plan).ok
    return plan


def weights(**parts):
    return Objective(**{**NOTHING, **parts})


def test_the_higher_penalty_is_served(line):
    visits = [
        line.visit("low", 10, window=(50, 50), penalty=5),
        line.visit("high", 12, window=(50, 50), penalty=9),
    ]
    plan = best(line.problem(visits, objective=weights(unserved=7)))
    assert plan.unserved == ("low",)
    assert plan.value.total == 35


def test_a_visit_dearer_than_its_penalty_is_left_out(line):
    plan = best(line.problem([line.visit("v", 50, penalty=99)], objective=weights(travel=1)))
    assert plan.unserved == ("v",)
    assert plan.value.total == 99
    assert plan.reasons["v"].code == "not_worth_it"
    assert plan.reasons["v"].remedies[0].amount == 2


def test_sum_and_largest_lateness(line):
    visits = [
        line.visit("v", 0, window=(0, 0), max_lateness=None),
        line.visit("w", 0, window=(0, 0), max_lateness=None),
        line.visit("x", 0, window=(0, 0), max_lateness=None),
    ]
    plan = best(line.problem(visits, objective=weights(lateness=1, lateness_max=100)))
    assert (plan.value.lateness, plan.value.lateness_max) == (30, 20)
    assert plan.value.total == 2030


def test_the_known_person_comes_unless_it_costs_more(line):
    crowd = [line.person("a", at=10), line.person("b", at=0)]
    known = line.visit("v", 10, preferred={"b": 15})
    plan = best(line.problem([known], crowd, objective=weights(continuity=1, travel=1)))
    assert plan.assignment("v").person == "a"
    assert plan.value.continuity == 15
    assert plan.reasons["v"].usual == "b"
    assert plan.reasons["v"].usual_code == "costlier"
    assert plan.reasons["v"].usual_margin == 5
    dear = line.visit("v", 10, preferred={"b": 25})
    plan = best(line.problem([dear], crowd, objective=weights(continuity=1, travel=1)))
    assert plan.assignment("v").person == "b"


def test_a_series_keeps_one_person(line):
    crowd = [line.person("a", at=0), line.person("b", at=20)]
    visits = [line.visit("v", 0), line.visit("w", 20)]
    apart = weights(travel=1, continuity=1)
    assert best(line.problem(visits, crowd, objective=apart)).value.total == 0
    series = (Series("s", ("v", "w"), points=50),)
    plan = best(line.problem(visits, crowd, objective=apart, series=series))
    assert plan.value.total == 40
    assert plan.value.continuity == 0


def test_overtime_is_weighed_against_travel(line):
    crowd = [line.person("late", at=10, shift=(0, 5), max_overtime=60), line.person("far", at=0)]
    plan = best(line.problem([line.visit("v", 10)], crowd, objective=weights(travel=1, overtime=5)))
    assert plan.assignment("v").person == "far"
    assert plan.value.total == 20


def test_the_load_is_shared(line):
    crowd = [line.person("a"), line.person("b")]
    visits = [line.visit(f"v{number}", 0) for number in range(4)]
    plan = best(line.problem(visits, crowd, objective=weights(unfairness=1)))
    assert [len(route.visits) for route in plan.routes] == [2, 2]
    assert plan.value.total == 0


def test_a_share_can_be_given(line):
    crowd = [line.person("a", fair_share=10), line.person("b", fair_share=30)]
    visits = [line.visit(f"v{number}", 0) for number in range(5)]
    plan = best(line.problem(visits, crowd, objective=weights(unfairness=2)))
    assert plan.value.unfairness == 10
    assert plan.value.total == 20


def test_changes_against_the_published_plan(line):
    crowd = [line.person("a", at=10), line.person("b", at=0)]
    told = {"v": Promise("b", 100)}
    objective = weights(travel=1, changes=19)
    plan = best(line.problem([line.visit("v", 10)], crowd, objective=objective, published=told))
    assert (plan.assignment("v").person, plan.value.changes) == ("a", 1)
    objective = weights(travel=1, changes=21)
    plan = best(line.problem([line.visit("v", 10)], crowd, objective=objective, published=told))
    assert (plan.assignment("v").person, plan.value.changes) == ("b", 0)
    assert plan.assignment("v").start == 100


def test_a_dropped_promise_counts_as_a_change(line):
    told = {"v": Promise("a", 100)}
    objective = weights(travel=1, changes=7)
    visit = line.visit("v", 50, penalty=1)
    plan = best(line.problem([visit], objective=objective, published=told))
    assert plan.value.total == 8


def test_pay_prefers_the_unpaid(line):
    crowd = [line.person("carer", cost_per_unit=3, at=10), line.person("volunteer", at=5)]
    plan = best(line.problem([line.visit("v", 10)], crowd, objective=weights(travel=1, pay=1)))
    assert plan.assignment("v").person == "volunteer"
    assert plan.value.total == 10


def test_lexicographic_ranks():
    ranked = Objective.lexicographic("unserved", "lateness", "travel", step=100)
    assert (ranked.unserved, ranked.lateness, ranked.travel, ranked.pay) == (10_000, 100, 1, 0)
    with pytest.raises(ProblemError, match="no such objective part"):
        Objective.lexicographic("beauty")
    with pytest.raises(ProblemError, match="integer range"):
        Objective.lexicographic("unserved", "lateness", "travel", "pay", "changes", step=10_000)
