"""Check and test: lint, types and contracts; then every test on SQLite, and on PostgreSQL where it is installed."""

import os
import subprocess
from pathlib import Path

from .environment import PYTHON, ROOT, prepare_environment
from .postgres import programs, throwaway_cluster
from .words import say, stop

STRICT = ("services", "selectors", "workflow")


def check() -> int:
    """Run lint, format, types and contracts; return 0 if all of them hold."""
    prepare_environment(development=True)
    tools = {
        "ruff": ([_tool("ruff"), "check", "."], ROOT),
        "ruff format": ([_tool("ruff"), "format", "--check", "."], ROOT),
        "import-linter": ([_tool("lint-imports")], ROOT),
        "mypy": ([_tool("mypy"), *strictly_typed()], ROOT),
        "mypy engine": ([_tool("mypy")], ROOT / "engine"),
    }
    failed = [name for name, (command, folder) in tools.items() if _run(name, command, folder)]
    if failed:
        say("检查未通过：" + "、".join(failed), "failed: " + ", ".join(failed))
    return 1 if failed else 0


def strictly_typed() -> list[str]:
    """Return the paths that are held to strict types."""
    rooms = [
        path.relative_to(ROOT)
        for room in STRICT
        for path in [*ROOT.glob(f"wushe/**/{room}.py"), *ROOT.glob(f"wushe/**/{room}/")]
        if path.relative_to(ROOT).parts[1] not in {"foundation", "ledgers"}
    ]
    return ["tools/dev", "wushe/foundation", "wushe/ledgers", *sorted(str(path) for path in rooms)]


def test(arguments: list[str]) -> int:
    """Run the whole suite on both databases, or only what the arguments name on the database of the environment."""
    prepare_environment(development=True)
    _link_static_files()
    if arguments:
        return _pytest("chosen tests", arguments, ROOT)
    _require_for_ci()
    many = ["-n", "2", "-q"]
    results = [
        _pytest("engine", many, ROOT / "engine"),
        _pytest("SQLite", [*many, "tests"], ROOT, DATABASE_URL=f"sqlite:///{ROOT}/var/test.sqlite3"),
    ]
    if programs() is None:
        say("本机没有 PostgreSQL，跳过这一遍", "PostgreSQL is not installed: its run is left out")
    else:
        with throwaway_cluster() as url:
            results.append(_pytest("PostgreSQL", [*many, "tests", "-m", "not browser"], ROOT, DATABASE_URL=url))
    return max(results)


def _require_for_ci() -> None:
    """Let nothing be left out where the result counts."""
    if os.environ.get("CI") != "true":
        return
    if programs() is None:
        stop("缺少 PostgreSQL。", "PostgreSQL is missing.")
    if not Path("/usr/bin/chromium").exists():
        stop("缺少 Chromium。", "Chromium is missing.")


def _link_static_files() -> None:
    """Gather the static files once; the tests serve them as the product does."""
    command = [str(PYTHON), "manage.py", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(command, cwd=ROOT, check=True)


def _pytest(title: str, arguments: list[str], folder: Path, **environment: str) -> int:
    # A database named in .env is somebody's own: tests never touch it.
    return _run(f"pytest: {title}", [str(PYTHON), "-m", "pytest", *arguments], folder, **environment)


def _run(title: str, command: list[str], folder: Path, **environment: str) -> int:
    print(f"\n== {title}", flush=True)
    return subprocess.run(command, cwd=folder, env={**os.environ, **environment}).returncode


def _tool(name: str) -> str:
    return str(PYTHON.parent / name)
