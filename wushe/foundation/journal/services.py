"""Write the journal: rows are chained in the transaction of the act that they record."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import BigIntegerField, Q

from wushe.foundation.actor import Actor
from wushe.foundation.prepared import Prepared, update_where
from wushe.foundation.statements import Statement

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
    link = connections[DEFAULT_DB_ALIAS]
    if not link.in_atomic_block:
        raise RuntimeError("the journal is written in the transaction of the act it records")
    lane_id, seq, head = _hold_lane(link)
    rows = []
    for act in acts:
        seq += 1
        content = (
            lane_id, seq, act.at, act.kind, act.subject_kind, act.subject_id, act.area_code,
            act.actor.user_id, act.actor.role_code, dict(act.data),
        )  # fmt: skip
        head = chained(head, *content)
        at = link.ops.adapt_datetimefield_value(act.at)
        rows.append([*content[:2], at, *content[3:9], json.dumps(content[9]), head])
    # By hand: every act writes here, and the mapper's own insert costs more than all the rest of the row.
    if len(rows) == 1:
        _APPEND.changed(link, rows[0])
    else:
        with link.cursor() as cursor:
            cursor.executemany(_INSERT, rows)
    update_where(Lane, {"pk": lane_id}, {"seq": seq, "head": head})
    return lane_id


_COLUMNS = "lane_id, seq, at, kind, subject_kind, subject_id, area_code, actor_id, role_code, data, hash"
_INSERT = f"INSERT INTO journal_entry ({_COLUMNS}) VALUES ({', '.join(['%s'] * 11)})"  # noqa: S608 — names only
_APPEND = Statement(_INSERT)


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


class _Held(NamedTuple):
    """A lane that this transaction writes in: its last number and the hash there."""

    lane_id: int
    seq: int
    head: str


def _hold_lane(link: Any) -> _Held:
    """Lock a lane until the transaction ends.

    On PostgreSQL a writer takes any lane that nobody else holds (its own counts as free), so it waits only if all
    are held, and then holds none itself: no circle of waiting can arise. SQLite has one writer and one lane.
    """
    if link.vendor != "postgresql":
        return _Held(*_FIRST_LANE.rows()[0])
    start = link.connection.info.backend_pid % LANES + 1
    return _Held(*(_FREE_LANE.first(start=start) or _FREE_LANE.first(start=1) or _LANE.rows(pk=start)[0]))


_CONTENT = ("pk", "seq", "head")
_FIRST_LANE: Prepared[tuple[int, int, str]] = Prepared(lambda: Lane.objects.filter(pk=1).values_list(*_CONTENT))
_FREE_LANE: Prepared[tuple[int, int, str]] = Prepared(
    lambda start: (
        Lane.objects.select_for_update(skip_locked=True).filter(pk__gte=start).order_by("pk").values_list(*_CONTENT)[:1]
    ),
    start=BigIntegerField(),
)
_LANE: Prepared[tuple[int, int, str]] = Prepared(
    lambda pk: Lane.objects.select_for_update().filter(pk=pk).values_list(*_CONTENT), pk=BigIntegerField()
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
