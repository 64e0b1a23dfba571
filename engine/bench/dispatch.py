"""Measure the dispatch engine: HHCRSP against the best published, VRPTW, a street, live repair.

    python engine/bench/dispatch.py --data ../shared/data --seconds 30 --seeds 5
    python engine/bench/dispatch.py --part street
    python engine/bench/dispatch.py --part vrptw --vrptw folder-with-solomon-files --peers PYTHON

Limits are CPU seconds of one thread. Instances are never tuned for; parts without their data say so
and are skipped. HHCRSP: https://github.com/iolab-uniud/hhcrsp.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from wushe_engine.dispatch import (
    Break,
    Link,
    LinkKind,
    Person,
    PersonKind,
    Problem,
    Stop,
    Travel,
    Visit,
    check,
    repair,
    solve,
    warm_up,
)
from wushe_engine.formats.hhcrsp import hhcrsp_cost, read_hhcrsp
from wushe_engine.formats.solomon import SCALE, read_solomon

FAMILIES = {10: "A", 25: "B", 50: "C", 75: "D", 100: "E", 200: "F", 300: "G"}


def main() -> int:
    """Print the tables asked for; 1 when a limit on quality is broken."""
    given = arguments()
    print(
        f"{datetime.date.today()} · {platform.processor() or platform.machine()} "
        f"· Python {platform.python_version()} · load {os.getloadavg()[0]:.1f}"
    )
    began = time.process_time()
    warm_up()
    print(f"kernels loaded in {time.process_time() - began:.1f} s of CPU\n")
    worst = -100.0
    if given.part in ("all", "hhcrsp"):
        worst = hhcrsp(given)
    if given.part in ("all", "vrptw"):
        vrptw(given)
    if given.part in ("all", "street"):
        street()
    if given.limit is not None and worst > given.limit:
        print(f"a family is {worst:+.2f} % off, the limit is {given.limit:+.2f} %")
        return 1
    return 0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--part", choices=("all", "hhcrsp", "vrptw", "street"), default="all")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", default="", help="part of the instance name")
    parser.add_argument("--vrptw", type=Path, default=None, help="folder with Solomon files")
    parser.add_argument("--peers", default="", help="a Python that has PyVRP, to run beside")
    parser.add_argument("--limit", type=float, default=None, help="worst family mean, in %%")
    return parser.parse_args()


# -- HHCRSP ----------------------------------------------------------------------------------


def instances(folder: Path, only: str) -> Iterator[tuple[str, Path, float]]:
    """Yield family, file and best published cost."""
    published = folder / "published_best.csv"
    with published.open() as rows:
        for row in csv.DictReader(rows):
            if only not in row["instance"]:
                continue
            family = "Italian" if row["set"] == "italian" else FAMILIES[int(row["patients"])]
            path = folder / row["set"] / f"{row['instance']}.json.gz"
            if path.exists():
                yield family, path, float(row["cost"])


def hhcrsp(given: argparse.Namespace) -> float:
    """Print gaps to the best published; return the worst family mean."""
    folder = given.data / "hhcrsp"
    if not folder.exists():
        print(f"HHCRSP: skipped, {folder} is absent\n")
        return -100.0
    print(f"HHCRSP, {given.seconds:g} s of CPU, gap to the best published (negative: better)")
    print(f"{'instance':<44}{'published':>11}{'cost':>11}{'gap %':>8}{'seed':>6}{'first s':>9}")
    gaps: dict[str, list[float]] = defaultdict(list)
    for family, path, best in instances(folder, given.only):
        problem = read_hhcrsp(path)
        for seed in range(1, given.seeds + 1):
            plan = solve(problem, stop=Stop(seconds=given.seconds), seed=seed, reasons=False)
            report = check(problem, plan)
            if not report.ok or plan.unserved:
                raise SystemExit(f"{path.name}: {report.faults} {plan.unserved}")
            cost = hhcrsp_cost(report.value)
            gap = 100 * (cost / best - 1)
            gaps[family].append(gap)
            first = plan.statistics.first_feasible_seconds
            name = path.name.removesuffix(".json.gz")[:42]
            print(
                f"{name:<44}{best:>11.3f}{cost:>11.3f}{gap:>+8.2f}{seed:>6}{first:>9.3f}",
                flush=True,
            )
    print(f"\n{'family':<10}{'runs':>5}{'mean %':>9}{'best':>8}{'worst':>8}")
    for family, values in sorted(gaps.items()):
        print(
            f"{family:<10}{len(values):>5}{statistics.mean(values):>+9.2f}"
            f"{min(values):>+8.2f}{max(values):>+8.2f}"
        )
    print()
    return max((statistics.mean(values) for values in gaps.values()), default=-100.0)


# -- VRPTW -----------------------------------------------------------------------------------


def vrptw(given: argparse.Namespace) -> None:
    """Print distances beside PyVRP's in the same run, and gaps to the best known where given.

    The best known distances (cut to one decimal) are read from ``best_known.csv`` in the folder,
    with the columns ``instance`` and ``distance``.
    """
    if given.vrptw is None or not given.vrptw.exists():
        print("VRPTW: skipped, no folder given with --vrptw (Solomon or Gehring–Homberger text)\n")
        return
    print(f"VRPTW, {given.seconds:g} s of CPU each, distance cut to one decimal")
    known = best_known(given.vrptw / "best_known.csv")
    print(f"{'instance':<20}{'ours':>11}{'vehicles':>9}{'gap %':>8}{'PyVRP':>11}{'gap %':>8}")
    for path in sorted(given.vrptw.glob("*.txt")):
        problem = read_solomon(path)
        plan = solve(problem, stop=Stop(seconds=given.seconds), seed=1, reasons=False)
        if not check(problem, plan).ok or plan.unserved:
            print(f"{path.stem:<20} no complete plan: {len(plan.unserved)} left out")
            continue
        ours = plan.value.travel / SCALE
        used = sum(bool(route.visits) for route in plan.routes)
        peer = pyvrp(problem, given.peers, given.seconds) if given.peers else None
        best = known.get(path.stem)
        row = f"{path.stem:<20}{ours:>11.1f}{used:>9}{gap_text(ours, best):>8}"
        row += "" if peer is None else f"{peer:>11.1f}{gap_text(peer, best):>8}"
        print(row, flush=True)
    print()


def best_known(path: Path) -> dict[str, float]:
    """Read the best known distances; none where the file is absent."""
    if not path.exists():
        return {}
    with path.open() as rows:
        return {row["instance"]: float(row["distance"]) for row in csv.DictReader(rows)}


def gap_text(value: float, best: float | None) -> str:
    """Write how far a distance is from the best known, in %."""
    return "" if best is None else f"{100 * (value / best - 1):+.2f}"


def pyvrp(problem: Problem, python: str, seconds: float) -> float | None:
    """Run PyVRP on the same numbers in a process of its own; None where it cannot run."""
    script = (
        "import sys, time, pyvrp\n"
        "data = pyvrp.read(sys.argv[1])\n"
        "class Limit:\n"
        "    def __call__(self, best): return time.process_time() > float(sys.argv[2])\n"
        "result = pyvrp.solve(data, stop=Limit(), seed=1, display=False)\n"
        "print(result.cost())\n"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".vrp") as file:
        file.write(vrplib(problem))
        file.flush()
        command = [python, "-c", script, file.name, str(seconds)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr.strip().splitlines()[-1])
        return None
    return float(done.stdout) / SCALE


def vrplib(problem: Problem) -> str:
    """Write a problem read from a Solomon file in the VRPLIB format, in whole tenths."""
    depot = problem.people[0]
    rows = [(1, 0, depot.shift[0], depot.shift[1], 0)]
    rows += [
        (number, visit.load, *visit.window, visit.duration)
        for number, visit in enumerate(problem.visits, 2)
    ]
    sections = {
        "EDGE_WEIGHT_SECTION": [
            " ".join(map(str, map(int, row))) for row in problem.travel[0].matrix
        ],
        "DEMAND_SECTION": [f"{row[0]} {row[1]}" for row in rows],
        "TIME_WINDOW_SECTION": [f"{row[0]} {row[2]} {row[3]}" for row in rows],
        "SERVICE_TIME_SECTION": [f"{row[0]} {row[4]}" for row in rows],
        "DEPOT_SECTION": ["1", "-1"],
    }
    head = [
        "NAME: day",
        "TYPE: VRPTW",
        f"DIMENSION: {len(rows)}",
        f"VEHICLES: {len(problem.people)}",
        f"CAPACITY: {depot.capacity}",
        "EDGE_WEIGHT_TYPE: EXPLICIT",
        "EDGE_WEIGHT_FORMAT: FULL_MATRIX",
    ]
    body = [line for name, lines in sections.items() for line in (name, *lines)]
    return "\n".join([*head, *body, "EOF", ""])


# -- a street --------------------------------------------------------------------------------


def invented_street(visits: int = 250, crowd: int = 45, seed: int = 1) -> Problem:
    """Return an invented day of one street: four kinds of people, pairs, breaks, known carers."""
    dice = random.Random(seed)
    points = [(dice.randrange(2400), dice.randrange(2400)) for _ in range(visits + 3)]
    metres = np.array([[abs(a - c) + abs(b - d) for c, d in points] for a, b in points])
    kinds = list(PersonKind)
    skills = ("meal", "clean", "bath", "nurse", "talk")
    people = []
    for number in range(crowd):
        begin = dice.choice([480, 480, 510, 780])
        length = dice.choice([480, 480, 240, 180])
        held = {"talk", "meal", *dice.sample(skills, 2)}
        people.append(
            Person(
                f"p{number}",
                str(dice.randrange(3)),
                str(dice.randrange(3)),
                (begin, begin + length),
                max_overtime=30,
                kind=kinds[number % 4],
                skills=dict.fromkeys(held),
                rest=Break(690, 780, 45) if begin < 600 and length > 300 else None,
                travel="bike" if dice.random() < 0.5 else "walk",
                day_limit=length,
            )
        )
    calls = []
    for number in range(visits):
        opens = dice.randrange(480, 960, 15)
        calls.append(
            Visit(
                f"v{number}",
                str(number + 3),
                dice.choice([20, 30, 40, 60]),
                (opens, opens + dice.choice([30, 60, 120])),
                max_lateness=dice.choice([0, 15, 30]),
                penalty=dice.choice([1000, 3000, 9000]),
                skills=frozenset({dice.choice(skills)}),
                preferred={f"p{dice.randrange(crowd)}": 30} if dice.random() < 0.6 else {},
            )
        )
    links = [Link(f"v{n}", f"v{n + 1}") for n in range(0, 20, 2)]
    links += [Link(f"v{n}", f"v{n + 1}", LinkKind.SEQUENCE, 10, 60) for n in range(20, 40, 2)]
    ways = (Travel("walk", metres // 70), Travel("bike", metres // 200))
    return Problem(
        tuple(map(str, range(visits + 3))), tuple(people), tuple(calls), ways, links=tuple(links)
    )


def street() -> None:
    """Plan an invented street in several efforts, then mend it."""
    problem = invented_street()
    print("A street: 250 visits, 45 people, breaks, pairs, two ways of moving (invented)")
    print(f"{'limit s':>8}{'CPU s':>8}{'wall s':>8}{'total':>10}{'unserved':>10}{'faults':>8}")
    plan = None
    for seconds in (1.0, 3.0, 8.0):
        began, wall = time.process_time(), time.time()
        plan = solve(problem, stop=Stop(seconds=seconds), seed=1)
        faults = len(check(problem, plan).faults)
        print(
            f"{seconds:>8g}{time.process_time() - began:>8.2f}{time.time() - wall:>8.2f}"
            f"{plan.value.total:>10}{len(plan.unserved):>10}{faults:>8}",
            flush=True,
        )
    assert plan is not None
    busy = max(plan.routes, key=lambda route: len(route.visits))
    urgent = replace(problem.visits[0], id="urgent", window=(600, 700), penalty=90_000)
    late = busy.visits[1]
    days = {
        "a sick person": replace(
            problem, people=tuple(p for p in problem.people if p.id != busy.person)
        ),
        "an urgent visit": replace(problem, visits=(*problem.visits, urgent)),
        "a late visit": replace(
            problem,
            visits=tuple(
                replace(
                    v, locked_person=late.person, locked_start=late.start + 25, max_lateness=None
                )
                if v.id == late.visit
                else v
                for v in problem.visits
            ),
        ),
    }
    print(f"\n{'live':<18}{'CPU s':>8}{'wall s':>8}{'changes':>9}{'unserved':>10}{'faults':>8}")
    for name, day in days.items():
        began, wall = time.process_time(), time.time()
        mended = repair(day, plan, seed=1)
        print(
            f"{name:<18}{time.process_time() - began:>8.2f}{time.time() - wall:>8.2f}"
            f"{len(mended.changes):>9}{len(mended.unserved):>10}"
            f"{len(check(day, mended).faults):>8}",
            flush=True,
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\npeak memory {peak} MB\n")


if __name__ == "__main__":
    sys.exit(main())
