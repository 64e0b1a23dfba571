"""After rows were laid in bulk, PostgreSQL must know how many there are.

It learns by itself, but minutes later and never inside the transaction that lays them; until then it plans as if the
tables were empty and takes minutes over what needs a moment. SQLite plans by its indexes and needs no telling.
"""

from django.db import connection, models


def count_anew(*changed: type[models.Model]) -> None:
    """Let the database take stock of these tables, or of all if none is named; allowed inside a transaction."""
    if connection.vendor != "postgresql":
        return
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in changed)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")
