"""Reasons are true: when the alternative is forced, at least the stated margin is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tiny import random_tiny

from wushe_engine.matching import Explainer, MatchProblem, Need, Pin, Provider, Role, Rules, explain
from wushe_engine.matching import match as match_problem


def test_forcing_the_runner_up_loses_at_least_the_margin():
    tried = 0
    for seed in range(250):
        tiny = random_tiny(seed, plain=True)
        tiny.needs = [replace(need, whole=False) for need in tiny.needs]
        tiny.rules = replace(tiny.rules, one_at_a_time=False)
        problem = tiny.problem()
        found = match_problem(problem)
        explainer = Explainer(problem, found)
        for need in tiny.needs:
            for reason in explainer.explain(need.id):
                if reason.provider is None or reason.runner_up is None:
                    continue
                tiny.pins = [Pin(need.id, reason.role, reason.runner_up)]
                forced = match_problem(tiny.problem())
                tiny.pins = []
                assert forced.value <= found.value - reason.margin, (seed, reason)
                tried += reason.margin > 0
    assert tried > 30


def test_one_more_place_is_worth_at_most_what_is_said():
    for seed in range(100):
        tiny = random_tiny(seed, plain=True)
        tiny.rules = replace(tiny.rules, load_points=0)
        problem = tiny.problem()
        found = match_problem(problem)
        for at, person in enumerate(tiny.providers):
            if person.places == 0:
                continue
            worth = Explainer(problem, found).worth(person.id)
            tiny.providers[at] = replace(person, places=person.places + 1)
            more = match_problem(tiny.problem()).value
            tiny.providers[at] = person
            assert more <= found.bound + worth.next_place + 1e-6, (seed, person)


@pytest.mark.parametrize(
    ("need", "people", "code", "remedy"),
    [
        (Need("a", (Role(skills=frozenset({"x"})),)), [Provider("p")], "nobody_able", "skill"),
        (Need("a", place=(0, 0)), [Provider("p", place=(700, 0), reach=500)], "too_far", "reach"),
        (
            Need("a", slots=frozenset({"mon"})),
            [Provider("p", slots=frozenset({"tue"}))],
            "slot",
            "slot",
        ),
        (Need("a", languages=frozenset({"yue"})), [Provider("p")], "language", "language"),
        (
            Need("a", category="meal"),
            [Provider("p", categories=frozenset({"wish"}))],
            "category",
            "category",
        ),
        (Need("a", (Role(points=10),)), [Provider("p", cost=30)], "not_worth_it", "points"),
        (Need("a", (Role(count=2),)), [Provider("p")], "team_incomplete", "role"),
    ],
)
def test_an_unmet_need_is_told_what_it_lacks(need, people, code, remedy):
    problem = MatchProblem.of([need], people)
    (reason,) = explain(problem, match_problem(problem), "a")
    assert reason.code == code
    assert remedy in [each.kind for each in reason.remedies]


def test_the_metres_missing_are_exact():
    problem = MatchProblem.of([Need("a", place=(0, 0))], [Provider("p", place=(700, 0), reach=500)])
    (reason,) = explain(problem, match_problem(problem), "a")
    assert [(each.kind, each.provider, each.amount) for each in reason.remedies] == [
        ("reach", "p", 200)
    ]


def test_a_need_crowded_out_is_told_the_points_lacking():
    needs = [Need("poor", (Role(points=100),)), Need("rich", (Role(points=300),))]
    problem = MatchProblem.of(needs, [Provider("p")], rules=Rules(points_per_km=0))
    (reason,) = explain(problem, match_problem(problem), "poor")
    assert reason.code == "all_taken"
    assert ("place", "p", 1) in [
        (each.kind, each.provider, each.amount) for each in reason.remedies
    ]
    points = next(each.amount for each in reason.remedies if each.kind == "points")
    assert 1 <= points <= 200
    with pytest.raises(KeyError):
        explain(problem, match_problem(problem), "nobody")
