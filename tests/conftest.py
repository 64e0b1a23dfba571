"""Ground for all tests: which database, what it costs, and that nothing of this machine's installation is touched."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import rmtree

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.backends.base.operations import BaseDatabaseOperations
from pytest_django import DjangoDbBlocker

from tests.template import begin_with_template, keep_as_template
from wushe.foundation.tokens.rate import REQUESTS

# Django itself fills these again after each flush.
_REFILLED = {"contenttypes.contenttype", "auth.permission"}
_SWEEP_EVERY = 15  # seconds
_SWEPT = {"at": 0.0}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Keep the test database of SQLite in a file: several connections must meet the locks of the product."""
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        yield
        return
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    folder = Path(tempfile.mkdtemp(prefix="wushe-tests-"))
    name = folder / f"{worker}.sqlite3"
    database.setdefault("TEST", {})["NAME"] = str(name)
    begin_with_template(name)
    # No test cuts the power: flushing to the disk would only make them slow.
    database["OPTIONS"]["init_command"] = database["OPTIONS"]["init_command"].replace("=FULL", "=OFF")
    yield
    # This folder and no other: where no test asks for a database, the settings still name somebody's own.
    rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Let the file of SQLite, which may be a copy of the template, not be made anew."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """After a test with real transactions, empty the append-only tables too and lay again what migrations laid."""
    if connection.vendor == "sqlite" and connection.settings_dict["NAME"] == connection.settings_dict["TEST"]["NAME"]:
        keep_as_template(Path(connection.settings_dict["NAME"]))
    operations = type(connection.ops)
    flush = operations.execute_sql_flush
    with django_db_blocker.unblock():
        # A model whose table is not yet in a migration fails its own tests alone.
        tables = set(connection.introspection.table_names())
        kept = [m for m in apps.get_models() if m._meta.label_lower not in _REFILLED and m._meta.db_table in tables]
        laid = [row for model in kept for row in _rows(model)]
    operations.execute_sql_flush = _thorough(flush, laid)  # type: ignore[method-assign]
    yield
    operations.execute_sql_flush = flush  # type: ignore[method-assign]


@pytest.fixture(scope="module", autouse=True)
def swept(django_db_blocker: DjangoDbBlocker) -> None:
    """Now and then clear the tables of PostgreSQL of what tests have taken back; it would be read again and again."""
    name, now = connection.settings_dict["NAME"], time.monotonic()
    if connection.vendor != "postgresql" or not name.startswith("test_") or now < _SWEPT["at"] + _SWEEP_EVERY:
        return
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("VACUUM")
    _SWEPT["at"] = time.monotonic()


@pytest.fixture(autouse=True)
def no_requests_yet() -> None:
    """Forget the requests of other tests, whose tokens had the same numbers."""
    REQUESTS.forget()


def _rows(model: type[models.Model]) -> list[models.Model]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT 1 FROM "{model._meta.db_table}" LIMIT 1')
        return list(model._base_manager.all()) if cursor.fetchone() else []


def _thorough(flush: Callable[..., None], laid: list[models.Model]) -> Callable[..., None]:
    def thorough(operations: BaseDatabaseOperations, statements: list[str]) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                off, on = "SET session_replication_role = replica", "SET session_replication_role = DEFAULT"
                flush(operations, [off, *statements, on])
            else:
                guards = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
                for name, _ in guards:
                    cursor.execute(f"DROP TRIGGER {name}")
                flush(operations, statements)
                for _, definition in guards:
                    cursor.execute(definition)
        for row in laid:
            row.save_base(raw=True, force_insert=True)

    return thorough


def pytest_configure(config: pytest.Config) -> None:
    """Serve pages without gathered static files and store uploads apart."""
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    # Every test client builds the middleware anew: none of them shall read the whole folder of static files for it.
    settings.WHITENOISE_AUTOREFRESH = True
    settings.MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="wushe-tests-media-"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what concerns a database that this run does not have."""
    vendor = "sqlite" if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") else "postgresql"
    foreign = {"sqlite", "postgresql"} - {vendor}
    out = [item for item in items if foreign & {mark.name for mark in item.iter_markers()}]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in set(out)]


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """Give the address of the test database, for processes that a test starts."""
    place = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{place['NAME']}"
    return f"postgres://{place['USER']}:{place['PASSWORD']}@{place['HOST']}:{place['PORT']}/{place['NAME']}"
