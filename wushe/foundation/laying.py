"""Lay many rows at once: numbers are taken beforehand, so that rows can name each other before any is written.

The mapper asks every field of every row how it wants to be saved, which costs several times what the database takes
to keep it. Here the values come as the database keeps them, in the order of the columns. Constraints and triggers
hold as ever; `pre_save`, defaults and `auto_now` do not run, so whoever lays rows gives every column.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from django.db import connection, models

_VALUES = 300  # values in one statement
_FEW = 50  # rows up to which a statement is shorter than a stream


# OFFSET keeps the planner from looking the sequence up anew for each number.
_NUMBERS = """SELECT nextval(one) FROM generate_series(1, %s),
    (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS one OFFSET 0) AS found"""


def take_numbers(model: type[models.Model], count: int) -> range | list[int]:
    """Return so many new primary keys, ascending; raise RuntimeError outside a transaction.

    On SQLite the caller's transaction holds the only writer's lock, so nobody takes them in between.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("numbers are taken in the transaction that lays the rows")
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_NUMBERS, [count, table])
            return [number for (number,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
    first = (last[0] if last else 0) + 1
    return range(first, first + count)


def lay(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows whose values stand in the order of the columns, as the database keeps them."""
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(quote(column) for column in columns)
    waiting = list(rows)
    if connection.vendor == "postgresql" and len(waiting) > _FEW:
        # The stream of COPY is what the server reads fastest; constraints and triggers hold in it as well.
        stream = f"COPY {table} ({names}) FROM STDIN"
        with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(stream) as copy:
            for row in waiting:
                copy.write_row(row)
        return
    into = f"INSERT INTO {table} ({names}) VALUES "  # noqa: S608 — names only
    one, together = f"({', '.join(['%s'] * len(columns))})", max(1, _VALUES // len(columns))
    whole = len(waiting) - len(waiting) % together
    with connection.cursor() as cursor:
        # Several rows in one statement: what each execution costs is shared among them.
        if whole:
            parts = (waiting[start : start + together] for start in range(0, whole, together))
            cursor.executemany(into + ", ".join([one] * together), [list(chain.from_iterable(part)) for part in parts])
        if whole < len(waiting):
            cursor.executemany(into + one, waiting[whole:])


def kept(at: Any) -> Any:
    """Return a moment as the database keeps it."""
    return connection.ops.adapt_datetimefield_value(at)
