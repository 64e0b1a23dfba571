"""The commands on needs and providers: match them, audit a match, say why."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from .cli import OK
from .cli_files import Refused, emit, expect_folders, read_text
from .formats.json_match import read_match, read_matching, write_match
from .matching import (
    Explainer,
    Match,
    MatchInputError,
    MatchProblem,
    MatchReason,
    MatchStop,
    check_match,
    match,
    match_stably,
)

BENCH_COLUMNS = ("value", "bound", "gap", "faults")


def run_match(given: argparse.Namespace) -> int:
    """Match needs and providers and write the match."""
    expect_folders(given.out)
    problem = read_matching(read_text(given.problem), file=given.problem).problem()
    stop = MatchStop(gap=given.gap, seconds=given.time)
    try:
        found = (
            match_stably(problem, seed=given.seed)
            if given.stable
            else match(problem, seed=given.seed, stop=stop)
        )
    except MatchInputError as error:
        raise Refused([f"{given.problem}: {fault}" for fault in error.faults]) from None
    reasons = None
    if given.reasons:
        explainer = Explainer(problem, found)
        reasons = {need: explainer.explain(need) for need in problem.need_ids}
    emit(given.out, write_match(problem, found, reasons))
    if not given.quiet:
        print(_summary(problem, found), file=sys.stderr)
    return OK


def _summary(problem: MatchProblem, found: Match) -> str:
    wanted = int(problem.line_count.sum())
    proof = "proven best" if found.gap == 0 else f"at most {found.gap:.3%} below the best"
    return f"{len(found.line)} of {wanted} places filled; value {found.value}, {proof}"


def audit(text: str, file: str, result: str, result_file: str) -> tuple[list[str], str]:
    """Check a match; return faults and a summary."""
    problem = read_matching(text, file=file).problem()
    found = read_match(result, problem, file=result_file)
    report = check_match(problem, found)
    said = "the match is sound" if report.ok else "faults found"
    over = "" if report.bound is None else f"; no pairs at all give more than {report.bound}"
    return list(report.faults), f"{said}; {_summary(problem, found)}{over}"


def tell(text: str, file: str, result: str, result_file: str, name: str) -> list[str]:
    """Say why the places of a need went where they did, or what a provider's place is worth."""
    problem = read_matching(text, file=file).problem()
    explainer = Explainer(problem, read_match(result, problem, file=result_file))
    if name in problem.need_ids:
        return [line for reason in explainer.explain(name) for line in _told(reason)]
    if name not in problem.provider_ids:
        raise Refused([f"{file}: {name!r} is neither a need nor a provider"])
    worth = explainer.worth(name)
    return [
        f"{name}: one more place would be worth {worth.next_place:g} points at most",
        f"{name}: one more hour (60 units of stock) {worth.next_hour:g} points at most",
        *(
            f"{name}: slot {slot} once more {points:g} points"
            for slot, points in worth.slots.items()
        ),
    ]


def _told(reason: MatchReason) -> list[str]:
    whom = reason.provider or "nobody"
    lines = [f"{reason.need} / {reason.role}: {whom} [{reason.code}]"]
    if reason.figures:
        lines.append("  " + ", ".join(f"{name} {x}" for name, x in reason.figures.items()))
    if reason.runner_up is not None:
        lines.append(f"  second: {reason.runner_up}, {reason.margin} points less at least")
    if reason.lacking:
        lacking = ", ".join(f"{name} {count}" for name, count in reason.lacking.items())
        lines.append(f"  providers that lack one thing only: {lacking}")
    for each in reason.remedies:
        lines.append(
            f"  would help: {each.kind} {each.amount or ''} {each.provider or ''}".rstrip()
        )
    return lines


def prepare_bench(text: str, file: str, seconds: float) -> Callable[[int], list[str]]:
    """Return what matches with a seed and gives the cells of a row."""
    problem = read_matching(text, file=file).problem()

    def run(seed: int) -> list[str]:
        found = match(problem, seed=seed, stop=MatchStop(seconds=seconds))
        faults = check_match(problem, found).faults
        return [str(found.value), str(found.bound), f"{found.gap:.4%}", str(len(faults))]

    return run
