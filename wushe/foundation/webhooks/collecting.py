"""From the journal to the queues: which event goes to whom, read in the order in which acts were committed.

All lanes are read by one statement in the order of the rows' ids. What follows from an act waits for it to commit, so
its row has a greater id; whoever sees the later of two acts on one thing sees the earlier one too.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.group_commit import writers_turn
from wushe.foundation.journal.models import Cursor, JournalEntry, Lane

from .events import may_be_told
from .models import Delivery, Subscription

_READER = "wushe.foundation.webhooks"


class _Overtaken(Exception):
    """Another worker has read these rows; what this one made of them is taken back."""


def collect(*, at: datetime, limit: int = 500, read: dict[int, int] | None = None) -> int:
    """Put new events into the queues of those who asked for them; return how many rows of the journal were read.

    `read` is the caller's memory of how far each lane has been read: an idle round then costs two small queries.
    """
    memory = {} if read is None else read
    told = list(Subscription.objects.filter(ended_at=None).select_related("grant__user"))
    if not told:
        return 0
    heads = dict(Lane.objects.filter(seq__gt=0).values_list("pk", "seq"))
    if heads == memory:
        return 0
    try:
        with writers_turn(), transaction.atomic():
            rows = _next_rows(heads, limit)
            _queue(rows, told, at)
    except _Overtaken:
        return 0
    if len(rows) < limit:
        memory.clear()
        memory.update(heads)
    return len(rows)


def begin_here() -> None:
    """Let reading begin after the rows that stand; called when the first one subscribes."""
    for lane_id, head in Lane.objects.filter(seq__gt=0).values_list("pk", "seq"):
        Cursor.objects.update_or_create(handler=_READER, lane_id=lane_id, defaults={"seq": head})


def subscriber(one: Subscription, at: datetime) -> Actor | None:
    """Return as whom a subscription sees, None if its grant is no longer in force."""
    grant, today = one.grant, timezone.localdate(at)
    if not grant.user.is_active or (grant.valid_until is not None and grant.valid_until < today):
        return None
    return Actor(
        user_id=grant.user_id, name=grant.user.name, role_code=grant.role_code, area_code=grant.area_code,
        organisation_id=grant.organisation_id, grant_id=grant.pk,
    )  # fmt: skip


def _next_rows(heads: dict[int, int], limit: int) -> list[JournalEntry]:
    """Return the next rows of all lanes and move the cursors over them; raise _Overtaken."""
    Cursor.objects.bulk_create([Cursor(handler=_READER, lane_id=pk) for pk in heads], ignore_conflicts=True)
    cursors = {one.lane_id: one for one in Cursor.objects.filter(handler=_READER)}
    unread = Q(pk=None)
    for lane_id, cursor in cursors.items():
        unread |= Q(lane_id=lane_id, seq__gt=cursor.seq)
    rows = list(JournalEntry.objects.filter(unread).order_by("id")[:limit])
    reached = {row.lane_id: row.seq for row in rows}
    for lane_id, seq in sorted(reached.items()):
        cursor = cursors[lane_id]
        if Cursor.objects.filter(pk=cursor.pk, seq=cursor.seq).update(seq=seq) != 1:
            raise _Overtaken
    return rows


def _queue(rows: Iterable[JournalEntry], told: Iterable[Subscription], at: datetime) -> None:
    actors = {one.pk: subscriber(one, at) for one in told}
    deliveries = [
        Delivery(subscription=one, entry=row, next_try_at=at)
        for row in rows
        for one in told
        if row.kind in one.kinds and row.at >= one.made_at and (actor := actors[one.pk]) and may_be_told(row, actor)
    ]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
