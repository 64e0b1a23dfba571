"""Matching measured beside its peers, in one run, as a table.

    python engine/bench/matching.py            # all sizes
    python engine/bench/matching.py --quick    # small sizes, for continuous integration
    python engine/bench/matching.py --peers PYTHON   # a Python that has ortools

Every method gets the same candidates. OR-Tools runs in a process of its own, because it and HiGHS
cannot share one. The gap is the proven one: (bound - value) / bound, the bound recomputed from the
prices. ``--quick`` ends with exit code 1 when a gap is above its limit.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from wushe_engine.matching import (
    FundProblem,
    FundUse,
    MatchProblem,
    MatchStop,
    Need,
    Provider,
    Role,
    Rules,
    Source,
    allocate,
    check_allocation,
    check_match,
    find_candidates,
    match,
)

WORD = np.uint64


def city(needs: int, people: int, seed: int) -> MatchProblem:
    """Draw a clustered city: uneven skills, weekly slots, reach, one to three places each."""
    rng = np.random.default_rng(seed)
    side = int(40_000 * (people / 50_000) ** 0.5)
    centres = rng.integers(0, side, (max(20, people // 2000), 2))

    def places(count):
        spread = rng.normal(0, side / 60, (count, 2))
        return (centres[rng.integers(0, len(centres), count)] + spread).astype(np.int64)

    def some_bits(count, draws, bits):
        found = np.zeros(count, dtype=WORD)
        for _ in range(draws):
            found |= WORD(1) << rng.integers(0, bits, count).astype(WORD)
        return found[:, None]

    def skill(count):
        return WORD(1) << (1 + rng.zipf(1.6, count) % 12).astype(WORD)

    nothing = np.zeros(needs, dtype=np.int64)
    free = np.full((people, 1), ~WORD(0))
    return MatchProblem(
        need_ids=tuple(f"n{i}" for i in range(needs)),
        need_place=places(needs),
        need_placed=np.ones(needs, dtype=bool),
        need_slots=some_bits(needs, 4, 21),
        need_languages=np.zeros((needs, 1), dtype=WORD),
        need_category=nothing - 1,
        need_community=nothing - 1,
        need_whole=np.zeros(needs, dtype=bool),
        line_need=np.arange(needs),
        line_role=nothing,
        line_requires=(WORD(1) | skill(needs))[:, None],
        line_count=nothing + 1,
        line_points=rng.integers(300, 1000, needs),
        line_amount=nothing,
        provider_ids=tuple(f"p{i}" for i in range(people)),
        provider_place=places(people),
        provider_placed=np.ones(people, dtype=bool),
        provider_reach=rng.integers(1000, 6000, people),
        provider_holds=(WORD(1) | skill(people) | skill(people))[:, None],
        provider_languages=np.zeros((people, 1), dtype=WORD),
        provider_slots=some_bits(people, 5, 21),
        provider_places=rng.integers(1, 4, people),
        provider_stock=np.full(people, -1),
        provider_cost=np.zeros(people, dtype=np.int64),
        provider_categories=free,
        provider_communities=free,
        rules=Rules(points_per_km=60, candidates=30),
    )


def teams(needs: int, people: int, seed: int) -> MatchProblem:
    """Draw needs of which two in five want a team, and people with caps on their minutes."""
    rng = random.Random(seed)
    side = int(3000 * (people / 200) ** 0.5)
    slots, skills = [f"s{i}" for i in range(14)], [f"k{i}" for i in range(6)]

    def place():
        return rng.randint(0, side), rng.randint(0, side)

    wanted = []
    for i in range(needs):
        first = frozenset([rng.choice(skills)])
        roles = [Role("worker", 1, rng.randint(200, 500), first, rng.choice([30, 60, 90]))]
        if rng.random() < 0.4:
            count, points = rng.choice([1, 1, 2]), rng.randint(100, 300)
            roles.append(Role("volunteer", count, points, amount=rng.choice([60, 120])))
        wanted.append(Need(f"n{i}", tuple(roles), place(), frozenset(rng.sample(slots, 4))))
    offered = []
    for j in range(people):
        paid = j % 3 == 0
        offered.append(
            Provider(
                f"p{j}",
                roles=frozenset(["worker" if paid else "volunteer"]),
                place=place(),
                skills=frozenset(rng.sample(skills, 2)),
                slots=frozenset(rng.sample(slots, 6)),
                places=rng.randint(2, 8) if paid else rng.randint(1, 3),
                stock=rng.choice([120, 240, 300]),
            )
        )
    return MatchProblem.of(wanted, offered, rules=Rules(points_per_km=40))


def money(uses: int, sources: int, seed: int) -> FundProblem:
    """Draw uses, two in five all-or-nothing, and sources for 70 % of them, most earmarked."""
    rng = random.Random(seed)
    kinds, places = [f"c{i}" for i in range(20)], [f"m{i}" for i in range(60)]
    wanted = tuple(
        FundUse(
            f"u{i}",
            rng.randint(5_000, 3_000_000),
            rng.randint(100, 2000),
            rng.choice(kinds),
            rng.choice(places),
            rng.random() < 0.4,
        )
        for i in range(uses)
    )
    share = 0.7 * sum(use.amount for use in wanted) / sources
    given = tuple(
        Source(
            f"s{j}",
            int(share * rng.uniform(0.2, 1.8)),
            None if rng.random() < 0.15 else frozenset(rng.sample(kinds, rng.randint(1, 4))),
            None if rng.random() < 0.5 else frozenset(rng.sample(places, rng.randint(1, 12))),
            rng.choice([0, 0, 1]),
        )
        for j in range(sources)
    )
    return FundProblem(wanted, given)


def desk_rule(problem: MatchProblem, candidates) -> int:
    """Serve needs in the order they stand, each by the best provider still free: a desk's rule."""
    room = problem.provider_places.copy()
    total = 0
    for line in range(problem.lines):
        first, last = candidates.start[line : line + 2]
        rows = np.arange(first, last)
        rows = rows[(room[candidates.provider[rows]] > 0) & (candidates.score[rows] > 0)]
        if len(rows):
            best = rows[np.argmax(candidates.score[rows])]
            room[candidates.provider[best]] -= 1
            total += int(candidates.score[best])
    return total


