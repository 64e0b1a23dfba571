"""Bad input gives an error that names the fault, or an honest partial plan."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from wushe_engine.dispatch import (
    Break,
    ClashError,
    Link,
    LinkKind,
    ProblemError,
    Promise,
    Series,
    Stop,
    Travel,
    check,
    solve,
)

QUICK = Stop(iterations=2000)


def codes(error):
    return {issue.code for issue in error.value.issues}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"duration": -1}, "bad_duration"),
        ({"duration": float("nan")}, "bad_duration"),
        ({"duration": True}, "bad_duration"),
        ({"window": (50, 40)}, "bad_window"),
        ({"window": (-5, 40)}, "bad_window"),
        ({"window": (0, float("nan"))}, "bad_window"),
        ({"penalty": -1}, "bad_amount"),
        ({"penalty": 1.5}, "bad_amount"),
        ({"max_lateness": -1}, "bad_amount"),
        ({"preferred": {"a": -3}}, "bad_amount"),
        ({"place": "nowhere"}, "unknown_place"),
        ({"id": ""}, "bad_id"),
    ],
)
def test_a_malformed_visit_is_named(line, change, code):
    good = line.visit("v", 5)
    with pytest.raises(ProblemError) as error:
        line.problem([replace(good, **change)])
    assert code in codes(error)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"shift": (100, 50)}, "bad_shift"),
        ({"shift": (0, -1)}, "bad_shift"),
        ({"day_limit": -1}, "bad_limit"),
        ({"cost_per_unit": 0.5}, "bad_limit"),
        ({"rest": Break(50, 40, 10)}, "bad_break"),
        ({"start": "nowhere"}, "unknown_place"),
        ({"travel": "rocket"}, "unknown_travel"),
    ],
)
def test_a_malformed_person_is_named(line, change, code):
    with pytest.raises(ProblemError) as error:
        line.problem([line.visit("v", 5)], [replace(line.person("a"), **change)])
    assert code in codes(error)


@pytest.mark.parametrize(
    ("matrix", "code"),
    [
        (np.zeros((2, 2), np.int64), "travel_shape"),
        (np.full((61, 61), np.nan), "travel_not_integer"),
        (np.full((61, 61), -7), "travel_range"),
    ],
)
def test_a_malformed_matrix_is_named(line, matrix, code):
    with pytest.raises(ProblemError) as error:
        line.problem([line.visit("v", 5)], travel=(Travel("default", matrix),))
    assert codes(error) == {code}


def test_all_faults_are_listed_at_once(line):
    bad = [line.visit("v", 5, -1), line.visit("v", 5, window=(9, 3))]
    with pytest.raises(ProblemError) as error:
        line.problem(bad)
    assert codes(error) == {"duplicate_id", "bad_duration", "bad_window"}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"links": (Link("v", "ghost"),)}, "unknown_visit"),
        ({"links": (Link("v", "w"), Link("w", "v"))}, "linked_twice"),
        ({"links": (Link("v", "w", LinkKind.SEQUENCE, 9, 3),)}, "bad_gap"),
        ({"links": (Link("v", "w", LinkKind.SIMULTANEOUS, 0, 3),)}, "bad_gap"),
        ({"series": (Series("s", ("ghost",)),)}, "unknown_visit"),
        ({"series": (Series("s", ("v", "v")),)}, "series_twice"),
        ({"published": {"ghost": Promise("a", 3)}}, "bad_promise"),
    ],
)
def test_malformed_ties_are_named(line, more, code):
    with pytest.raises(ProblemError) as error:
        line.problem([line.visit("v", 5), line.visit("w", 6)], **more)
    assert code in codes(error)


def test_weights_beyond_the_integer_range_are_refused(line):
    from wushe_engine.dispatch import Objective

    with pytest.raises(ProblemError) as error:
        line.problem([line.visit("v", 5, penalty=10**12)], objective=Objective(unserved=10**12))
    assert codes(error) == {"objective_range"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"locked_person": "ghost"}, "lock_unknown_person"),
        ({"locked_person": "a", "skills": frozenset({"x"})}, "lock_without_skill"),
        ({"locked_person": "a", "forbidden": frozenset({"a"})}, "lock_not_allowed"),
        ({"locked_start": 481}, "lock_outside_window"),
    ],
)
def test_a_lock_that_clashes_is_named(line, changes, code):
    with pytest.raises(ClashError) as error:
        solve(line.problem([line.visit("v", 5, **changes)]), stop=QUICK)
    assert codes(error) == {code}
    assert "'v'" in str(error.value)


def test_locks_that_overlap_are_named(line):
    visits = [
        line.visit("v", 5, locked_person="a", locked_start=100),
        line.visit("w", 25, locked_person="a", locked_start=120),
    ]
    with pytest.raises(ClashError) as error:
        solve(line.problem(visits), stop=QUICK)
    assert error.value.issues[0].subjects == ("v", "w", "a")


def test_a_linked_pair_locked_to_one_person_is_named(line):
    visits = [line.visit(name, 5, locked_person="a") for name in "vw"]
    crowd = [line.person("a"), line.person("b")]
    with pytest.raises(ClashError) as error:
        solve(line.problem(visits, crowd, links=(Link("v", "w"),)), stop=QUICK)
    assert codes(error) == {"link_same_person"}


def test_nobody_at_all(line):
    problem = line.problem([line.visit("v", 5), line.visit("w", 6)], [])
    plan = solve(problem, stop=QUICK)
    assert plan.unserved == ("v", "w")
    assert check(problem, plan).ok
    assert plan.reasons["v"].code == "nobody_skilled"


def test_nothing_to_do(line):
    problem = line.problem([])
    plan = solve(problem, stop=QUICK)
    assert plan.value.total == 0
    assert check(problem, plan).ok


def test_one_person_with_five_hundred_visits(line):
    visits = [line.visit(f"v{number}", number % 60, 5, penalty=100) for number in range(500)]
    problem = line.problem(visits)
    plan = solve(problem, stop=Stop(iterations=50_000), reasons=False)
    assert check(problem, plan).ok
    served = len(plan.routes[0].visits)
    assert served + len(plan.unserved) == 500
    assert 60 <= served <= 96  # 480 minutes hold 96 visits of five minutes, less the way


@pytest.mark.parametrize("stop", [Stop(), Stop(iterations=-1), Stop(seconds=float("nan"))])
def test_a_stop_without_limit_is_refused(line, stop):
    with pytest.raises(ProblemError):
        solve(line.problem([line.visit("v", 5)]), stop=stop)


def test_problems_and_errors_travel_between_processes(line):
    problem = line.problem([line.visit("v", 5)])
    assert pickle.loads(pickle.dumps(problem)) == problem
    with pytest.raises(ClashError) as error:
        solve(line.problem([line.visit("v", 5, locked_person="ghost")]), stop=QUICK)
    assert pickle.loads(pickle.dumps(error.value)).issues == error.value.issues


def test_check_names_every_fault_of_a_spoilt_plan(line):
    visits = [line.visit("v", 10, window=(0, 20)), line.visit("w", 20, window=(50, 60))]
    problem = line.problem(visits)
    plan = solve(problem, stop=QUICK)
    route = plan.routes[0]
    early = replace(route.visits[1], start=10, end=20)
    spoilt = replace(plan, routes=(replace(route, visits=(route.visits[0], early)),))
    found = {fault.code for fault in check(problem, spoilt).faults}
    assert {"too_early", "no_time"} <= found
    twice = replace(plan, unserved=("v",))
    assert {fault.code for fault in check(problem, twice).faults} == {"not_once"}
    lying = replace(plan, value=replace(plan.value, travel=0))
    assert {fault.code for fault in check(problem, lying).faults} == {"wrong_value"}
