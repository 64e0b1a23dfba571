"""Jobs: asked for within a transaction, done once, tried again, given up, and due by themselves."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from time import sleep
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from wushe.foundation.errors import Conflict
from wushe.foundation.jobs import execution, registry
from wushe.foundation.jobs.execution import claim, run, work_off
from wushe.foundation.jobs.models import Job
from wushe.foundation.jobs.registry import Schedule, job, scheduled
from wushe.foundation.jobs.selectors import backlog, failed_jobs
from wushe.foundation.jobs.services import UnknownJob, enqueue, enqueue_due, forget_old, retry_failed

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


@pytest.fixture(autouse=True)
def own_kinds() -> Iterator[None]:
    before, times = dict(registry.kinds), list(registry.schedules)
    registry.kinds.clear()
    registry.schedules.clear()
    yield
    registry.kinds.clear()
    registry.kinds.update(before)
    registry.schedules[:] = times


@pytest.fixture
def seen() -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = []

    @job("test.note")
    def note(**arguments: Any) -> int:
        seen.append(arguments)
        return len(seen)

    return seen


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


@pytest.mark.django_db
class TestEnqueue:
    def test_keeps_the_arguments_and_the_time(self, seen: list[dict[str, Any]]) -> None:
        row = enqueue(name="test.note", args={"n": 1}, at=NOW, run_at=LATER, priority=3)
        row.refresh_from_db()
        assert (row.name, row.args, row.enqueued_at, row.run_at, row.priority) == ("test.note", {"n": 1}, NOW, LATER, 3)
        assert (row.outcome, row.attempts, row.key) == ("", 0, None)

    def test_without_a_handler_is_refused(self, seen: list[dict[str, Any]]) -> None:
        with pytest.raises(UnknownJob):
            enqueue(name="test.nothing", at=NOW)
        assert Job.objects.count() == 0

    def test_with_a_key_is_one_job(self, seen: list[dict[str, Any]]) -> None:
        first = enqueue(name="test.note", args={"n": 1}, at=NOW, key="a")
        again = enqueue(name="test.note", args={"n": 2}, at=LATER, key="a")
        other = enqueue(name="test.note", args={"n": 3}, at=NOW, key="b")
        assert first.pk == again.pk != other.pk
        assert again.args == {"n": 1}
        assert Job.objects.count() == 2

    def test_without_a_key_are_two_jobs(self, seen: list[dict[str, Any]]) -> None:
        assert enqueue(name="test.note", at=NOW).pk != enqueue(name="test.note", at=NOW).pk

    def test_a_key_holds_after_the_job_has_ended(self, seen: list[dict[str, Any]]) -> None:
        enqueue(name="test.note", at=NOW, key="a")
        work_off(clock=at(NOW), limit=9)
        enqueue(name="test.note", at=LATER, key="a")
        assert work_off(clock=at(LATER), limit=9) == 0
        assert len(seen) == 1

    def test_rolled_back_never_was(self, seen: list[dict[str, Any]]) -> None:
        with transaction.atomic():
            enqueue(name="test.note", at=NOW)
            transaction.set_rollback(True)
        assert Job.objects.count() == 0


@pytest.mark.django_db
class TestRun:
    def test_calls_the_handler_once_and_keeps_its_result(self, seen: list[dict[str, Any]]) -> None:
        row = enqueue(name="test.note", args={"n": 7}, at=NOW)
        assert work_off(clock=at(NOW), limit=9) == 1
        assert work_off(clock=at(LATER), limit=9) == 0
        row.refresh_from_db()
        assert seen == [{"at": NOW, "n": 7}]
        assert (row.outcome, row.result, row.ended_at, row.attempts, row.lease_until) == ("done", 1, NOW, 1, None)

    def test_waits_for_its_time(self, seen: list[dict[str, Any]]) -> None:
        enqueue(name="test.note", at=NOW, run_at=NOW + timedelta(minutes=1))
        assert work_off(clock=at(NOW), limit=9) == 0
        assert work_off(clock=at(NOW + timedelta(minutes=1)), limit=9) == 1

    def test_takes_the_urgent_first_then_the_oldest(self, seen: list[dict[str, Any]]) -> None:
        enqueue(name="test.note", args={"n": "late"}, at=NOW)
        enqueue(name="test.note", args={"n": "early"}, at=NOW, run_at=NOW - timedelta(hours=1))
        enqueue(name="test.note", args={"n": "urgent"}, at=NOW, priority=5)
        work_off(clock=at(NOW), limit=9)
        assert [call["n"] for call in seen] == ["urgent", "early", "late"]

    def test_leaves_a_job_of_another_version_alone(self, seen: list[dict[str, Any]]) -> None:
        row = enqueue(name="test.note", at=NOW)
        registry.kinds.pop("test.note")
        assert claim(now=NOW) is None
        row.refresh_from_db()
        assert row.attempts == 0

    def test_a_failure_leaves_no_effect_and_is_tried_again_after_a_pause(self) -> None:
        runs: list[datetime] = []

        @job("test.note")
        def note(*, at: datetime, **_: Any) -> None: ...

        @job("test.fails_once")
        def fails_once(*, at: datetime) -> None:
            runs.append(at)
            enqueue(name="test.note", at=at, run_at=LATER)
            if len(runs) == 1:
                raise ZeroDivisionError("谁的手机号 13800000000")

        row = enqueue(name="test.fails_once", at=NOW)
        assert not run(claim(now=NOW), clock=at(NOW))
        row.refresh_from_db()
        assert (row.outcome, row.error_class, row.lease_token) == ("", "ZeroDivisionError", "")
        assert row.run_at == NOW + timedelta(seconds=10)
        assert not Job.objects.filter(name="test.note").exists()
        assert claim(now=NOW + timedelta(seconds=9)) is None
        assert work_off(clock=at(NOW + timedelta(seconds=10)), limit=9) == 1
        row.refresh_from_db()
        assert (row.outcome, row.attempts) == ("done", 2)
        assert Job.objects.filter(name="test.note").count() == 1

    def test_is_given_up_after_its_last_attempt_and_stays_to_be_seen(self) -> None:
        @job("test.fails", attempts=3)
        def fails(*, at: datetime) -> None:
            raise KeyError

        row = enqueue(name="test.fails", at=NOW)
        for days in range(5):
            work_off(clock=at(NOW + timedelta(days=days)), limit=1)
        row.refresh_from_db()
        assert (row.outcome, row.attempts, row.error_class) == ("failed", 3, "KeyError")
        assert list(failed_jobs()) == [row]
        assert forget_old(at=NOW + timedelta(days=400)) == 0
        assert retry_failed(job_id=row.pk, at=LATER)
        assert not retry_failed(job_id=row.pk, at=LATER)
        assert claim(now=LATER).pk == row.pk

    def test_a_refusal_is_an_answer_and_not_tried_again(self) -> None:
        @job("test.refused")
        def refused(*, at: datetime) -> None:
            raise Conflict

        row = enqueue(name="test.refused", at=NOW)
        work_off(clock=at(NOW), limit=9)
        row.refresh_from_db()
        assert (row.outcome, row.error_class, row.attempts) == ("refused", "Conflict", 1)
        assert claim(now=LATER) is None

    @pytest.mark.parametrize(("attempt", "seconds"), [(1, 10), (2, 20), (3, 40), (9, 2560), (10, 3600), (30, 3600)])
    def test_pauses_grow_up_to_an_hour(self, seen: list[dict[str, Any]], attempt: int, seconds: int) -> None:
        assert registry.kinds["test.note"].pause_after(attempt) == timedelta(seconds=seconds)


@pytest.mark.django_db
class TestLease:
    def test_a_held_job_is_not_taken_by_another(self, seen: list[dict[str, Any]]) -> None:
        enqueue(name="test.note", at=NOW)
        assert claim(now=NOW) is not None
        assert claim(now=NOW + timedelta(seconds=119)) is None
        assert claim(now=NOW + timedelta(seconds=120)) is not None

    def test_a_late_worker_leaves_no_trace(self, seen: list[dict[str, Any]]) -> None:
        row = enqueue(name="test.note", args={"n": 1}, at=NOW)
        late = claim(now=NOW)
        punctual = claim(now=NOW + timedelta(minutes=5))
        assert not run(late, clock=at(NOW + timedelta(minutes=6)))
        assert seen == []
        row.refresh_from_db()
        assert (row.outcome, row.lease_token) == ("", punctual.lease_token)
        assert run(punctual, clock=at(NOW + timedelta(minutes=6)))
        assert not run(late, clock=at(NOW + timedelta(minutes=7)))
        assert len(seen) == 1

    def test_a_late_failure_does_not_disturb_the_one_who_took_over(self) -> None:
        @job("test.fails")
        def fails(*, at: datetime) -> None:
            raise KeyError

        row = enqueue(name="test.fails", at=NOW)
        late = claim(now=NOW)
        late.lease_token = "somebody else's"
        run(late, clock=at(NOW))
        row.refresh_from_db()
        assert (row.outcome, row.error_class, row.run_at) == ("", "", NOW)

    def test_a_job_that_kills_its_workers_is_given_up(self) -> None:
        @job("test.deadly", attempts=3)
        def deadly(*, at: datetime) -> None: ...

        row = enqueue(name="test.deadly", at=NOW)
        for hours in range(3):
            assert claim(now=NOW + timedelta(hours=hours)) is not None
        assert claim(now=NOW + timedelta(hours=9)) is None
        row.refresh_from_db()
        assert (row.outcome, row.error_class) == ("failed", "WorkerLost")

    def test_two_who_read_the_same_job_do_not_both_take_it(
        self, seen: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        enqueue(name="test.note", at=NOW)
        taken: list[Job | None] = []
        take = execution._take

        def rival_first(row: Job, now: datetime) -> bool:
            monkeypatch.setattr(execution, "_take", take)
            taken.append(claim(now=now))
            return take(row, now)

        monkeypatch.setattr(execution, "_take", rival_first)
        assert claim(now=NOW) is None
        assert taken[0] is not None


@pytest.mark.django_db(transaction=True)
class TestLongJob:
    def test_prepares_outside_and_writes_inside_the_transaction_that_ends_it(self) -> None:
        where: list[bool] = []

        @job("test.long", long=True)
        def long(*, at: datetime) -> Callable[[], str]:
            where.append(transaction.get_connection().in_atomic_block)

            def write() -> str:
                where.append(transaction.get_connection().in_atomic_block)
                return "写好了"

            return write

        row = enqueue(name="test.long", at=NOW)
        assert work_off(clock=at(NOW), limit=9) == 1
        row.refresh_from_db()
        assert where == [False, True]
        assert (row.outcome, row.result) == ("done", "写好了")

    def test_its_lease_is_renewed_while_it_prepares(self) -> None:
        leases: list[datetime | None] = []

        @job("test.long", long=True, lease=timedelta(seconds=0.15))
        def long(*, at: datetime) -> None:
            for _ in range(100):
                lease = Job.objects.get().lease_until
                if lease and lease >= LATER:
                    leases.append(lease)
                    return
                sleep(0.02)

        enqueue(name="test.long", at=NOW)
        row = claim(now=NOW)
        assert run(row, clock=at(LATER))
        assert leases == [LATER + timedelta(seconds=0.15)]

    def test_lost_while_preparing_writes_nothing(self) -> None:
        written: list[str] = []

        @job("test.long", long=True)
        def long(*, at: datetime) -> Callable[[], None]:
            Job.objects.update(lease_token="another")
            return lambda: written.append("twice")

        enqueue(name="test.long", at=NOW)
        assert not run(claim(now=NOW), clock=at(NOW))
        assert written == []
        assert Job.objects.get().outcome == ""


LOCAL = ZoneInfo("Asia/Shanghai")


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=LOCAL)


class TestSchedule:
    @pytest.mark.parametrize(
        ("now", "slot"),
        [
            (local(22, 2, 30), local(22, 2, 30)),
            (local(22, 2, 29), local(21, 2, 30)),
            (local(22, 23, 59), local(22, 2, 30)),
        ],
    )
    def test_daily(self, now: datetime, slot: datetime) -> None:
        assert Schedule("x", daily=time(2, 30)).due_slot(now) == slot

    @pytest.mark.parametrize(
        ("now", "slot"),
        [(local(22, 2, 30), local(22, 2, 30)), (local(22, 2, 34), local(22, 2, 30)), (local(22, 0, 1), local(22, 0))],
    )
    def test_at_an_interval(self, now: datetime, slot: datetime) -> None:
        assert Schedule("x", every=timedelta(minutes=5)).due_slot(now) == slot

    @pytest.mark.parametrize("wrong", [{}, {"daily": "02:30", "every": timedelta(hours=1)}])
    def test_is_either_daily_or_at_an_interval(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match="either"):
            scheduled("x", **wrong)

    @pytest.mark.django_db
    def test_each_slot_has_one_job_whoever_asks(self) -> None:
        @scheduled("test.daily", daily="02:30")
        @scheduled("test.often", every=timedelta(minutes=5))
        def handler(*, at: datetime) -> None: ...

        scheduled("test.daily", daily="02:30")(handler)
        assert sorted(row.name for row in enqueue_due(now=local(22, 2, 31))) == ["test.daily", "test.often"]
        assert enqueue_due(now=local(22, 2, 32)) == []
        assert [row.name for row in enqueue_due(now=local(22, 2, 36))] == ["test.often"]
        # Down for three days: each is made up for once.
        assert len(enqueue_due(now=local(25, 9))) == 2
        assert Job.objects.count() == 5

    def test_two_handlers_for_one_name_are_a_mistake(self) -> None:
        job("x")(lambda: None)
        with pytest.raises(ValueError, match="two handlers"):
            job("x")(lambda: None)


@pytest.mark.django_db
def test_backlog_counts_what_waits_runs_and_has_failed(seen: list[dict[str, Any]]) -> None:
    for minutes in (5, 3, 1):
        enqueue(name="test.note", at=NOW, run_at=NOW - timedelta(minutes=minutes))
    enqueue(name="test.note", at=NOW, run_at=LATER)
    claim(now=NOW)
    Job.objects.filter(run_at=NOW - timedelta(minutes=1)).update(outcome="failed", ended_at=NOW)
    assert backlog(now=NOW) == {"waiting": 1, "running": 1, "failed": 1, "oldest": NOW - timedelta(minutes=5)}