def dense_assignment(problem: MatchProblem, candidates) -> int | None:
    """Solve with scipy on a dense table of needs × places, where it fits into memory."""
    from scipy.optimize import linear_sum_assignment

    used, provider = np.unique(candidates.provider, return_inverse=True)
    offered = np.bincount(provider)
    room = np.minimum(problem.provider_places[used], offered)
    if problem.lines * int(room.sum()) > 3 * 10**8:
        return None
    first = np.cumsum(room) - room
    table = np.zeros((problem.lines, int(room.sum())), dtype=np.float32)
    for copy in range(int(room.max())):
        has = room[provider] > copy
        table[candidates.line[has], first[provider[has]] + copy] = candidates.score[has]
    rows, columns = linear_sum_assignment(table, maximize=True)
    return int(table[rows, columns].astype(np.float64).sum())


PEER = """
import sys, time
import numpy as np
from ortools.graph.python import min_cost_flow
data = np.load(sys.argv[1])
line, provider, score, room = (data[name] for name in ("line", "provider", "score", "room"))
lines, start = int(data["lines"]), time.perf_counter()
sink = lines + len(room)
flow = min_cost_flow.SimpleMinCostFlow()
ones = np.ones(len(line), dtype=np.int64)
flow.add_arcs_with_capacity_and_unit_cost(line, lines + provider, ones, -score)
people = np.arange(len(room)) + lines
flow.add_arcs_with_capacity_and_unit_cost(people, np.full(len(room), sink), room, room * 0)
each = np.arange(lines)
flow.add_arcs_with_capacity_and_unit_cost(each, np.full(lines, sink), each * 0 + 1, each * 0)
flow.set_nodes_supplies(each, each * 0 + 1)
flow.set_nodes_supplies(np.array([sink]), np.array([-lines]))
status = flow.solve()
print(-flow.optimal_cost() if status == flow.OPTIMAL else status, time.perf_counter() - start)
"""


def min_cost_flow(problem: MatchProblem, candidates, python: str, limit: float):
    """Solve with OR-Tools in a process of its own; return value and seconds, or why not."""
    used, provider = np.unique(candidates.provider, return_inverse=True)
    room = np.minimum(problem.provider_places[used], np.bincount(provider))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pairs.npz"
        arrays = {"line": candidates.line, "provider": provider, "score": candidates.score}
        np.savez(path, **arrays, room=room, lines=problem.lines)
        command = [python, "-c", PEER, str(path)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=limit, check=False
            )
        except subprocess.TimeoutExpired:
            return f"none in {limit:.0f} s", limit
    if done.returncode:
        return "not installed", 0.0
    value, seconds = done.stdout.split()
    return int(value), float(seconds)


