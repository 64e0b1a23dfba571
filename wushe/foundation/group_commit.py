"""Group commit on SQLite: calls that arrive together share one transaction and one flush of the disk.

A durable commit waits for the disk, and SQLite has one writer. The first caller that finds no leader becomes one:
it runs the waiting calls of all threads on its own connection, each in a savepoint of its own, commits once, and
only then is anybody answered. Those who arrive meanwhile form the next group, led by the first of them. A call
that fails rolls back its own savepoint and nothing else.

Between processes a file lock, granted in the order of arrival, stands before BEGIN: SQLite's own waiting is by
chance, and the unlucky wait for seconds.
"""

import fcntl
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context, copy_context
from typing import Any, Generic, TypeVar, cast

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, connections, transaction
from django.utils import timezone, translation

R = TypeVar("R")

LARGEST_GROUP = 64


class _Call(Generic[R]):
    """One waiting call: its work, and later its value or its error."""

    __slots__ = ("awake", "context", "error", "home", "hooks", "language", "leads", "value", "work", "zone")

    def __init__(self, work: Callable[[], R]) -> None:
        self.work = work
        # What surrounds the caller goes with the work to the leader's thread; Django ties these two to a thread.
        self.context: Context = copy_context()
        self.language, self.zone = translation.get_language(), timezone.get_current_timezone()
        self.home = threading.get_ident()
        self.awake = threading.Event()
        self.leads = False
        self.value: R | None = None
        self.error: BaseException | None = None
        self.hooks: list[Callable[[], Any]] = []

    def run(self) -> None:
        """Do the work in the leader's thread, which may be the caller's own."""
        at_home = threading.get_ident() == self.home
        self.value = self.work() if at_home else self.context.run(self._work_as_at_home)

    def _work_as_at_home(self) -> R:
        with translation.override(self.language), timezone.override(self.zone):
            return self.work()

    def answer(self) -> R:
        """Return the value in the caller's own thread, after running what was to follow the commit."""
        if self.error is not None:
            raise self.error
        for hook in self.hooks:
            hook()
        return cast(R, self.value)


_mutex = threading.Lock()
_waiting: deque[_Call[Any]] = deque()
_led = False


def commit_with_others(work: Callable[[], R]) -> R:
    """Run the work in a transaction shared with calls of other threads; return after it is on the disk.

    Raises what the work raises; then nothing of this call is kept. An error of the commit itself is raised to all
    calls of the group, and nothing of the group is kept.
    """
    global _led  # noqa: PLW0603 — one leader in the process, guarded by the mutex
    if connection.in_atomic_block:
        with transaction.atomic():
            return work()
    call = _Call(work)
    with _mutex:
        _waiting.append(call)
        lead = not _led
        _led = True
    if not lead:
        call.awake.wait()
        lead = call.leads
    if lead:
        _lead()
    return call.answer()


def _lead() -> None:
    """Run one group, which holds the leader's own call, and hand over to the first of those still waiting.

    Who arrives while this process waits for its turn belongs to the group: the flush is shared by as many as can.
    """
    global _led  # noqa: PLW0603
    group: list[_Call[Any]] = []
    try:
        with writers_turn():
            group = _those_waiting()
            _run_group(group)
    except BaseException as error:
        # Whatever ended the commit ended it for all: nobody may be told that the call was kept.
        group = group or _those_waiting()
        for call in group:
            call.error = error
        if not isinstance(error, Exception):
            raise
    finally:
        with _mutex:
            if _waiting:
                _waiting[0].leads = True
                _waiting[0].awake.set()
            else:
                _led = False
        for call in group:
            call.awake.set()


def _those_waiting() -> list[_Call[Any]]:
    with _mutex:
        return [_waiting.popleft() for _ in range(min(len(_waiting), LARGEST_GROUP))]


def _run_group(group: list[_Call[Any]]) -> None:
    try:
        _commit(group)
    except IntegrityError as error:
        # A constraint checked at the commit was broken by one of them: alone, each answers for itself.
        if len(group) == 1:
            group[0].error = error
        else:
            for call in group:
                _run_alone(call)


def _run_alone(call: _Call[Any]) -> None:
    try:
        _run_group([call])
    except Exception as error:
        call.error = error


def _commit(group: list[_Call[Any]]) -> None:
    link = connections[DEFAULT_DB_ALIAS]
    with transaction.atomic():
        if len(group) == 1:
            # Alone, its failure is that of the whole transaction: it needs no savepoint.
            group[0].error = None
            group[0].run()
            _take_hooks(group[0], link, since=0)
        else:
            for call in group:
                call.error, call.hooks = None, []
                _run_in_savepoint(call, link)
        if link.needs_rollback:
            # A savepoint could not be undone. Left alone, the transaction would be rolled back without a word.
            raise transaction.TransactionManagementError("the group's transaction cannot be committed")


def _run_in_savepoint(call: _Call[Any], link: Any) -> None:
    known = len(link.run_on_commit)
    try:
        with transaction.atomic():
            call.run()
    except Exception as error:
        call.error = error
    _take_hooks(call, link, since=known)


def _take_hooks(call: _Call[Any], link: Any, *, since: int) -> None:
    """Keep what is to follow the commit for the caller's thread, so that its failure is the caller's alone."""
    call.hooks = [entry[1] for entry in link.run_on_commit[since:]]
    del link.run_on_commit[since:]


@contextmanager
def writers_turn() -> Iterator[None]:
    """Wait for this process's turn to write on SQLite, in order of arrival; elsewhere do nothing."""
    link = connections[DEFAULT_DB_ALIAS]
    if not settings.GROUP_COMMIT or link.vendor != "sqlite" or link.in_atomic_block:
        yield
        return
    # Opened anew each time: the lock belongs to the open file, so threads queue like processes.
    file = os.open(f"{link.settings_dict['NAME']}-turn", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)
