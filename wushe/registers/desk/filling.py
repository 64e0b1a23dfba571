"""Steps of migrations: give titles that were there before their pinyin initials, so that they are found by them."""

from typing import Any

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

_BATCH = 500


def fill_initials(app: str, *models: tuple[str, str]) -> RunPython:
    """Return the step that fills `initials` of models, each given with the field of its title."""

    def fill(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
        from .finding import initials_of_title

        for name, title in models:
            manager: Any = apps.get_model(app, name)._default_manager.using(schema.connection.alias)
            part = []
            for row in manager.filter(initials="").only("pk", title).iterator(chunk_size=_BATCH):
                row.initials = initials_of_title(getattr(row, title))
                part.append(row)
                if len(part) == _BATCH:
                    manager.bulk_update(part, ["initials"])
                    part = []
            manager.bulk_update(part, ["initials"])

    return RunPython(fill, RunPython.noop)
