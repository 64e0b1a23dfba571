"""Indexes that another one makes superfluous: each row that is written pays for them."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AlterField
from django.db.migrations.state import ProjectState


class WithoutOwnIndex(AlterField):
    """A migration step that takes the index of a foreign key away, and leaves the table and its triggers alone.

    On SQLite the framework's own step writes the whole table anew, and the triggers are gone with the old one.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the index that this column has to itself, by the name that the framework gives it."""
        model = to_state.apps.get_model(app_label, self.model_name)
        column = model._meta.get_field(self.name).column
        name = schema_editor._create_index_name(model._meta.db_table, [column])  # type: ignore[attr-defined]
        schema_editor.execute(schema_editor._delete_index_sql(model, name))  # type: ignore[attr-defined]

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Make the index anew."""
        model = to_state.apps.get_model(app_label, self.model_name)
        field = model._meta.get_field(self.name)
        schema_editor.execute(schema_editor._create_index_sql(model, fields=[field]))  # type: ignore[attr-defined]
