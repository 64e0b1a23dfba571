"""Group commit: together in one transaction, yet each call as if it were alone."""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.utils import timezone, translation

from wushe.foundation import group_commit
from wushe.foundation.access.models import Grant
from wushe.foundation.actor import SYSTEM
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict
from wushe.foundation.group_commit import commit_with_others
from wushe.foundation.idempotency.models import ClientKey
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.journal.services import breaks, record

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]

GROUP = 6


def write(number: int, *, key: str = "k") -> int:
    ClientKey.objects.create(user_id=number, key=key, call="t", digest="", at=timezone.now())
    return number


def written() -> list[int]:
    """Return what a connection of another process would see."""
    with sqlite3.connect(connection.settings_dict["NAME"]) as other:
        return [row[0] for row in other.execute("SELECT user_id FROM idempotency_client_key ORDER BY user_id")]


@pytest.fixture(autouse=True)
def on(settings: Any) -> None:
    settings.GROUP_COMMIT = True


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Record how many calls each transaction held."""
    sizes: list[int] = []
    commit = group_commit._commit

    def counted(group: list[Any]) -> None:
        sizes.append(len(group))
        commit(group)

    monkeypatch.setattr(group_commit, "_commit", counted)
    return sizes


class Together:
    """Runs calls so that they form one group: the first is held until all others wait behind it."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.pool = pool
        self.others: list[Future[Any]] = []

    def __call__(self, works: list[Callable[[], Any]], first: Callable[[], Any] = lambda: None) -> list["Future[Any]"]:
        held, go = threading.Event(), threading.Event()

        def hold() -> Any:
            held.set()
            assert go.wait(10)
            return first()

        leader = self.pool.submit(self._call, hold)
        assert held.wait(10)
        self.others = []
        for count, work in enumerate(works, 1):
            self.others.append(self.pool.submit(self._call, work))
            deadline = time.monotonic() + 10
            while len(group_commit._waiting) < count:
                assert time.monotonic() < deadline
                time.sleep(0.001)
        go.set()
        leader.result(10)
        for other in self.others:
            other.exception(10)
        return self.others

    @staticmethod
    def _call(work: Callable[[], Any]) -> Any:
        try:
            return commit_with_others(work)
        finally:
            connection.close()


@pytest.fixture
def together() -> Iterator[Together]:
    with ThreadPoolExecutor(GROUP + 2) as pool:
        yield Together(pool)
    assert not group_commit._led
    assert not group_commit._waiting


def test_waiting_calls_share_one_transaction_and_get_their_own_answers(together: Together, groups: list[int]) -> None:
    answers = together([lambda n=n: write(n) for n in range(GROUP)])
    assert groups == [1, GROUP]
    assert [answer.result() for answer in answers] == list(range(GROUP))
    assert written() == list(range(GROUP))


def test_a_failing_call_takes_back_its_own_writes_alone(together: Together, groups: list[int]) -> None:
    def fails() -> None:
        write(99)
        raise Conflict("已被接单")

    answers = together([lambda: write(1), fails, lambda: write(2)])
    assert groups == [1, 3]
    assert [answers[0].result(), answers[2].result()] == [1, 2]
    with pytest.raises(Conflict, match="已被接单"):
        answers[1].result()
    assert written() == [1, 2]


def test_an_error_of_the_database_in_one_call_leaves_the_others_whole(together: Together) -> None:
    answers = together([lambda: write(1), lambda: write(1), lambda: write(2)])
    with pytest.raises(IntegrityError):
        answers[1].result()
    assert written() == [1, 2]


def test_nobody_is_answered_before_the_commit(together: Together, monkeypatch: pytest.MonkeyPatch) -> None:
    answered: list[list[bool]] = []
    commit = DatabaseWrapper._commit

    def slow(self: Any) -> Any:
        time.sleep(0.05)
        answered.append([call.done() for call in together.others])
        return commit(self)

    monkeypatch.setattr(DatabaseWrapper, "_commit", slow)
    together([lambda n=n: write(n) for n in range(3)])
    assert answered == [[False] * 3, [False] * 3]
    assert all(call.done() for call in together.others)


