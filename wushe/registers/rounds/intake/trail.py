"""The trail of a round: the rows it made, and what stood before in those it changed, so that it can be taken back.

Values are kept as JSON under seal; a protected value stays the ciphertext that it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models

from wushe.foundation.protected import ProtectedField, Sealed

from .bulk import insert, rewrite

Changes = Sequence[tuple[int, Mapping[str, Any]]]
_ANEW = "compared_at"
"""Whoever is put back is compared with others anew, so its old value is not kept."""


@dataclass(slots=True)
class Step:
    """Rows of one table that were made (`before` is empty), or changed, each with the values before."""

    model: type[models.Model]
    ids: list[int]
    before: list[dict[str, Any]] = field(default_factory=list)

    def packed(self) -> list[Any]:
        """Return the step as JSON keeps it."""
        return [self.model._meta.label, self.ids, self.before]

    @classmethod
    def unpacked(cls, kept: list[Any]) -> "Step":
        """Return the step that was kept."""
        label, ids, before = kept
        model = apps.get_model(label)
        return cls(model, ids, [{name: _read(model, name, value) for name, value in one.items()} for one in before])


class Trail:
    """Writes in bulk, and keeps what is needed to take it back."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def insert(self, model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """Insert rows and return their ids in order."""
        return self.made(model, insert(model, rows))

    def create(self, model: type[models.Model], things: Sequence[Any]) -> None:
        """Insert things of a model, which then have their ids."""
        model._base_manager.bulk_create(things, batch_size=1000)
        self.made(model, [thing.pk for thing in things])

    def made(self, model: type[models.Model], ids: list[int]) -> list[int]:
        """Remember rows that were made."""
        if ids:
            self.steps.append(Step(model, ids))
        return ids

    def rewrite(self, model: type[models.Model], changes: Changes) -> None:
        """Change rows, each with its own values by field, and keep what stood there."""
        if not changes:
            return
        names = sorted({name for _, values in changes for name in values})
        before = {
            row["pk"]: row for row in model._base_manager.filter(pk__in=[pk for pk, _ in changes]).values("pk", *names)
        }
        self.steps.append(Step(
            model, [pk for pk, _ in changes],
            [{name: _kept(before[pk][name]) if name != _ANEW else None for name in values} for pk, values in changes],
        ))  # fmt: skip
        rewrite(model, changes)


def _kept(value: Any) -> Any:
    if isinstance(value, Sealed):
        return value.token
    return value if isinstance(value, str | int | float | list | dict | None) else str(value)


def _read(model: type[models.Model], name: str, value: Any) -> Any:
    known: Any = model._meta.get_field(name)
    if isinstance(known, ProtectedField):
        return Sealed(value, known.kind)
    return value if isinstance(known, models.JSONField) else known.to_python(value)
