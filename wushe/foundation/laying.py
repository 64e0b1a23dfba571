"""Lay many rows at once: numbers are taken beforehand, so that rows can name each other before any is written.

The mapper asks every field of every row how it wants to be saved, which costs several times what the database takes
to keep it. Here the values come as the database keeps them, in the order of the columns. Constraints and triggers
hold as ever; `pre_save`, defaults and `auto_now` do not run, so whoever lays rows gives every column.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

_MOST = 2000  # rows in one statement on PostgreSQL


def take_numbers(model: type[models.Model], count: int) -> range | list[int]:
    """Return so many new primary keys, ascending; raise RuntimeError outside a transaction.

    On SQLite the caller's transaction holds the only writer's lock, so nobody takes them in between.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("numbers are taken in the transaction that lays the rows")
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [number for (number,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
    first = (last[0] if last else 0) + 1
    return range(first, first + count)


def lay(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows whose values stand in the order of the columns, as the database keeps them."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    into = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES "  # noqa: S608 — names only
    row = f"({', '.join(['%s'] * len(columns))})"
    waiting = list(rows)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.executemany(into + row, waiting)
            return
        for start in range(0, len(waiting), _MOST):
            part = waiting[start : start + _MOST]
            cursor.execute(into + ", ".join([row] * len(part)), [value for values in part for value in values])


def kept(at: Any) -> Any:
    """Return a moment as the database keeps it."""
    return connection.ops.adapt_datetimefield_value(at)
