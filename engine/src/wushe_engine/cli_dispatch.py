"""The commands on a day: plan it, audit a plan, say why."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from .cli import CONTRADICTION, OK
from .cli_files import Refused, emit, expect_folders, read_text, write_text
from .dispatch import ClashError, Plan, Progress, Stop, check, explain, solve
from .formats.csv_day import Speed, read_day_folder, write_plan_csv
from .formats.html_plan import write_plan_html
from .formats.html_words import why
from .formats.json_day import Day, clashing, read_day, read_plan, write_plan
from .formats.json_text import parse

BENCH_COLUMNS = ("total", "unserved", "lateness", "travel", "faults")
_BAR = 30


def dispatch(given: argparse.Namespace) -> int:
    """Plan a day and write the plan in the forms asked for."""
    expect_folders(given.out, given.csv, given.html)
    day, text = _read(given.day, dict(given.speed))
    warm = None if given.warm is None else read_plan(read_text(given.warm), file=given.warm)
    stop = Stop(seconds=given.time, iterations=given.iterations, no_gain=given.no_gain)
    bar = None if given.quiet else _Bar()
    try:
        plan = solve(day.problem, stop=stop, seed=given.seed, warm=warm, on_progress=bar)
    except ClashError as error:
        data = parse(text) if text else {}
        faults = clashing(text, data, error, given.day).faults
        raise Refused([str(fault) for fault in faults], CONTRADICTION) from None
    finally:
        if bar is not None:
            bar.end()
    if given.csv:
        write_text(given.csv, write_plan_csv(day.problem, plan))
    if given.html:
        write_text(given.html, write_plan_html(day, plan))
    if given.out or not (given.csv or given.html):
        emit(given.out, write_plan(plan))
    if not given.quiet:
        print(_summary(day, plan), file=sys.stderr)
    return OK


def _read(path: str, speeds: dict[str, int]) -> tuple[Day, str]:
    """Read a day from JSON, or from a folder of tables."""
    if Path(path).is_dir():
        ways = {way: Speed(metres) for way, metres in speeds.items()}
        return read_day_folder(Path(path), speeds=ways), ""
    text = read_text(path)
    return read_day(text, file=path), text


def _summary(day: Day, plan: Plan) -> str:
    value, wanted = plan.value, len(day.problem.visits)
    return (
        f"{wanted - len(plan.unserved)} of {wanted} visits served; total {value.total}, "
        f"lateness {value.lateness}, travel {value.travel}, overtime {value.overtime}; "
        f"seed {plan.seed}"
    )


class _Bar:
    """A progress bar on a terminal; silent when the output goes to a file."""

    def __init__(self) -> None:
        self._shown = False

    def __call__(self, progress: Progress) -> None:
        if not sys.stderr.isatty():
            return
        done = round(_BAR * min(1.0, max(0.0, progress.share)))
        bar = "█" * done + "░" * (_BAR - done)
        said = f"\r{bar} {progress.share:4.0%}  best {progress.best_total}"
        print(f"{said}  unserved {progress.unserved}  ", end="", file=sys.stderr, flush=True)
        self._shown = True

    def end(self) -> None:
        """Leave the line of the bar."""
        if self._shown:
            print(file=sys.stderr)


def audit(text: str, file: str, result: str, result_file: str) -> tuple[list[str], str]:
    """Check a plan; return faults and a summary."""
    day = read_day(text, file=file)
    plan = read_plan(result, file=result_file)
    try:
        report = check(day.problem, plan)
    except KeyError as error:
        return [
            f"the plan names {error}, which the day does not know"
        ], "the plan is not of this day"
    faults = [f"[{fault.code}] {fault.message}" for fault in report.faults]
    return faults, f"{'faults found' if faults else 'the plan is sound'}; {_summary(day, plan)}"


def tell(text: str, file: str, result: str, result_file: str, name: str) -> list[str]:
    """Say why a visit went to this person, or to nobody."""
    day = read_day(text, file=file)
    plan = read_plan(result, file=result_file)
    try:
        reason = plan.reasons.get(name) or explain(day.problem, plan, name)
    except KeyError:
        raise Refused([f"{file}: visit {name!r} is unknown"]) from None
    given = plan.assignment(name)
    whom = "nobody" if given is None else f"{given.person} at {given.start}"
    said = why(reason, lambda id_: day.labels.get(id_, id_), day.problem.time_unit)
    return [f"{name}: {whom} [{reason.code}]", *said]


def prepare_bench(text: str, file: str, seconds: float) -> Callable[[int], list[str]]:
    """Return what solves the day with a seed and gives the cells of a row."""
    day = read_day(text, file=file)

    def run(seed: int) -> list[str]:
        plan = solve(day.problem, stop=Stop(seconds=seconds), seed=seed)
        faults, value = check(day.problem, plan).faults, plan.value
        cells = (value.total, len(plan.unserved), value.lateness, value.travel, len(faults))
        return [str(cell) for cell in cells]

    return run
