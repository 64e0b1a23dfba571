"""The command line as people call it: in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from days import small_day

from wushe_engine.dispatch import Link
from wushe_engine.formats.json_day import read_day, read_plan, write_day
from wushe_engine.formats.json_match import MatchInput, write_matching
from wushe_engine.matching import Need, Provider

SOURCE = Path(__file__).parents[2] / "src"


def run(folder, *arguments):
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    return subprocess.run(
        [sys.executable, "-m", "wushe_engine.cli", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,  # the first one compiles the kernels
        check=False,
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "day.json").write_text(write_day(small_day()), encoding="utf-8")
    needs = (Need("n1", place=(0, 0)), Need("n2", place=(900, 0)))
    people = (Provider("p1", place=(0, 0)),)
    given = MatchInput(needs, people)
    (tmp_path / "matching.json").write_text(write_matching(given), encoding="utf-8")
    return tmp_path


def test_a_day_is_planned_checked_and_explained(folder):
    command = ["dispatch", "day.json", "--iterations", "3000", "--seed", "1"]
    files = ["--out", "plan.json", "--html", "plan.html", "--csv", "plan.csv"]
    done = run(folder, *command, *files)
    assert (done.returncode, done.stdout) == (0, "")
    assert "4 of 5 visits served" in done.stderr
    plan = read_plan((folder / "plan.json").read_text(encoding="utf-8"))
    assert plan.unserved == ("visit-3",)
    assert "<html" in (folder / "plan.html").read_text(encoding="utf-8")
    assert (folder / "plan.csv").read_text(encoding="utf-8").count("visit-") == 5
    done = run(folder, "check", "day.json", "plan.json")
    assert (done.returncode, "the plan is sound" in done.stdout) == (0, True)
    done = run(folder, "explain", "visit-3")
    assert done.returncode == 0
    assert done.stdout.startswith("visit-3: nobody [")
    assert run(folder, "explain", "visit-99").returncode == 2


def test_a_tampered_plan_is_found_out(folder):
    run(folder, "dispatch", "day.json", "--iterations", "500", "--out", "plan.json", "--quiet")
    path = folder / "plan.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    route = next(route for route in data["routes"] if route["visits"])
    route["visits"][0]["start"] += 1000
    path.write_text(json.dumps(data), encoding="utf-8")
    done = run(folder, "check", "day.json", "plan.json")
    assert done.returncode == 1
    assert done.stdout.startswith("fault: [")


def test_the_plan_is_printed_when_no_file_is_named(folder):
    done = run(folder, "dispatch", "day.json", "--iterations", "500", "--quiet")
    assert read_plan(done.stdout).unserved == ("visit-3",)
    assert done.stderr == ""


def test_contradictory_input_names_what_clashes_and_its_line(folder):
    day = small_day()
    first = replace(day.problem.visits[3], locked_start=800)
    second = replace(day.problem.visits[4], locked_start=860)
    visits = (*day.problem.visits[:3], first, second)
    text = write_day(replace(day, problem=replace(day.problem, visits=visits)))
    (folder / "day.json").write_text(text, encoding="utf-8")
    assert read_day(text).problem.links == (Link("visit-4", "visit-5"),)
    done = run(folder, "dispatch", "day.json", "--iterations", "10")
    assert done.returncode == 3
    assert "visit-4" in done.stderr
    assert "visit-5" in done.stderr
    line = text[: text.index('"id": "visit-4"')].count("\n") + 1
    assert f"error: day.json:{line}: " in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["dispatch", "none.json"], "none.json: No such file"),
        (["dispatch", "bad.json"], "bad.json:1: not valid JSON"),
        (["dispatch", "latin.json"], "not UTF-8"),
        (["dispatch", "matching.json"], "'wushe-engine/day' is expected"),
        (["match", "day.json"], "'wushe-engine/matching' is expected"),
        (["check", "bad.json", "day.json"], "not valid JSON"),
        (["dispatch", "day.json", "--time", "-1"], "seconds above 0"),
        (["dispatch", "day.json", "--out", "no/such/folder"], "No such file"),
        (["dance"], "invalid choice"),
        ([], "required"),
    ],
)
def test_what_cannot_be_used_is_said_and_exits_with_2(folder, arguments, said):
    (folder / "bad.json").write_text("{", encoding="utf-8")
    (folder / "latin.json").write_bytes(b"\xff\xfe{")
    done = run(folder, *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_needs_are_matched_checked_and_explained(folder):
    done = run(folder, "match", "matching.json", "--reasons", "--out", "match.json")
    assert done.returncode == 0
    assert "1 of 2 places filled; value 1000, proven best" in done.stderr
    done = run(folder, "check", "matching.json", "match.json")
    assert (done.returncode, "the match is sound" in done.stdout) == (0, True)
    where = ["--problem", "matching.json", "--result", "match.json"]
    done = run(folder, "explain", "n2", *where)
    assert "n2 / helper: nobody [all_taken]" in done.stdout
    done = run(folder, "explain", "p1", *where)
    assert "one more place would be worth" in done.stdout
    path = folder / "match.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"value": 1000', '"value": 1001'))
    assert run(folder, "check", "matching.json", "match.json").returncode == 1


def test_bench_prints_a_row_for_each_seed(folder):
    done = run(folder, "bench", "matching.json", "--seeds", "2")
    assert done.returncode == 0
    assert [line.split()[:2] for line in done.stdout.splitlines()[1:]] == [
        ["0", "1000"],
        ["1", "1000"],
    ]


def test_the_package_is_imported_without_heavy_libraries(folder):
    code = (
        "import sys, wushe_engine, wushe_engine.cli, wushe_engine.matching;"
        "print([m for m in ('numba', 'scipy', 'highspy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
