"""Funds, stable and online matching."""

from __future__ import annotations

import random
from itertools import product

import pytest

from wushe_engine.matching import (
    FundProblem,
    FundUse,
    MatchInputError,
    MatchProblem,
    Need,
    OnlineMatcher,
    Provider,
    Role,
    Rules,
    Source,
    Tie,
    allocate,
    check_allocation,
    check_match,
    match,
    match_stably,
)
from wushe_engine.matching.online import reserve_prices


def test_earmarked_money_goes_first_and_rules_are_kept_to_the_fen():
    uses = (
        FundUse("meals", 10_001, 1000, "meal"),
        FundUse("wishes", 5_000, 1000, "wish"),
        FundUse("lift", 9_000, 1, "home", whole=True),
    )
    sources = (
        Source("lottery", 12_000, categories=frozenset({"meal"})),
        Source("free", 6_000, keep=1),
    )
    found = allocate(FundProblem(uses, sources))
    assert check_allocation(FundProblem(uses, sources), found) == ()
    assert sorted(found.payments) == [("meals", "lottery", 10_001), ("wishes", "free", 5_000)]
    assert found.value == 2_000_000 - 50
    assert found.gap < 1e-5


def test_whole_uses_against_every_choice():
    for seed in range(150):
        rng = random.Random(seed)
        uses = tuple(
            FundUse(
                f"u{i}", rng.randint(1, 9) * 100, rng.randint(1, 9), rng.choice("ab"), None, True
            )
            for i in range(4)
        )
        sources = (
            Source("s", rng.randint(3, 15) * 100, categories=frozenset("a")),
            Source("t", rng.randint(0, 12) * 100),
        )
        best = 0
        for chosen in product((0, 1), repeat=4):
            wanted = dict.fromkeys("ab", 0)
            for use, taken in zip(uses, chosen, strict=True):
                wanted[use.category] += taken * use.amount
            rest = max(0, wanted["a"] - sources[0].budget) + wanted["b"]
            if rest <= sources[1].budget:
                points = sum(u.points for u, taken in zip(uses, chosen, strict=True) if taken)
                best = max(best, points * 1000)
        problem = FundProblem(uses, sources)
        found = allocate(problem)
        assert check_allocation(problem, found) == (), seed
        assert found.value == best <= found.bound, (seed, best, found)


@pytest.mark.parametrize(
    "use", [FundUse("u", 0), FundUse("u", 1.5), FundUse("u", -3), FundUse("u", 1, points=-1)]
)
def test_money_that_is_no_money_is_refused(use):
    with pytest.raises(MatchInputError, match="'u'"):
        FundProblem((use,), ())


def test_a_wrong_allocation_is_found_out():
    from dataclasses import replace

    problem = FundProblem((FundUse("u", 100, 5, "a"),), (Source("s", 50, frozenset("b")),))
    wrong = replace(allocate(problem), payments=(("u", "s", 60),), value=3000)
    faults = check_allocation(problem, wrong)
    assert any("may not pay" in fault for fault in faults)
    assert any("spends 60 of 50" in fault for fault in faults)


def test_no_pair_would_rather_have_each_other():
    for seed in range(60):
        rng = random.Random(seed)
        needs = [Need(f"n{i}", (Role(points=rng.randint(100, 900)),)) for i in range(6)]
        people = [Provider(f"p{j}", places=rng.choice([1, 2])) for j in range(3)]
        ties = [Tie(n.id, p.id, rng.randint(0, 60)) for n in needs for p in people]
        problem = MatchProblem.of(needs, people, ties=ties, rules=Rules(points_per_km=0))
        found = match_stably(problem)
        assert check_match(problem, found).ok
        got = dict(zip(found.line.tolist(), found.provider.tolist(), strict=True))
        liking = {(t.need, t.provider): t.points for t in ties}

        def rank(n, p, needs=needs, people=people, liking=liking):
            return needs[n].roles[0].points, liking[needs[n].id, people[p].id]

        for n in range(6):
            for p in range(3):
                mine = liking[needs[n].id, people[p].id]
                now = liking[needs[n].id, people[got[n]].id] if n in got else -1
                kept = [other for other, who in got.items() if who == p]
                full = len(kept) == people[p].places
                worse = [o for o in kept if rank(o, p) < rank(n, p)]
                assert not (mine > now and (not full or worse)), (seed, n, p)


def test_stable_matching_refuses_teams():
    problem = MatchProblem.of([Need("a", (Role(count=2),))], [Provider("p"), Provider("q")])
    with pytest.raises(MatchInputError, match="teams"):
        match_stably(problem)


def test_a_scarce_person_is_kept_for_those_to_come():
    yesterday = MatchProblem.of(
        [Need("x", (Role(points=900),)), Need("y", (Role(points=700),))],
        [Provider("p")],
        rules=Rules(points_per_km=0),
    )
    reserve = reserve_prices(yesterday, match(yesterday))
    assert 700 <= reserve["p"] <= 900
    desk = OnlineMatcher([Provider("p")], rules=Rules(points_per_km=0), reserve=reserve)
    early = desk.arrive(Need("small", (Role(points=500),)), remaining=1.0)
    assert early.code == "held_back"
    assert early.short == reserve["p"] - 500
    late = desk.arrive(Need("evening", (Role(points=500),)), remaining=0.1)
    assert late.pairs == (("helper", "p"),)
    assert desk.left["p"].places == 0
    assert desk.arrive(Need("late"), remaining=0.0).code == "nobody"
    with pytest.raises(MatchInputError, match="arrived before"):
        desk.arrive(Need("late"))
