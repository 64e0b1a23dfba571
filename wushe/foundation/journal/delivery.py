"""Outbox: journal rows are delivered to handlers, in order, at least once; a handler is safe to repeat.

A handler is how work travels up a floor: `@handles("visit.accept")` in `settlement` runs after verification has
committed. Each handler has a cursor per lane, moved in the transaction of its own effect, so a killed worker
neither loses nor doubles an effect on this database.
"""

import logging
from collections.abc import Callable

from django.db import transaction

from .models import Cursor, JournalEntry, Lane

log = logging.getLogger(__name__)

Handler = Callable[[JournalEntry], None]
_handlers: dict[str, tuple[frozenset[str], Handler]] = {}

GIVE_UP_AFTER = 8


def handles(*kinds: str) -> Callable[[Handler], Handler]:
    """Register a handler for these kinds of rows."""

    def register(handler: Handler) -> Handler:
        _handlers[f"{handler.__module__}.{handler.__qualname__}"] = (frozenset(kinds), handler)
        return handler

    return register


def deliver(*, limit: int = 200) -> int:
    """Deliver pending rows to every handler; return how many rows were handled."""
    done = 0
    for name, (kinds, handler) in _handlers.items():
        for lane_id in Lane.objects.values_list("pk", flat=True):
            done += _deliver_lane(name, kinds, handler, lane_id, limit)
    return done


def _deliver_lane(name: str, kinds: frozenset[str], handler: Handler, lane_id: int, limit: int) -> int:
    cursor, _ = Cursor.objects.get_or_create(handler=name, lane_id=lane_id)
    rows = list(
        JournalEntry.objects.filter(lane_id=lane_id, seq__gt=cursor.seq, kind__in=kinds).order_by("seq")[:limit]
    )
    for count, row in enumerate(rows):
        if not _deliver_row(cursor, handler, row):
            return count
    return len(rows)


def _deliver_row(cursor: Cursor, handler: Handler, row: JournalEntry) -> bool:
    """Run one handler on one row and move its cursor in the same transaction; say whether to go on."""
    try:
        with transaction.atomic():
            moved = Cursor.objects.filter(pk=cursor.pk, seq=cursor.seq).update(seq=row.seq, failures=0, last_error="")
            if not moved:
                return False
            handler(row)
    except Exception as error:
        # The class alone: an error's text may hold personal data.
        log.exception("handler failed on journal row %s/%s", row.lane_id, row.seq)
        skip = cursor.failures + 1 >= GIVE_UP_AFTER
        Cursor.objects.filter(pk=cursor.pk, seq=cursor.seq).update(
            failures=0 if skip else cursor.failures + 1,
            seq=row.seq if skip else cursor.seq,
            last_error=f"{row.seq}: {type(error).__name__}",
        )
        return False
    cursor.seq, cursor.failures = row.seq, 0
    return True
