"""Small matchings whose answers are computed by hand, one for each rule."""

from __future__ import annotations

import pytest

from wushe_engine.matching import (
    Ban,
    MatchInputError,
    MatchProblem,
    MatchStop,
    Need,
    Pin,
    Provider,
    Role,
    Rules,
    Tie,
    check_match,
    match,
)

FLAT = Rules(points_per_km=0)


def pairs(problem, **options):
    found = match(problem, **options)
    assert check_match(problem, found).ok, check_match(problem, found).faults
    roles = problem.vocabulary.roles
    chosen = {
        (
            problem.need_ids[problem.line_need[line]],
            roles[problem.line_role[line]],
            problem.provider_ids[provider],
        )
        for line, provider in zip(found.line, found.provider, strict=True)
    }
    return chosen, found


def test_the_sum_of_ways_counts_not_the_first_come():
    # a at 0 could take p (0 m), but then b (900 m) walks 2,100 m to q; crossed: 100 m + 900 m
    problem = MatchProblem.of(
        [Need("a", place=(1000, 0)), Need("b", place=(1900, 0))],
        [Provider("p", place=(1000, 0)), Provider("q", place=(900, 0))],
        rules=Rules(points_per_km=100),
    )
    chosen, found = pairs(problem)
    assert chosen == {("a", "helper", "q"), ("b", "helper", "p")}
    assert found.value == (1000 - 10) + (1000 - 90)
    assert found.gap == 0


@pytest.mark.parametrize(
    ("need", "provider"),
    [
        (Need("a", (Role(skills=frozenset({"lift"})),)), Provider("p")),
        (Need("a", (Role("driver"),)), Provider("p")),
        (Need("a", place=(0, 0)), Provider("p", place=(501, 0), reach=500)),
        (Need("a", slots=frozenset({"mon"})), Provider("p", slots=frozenset({"tue"}))),
        (Need("a", languages=frozenset({"yue"})), Provider("p")),
        (Need("a", category="meal"), Provider("p", categories=frozenset({"wish"}))),
        (Need("a"), Provider("p", communities=frozenset({"east"}))),
        (Need("a"), Provider("p", places=0)),
        (Need("a", (Role(amount=61),)), Provider("p", stock=60)),
        (Need("a", (Role(points=50),)), Provider("p", cost=50)),
        (Need("a", (Role(count=2),)), Provider("p", places=2)),
    ],
)
def test_a_pair_that_breaks_a_rule_is_not_made(need, provider):
    chosen, found = pairs(MatchProblem.of([need], [provider]))
    assert chosen == set()
    assert found.value == 0
    assert found.gap == 0


def test_a_team_comes_whole_or_not_at_all():
    team = Need("team", (Role("worker", points=10), Role("helper", count=2, points=10)))
    single = Need("single", (Role("helper", points=25),))
    people = [Provider("w", roles=frozenset({"worker"})), Provider("h1"), Provider("h2")]
    chosen, found = pairs(MatchProblem.of([team, single], people, rules=FLAT))
    # the team is worth 30, the single 25, and both want one of two helpers
    assert found.value == 30
    assert {need for need, _, _ in chosen} == {"team"}
    chosen, found = pairs(MatchProblem.of([team, single], people[:2], rules=FLAT))
    assert chosen == {("single", "helper", "h1")}


def test_a_cap_on_minutes_is_kept():
    needs = [
        Need(f"n{i}", (Role(points=p, amount=a),))
        for i, (p, a) in enumerate([(60, 50), (50, 40), (40, 40)])
    ]
    chosen, found = pairs(MatchProblem.of(needs, [Provider("p", places=3, stock=80)], rules=FLAT))
    assert found.value == 90  # 50 + 40 in 80 minutes beats 60 in 50
    assert {need for need, _, _ in chosen} == {"n1", "n2"}


def test_a_slot_is_used_once_and_a_team_meets_at_one_time():
    rules = Rules(points_per_km=0, one_at_a_time=True)
    needs = [Need(n, slots=frozenset({"mon"})) for n in "ab"]
    person = Provider("p", places=2, slots=frozenset({"mon", "tue"}))
    assert pairs(MatchProblem.of(needs, [person], rules=rules))[1].value == 1000
    team = Need("t", (Role(count=2),))
    early = Provider("e", slots=frozenset({"mon"}))
    late = Provider("l", slots=frozenset({"tue"}))
    both = Provider("b", slots=frozenset({"mon", "tue"}))
    assert pairs(MatchProblem.of([team], [early, late], rules=rules))[1].value == 0
    assert pairs(MatchProblem.of([team], [early, both], rules=rules))[1].value == 2000


