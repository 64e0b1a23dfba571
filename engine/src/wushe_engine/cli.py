"""``wushe-engine``: plan a day, match needs, check and explain results, from files to files.

Exit codes: 0 done; 1 a check found faults; 2 the command line or a file cannot be used;
3 the input is well formed but contradicts itself; 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

OK, FAULTS, UNUSABLE, CONTRADICTION, INTERRUPTED = 0, 1, 2, 3, 130
_CODES = (
    "exit codes: 0 done, 1 faults found, 2 unusable input, 3 contradictory input, 130 interrupted"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    given = _parser().parse_args(arguments)
    from .cli_files import Refused
    from .formats.json_text import FormatError

    try:
        return int(given.run(given))
    except FormatError as error:
        for fault in error.faults:
            print(f"error: {fault}", file=sys.stderr)
        return UNUSABLE
    except Refused as error:
        for sentence in error.sentences:
            print(f"error: {sentence}", file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return OK


def _parser() -> argparse.ArgumentParser:
    from . import __version__

    parser = argparse.ArgumentParser(prog="wushe-engine", description=__doc__, epilog=_CODES)
    parser.add_argument("--version", action="version", version=f"wushe-engine {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_dispatch(commands)
    _add_match(commands)
    _add_check(commands)
    _add_explain(commands)
    _add_bench(commands)
    return parser


def _run(module: str, name: str) -> object:
    """Import a command only when it runs: ``--help`` stays quick."""

    def run(given: argparse.Namespace) -> int:
        from importlib import import_module

        return int(getattr(import_module(f"wushe_engine.{module}"), name)(given))

    return run


def _add_dispatch(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("dispatch", help="plan a day", epilog=_CODES)
    command.add_argument("day", help="day.json, or a folder with places, people and visits as CSV")
    _add_limits(command, seconds=30.0)
    command.add_argument("--iterations", type=_count, help="stop after so many moves")
    command.add_argument("--no-gain", type=_count, help="stop after so many moves without a gain")
    command.add_argument("--warm", metavar="PLAN", help="start from this plan")
    command.add_argument("--out", metavar="FILE", help="write the plan as JSON (default: print it)")
    command.add_argument("--csv", metavar="FILE", help="write the plan as a table")
    command.add_argument("--html", metavar="FILE", help="write the plan as a page to look at")
    command.add_argument(
        "--speed",
        metavar="WAY=METRES",
        type=_speed,
        action="append",
        default=[],
        help="for CSV: metres per minute of a way of travel, e.g. default=70 (repeatable)",
    )
    command.set_defaults(run=_run("cli_dispatch", "dispatch"))


def _add_match(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("match", help="match needs and providers", epilog=_CODES)
    command.add_argument("problem", help="needs and providers as JSON")
    _add_limits(command, seconds=None)
    command.add_argument("--gap", type=_share, default=0.0, help="proven gap that is good enough")
    command.add_argument("--stable", action="store_true", help="stable instead of best for all")
    command.add_argument("--reasons", action="store_true", help="write a reason for every place")
    command.add_argument("--out", metavar="FILE", help="write the match as JSON (default: print)")
    command.set_defaults(run=_run("cli_match", "run_match"))


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("check", help="audit a plan or a match", epilog=_CODES)
    command.add_argument("problem", help="day.json or needs and providers as JSON")
    command.add_argument("result", help="the plan or the match as JSON")
    command.set_defaults(run=_run("cli_files", "check_any"))


def _add_explain(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("explain", help="say why", epilog=_CODES)
    command.add_argument("id", help="a visit of a plan, or a need or provider of a match")
    command.add_argument("--problem", default="day.json", help="default: day.json")
    command.add_argument("--result", default="plan.json", help="default: plan.json")
    command.set_defaults(run=_run("cli_files", "explain_any"))


def _add_bench(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("bench", help="solve a file with several seeds", epilog=_CODES)
    command.add_argument("problem", help="day.json or needs and providers as JSON")
    command.add_argument("--seeds", type=_count, default=3)
    _add_limits(command, seconds=10.0)
    command.set_defaults(run=_run("cli_files", "bench_any"))


def _add_limits(command: argparse.ArgumentParser, *, seconds: float | None) -> None:
    shown = "no limit" if seconds is None else f"{seconds:g}"
    command.add_argument(
        "--time", type=_seconds, default=seconds, help=f"seconds at most (default: {shown})"
    )
    command.add_argument("--seed", type=_count, default=0, help="same seed, same result")
    command.add_argument("--quiet", action="store_true", help="no progress, no summary")


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**31:
        raise argparse.ArgumentTypeError(f"a whole number from 0 is expected, got {text}")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < 10**6:
        raise argparse.ArgumentTypeError(f"seconds above 0 are expected, got {text}")
    return number


def _share(text: str) -> float:
    number = float(text)
    if not 0 <= number < 1:
        raise argparse.ArgumentTypeError(f"a share from 0 to 1 is expected, got {text}")
    return number


def _speed(text: str) -> tuple[str, int]:
    way, parted, metres = text.partition("=")
    if not (way and parted and metres.isdigit() and int(metres) > 0):
        raise argparse.ArgumentTypeError(f"WAY=METRES is expected, e.g. default=70, got {text}")
    return way, int(metres)


if __name__ == "__main__":
    sys.exit(main())
