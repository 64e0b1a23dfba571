"""Load policy presets from a data file: what is new is added, what is known is left as it is."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call

from .models import Preset


@domain_call("jobs:run")
def load_presets(*, actor: Actor, at: datetime, rows: Iterable[Mapping[str, Any]]) -> int:
    """Add the presets that are not yet known by key, region and first day; return how many were added.

    A known row is never overwritten: an installation may have ended it and given the number a new value since.
    """
    known = set(Preset.objects.values_list("key", "region", "effective_from"))
    fresh = [preset for preset in map(_preset, rows) if (preset.key, preset.region, preset.effective_from) not in known]
    Preset.objects.bulk_create(fresh, batch_size=500)
    return len(fresh)


def _preset(row: Mapping[str, Any]) -> Preset:
    note = " ".join(text for text in (row.get("explanation", ""), row.get("note", "")) if text)
    return Preset(
        key=row["key"],
        region=row["region"],
        title=row["title"],
        value=row["value"],
        unit=row["unit"],
        effective_from=date.fromisoformat(row["effective_from"]),
        effective_to=date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
        source=row["source"],
        certainty=row["certainty"],
        note=note,
    )
