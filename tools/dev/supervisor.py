"""One parent for all processes of an installation: it starts them, restarts the dead and leaves none behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

from .words import say

PATIENCE = 15.0
LONGEST_PAUSE = 30.0
SETTLED = 60.0
_TO_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


@dataclass
class Child:
    """One process of the installation, and how often it has died lately."""

    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    deaths: int = 0
    due: float = field(default=0.0)


class Supervisor:
    """Runs children until it is told to stop."""

    def __init__(self, children: list[Child], *, ready: Callable[[], bool], when_ready: Callable[[], None]) -> None:
        self.children, self._ready, self._when_ready = children, ready, when_ready
        self._signals = 0
        self._announced = False

    def run(self) -> int:
        """Start all children and watch them; return 0 after an orderly stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            while not self._signals:
                self._watch()
                if not self._announced and self._ready():
                    self._announced = True
                    self._when_ready()
                time.sleep(0.2)
        finally:
            self._stop_all()
        return 0

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1

    def _watch(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.process is None and now >= child.due:
                self._start(child, now)
            elif child.process is not None and child.process.poll() is not None:
                self._mourn(child, now)

    def _start(self, child: Child, now: float) -> None:
        # A group of its own: Ctrl-C reaches the supervisor alone, which then stops each child in good order.
        child.process = subprocess.Popen(child.command, start_new_session=True, preexec_fn=_follow_parent)  # noqa: PLW1509
        child.started = now

    def _mourn(self, child: Child, now: float) -> None:
        assert child.process is not None
        _signal_group(child.process, signal.SIGKILL)
        child.deaths = 1 if now - child.started > SETTLED else child.deaths + 1
        pause = min(LONGEST_PAUSE, 2.0 ** (child.deaths - 1))
        say(
            f"{child.name} 意外停止（{child.process.returncode}），{pause:.0f} 秒后重新启动",
            f"{child.name} died, starting it again in {pause:.0f} s",
        )
        child.process, child.due = None, now + pause

    def _stop_all(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        asked = self._signals
        while any(process.poll() is None for process in running):
            # A second Ctrl-C means now.
            if time.monotonic() > deadline or self._signals > max(1, asked):
                break
            time.sleep(0.05)
        for process in running:
            _signal_group(process, signal.SIGKILL)
            process.wait()


def _signal_group(process: "subprocess.Popen[bytes]", number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _follow_parent() -> None:
    """Ask the kernel to end this child if the supervisor itself is killed."""
    if _libc is not None:
        _libc.prctl(_TO_DIE_WITH_PARENT, signal.SIGTERM)
