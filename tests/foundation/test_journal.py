"""The journal: written with the act, append-only, chained; whoever changes it is found."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotAllowed
from wushe.foundation.idempotency.models import ClientKey
from wushe.foundation.journal.models import Anchor, JournalEntry, Lane
from wushe.foundation.journal.selectors import entries, history_of, history_of_many
from wushe.foundation.journal.services import Act, anchor_day, breaks, chained_after, record, record_all, unmet_anchors

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ANNA = Actor(user_id=7, name="安", role_code="dispatcher", area_code="511602")


def act(number: int, *, area_code: str = "511602001") -> Act:
    return Act(
        "test.act", "thing", number, area_code, ANNA, NOW + timedelta(minutes=number), {"n": number, "词": "中文"}
    )


@contextmanager
def without_guards() -> Iterator[None]:
    """Do what only somebody with full rights on the database can do; all of it is undone afterwards."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("DROP TRIGGER journal_entry_no_update")
            cursor.execute("DROP TRIGGER journal_entry_no_delete")
            cursor.execute("DROP TRIGGER journal_anchor_no_update")
            cursor.execute("DROP TRIGGER journal_anchor_no_delete")
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
class TestRecord:
    def test_says_who_did_what_to_which_thing_when(self) -> None:
        thing = ClientKey.objects.create(user_id=1, key="k", call="c", digest="d", at=NOW)
        record(kind="test.act", subject=thing, actor=ANNA, at=NOW, data={"n": 1})
        row = JournalEntry.objects.get()
        assert (row.kind, row.subject_kind, row.subject_id, row.at) == ("test.act", "clientkey", thing.pk, NOW)
        assert (row.actor_id, row.role_code, row.area_code, row.data) == (7, "dispatcher", "511602", {"n": 1})
        assert list(history_of(subject=thing)) == [row]
        assert history_of_many(subjects=[("clientkey", thing.pk), ("thing", 9)]) == [row]

    def test_rows_of_one_transaction_follow_each_other_in_one_lane(self) -> None:
        lane = record_all([act(n) for n in range(5)])
        rows = list(JournalEntry.objects.filter(lane_id=lane).order_by("seq"))
        assert len({row.lane_id for row in rows}) == 1
        assert [row.seq - rows[0].seq for row in rows] == [0, 1, 2, 3, 4]
        assert breaks() == []

    def test_is_seen_within_scope_and_with_the_right_alone(self) -> None:
        record_all([act(1), act(2, area_code="511602002"), act(3, area_code="511603001")])
        manager = Actor(user_id=1, name="x", role_code="district_manager", area_code="511602")
        street = Actor(user_id=1, name="x", role_code="street_manager", area_code="511602002")
        assert [row.subject_id for row in entries(actor=manager)] == [2, 1]
        assert [row.subject_id for row in entries(actor=street)] == [2]
        with pytest.raises(NotAllowed):
            entries(actor=ANNA)


@pytest.mark.django_db(transaction=True)
class TestTransaction:
    def test_is_refused_outside_a_transaction(self) -> None:
        with pytest.raises(RuntimeError, match="transaction of the act"):
            record_all([act(1)])
        assert not JournalEntry.objects.exists()

    def test_an_act_that_is_rolled_back_leaves_no_row_and_no_gap(self) -> None:
        with transaction.atomic():
            record_all([act(1)])
        with transaction.atomic():
            record_all([act(2)])
            transaction.set_rollback(True)
        with transaction.atomic():
            record_all([act(3)])
        assert sorted(JournalEntry.objects.values_list("subject_id", flat=True)) == [1, 3]
        assert breaks() == []

    def test_many_writers_at_once_keep_every_chain_whole(self) -> None:
        def write(number: int) -> None:
            try:
                with transaction.atomic():
                    record_all([act(number), act(number + 1000)])
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(write, range(160)))
        assert JournalEntry.objects.count() == 320
        assert breaks() == []

    @pytest.mark.postgresql
    def test_writers_do_not_wait_for_each_other(self) -> None:
        def lane_beside_mine() -> int:
            try:
                with transaction.atomic():
                    return record_all([act(2)])
            finally:
                connection.close()

        with transaction.atomic(), ThreadPoolExecutor(1) as pool:
            mine = record_all([act(1)])
            assert pool.submit(lane_beside_mine).result(5) != mine


@pytest.mark.django_db
class TestAppendOnly:
    @pytest.mark.parametrize("statement", ["UPDATE {} SET {}", "DELETE FROM {}"])
    @pytest.mark.parametrize(("table", "change"), [("journal_entry", "kind = 'x'"), ("journal_anchor", "hash = 'x'")])
    def test_the_database_itself_refuses(self, statement: str, table: str, change: str) -> None:
        record_all([act(1)])
        anchor_day(day=date(2026, 11, 22))
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table, change))
        assert JournalEntry.objects.get().kind == "test.act"

    @pytest.mark.postgresql
    def test_truncating_is_refused(self) -> None:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE journal_entry")


