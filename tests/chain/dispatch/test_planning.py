"""A day as a problem: a tiny day with its best plan known by hand, no names, and every plan replayed exactly."""

import json
from datetime import date, timedelta
from random import Random

import pytest
from wushe_engine.dispatch import check

from tests.factories import dispatch, orders, people, workforce
from tests.factories.cast import actor_of, world
from tests.factories.catalogue import BATH, CLEANING, MORNING, VISIT
from tests.factories.places import CENTRE, COMMUNITY, NOON, STREET, TODAY
from wushe.chain.dispatch import planning
from wushe.chain.dispatch.facts import DayFacts, read_day
from wushe.chain.dispatch.models import Appointment
from wushe.chain.dispatch.planning.archive import pack_plan, unpack_problem
from wushe.chain.dispatch.rules import rules_for
from wushe.chain.dispatch.services import propose_plan
from wushe.chain.dispatch.travel import matrix_between, metres_between, minutes_between
from wushe.registers.people.models import Person
from wushe.registers.workforce.models import Worker

pytestmark = pytest.mark.django_db

TOMORROW = TODAY + timedelta(days=1)
KM_NORTH = 1 / 111.195
"""Degrees of latitude in a kilometre on the sphere that travel is measured on."""


def neighbour_at(name: str, kilometres: float) -> Person:
    return people.person(name, home=people.household(latitude=CENTRE[1] + kilometres * KM_NORTH))


def day(day_: date = TOMORROW) -> DayFacts:
    return read_day(area_code=STREET, day=day_)


def test_a_way_is_the_straight_line_with_detours_and_parking() -> None:
    world()
    rules = rules_for(area_code=COMMUNITY, day=TODAY)
    there = (CENTRE[0], CENTRE[1] + 2 * KM_NORTH)
    assert metres_between(CENTRE, there) == 2000
    # 2,700 m by detours: at 1.2 m/s 2,250 s, at 4.17 m/s 647.5 s and 5 minutes of parking
    assert minutes_between(CENTRE, there, mode="walk", rules=rules) == 38
    assert minutes_between(CENTRE, there, mode="ebike", rules=rules) == 11 + 5
    assert minutes_between(CENTRE, CENTRE, mode="ebike", rules=rules) == 0


def test_the_table_of_ways_is_made_of_single_ways() -> None:
    world()
    rules, dice = rules_for(area_code=COMMUNITY, day=TODAY), Random(4)
    points = [(CENTRE[0] + dice.gauss(0, 0.02), CENTRE[1] + dice.gauss(0, 0.02)) for _ in range(25)]
    points += [points[3], (points[4][0], points[4][1] + 0.0002)]
    for mode in ("walk", "ebike"):
        table = matrix_between(points, homes=10, mode=mode, rules=rules)
        assert table.tolist() == [
            [
                0 if i == j else minutes_between(a, b, mode=mode, rules=rules) + (rules.buffer if j >= 10 else 0)
                for j, b in enumerate(points)
            ]
            for i, a in enumerate(points)
        ]
    assert matrix_between([], homes=0, mode="walk", rules=rules).shape == (0, 0)


def test_the_best_plan_of_a_tiny_day_is_found() -> None:
    """Two carers at home 4 km apart, each with a neighbour due at nine: crossing over would cost 2 × 25 minutes more.

    The near visits cost each carer the way there and back: 0 minutes of ride, 5 of buffer. Both are served by the
    one who lives beside, on time, and nobody knows anybody.
    """
    w = world()
    far = workforce.worker("远处护理", organisation=w.organisation, latitude=CENTRE[1] + 4 * KM_NORTH)
    Worker.objects.filter(pk=w.second_carer.pk).update(ends_on=TODAY)
    near_order = orders.accepted(neighbour_at("近邻", 0), w.organisation, starts_on=TOMORROW, window=(540, 541))
    far_order = orders.accepted(neighbour_at("远邻", 4), w.organisation, starts_on=TOMORROW, window=(540, 541))
    plan = propose_plan(actor=actor_of("dispatcher"), at=NOON, area_code=STREET, day=TOMORROW, seed=1, seconds=1)
    rows = {order.pk: Appointment.objects.get(order=order).pk for order in (near_order, far_order)}
    given = {v["visit"]: (v["person"], v["start"]) for r in plan.solution["routes"] for v in r["visits"]}
    assert given == {
        f"a{rows[near_order.pk]}": (f"w{w.carer.pk}", 540),
        f"a{rows[far_order.pk]}": (f"w{far.pk}", 540),
    }
    assert plan.summary["travel"] == 10
    assert (plan.summary["served"], plan.summary["left_out"], plan.summary["lateness"]) == (2, 0, 0)


