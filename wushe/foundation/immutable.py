"""Rows that are never changed or deleted: the rule is set in the database itself, on SQLite and on PostgreSQL."""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION wushe_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_POSTGRES = (
    "CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table} FOR EACH {each} EXECUTE FUNCTION wushe_append_only()"
)


def append_only(*tables: str) -> RunPython:
    """Return a migration step that forbids UPDATE and DELETE (and TRUNCATE on PostgreSQL) on these tables."""

    def forbid(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
        postgres = schema.connection.vendor == "postgresql"
        if postgres:
            schema.execute(_POSTGRES_FUNCTION, params=None)
        for table in tables:
            for verb in ("update", "delete"):
                text = _POSTGRES if postgres else _SQLITE
                schema.execute(text.format(table=table, verb=verb, VERB=verb.upper(), each="ROW"))
            if postgres:
                schema.execute(_POSTGRES.format(table=table, verb="truncate", VERB="TRUNCATE", each="STATEMENT"))

    def allow(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
        postgres = schema.connection.vendor == "postgresql"
        for table in tables:
            for verb in ("update", "delete", "truncate") if postgres else ("update", "delete"):
                schema.execute(f"DROP TRIGGER {table}_no_{verb}" + (f" ON {table}" if postgres else ""))

    return RunPython(forbid, allow)