def _change_column(dice: random.Random, row: JournalEntry) -> None:
    """Change one column of the row to another value of its kind."""
    other: dict[str, Any] = {
        "at": row.at + timedelta(microseconds=dice.choice([-1, 1])),
        "kind": row.kind + "x",
        "subject_kind": "another",
        "subject_id": row.subject_id + dice.choice([-1, 1, 1000]),
        "area_code": row.area_code[:-1] + str((int(row.area_code[-1]) + 1) % 10),
        "actor_id": row.actor_id + 1,
        "role_code": "auditor",
        "data": {**row.data, "n": -1},
        "hash": row.hash[::-1],
        "seq": row.seq + 100_000,
        "lane_id": row.lane_id % 16 + 1,
    }
    column = dice.choice(sorted(other))
    JournalEntry.objects.filter(pk=row.pk).update(**{column: other[column]})


def _delete(dice: random.Random, row: JournalEntry) -> None:
    JournalEntry.objects.filter(pk=row.pk)._raw_delete(using="default")


def _forge_after(dice: random.Random, row: JournalEntry) -> None:
    """Append a row that follows from the last one, without having moved the head."""
    lane = row.lane
    forged = JournalEntry(
        lane=lane,
        seq=lane.seq + 1,
        at=NOW,
        kind="x",
        subject_kind="x",
        subject_id=1,
        area_code="5",
        actor_id=1,
        role_code="x",
    )
    forged.hash = chained_after(lane.head, forged)
    forged.save()


def _recompute_row(dice: random.Random, row: JournalEntry) -> None:
    """Change a row and give it the hash that fits its new content."""
    before = JournalEntry.objects.filter(lane_id=row.lane_id, seq=row.seq - 1).first()
    row.actor_id += 1
    JournalEntry.objects.filter(pk=row.pk).update(
        actor_id=row.actor_id, hash=chained_after(before.hash if before else "", row)
    )


def _swap(dice: random.Random, row: JournalEntry) -> None:
    """Let two neighbours change their places."""
    other = JournalEntry.objects.filter(lane_id=row.lane_id).exclude(pk=row.pk).order_by("seq").first()
    assert other
    JournalEntry.objects.filter(pk=row.pk).update(seq=-1)
    JournalEntry.objects.filter(pk=other.pk).update(seq=row.seq, hash=row.hash)
    JournalEntry.objects.filter(pk=row.pk).update(seq=other.seq, hash=other.hash)


def _cut_tail(dice: random.Random, row: JournalEntry) -> None:
    JournalEntry.objects.filter(lane_id=row.lane_id, seq__gte=row.seq)._raw_delete(using="default")


def _turn_back_head(dice: random.Random, row: JournalEntry) -> None:
    Lane.objects.filter(pk=row.lane_id).update(seq=row.seq - 1)


TAMPERS = [_change_column] * 5 + [_delete, _forge_after, _recompute_row, _swap, _cut_tail, _turn_back_head]


@pytest.mark.django_db
def test_a_thousand_tampers_are_all_found() -> None:
    for start in range(0, 24, 3):
        record_all([act(start + n) for n in range(3)])
    assert breaks() == []
    rows = list(JournalEntry.objects.all())
    dice = random.Random(20261122)
    unnoticed = []
    for number in range(1000):
        row, tamper = dice.choice(rows), dice.choice(TAMPERS)
        with without_guards():
            tamper(dice, JournalEntry.objects.get(pk=row.pk))
            found = breaks()
        if not any(lane == row.lane_id for lane, _ in found):
            unnoticed.append((number, tamper.__name__, row.lane_id, row.seq, found))
    assert unnoticed == []
    assert breaks() == []


@pytest.mark.django_db
class TestAnchors:
    def test_hold_the_heads_of_the_day_once(self) -> None:
        record_all([act(1)])
        first = anchor_day(day=date(2026, 11, 22))
        record_all([act(2)])
        assert anchor_day(day=date(2026, 11, 22)) == first
        assert anchor_day(day=date(2026, 11, 23)).hash != first.hash
        assert Anchor.objects.count() == 2
        assert unmet_anchors() == []

    def test_find_a_chain_that_was_rewritten_whole(self) -> None:
        """Somebody with all rights cuts the tail and mends the head: the chain alone cannot tell."""
        record_all([act(1), act(2), act(3)])
        row = JournalEntry.objects.get(subject_id=2)
        anchor_day(day=date(2026, 11, 22))
        with without_guards():
            _cut_tail(random.Random(1), row)
            first = JournalEntry.objects.get(subject_id=1)
            Lane.objects.filter(pk=row.lane_id).update(seq=first.seq, head=first.hash)
            assert breaks() == []
            assert unmet_anchors() == [date(2026, 11, 22)]

    def test_find_a_changed_anchor(self) -> None:
        record_all([act(1)])
        anchor = anchor_day(day=date(2026, 11, 22))
        with without_guards():
            Anchor.objects.update(heads={**anchor.heads, "99": [1, ""]})
            assert unmet_anchors() == [date(2026, 11, 22)]
