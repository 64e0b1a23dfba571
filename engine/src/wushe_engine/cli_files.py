"""Files of the command line: what they are decides what is checked, explained or measured."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .cli import FAULTS, OK, UNUSABLE
from .formats.json_text import FormatError, FormatFault, parse


class Refused(Exception):  # noqa: N818 - it is an answer, not a mishap
    """The command cannot be done; carries the sentences to print and the exit code."""

    def __init__(self, sentences: Sequence[str], code: int = UNUSABLE) -> None:
        self.sentences = tuple(sentences)
        self.code = code
        super().__init__("; ".join(sentences))


def read_text(path: str) -> str:
    """Read a UTF-8 file; raise `Refused` with the reason when it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Refused([f"{path}: the file is not UTF-8 text"]) from None
    except OSError as error:
        raise Refused([f"{path}: {error.strerror or error}"]) from None


def write_text(path: str, text: str) -> None:
    """Write a UTF-8 file; raise `Refused` with the reason when it cannot be written."""
    try:
        Path(path).write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise Refused([f"{path}: {error.strerror or error}"]) from None


def expect_folders(*paths: str | None) -> None:
    """Refuse results that would have no folder, before any work is done for them."""
    for path in paths:
        if path is not None and not Path(path).parent.is_dir():
            raise Refused([f"{path}: No such file or directory"])


def emit(path: str | None, text: str) -> None:
    """Write a result to its file, or print it."""
    if path is None:
        sys.stdout.write(text)
    else:
        write_text(path, text)


def format_of(path: str, text: str) -> str:
    """Return what a JSON document says it is."""
    data = parse(text, file=path)
    name = data.get("format") if isinstance(data, dict) else None
    if name not in ("wushe-engine/day", "wushe-engine/matching"):
        said = f"'wushe-engine/day' or 'wushe-engine/matching' is expected, got {name!r}"
        raise FormatError([FormatFault(said, path="format", file=path)])
    return str(name)


def _by_format(path: str) -> tuple[str, Any]:
    """Return the text of a problem and the module with its commands."""
    from . import cli_dispatch, cli_match

    text = read_text(path)
    return text, cli_dispatch if format_of(path, text) == "wushe-engine/day" else cli_match


def check_any(given: argparse.Namespace) -> int:
    """Audit a result against its problem; exit code 1 when faults are found."""
    text, module = _by_format(given.problem)
    faults, summary = module.audit(text, given.problem, read_text(given.result), given.result)
    for fault in faults:
        print(f"fault: {fault}")
    print(summary)
    return FAULTS if faults else OK


def explain_any(given: argparse.Namespace) -> int:
    """Print the reasons for one visit, need or provider."""
    text, module = _by_format(given.problem)
    for sentence in module.tell(
        text, given.problem, read_text(given.result), given.result, given.id
    ):
        print(sentence)
    return OK


def bench_any(given: argparse.Namespace) -> int:
    """Solve a file once for each seed and print what each gave."""
    text, module = _by_format(given.problem)
    run: Callable[[int], list[str]] = module.prepare_bench(text, given.problem, given.time)
    print("  ".join(f"{name:>10}" for name in ("seed", *module.BENCH_COLUMNS, "wall s")))
    for seed in range(given.seed, given.seed + given.seeds):
        start = time.perf_counter()
        cells = run(seed)
        wall = f"{time.perf_counter() - start:.2f}"
        print("  ".join(f"{cell:>10}" for cell in (str(seed), *cells, wall)), flush=True)
    return OK
