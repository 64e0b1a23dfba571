"""After rows were laid in bulk, the database must know how many there are, or it plans as if the tables were empty.

PostgreSQL learns by itself, but minutes later and never inside the transaction that lays them. SQLite never does, and
takes the first index that fits for one as good as any other: the district's where the street's would do.
"""

from django.db import connection, models

_SAMPLE = 2000  # rows of each index that SQLite looks at; all of them would take seconds


def count_anew(*changed: type[models.Model]) -> None:
    """Let the database take stock of these tables, or of all if none is named; allowed inside a transaction."""
    tables = [connection.ops.quote_name(model._meta.db_table) for model in changed]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {', '.join(tables)}")
            return
        cursor.execute(f"PRAGMA analysis_limit = {_SAMPLE}")
        for table in tables or [""]:
            cursor.execute(f"ANALYZE {table}")
