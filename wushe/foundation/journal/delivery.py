"""Outbox: journal rows are delivered to handlers at least once; a handler is safe to repeat.

A handler is how work travels up a floor: `@handles("visit.accept")` in `settlement` runs after verification has
committed. Each handler has a cursor per lane, moved in the transaction of its own effect, so a killed worker
neither loses nor doubles an effect on this database. Rows come in the order of their lane; one whose handler fails
is set aside as a job, which tries again with growing pauses and stays to be seen if it never succeeds.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, QuerySet

from wushe.foundation.group_commit import writers_turn
from wushe.foundation.jobs.registry import job
from wushe.foundation.jobs.services import enqueue

from .models import Cursor, JournalEntry, Lane

log = logging.getLogger(__name__)

Handler = Callable[[JournalEntry], None]
_handlers: dict[str, tuple[frozenset[str], Handler]] = {}
_FAR_BEHIND = 500


def handles(*kinds: str) -> Callable[[Handler], Handler]:
    """Register a handler for these kinds of rows."""

    def register(handler: Handler) -> Handler:
        _handlers[f"{handler.__module__}.{handler.__qualname__}"] = (frozenset(kinds), handler)
        return handler

    return register


def deliver(*, limit: int = 200, read: dict[tuple[str, int], int] | None = None) -> int:
    """Deliver pending rows to every handler; return how many rows were handled.

    `read` is the caller's memory of how far each lane has been read: an idle round then costs one query.
    """
    done, memory = 0, {} if read is None else read
    heads = dict(Lane.objects.values_list("pk", "seq"))
    for name, (kinds, handler) in _handlers.items():
        for lane_id, head in heads.items():
            if memory.get((name, lane_id), 0) != head:
                cursor, _ = Cursor.objects.get_or_create(handler=name, lane_id=lane_id)
                rows = _pending(cursor, kinds, head)[:limit]
                count = _deliver_rows(cursor, handler, rows)
                done += count
                if count == len(rows) < limit:
                    _catch_up(cursor, head)
                    memory[name, lane_id] = head
    return done


def begin_at_end() -> None:
    """Let every handler begin after the rows that stand: for a history whose effects were written with it."""
    for lane_id, head in Lane.objects.filter(seq__gt=0).values_list("pk", "seq"):
        for name in _handlers:
            Cursor.objects.update_or_create(handler=name, lane_id=lane_id, defaults={"seq": head})


def _pending(cursor: Cursor, kinds: frozenset[str], head: int) -> QuerySet[JournalEntry]:
    lane = JournalEntry.objects.filter(lane_id=cursor.lane_id, seq__gt=cursor.seq, seq__lte=head)
    return lane.filter(kind__in=kinds).order_by("seq")


def _deliver_rows(cursor: Cursor, handler: Handler, rows: Iterable[JournalEntry]) -> int:
    """Deliver row by row until another worker turns out to read the same lane for the same handler."""
    count = 0
    for row in rows:
        if not _deliver_row(cursor, handler, row):
            break
        count += 1
    return count


def _catch_up(cursor: Cursor, head: int) -> None:
    """Move the cursor over rows that do not concern its handler, once they are many."""
    if head - cursor.seq > _FAR_BEHIND:
        Cursor.objects.filter(pk=cursor.pk, seq=cursor.seq).update(seq=head)


def _deliver_row(cursor: Cursor, handler: Handler, row: JournalEntry) -> bool:
    """Run one handler on one row and move its cursor in the same transaction; False if another worker was first."""
    try:
        with writers_turn(), transaction.atomic():
            if not _move(cursor, row):
                return False
            handler(row)
    except (OperationalError, InterfaceError):
        # The database is away or busy: that is no fault of the row.
        raise
    except Exception as error:
        _set_aside(cursor, row, error)
    cursor.seq = row.seq
    return True


def _move(cursor: Cursor, row: JournalEntry) -> bool:
    return bool(Cursor.objects.filter(pk=cursor.pk, seq=cursor.seq).update(seq=row.seq))


def _set_aside(cursor: Cursor, row: JournalEntry, error: Exception) -> None:
    """Go on with the next row and leave this one to a job of its own."""
    log.error("handler %s failed on journal row %s/%s", cursor.handler, row.lane_id, row.seq, exc_info=error)
    with writers_turn(), transaction.atomic():
        if _move(cursor, row):
            # The class alone: an error's text may hold personal data.
            Cursor.objects.filter(pk=cursor.pk).update(
                failures=F("failures") + 1, last_error=f"{row.seq}: {type(error).__name__}"
            )
            args = {"handler": cursor.handler, "entry_id": row.pk}
            enqueue(
                name=_AGAIN,
                args=args,
                at=row.at,
                key=f"{row.lane_id}/{row.seq} {sha256(cursor.handler.encode()).hexdigest()[:32]}",
            )


_AGAIN = "journal.deliver_again"


@job(_AGAIN, attempts=20)
def deliver_again(*, at: datetime, handler: str, entry_id: int) -> None:
    """Run a handler on a row that it has failed on before."""
    _handlers[handler][1](JournalEntry.objects.get(pk=entry_id))
