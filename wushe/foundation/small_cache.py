"""Bulk work keeps few pages of the database in memory: it writes each of them once and does not come back to it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

PAGES_KB = 4000


@contextmanager
def small_cache() -> Iterator[None]:
    """Hold SQLite's cache of pages small for a while (PostgreSQL's is its server's); what it held is given back."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size=-{PAGES_KB}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size={int(before)}")
