"""The supervisor: one parent for all processes, which restarts the dead and leaves none behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

PARENT = """
    import sys
    from pathlib import Path
    from tools.dev.supervisor import Child, Supervisor

    folder = Path(sys.argv[1])
    child = (
        "import os, subprocess, sys, time; subprocess.Popen(['sleep', '600']); "
        "open(sys.argv[1], 'a').write(f'{os.getpid()}\\\\n'); time.sleep(600)"
    )
    children = [Child(name, [sys.executable, "-c", code, str(folder / name)]) for name, code in [("calm", child), ("other", child)]]
    announce = lambda: (folder / "ready").write_text("yes")
    sys.exit(Supervisor(children, ready=lambda: (folder / "calm").exists(), when_ready=announce).run())
"""


def wait_for(condition: Callable[[], object], *, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def born(folder: Path, name: str) -> list[int]:
    file = folder / name
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def group_is_alive(group: int) -> bool:
    """Say whether a process of the group still runs; one that nobody has buried yet does not."""
    out = subprocess.run(["ps", "-eo", "pgid=,stat="], capture_output=True, text=True, check=True).stdout
    return any(line.split()[0] == str(group) and not line.split()[1].startswith("Z") for line in out.splitlines())


@pytest.fixture
def parent(tmp_path: Path) -> "subprocess.Popen[bytes]":
    code = textwrap.dedent(PARENT)
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.DEVNULL)
    wait_for(lambda: born(tmp_path, "calm") and born(tmp_path, "other") and (tmp_path / "ready").exists())
    return process


@pytest.mark.processes
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stops_cleanly_and_leaves_no_children(parent: "subprocess.Popen[bytes]", tmp_path: Path, number: int) -> None:
    children = born(tmp_path, "calm") + born(tmp_path, "other")
    assert all(group_is_alive(child) for child in children)
    parent.send_signal(number)
    assert parent.wait(20) == 0
    # Not even the grandchildren are left.
    assert not any(group_is_alive(child) for child in children)


@pytest.mark.processes
def test_starts_a_dead_child_again_and_leaves_the_other_alone(
    parent: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    first = born(tmp_path, "calm")[0]
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: len(born(tmp_path, "calm")) == 2)
    assert not group_is_alive(first)
    assert len(born(tmp_path, "other")) == 1
    parent.terminate()
    assert parent.wait(20) == 0


@pytest.mark.processes
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_children_end_even_if_the_supervisor_is_killed(parent: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    children = born(tmp_path, "calm") + born(tmp_path, "other")
    parent.kill()
    parent.wait()
    wait_for(lambda: not any(_runs(child) for child in children))
    for child in children:
        # What the killed supervisor's children had started themselves.
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
