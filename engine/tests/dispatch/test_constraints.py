"""Every rule on days small enough to work out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from wushe_engine.dispatch import Break, Link, LinkKind, Promise, Stop, Travel, check, solve

QUICK = Stop(iterations=3000)


def planned(problem):
    plan = solve(problem, stop=QUICK, seed=1)
    report = check(problem, plan)
    assert report.ok, report.faults
    return plan


def starts(plan):
    return {given.visit: given.start for route in plan.routes for given in route.visits}


def people(plan):
    return {given.visit: given.person for route in plan.routes for given in route.visits}


def test_the_nearest_order_is_found(line):
    plan = planned(line.problem([line.visit("far", 20), line.visit("near", 5)]))
    assert plan.value.travel == 40
    assert plan.value.total == 40


def test_a_visit_waits_for_its_window(line):
    plan = planned(line.problem([line.visit("v", 5, window=(100, 110))]))
    assert starts(plan) == {"v": 100}
    assert plan.route("a").departure == 95
    assert plan.route("a").finish == 115


def test_a_hard_window_that_cannot_be_met_leaves_the_visit_out(line):
    plan = planned(line.problem([line.visit("v", 20, window=(0, 19))]))
    assert plan.unserved == ("v",)
    assert plan.value.unserved == 10_000


def test_a_soft_window_costs_lateness(line):
    plan = planned(line.problem([line.visit("v", 20, window=(0, 15), max_lateness=5)]))
    assert plan.value.lateness == 5
    assert plan.value.total == 10 * 5 + 40


def test_lateness_beyond_its_limit_is_impossible(line):
    plan = planned(line.problem([line.visit("v", 20, window=(0, 15), max_lateness=4)]))
    assert plan.unserved == ("v",)


def test_the_skill_decides(line):
    crowd = [line.person("near", at=10), line.person("nurse", at=0, skills={"wound": None})]
    plan = planned(line.problem([line.visit("v", 10, skills=frozenset({"wound"}))], crowd))
    assert people(plan) == {"v": "nurse"}


@pytest.mark.parametrize(("expires", "served"), [(8, False), (9, True), (None, True)])
def test_a_skill_is_valid_until_its_last_day(line, expires, served):
    crowd = [line.person("a", skills={"wound": expires})]
    visit = line.visit("v", 10, skills=frozenset({"wound"}))
    plan = planned(line.problem([visit], crowd, day=9))
    assert bool(people(plan)) is served


def test_forbidden_and_allowed_people(line):
    crowd = [line.person("a", at=5), line.person("b", at=0), line.person("c", at=1)]
    visits = [
        line.visit("v", 5, forbidden=frozenset({"a"})),
        line.visit("w", 5, allowed=frozenset({"b"})),
    ]
    plan = planned(line.problem(visits, crowd))
    assert people(plan)["v"] in {"b", "c"}
    assert people(plan)["w"] == "b"


def test_locks_stay(line):
    crowd = [line.person("a", at=5), line.person("b", at=0)]
    visit = line.visit("v", 5, locked_person="b", locked_start=77)
    plan = planned(line.problem([visit], crowd))
    assert (people(plan), starts(plan)) == ({"v": "b"}, {"v": 77})


def test_two_people_start_together(line):
    crowd = [line.person("a", at=0), line.person("b", at=30)]
    visits = [line.visit("v1", 10), line.visit("v2", 10)]
    plan = planned(line.problem(visits, crowd, links=(Link("v1", "v2"),)))
    assert starts(plan) == {"v1": 20, "v2": 20}
    assert set(people(plan).values()) == {"a", "b"}


def test_a_second_person_comes_within_the_gap(line):
    crowd = [line.person("a", at=0), line.person("b", at=60)]
    visits = [
        line.visit("v1", 0, skills=frozenset({"x"})),
        line.visit("v2", 0, skills=frozenset({"y"})),
    ]
    crowd = [line.person("a", skills={"x": None}), line.person("b", at=60, skills={"y": None})]
    link = Link("v1", "v2", LinkKind.SEQUENCE, 20, 30)
    plan = planned(line.problem(visits, crowd, links=(link,)))
    assert starts(plan) == {"v1": 30, "v2": 60}


def test_a_linked_visit_needs_two_different_people(line):
    visits = [line.visit("v1", 10), line.visit("v2", 10)]
    plan = planned(line.problem(visits, links=(Link("v1", "v2"),)))
    assert plan.unserved == ("v1", "v2")


def test_the_shift_end_is_hard_without_overtime(line):
    plan = planned(line.problem([line.visit("v", 20)], [line.person("a", shift=(0, 49))]))
    assert plan.unserved == ("v",)
    plan = planned(line.problem([line.visit("v", 20)], [line.person("a", shift=(0, 50))]))
    assert plan.unserved == ()


def test_overtime_within_its_limit_costs(line):
    crowd = [line.person("a", shift=(0, 45), max_overtime=5)]
    plan = planned(line.problem([line.visit("v", 20)], crowd))
    assert plan.value.overtime == 5
    assert plan.value.total == 40 + 5 * 5


@pytest.mark.parametrize("cap", ["day_limit", "week_left"])
@pytest.mark.parametrize(("limit", "served"), [(49, False), (50, True)])
def test_working_time_is_capped(line, cap, limit, served):
    crowd = [line.person("a", **{cap: limit})]
    plan = planned(line.problem([line.visit("v", 20)], crowd))
    assert (plan.unserved == ()) is served


def test_the_load_is_capped(line):
    visits = [line.visit("v", 10, load=3), line.visit("w", 10, load=3)]
    plan = planned(line.problem(visits, [line.person("a", capacity=5)]))
    assert len(plan.unserved) == 1


def test_the_break_is_taken_at_the_last_chance(line):
    crowd = [line.person("a", rest=Break(60, 89, 30))]
    visits = [line.visit("v", 10, window=(50, 50)), line.visit("w", 10, 20, window=(70, 400))]
    plan = planned(line.problem(visits, crowd))
    assert plan.route("a").break_start == 60
    assert starts(plan) == {"v": 50, "w": 90}


def test_the_break_falls_into_a_wait(line):
    crowd = [line.person("a", rest=Break(60, 90, 30))]
    visits = [line.visit("v", 10, window=(50, 50)), line.visit("w", 20, window=(120, 120))]
    plan = planned(line.problem(visits, crowd))
    assert plan.route("a").break_start == 70
    assert plan.value.total == 40


def test_no_break_is_owed_when_home_before_it(line):
    crowd = [line.person("a", rest=Break(60, 90, 30))]
    plan = planned(line.problem([line.visit("v", 10, window=(50, 50))], crowd))
    assert plan.route("a").break_start is None
    assert plan.route("a").finish == 70


def test_a_visit_in_the_way_of_the_break_is_left_out(line):
    crowd = [line.person("a", rest=Break(60, 60, 30))]
    visits = [line.visit("v", 10, 20, window=(50, 50))]
    plan = planned(line.problem(visits, crowd))
    assert plan.unserved == ("v",)


def test_each_person_moves_at_their_own_speed(line):
    matrix = np.array([[0, 30], [30, 0]])
    ways = (Travel("walk", matrix), Travel("bike", matrix // 3))
    base = line.problem([line.visit("v", 1, window=(0, 10))], length=1)
    crowd = [line.person("w", travel="walk"), line.person("b", travel="bike")]
    problem = line.problem([base.visits[0]], crowd, length=1, travel=ways)
    plan = planned(problem)
    assert people(plan) == {"v": "b"}
    assert plan.value.travel == 20


def test_an_unreachable_place_is_left_out(line):
    matrix = np.array([[0, -1, 5], [-1, 0, -1], [5, -1, 0]])
    visits = [line.visit("island", 1), line.visit("town", 2)]
    problem = line.problem(visits, length=2, travel=(Travel("default", matrix),))
    plan = planned(problem)
    assert plan.unserved == ("island",)


def test_nobody_comes_earlier_than_published(line):
    problem = line.problem(
        [line.visit("v", 10)], published={"v": Promise("a", 200)}, change_tolerance=15
    )
    assert starts(planned(problem)) == {"v": 185}


def test_start_and_end_may_differ(line):
    from wushe_engine.dispatch import Person

    person = Person("a", "0", "30", (0, 480))
    plan = planned(line.problem([line.visit("v", 10)], [person]))
    assert plan.value.travel == 30
