"""The solvers against every possible choice, on random tiny problems."""

from __future__ import annotations

import pytest
from tiny import best_value, random_tiny

from wushe_engine.matching import MatchStop, check_match, match


@pytest.mark.parametrize("block", range(10))
def test_exact_solver_finds_the_best_of_all_choices(block):
    for seed in range(100 * block, 100 * block + 100):
        tiny = random_tiny(seed)
        problem = tiny.problem()
        found = match(problem)
        report = check_match(problem, found)
        assert report.ok, (seed, report.faults)
        assert found.value == best_value(tiny), seed
        assert found.gap == 0, (seed, found)


@pytest.mark.parametrize("block", range(5))
def test_auction_stays_within_the_bound_it_proves(block):
    auctions = 0
    for seed in range(100 * block, 100 * block + 100):
        tiny = random_tiny(seed, plain=True)
        problem = tiny.problem()
        found = match(problem, stop=MatchStop(gap=1e-4, exact_pairs=-1))
        auctions += found.solver == "auction"
        report = check_match(problem, found)
        assert report.ok, (seed, report.faults)
        best = best_value(tiny)
        assert found.value <= best <= found.bound, (seed, best, found)
        assert report.bound >= best, (seed, best, report)
        assert found.value >= best * 0.9995 - 1, (seed, best, found)
    assert auctions > 90


@pytest.mark.parametrize("block", range(5))
def test_haggling_is_sound_and_within_the_bound_it_proves(block):
    reached, haggled = 0, 0
    for seed in range(100 * block, 100 * block + 100):
        tiny = random_tiny(seed)
        problem = tiny.problem()
        found = match(problem, stop=MatchStop(exact_pairs=-1))
        report = check_match(problem, found)
        assert report.ok, (seed, report.faults)
        best = best_value(tiny)
        assert found.value <= best <= found.bound, (seed, best, found)
        haggled += found.solver == "haggling"
        reached += found.value >= best - 1
    assert haggled > 20
    assert reached >= 95
