"""Many rows at once: prepared statements with the ORM's own conversions, and without what the mapper costs for each row."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models


def insert(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert many rows by one prepared statement and return their ids in order; what is not given has its default.

    The ORM's own bulk insert asks every field of every row several times, which costs many times as much.
    """
    if not rows:
        return []
    names = {
        field.attname: field for field in model._meta.concrete_fields if not field.generated and not field.primary_key
    }
    plain = {name: field.get_default() for name, field in names.items()}
    key = model._meta.pk
    assert key.column
    ids = _fresh_ids(model._meta.db_table, key.column, len(rows))
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column or "") for field in (key, *names.values()))
    marks = ", ".join(["%s"] * (len(names) + 1))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608 — names only
    prepare = [(name, field.get_db_prep_save, plain[name]) for name, field in names.items()]
    lines = [
        [pk, *(save(row.get(name, default), connection) for name, save, default in prepare)]
        for pk, row in zip(ids, rows, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, lines)
    return ids


def _fresh_ids(table: str, column: str, count: int) -> list[int]:
    """Return ids that nobody else will use: of the sequence, or on SQLite, where this transaction alone writes, the next."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, count]
            )
            return [number for (number,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        last = found[0] if found else 0
        return list(range(last + 1, last + 1 + count))


def rewrite(model: type[models.Model], changes: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Update many rows, each with its own values: one prepared statement for each set of columns.

    The ORM's own bulk update builds one CASE for each column over all rows, which costs many times as much.
    """
    groups: dict[tuple[str, ...], list[tuple[int, Mapping[str, Any]]]] = {}
    for pk, values in changes:
        groups.setdefault(tuple(sorted(values)), []).append((pk, values))
    quote = connection.ops.quote_name
    known = {field.name: field for field in model._meta.concrete_fields}
    for names, group in groups.items():
        fields = [known[name] for name in names]
        columns = ", ".join(f"{quote(field.column or '')} = %s" for field in fields)
        sql = f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE id = %s"  # noqa: S608 — names only
        lines = [
            [*(field.get_db_prep_save(values[name], connection) for field, name in zip(fields, names, strict=True)), pk]
            for pk, values in group
        ]
        with connection.cursor() as cursor:
            cursor.executemany(sql, lines)