def row(*cells) -> None:
    """Print a row of the table."""
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def peak() -> str:
    """Return the most memory this process has used."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB"


def bench_city(needs: int, people: int, seeds: int, gap: float, python: str) -> float:
    """Print one row for each method; return the worst gap."""
    worst = 0.0
    for seed in range(1, seeds + 1):
        problem = city(needs, people, seed)
        start = time.perf_counter()
        candidates = find_candidates(problem)
        looked = time.perf_counter() - start
        start = time.perf_counter()
        stop = MatchStop(gap=gap, exact_pairs=0)
        found = match(problem, seed=seed, stop=stop, candidates=candidates)
        solved = time.perf_counter() - start
        faults = len(check_match(problem, found).faults)
        worst = max(worst, found.gap)
        size = f"{needs:,} × {people:,}"
        times = f"{looked:.2f} + {solved:.2f}"
        row(size, seed, "wushe_engine", found.value, f"{found.gap:.4%}", times, peak(), faults)
        start = time.perf_counter()
        value = desk_rule(problem, candidates)
        took = f"{time.perf_counter() - start:.2f}"
        row(size, seed, "desk rule", value, f"{1 - value / found.bound:.4%}", took, "", "")
        start = time.perf_counter()
        value = dense_assignment(problem, candidates)
        took = f"{time.perf_counter() - start:.2f}"
        told = "does not fit" if value is None else value
        below = "" if value is None else f"{1 - value / found.bound:.4%}"
        row(size, seed, "scipy linear_sum_assignment", told, below, took, "", "")
        value, took = min_cost_flow(problem, candidates, python, 300)
        below = f"{1 - value / found.bound:.4%}" if isinstance(value, int) else ""
        row(size, seed, "OR-Tools min-cost flow", value, below, f"{took:.2f}", "", "")
    return worst


def bench_teams(needs: int, people: int, seeds: int) -> float:
    """Print the rows for teams and caps; return the worst gap."""
    worst = 0.0
    for seed in range(1, seeds + 1):
        problem = teams(needs, people, seed)
        start = time.perf_counter()
        found = match(problem, seed=seed, stop=MatchStop(gap=1e-3))
        took = f"{time.perf_counter() - start:.2f}"
        faults = len(check_match(problem, found).faults)
        worst = max(worst, found.gap)
        size = f"{needs:,} × {people:,}"
        row(size, seed, found.solver, found.value, f"{found.gap:.4%}", took, peak(), faults)
    return worst


def bench_money(uses: int, sources: int, seeds: int) -> float:
    """Print the rows for funds; return the worst gap."""
    worst = 0.0
    for seed in range(1, seeds + 1):
        problem = money(uses, sources, seed)
        start = time.perf_counter()
        found = allocate(problem, seed=seed, stop=MatchStop(gap=5e-4, seconds=60))
        took = f"{time.perf_counter() - start:.2f}"
        faults = len(check_allocation(problem, found))
        worst = max(worst, found.gap)
        size = f"{uses:,} × {sources}"
        row(size, seed, "LP + branching", found.value, f"{found.gap:.4%}", took, peak(), faults)
    return worst


def head(title: str, *cells) -> None:
    """Print a heading and the head of a table."""
    print(f"\n### {title}\n")
    row(*cells)
    row(*("---" for _ in cells))


def main() -> int:
    """Run the benchmark; with ``--quick`` return 1 when a gap is too large."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--peers", default=sys.executable)
    given = parser.parse_args()
    match(city(300, 300, 0), stop=MatchStop(exact_pairs=0))  # compile before the clock runs
    match(teams(50, 80, 0), stop=MatchStop(exact_pairs=0))
    load = os.getloadavg()[0]
    print(
        f"{datetime.date.today()}, {platform.machine()}, {os.cpu_count()} cores, load {load:.1f},"
    )
    print(f"Python {platform.python_version()}, numpy {np.__version__}")
    columns = ("size", "seed", "method", "value", "below the bound", "seconds", "peak", "faults")
    head("Needs and people, 30 candidates (seconds: candidates + match)", *columns)
    if given.quick:
        worst = [bench_city(2_000, 10_000, 1, 1e-3, given.peers)]
    else:
        bench_city(2_000, 3_000, 1, 1e-3, given.peers)
        worst = [bench_city(10_000, 50_000, given.seeds, 1e-3, given.peers)]
        bench_city(100_000, 1_000_000, 1, 1e-2, given.peers)
    head("Teams and caps on minutes", *columns)
    worst += [bench_teams(*size, 1) for size in ((200, 300), (1_000, 1_500))]
    if not given.quick:
        bench_teams(10_000, 15_000, 1)
    head("Money with use rules", *columns)
    worst.append(
        bench_money(
            *((2_000, 50) if given.quick else (20_000, 200)), 1 if given.quick else given.seeds
        )
    )
    print()
    return int(max(worst) > 0.002) if given.quick else 0


if __name__ == "__main__":
    sys.exit(main())
