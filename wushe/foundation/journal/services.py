"""Write the journal: rows are chained in the transaction of the act that they record."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from django.db import connection, models
from django.db.models import BigIntegerField, Q

from wushe.foundation.actor import Actor
from wushe.foundation.prepared import Prepared, update_where

from .models import Anchor, JournalEntry, Lane

LANES = 16


@dataclass(frozen=True, slots=True)
class Act:
    """What a journal row will say, before it has its place in a chain."""

    kind: str
    subject_kind: str
    subject_id: int
    area_code: str
    actor: Actor
    at: datetime
    data: Mapping[str, Any]


def record(
    *, kind: str, subject: models.Model, actor: Actor, at: datetime, data: Mapping[str, Any] | None = None
) -> None:
    """Append one row about the subject; raise RuntimeError outside a transaction."""
    area_code = getattr(subject, "area_code", "") or actor.area_code
    record_all([Act(kind, subject._meta.model_name or "", subject.pk, area_code, actor, at, data or {})])


def record_all(acts: Iterable[Act]) -> int:
    """Append rows in the given order and return their lane; raise RuntimeError outside a transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("the journal is written in the transaction of the act it records")
    lane = _hold_lane()
    rows = []
    for act in acts:
        lane.seq += 1
        content = (
            lane.pk, lane.seq, act.at, act.kind, act.subject_kind, act.subject_id, act.area_code,
            act.actor.user_id, act.actor.role_code, dict(act.data),
        )  # fmt: skip
        lane.head = chained(lane.head, *content)
        at = connection.ops.adapt_datetimefield_value(act.at)
        rows.append((*content[:2], at, *content[3:9], json.dumps(content[9]), lane.head))
    # By hand: every act writes here, and the mapper's own insert costs more than all the rest of the row.
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, rows)
    update_where(Lane, {"pk": lane.pk}, {"seq": lane.seq, "head": lane.head})
    return lane.pk


_COLUMNS = "lane_id, seq, at, kind, subject_kind, subject_id, area_code, actor_id, role_code, data, hash"
_INSERT = f"INSERT INTO journal_entry ({_COLUMNS}) VALUES ({', '.join(['%s'] * 11)})"  # noqa: S608 — names only


def chained(previous: str, lane_id: int, seq: int, at: datetime, *content: Any) -> str:
    """Return the hash that binds a row to the one before it; the content is as in `_COLUMNS`, without the hash."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps([lane_id, seq, moment, *content], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(f"{previous}\n{text}".encode()).hexdigest()


def chained_after(previous: str, entry: JournalEntry) -> str:
    """Return the hash that a stored row must have."""
    return chained(
        previous, entry.lane_id, entry.seq, entry.at, entry.kind, entry.subject_kind, entry.subject_id,
        entry.area_code, entry.actor_id, entry.role_code, entry.data,
    )  # fmt: skip


def anchor_day(*, day: date) -> Anchor:
    """Keep the heads of all lanes for this day; the second call for a day returns the first's anchor."""
    heads = {str(lane.pk): [lane.seq, lane.head] for lane in Lane.objects.order_by("pk")}
    anchor, _ = Anchor.objects.get_or_create(day=day, defaults={"heads": heads, "hash": _digest(heads)})
    return anchor


def unmet_anchors() -> list[date]:
    """Return the days whose anchor the journal no longer meets; [] if all is whole.

    Whoever rewrites a chain with its head leaves no break in it, but does not meet the anchors kept before.
    """
    return [anchor.day for anchor in Anchor.objects.order_by("day") if not _meets(anchor)]


def _meets(anchor: Anchor) -> bool:
    rows = (
        JournalEntry.objects.filter(lane_id=lane, seq=seq, hash=head)
        for lane, (seq, head) in anchor.heads.items()
        if seq
    )
    return _digest(anchor.heads) == anchor.hash and all(row.exists() for row in rows)


def _digest(heads: Mapping[str, Any]) -> str:
    return sha256(json.dumps(heads, sort_keys=True).encode()).hexdigest()


def _hold_lane() -> Lane:
    """Lock a lane until the transaction ends.

    On PostgreSQL a writer takes any lane that nobody else holds (its own counts as free), so it waits only if all
    are held, and then holds none itself: no circle of waiting can arise. SQLite has one writer and one lane.
    """
    if connection.vendor != "postgresql":
        return _FIRST_LANE.rows()[0]
    start = connection.connection.info.backend_pid % LANES + 1
    return _FREE_LANE.first(start=start) or _FREE_LANE.first(start=1) or Lane.objects.select_for_update().get(pk=start)


_FIRST_LANE: Prepared[Lane] = Prepared(lambda: Lane.objects.filter(pk=1))
_FREE_LANE: Prepared[Lane] = Prepared(
    lambda start: Lane.objects.select_for_update(skip_locked=True).filter(pk__gte=start).order_by("pk")[:1],
    start=BigIntegerField(),
)


def breaks(*, lane_id: int | None = None) -> list[tuple[int, int]]:
    """Return (lane, seq) of the first row of each lane that does not follow from the one before; [] if all is whole."""
    found = []
    for lane in Lane.objects.filter(Q(pk=lane_id) if lane_id else Q()).order_by("pk"):
        previous, expected = "", 1
        for entry in JournalEntry.objects.filter(lane=lane).order_by("seq").iterator(chunk_size=2000):
            if entry.seq != expected or entry.hash != chained_after(previous, entry):
                break
            previous, expected = entry.hash, expected + 1
        if (expected - 1, previous) != (lane.seq, lane.head):
            found.append((lane.pk, expected))
    return found
