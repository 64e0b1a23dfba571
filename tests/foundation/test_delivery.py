"""Delivery: every row reaches every handler of its kind, in order, and an effect happens once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection, transaction

from wushe.foundation.actor import SYSTEM
from wushe.foundation.idempotency.models import ClientKey
from wushe.foundation.jobs.execution import work_off
from wushe.foundation.jobs.models import Job
from wushe.foundation.journal import delivery
from wushe.foundation.journal.delivery import deliver, handles
from wushe.foundation.journal.models import Cursor, JournalEntry
from wushe.foundation.journal.services import Act, record_all

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_handlers() -> Iterator[None]:
    before = dict(delivery._handlers)
    delivery._handlers.clear()
    yield
    delivery._handlers.clear()
    delivery._handlers.update(before)


def happen(*numbers: int, kind: str = "order.accept") -> None:
    with transaction.atomic():
        record_all(Act(kind, "order", number, "511602", SYSTEM, NOW, {}) for number in numbers)


def effect(number: int) -> None:
    ClientKey.objects.create(user_id=number, key=f"{ClientKey.objects.count()}", call="", digest="", at=NOW)


def effects() -> list[int]:
    return sorted(ClientKey.objects.values_list("user_id", flat=True))


def test_each_row_reaches_its_handlers_once_and_in_order() -> None:
    seen: list[int] = []
    others: list[int] = []
    handles("order.accept")(lambda row: seen.append(row.subject_id))

    @handles("order.accept", "order.cancel")
    def other(row: JournalEntry) -> None:
        others.append(row.subject_id)

    happen(1, 2, 3)
    happen(4, kind="order.cancel")
    happen(5, kind="order.place")
    assert deliver() == 7
    assert deliver() == 0
    assert (seen, others) == ([1, 2, 3], [1, 2, 3, 4])


def test_at_most_so_many_rows_a_round() -> None:
    handles("order.accept")(lambda row: effect(row.subject_id))
    happen(*range(10))
    assert [deliver(limit=4), deliver(limit=4), deliver(limit=4)] == [4, 4, 2]
    assert effects() == list(range(10))


def test_an_idle_round_costs_one_query(django_assert_num_queries: object) -> None:
    handles("order.accept")(lambda row: None)
    read: dict[tuple[str, int], int] = {}
    happen(1)
    deliver(read=read)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert deliver(read=read) == 0
    happen(2)
    assert deliver(read=read) == 1


def test_rows_of_no_concern_are_passed_over_for_good() -> None:
    handles("order.accept")(lambda row: None)
    happen(*range(delivery._FAR_BEHIND + 1), kind="order.place")
    deliver()
    assert max(Cursor.objects.values_list("seq", flat=True)) == delivery._FAR_BEHIND + 1
    happen(1)
    assert deliver() == 1


def test_a_failing_row_is_set_aside_and_done_later_without_holding_up_the_rest() -> None:
    broken = [True]

    @handles("order.accept")
    def handler(row: JournalEntry) -> None:
        effect(row.subject_id)
        if row.subject_id == 2 and broken[0]:
            raise KeyError("手机号 13800000000")

    happen(1, 2, 3)
    assert deliver() == 3
    assert effects() == [1, 3]
    waiting = Job.objects.get()
    assert waiting.args["entry_id"] == JournalEntry.objects.get(subject_id=2).pk
    cursor = Cursor.objects.get(failures=1)
    assert cursor.last_error == "2: KeyError"
    # It fails again, waits, and succeeds once the fault is mended.
    assert work_off(clock=lambda: NOW, limit=9) == 1
    assert effects() == [1, 3]
    broken[0] = False
    assert work_off(clock=lambda: NOW + timedelta(seconds=10), limit=9) == 1
    assert effects() == [1, 2, 3]
    assert deliver() == 0
    assert Job.objects.get().outcome == "done"


def test_a_database_that_is_away_is_no_fault_of_the_row() -> None:
    away = [True]

    @handles("order.accept")
    def handler(row: JournalEntry) -> None:
        if away[0]:
            raise OperationalError("database is locked")
        effect(row.subject_id)

    happen(1)
    with pytest.raises(OperationalError):
        deliver()
    assert not Job.objects.exists()
    away[0] = False
    assert deliver() == 1
    assert effects() == [1]


def test_a_worker_killed_in_the_middle_leaves_neither_effect_nor_step() -> None:
    class Killed(BaseException):
        """What kill -9 leaves: nothing of the open transaction."""

    killed = [True]

    @handles("order.accept")
    def handler(row: JournalEntry) -> None:
        effect(row.subject_id)
        if row.subject_id == 2 and killed[0]:
            raise Killed

    happen(1, 2, 3)
    with pytest.raises(Killed):
        deliver()
    assert effects() == [1]
    killed[0] = False
    assert deliver() == 2
    assert effects() == [1, 2, 3]


def test_two_workers_at_once_do_not_both_have_the_effect() -> None:
    rival = [True]

    @handles("order.accept")
    def handler(row: JournalEntry) -> None:
        effect(row.subject_id)

    happen(1, 2)
    move = delivery._move

    def rival_first(cursor: Cursor, row: JournalEntry) -> bool:
        if rival.pop() if rival else False:
            assert deliver() == 2
        return move(cursor, row)

    read: dict[tuple[str, int], int] = {}
    delivery._move = rival_first
    try:
        assert deliver(read=read) == 0
    finally:
        delivery._move = move
    assert effects() == [1, 2]
    # Having been second is no reason to forget the lane.
    assert read.get((next(iter(delivery._handlers)), JournalEntry.objects.first().lane_id)) is None
    assert connection.needs_rollback is False
