"""Presets, skills, categories of people and the published catalogue, from the data files of the project."""

from datetime import date

from tests.factories.places import DATA, NOON, TODAY
from wushe.foundation.actor import SYSTEM
from wushe.registers.catalogue.models import Edition, Item, Package
from wushe.registers.catalogue.selectors import items_on
from wushe.registers.reference import load_reference_data

BATH, MORNING, HAIRCUT, MEAL, VISIT, CLEANING = "H102-01", "H101-01", "H103-01", "H301-01", "H402-01", "H501-01"


def reference_data() -> None:
    """Load everything under data/ that an installation needs."""
    if not Edition.objects.exists():
        load_reference_data(actor=SYSTEM, at=NOON, folder=DATA)


def item(code: str = CLEANING, *, on: date = TODAY) -> Item:
    """Return an item of the edition in force."""
    return items_on(day=on).get(code=code)


def package(code: str = "elder_care") -> Package:
    """Return the newest version of a package."""
    return Package.objects.filter(code=code).latest("version")