def test_who_may_come() -> None:
    """A carer of the order's organisation with valid skills; a free volunteer where the item allows one; never kin."""
    w = world()
    orders_ = {
        "morning": orders.accepted(w.elder, w.organisation, code=MORNING, starts_on=TOMORROW),
        "visit": orders.accepted(w.daughter, w.organisation, code=VISIT, starts_on=TOMORROW),
    }
    dispatch.opened(orders_["morning"], until=TOMORROW)
    dispatch.opened(orders_["visit"], until=TOMORROW)
    problem = planning.build_problem(day())
    volunteer = Worker.objects.get(person__name="孙立")
    visits = {v.id: v for v in problem.visits}
    morning = visits[f"a{Appointment.objects.get(order=orders_['morning']).pk}"]
    talk = visits[f"a{Appointment.objects.get(order=orders_['visit']).pk}"]
    carers = {f"w{w.carer.pk}", f"w{w.second_carer.pk}"}
    assert morning.allowed == carers
    assert f"w{volunteer.pk}" in talk.allowed
    assert f"w{w.third_carer.pk}" not in (morning.allowed | talk.allowed)


def test_relatives_never_serve_and_familiar_people_are_preferred() -> None:
    w = world()
    people.relation(w.elder, w.carer.person)
    past = orders.accepted(w.elder, w.organisation, starts_on=TODAY)
    kept = dispatch.confirmed(past, w.second_carer, 540)
    Appointment.objects.filter(pk=kept.pk).update(state="kept")
    dispatch.opened(orders.accepted(w.elder, w.organisation, starts_on=TOMORROW), until=TOMORROW)
    problem = planning.build_problem(day())
    (visit,) = problem.visits
    assert visit.forbidden == {f"w{w.carer.pk}"}
    assert visit.preferred == {f"w{w.second_carer.pk}": 45}
    assert problem.person(f"w{w.second_carer.pk}").week_left == 2400 - 120


def test_expired_skills_and_absences_count() -> None:
    w = world()
    w.carer.skills.update(valid_until=TODAY)
    w.second_carer.absences.create(starts_on=TOMORROW, ends_on=TOMORROW, reason="sick")
    dispatch.opened(orders.accepted(w.elder, w.organisation, starts_on=TOMORROW), until=TOMORROW)
    plan = propose_plan(actor=actor_of("dispatcher"), at=NOON, area_code=STREET, day=TOMORROW, seed=1, seconds=1)
    assert plan.summary["left_out"] == 1
    (reason,) = plan.solution["reasons"].values()
    assert reason["person"] is None


def test_two_people_come_together() -> None:
    w = world()
    orders.accepted(w.elder, w.organisation, code=BATH, starts_on=TOMORROW)
    plan = propose_plan(actor=actor_of("dispatcher"), at=NOON, area_code=STREET, day=TOMORROW, seed=1, seconds=1)
    given = [v for r in plan.solution["routes"] for v in r["visits"]]
    assert {v["person"] for v in given} == {f"w{w.carer.pk}", f"w{w.second_carer.pk}"}
    assert len({v["start"] for v in given}) == 1


def a_street_day(count: int = 12) -> None:
    w = world()
    for number in range(count):
        person = neighbour_at(f"老人{number}", (number % 5) * 0.7)
        code = BATH if number % 6 == 0 else CLEANING
        start = 480 + number * 37 % 420
        orders.accepted(person, w.organisation, code=code, starts_on=TOMORROW, window=(start, start + 60))


def test_every_proposal_passes_the_check_and_is_replayed_exactly() -> None:
    a_street_day()
    for seed in (1, 2):
        plan = propose_plan(actor=actor_of("dispatcher"), at=NOON, area_code=STREET, day=TOMORROW, seed=seed, seconds=1)
        plan.refresh_from_db()
        again = planning.replay(plan.problem, seed=plan.seed)
        assert again == plan.solution
        problem = unpack_problem(plan.problem)
        assert plan.summary["served"] > 0
        routes = {r["person"]: [v["visit"] for v in r["visits"]] for r in plan.solution["routes"]}
        assert sum(map(len, routes.values())) + len(plan.solution["unserved"]) == len(problem.visits)


def test_a_published_day_laid_out_again_passes_the_check() -> None:
    """What `judge` and `mend` see as the standing day is the day that the engine planned."""
    from wushe.chain.dispatch.services import confirm_plan

    a_street_day()
    actor = actor_of("dispatcher")
    plan = propose_plan(actor=actor, at=NOON, area_code=STREET, day=TOMORROW, seed=1, seconds=1)
    confirm_plan(actor=actor, at=NOON, plan_id=plan.pk)
    facts = day()
    problem = planning.build_problem(facts)
    report = check(problem, planning.published_plan(facts, problem))
    assert report.faults == ()
    assert report.value.travel == plan.summary["travel"]
    assert pack_plan(planning.published_plan(facts, problem))["unserved"] == plan.solution["unserved"]


def test_a_plan_holds_no_personal_data() -> None:
    a_street_day(3)
    plan = propose_plan(actor=actor_of("dispatcher"), at=NOON, area_code=STREET, day=TOMORROW, seed=1, seconds=1)
    text = json.dumps([plan.problem, plan.solution, plan.summary], ensure_ascii=False)
    assert "老人" not in text
    assert "周敏" not in text
    assert str(CENTRE[1]) not in text
    assert COMMUNITY not in text