def test_load_is_shared_and_communities_are_balanced():
    needs = [Need(f"n{i}") for i in range(4)]
    people = [Provider(p, places=4) for p in "pq"]
    rules = Rules(points_per_km=0, load_points=40)
    chosen, found = pairs(MatchProblem.of(needs, people, rules=rules))
    assert sorted(who for _, _, who in chosen) == ["p", "p", "q", "q"]
    assert found.value == 4000 - 10 - 10
    needs = [Need("e1", community="e"), Need("e2", community="e"), Need("w1", community="w")]
    needs += [Need("w2", community="w")]
    rules = Rules(points_per_km=0, balance_points=100)
    chosen, found = pairs(MatchProblem.of(needs, [Provider("p", places=2)], rules=rules))
    assert {need[0] for need, _, _ in chosen} == {"e", "w"}
    assert found.value == 2000 + 50 + 50


def test_ties_bans_and_pins_are_kept():
    needs, people = [Need("a"), Need("b")], [Provider("p"), Provider("q")]
    tie, ban = Tie("a", "q", 30), Ban("b", "p")
    chosen, found = pairs(MatchProblem.of(needs, people, ties=[tie], rules=FLAT))
    assert ("a", "helper", "q") in chosen
    assert found.value == 2030
    chosen, found = pairs(MatchProblem.of(needs, people, ties=[tie], bans=[ban], rules=FLAT))
    assert chosen == {("a", "helper", "p"), ("b", "helper", "q")}
    pin = Pin("a", "helper", "p")
    chosen, found = pairs(MatchProblem.of(needs, people, ties=[tie], pins=[pin], rules=FLAT))
    assert chosen == {("a", "helper", "p"), ("b", "helper", "q")}
    assert found.value == 2000


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"needs": [Need("a"), Need("a")]}, "need 'a' is given twice"),
        ({"needs": [Need("a", ())]}, "at least one role"),
        ({"needs": [Need("a", (Role(count=0),))]}, "line_count is 0"),
        ({"needs": [Need("a", (Role(points=float("nan")),))]}, "must be a whole number, got nan"),
        ({"needs": [Need("a", place=(0.5, 1))]}, "place must be a whole number"),
        ({"providers": [Provider("p", stock=-1)]}, "stock is -1"),
        ({"providers": [Provider("p", places=-1)]}, "provider_places is -1"),
        ({"providers": [Provider("p", place=(10**15, 0))]}, "provider_place"),
        ({"ties": [Tie("a", "nobody", 1)]}, "provider 'nobody' is unknown"),
        ({"bans": [Ban("z", "p")]}, "need 'z' is unknown"),
        ({"pins": [Pin("a", "driver", "p")]}, "has no role 'driver'"),
        ({"pins": [Pin("a", "helper", "p")], "bans": [Ban("a", "p")]}, "also banned"),
        ({"pins": [Pin("a", "helper", "p")] * 2}, "pinned twice"),
        ({"rules": Rules(candidates=0)}, "candidates is 0"),
    ],
)
def test_bad_input_is_refused_by_name(changes, said):
    given = {"needs": [Need("a")], "providers": [Provider("p")]} | changes
    with pytest.raises(MatchInputError) as caught:
        MatchProblem.of(given.pop("needs"), given.pop("providers"), **given)
    assert said in str(caught.value)


def test_nobody_and_nothing_give_an_empty_match():
    for needs, people in (([], []), ([Need("a")], []), ([], [Provider("p")])):
        chosen, found = pairs(MatchProblem.of(needs, people))
        assert (chosen, found.value, found.bound) == (set(), 0, 0)


@pytest.mark.parametrize("solver", ["exact", "haggling"])
def test_same_seed_same_match_and_order_of_input_changes_no_value(solver):
    from tiny import random_tiny

    stop = MatchStop(exact_pairs=20_000 if solver == "exact" else -1)
    for seed in range(40):
        tiny = random_tiny(seed)
        first, again = (match(tiny.problem(), seed=7, stop=stop) for _ in range(2))
        assert first.line.tolist() == again.line.tolist()
        assert first.provider.tolist() == again.provider.tolist()
        if solver == "exact":
            tiny.needs.reverse()
            tiny.providers.reverse()
            assert match(tiny.problem(), seed=7, stop=stop).value == first.value


def test_a_wrong_match_is_found_out():
    from dataclasses import replace

    import numpy as np

    problem = MatchProblem.of([Need("a"), Need("b")], [Provider("p"), Provider("q")], rules=FLAT)
    found = match(problem)
    double = replace(found, provider=np.array([0, 0]))
    assert any("2 pairs, 1 places" in fault for fault in check_match(problem, double).faults)
    proud = replace(found, value=found.value + 1)
    assert "value is 2000, not 2001" in check_match(problem, proud).faults
    humble = replace(found, bound=found.value - 1)
    assert "value 2000 exceeds the bound 1999" in check_match(problem, humble).faults
