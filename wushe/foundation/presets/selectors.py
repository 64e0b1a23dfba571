"""Read policy presets: the most specific region that covers a place, as of a day."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from wushe.foundation.prepared import Prepared

from .models import Preset


class PresetMissing(LookupError):
    """No preset of this key is in force; the installation lacks its data."""


def preset(key: str, *, area_code: str, on: date) -> Any:
    """Return the value in force at a place on a day; raise PresetMissing if there is none."""
    return preset_row(key, area_code=area_code, on=on).value


def preset_row(key: str, *, area_code: str, on: date) -> Preset:
    """Return the whole row in force at a place on a day, with its source; raise PresetMissing if there is none."""
    row = max(
        (p for p in _OF_KEY.rows(key=key, on=on) if area_code.startswith(p.region)),
        key=lambda p: (len(p.region), p.effective_from),
        default=None,
    )
    if row is None:
        raise PresetMissing(key)
    return row


def in_force(*, on: date) -> QuerySet[Preset]:
    """Return all presets in force on a day."""
    return Preset.objects.filter(Q(effective_to=None) | Q(effective_to__gt=on), effective_from__lte=on)


# Read from the database each time: a changed policy holds for the very next call, in every process.
_OF_KEY: Prepared[Preset] = Prepared(
    lambda key, on: in_force(on=on).filter(key=key), key=models.CharField(), on=models.DateField()
)


def standing(*, area_code: str, on: date) -> list[Preset]:
    """Return the row in force at a place for each key that has one, in the order of the keys; one query."""
    best: dict[str, Preset] = {}
    for row in in_force(on=on).order_by("key"):
        if not area_code.startswith(row.region):
            continue
        held = best.get(row.key)
        if held is None or (len(row.region), row.effective_from) > (len(held.region), held.effective_from):
            best[row.key] = row
    return list(best.values())


def history(*, key: str) -> list[Preset]:
    """Return every value that a key has had anywhere: the whole country first, the newest first in each region."""
    return list(Preset.objects.filter(key=key).order_by("region", "-effective_from"))