def test_a_commit_that_fails_is_told_to_all_and_keeps_nothing(
    together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = DatabaseWrapper._commit
    calls: list[int] = []

    def full(self: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise OperationalError("database or disk is full")
        return commit(self)

    monkeypatch.setattr(DatabaseWrapper, "_commit", full)
    answers = together([lambda n=n: write(n) for n in range(GROUP)])
    assert all(isinstance(answer.exception(), OperationalError) for answer in answers)
    assert written() == []


def test_a_savepoint_that_cannot_be_undone_is_told_to_all_and_keeps_nothing(
    together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        write(99)
        raise Conflict

    def broken(self: Any, sid: str) -> None:
        raise OperationalError("no such savepoint")

    monkeypatch.setattr(DatabaseWrapper, "_savepoint_rollback", broken)
    answers = together([lambda: write(1), fails, lambda: write(2)])
    assert all(isinstance(a.exception(), transaction.TransactionManagementError) for a in answers)
    assert written() == []


def test_a_broken_reference_found_at_the_commit_is_the_guilty_call_s_alone(
    together: Together, groups: list[int]
) -> None:
    def points_nowhere() -> None:
        Grant.objects.create(user_id=12345, role_code="auditor", valid_from="2026-01-01")

    answers = together([lambda: write(1), points_nowhere, lambda: write(2)])
    assert groups == [1, 3, 1, 1, 1]
    assert isinstance(answers[1].exception(), IntegrityError)
    assert [answers[0].result(), answers[2].result()] == [1, 2]
    assert written() == [1, 2]
    assert not Grant.objects.exists()


def test_what_follows_the_commit_runs_in_the_callers_thread_after_it(together: Together) -> None:
    seen: list[tuple[str, int, list[int]]] = []

    def work(number: int) -> str:
        name = f"caller {number}"
        transaction.on_commit(lambda: seen.append((name, threading.get_ident(), written())))
        write(number)
        return name

    threads: dict[str, int] = {}

    def call(number: int) -> None:
        threads[f"caller {number}"] = threading.get_ident()
        Together._call(lambda: work(number))

    pool = together.pool
    for future in [pool.submit(call, n) for n in range(GROUP)]:
        future.result(10)
    assert {(name, thread) for name, thread, _ in seen} == set(threads.items())
    assert all(int(name[-1]) in rows for name, _, rows in seen)


def test_a_failed_call_has_no_follow_up_and_a_failing_follow_up_is_its_callers_alone(together: Together) -> None:
    followed: list[int] = []

    def refused() -> None:
        transaction.on_commit(lambda: followed.append(1))
        raise Conflict

    def follow_up_fails() -> int:
        transaction.on_commit(lambda: 1 // 0)
        return write(2)

    def well() -> int:
        transaction.on_commit(lambda: followed.append(3))
        return write(3)

    answers = together([refused, follow_up_fails, well])
    assert isinstance(answers[0].exception(), Conflict)
    assert isinstance(answers[1].exception(), ZeroDivisionError)
    assert answers[2].result() == 3
    assert followed == [3]
    assert written() == [2, 3]


def test_each_call_keeps_its_callers_language_and_time_zone(together: Together) -> None:
    def caller(language: str, zone: str) -> tuple[str, str]:
        with translation.override(language), timezone.override(zone):
            return commit_with_others(lambda: (translation.get_language(), timezone.get_current_timezone_name()))

    wanted = [("en", "UTC"), ("zh-hans", "Asia/Shanghai"), ("fr", "Asia/Urumqi")] * 2
    futures = [together.pool.submit(caller, *want) for want in wanted]
    assert [future.result(10) for future in futures] == wanted


def test_a_call_inside_a_transaction_belongs_to_it(groups: list[int]) -> None:
    with transaction.atomic():
        commit_with_others(lambda: write(1))
        transaction.set_rollback(True)
    assert groups == []
    assert written() == []


@domain_call(None)
def inner(*, actor: Any, number: int) -> int:
    return write(number)


@domain_call(None)
def outer(*, actor: Any, numbers: list[int], fail: bool = False) -> list[int]:
    result = [inner(actor=actor, number=number) for number in numbers]
    if fail:
        raise Conflict
    return result


def test_a_service_called_by_a_service_joins_its_savepoint(together: Together, groups: list[int]) -> None:
    assert outer(actor=SYSTEM, numbers=[1, 2]) == [1, 2]
    with pytest.raises(Conflict):
        outer(actor=SYSTEM, numbers=[3, 4], fail=True)
    assert groups == [1, 1]
    assert written() == [1, 2]


def test_the_journal_s_chain_stays_whole_under_many_threads(together: Together, groups: list[int]) -> None:
    subject = ClientKey.objects.create(user_id=0, key="k", call="t", digest="", at=timezone.now())

    def work(number: int) -> None:
        record(kind="test.write", subject=subject, actor=SYSTEM, at=timezone.now(), data={"n": number})
        if number % 7 == 0:
            raise Conflict

    def call(number: int) -> None:
        try:
            commit_with_others(lambda: work(number))
        except Conflict:
            pass
        finally:
            connection.close()

    list(together.pool.map(call, range(200)))
    kept = sorted(JournalEntry.objects.values_list("data__n", flat=True))
    assert kept == [number for number in range(200) if number % 7]
    assert breaks() == []
    assert sum(groups) == 200


@pytest.mark.processes
def test_kill_9_loses_no_answered_call_and_leaves_none_half_done(database_url: str) -> None:
    script = Path(__file__).with_name("group_worker.py")
    environment = os.environ | {
        "DATABASE_URL": database_url, "GROUP_COMMIT": "1", "SQLITE_SYNCHRONOUS": "OFF", "PYTHONPATH": str(settings.BASE_DIR),
    }  # fmt: skip
    answered: set[tuple[int, int]] = set()
    for life in range(3):
        pair = [
            subprocess.Popen(
                [sys.executable, str(script), str(life * 100 + side * 50)], env=environment, stdout=subprocess.PIPE
            )
            for side in range(2)
        ]
        # Both have started to write before they are killed in the middle of it.
        heads = [process.stdout.readline() for process in pair if process.stdout]
        time.sleep(0.7)
        for process, head in zip(pair, heads, strict=True):
            process.kill()
            lines = (head + process.communicate()[0]).decode().splitlines()
            assert len(lines) > 20, "one process was kept from writing by the other"
            answered |= {(int(user), int(number)) for user, _, number in (line.partition(" ") for line in lines)}
    rows = ClientKey.objects.values_list("user_id", "key")
    halves: dict[tuple[int, int], str] = {}
    for user, key in rows:
        halves[user, int(key[:-1])] = halves.get((user, int(key[:-1])), "") + key[-1]
    assert answered <= halves.keys()
    assert set(halves.values()) == {"ab"}
