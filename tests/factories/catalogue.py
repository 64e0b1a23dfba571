"""Presets, skills, categories of people and the published catalogue, from the data files of the project."""

from datetime import date
from functools import cache
from typing import Any

from django.db import connection, models, transaction

from tests.factories.places import DATA, NOON, TODAY
from wushe.foundation.actor import SYSTEM
from wushe.foundation.laying import lay
from wushe.foundation.presets.models import Preset
from wushe.foundation.workdays.models import SpecialDay
from wushe.registers.catalogue.models import Edition, Item, ItemMapping, Package, PackageLine
from wushe.registers.catalogue.selectors import items_on
from wushe.registers.people.models import TagKind
from wushe.registers.reference import load_reference_data
from wushe.registers.workforce.models import Skill

_FILLED: tuple[type[models.Model], ...] = (
    Preset, SpecialDay, Skill, TagKind, Edition, Item, ItemMapping, Package, PackageLine,
)  # fmt: skip

BATH, MORNING, HAIRCUT, MEAL, VISIT, CLEANING = "H102-01", "H101-01", "H103-01", "H301-01", "H402-01", "H501-01"


def reference_data() -> None:
    """Load everything under data/ that an installation needs: the rows that loading makes, without its journal."""
    if Edition.objects.exists():
        return
    if any(model.objects.exists() for model in _FILLED):
        load_reference_data(actor=SYSTEM, at=NOON, folder=DATA)
        return
    for model, (columns, rows) in _loaded().items():
        lay(model, columns, rows)


@cache
def _loaded() -> dict[type[models.Model], tuple[list[str], list[tuple[Any, ...]]]]:
    """Load once in this process, keep what lies in the tables as the database keeps it, and take it back."""
    found = {}
    with transaction.atomic(), connection.cursor() as cursor:
        load_reference_data(actor=SYSTEM, at=NOON, folder=DATA)
        for model in _FILLED:
            columns = [f.column for f in model._meta.local_concrete_fields if not isinstance(f, models.GeneratedField)]
            cursor.execute(f'SELECT {", ".join(columns)} FROM "{model._meta.db_table}" ORDER BY 1')
            found[model] = columns, cursor.fetchall()
        transaction.set_rollback(True)
    return found


def item(code: str = CLEANING, *, on: date = TODAY) -> Item:
    """Return an item of the edition in force."""
    return items_on(day=on).get(code=code)


def package(code: str = "elder_care") -> Package:
    """Return the newest version of a package."""
    return Package.objects.filter(code=code).latest("version")
