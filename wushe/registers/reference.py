"""Reference data of an installation: policy presets, skills, categories of people, catalogue and packages.

The files under data/ carry codes and public figures only. Loading is safe to repeat: what is known stays.
"""

import csv
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.presets.loading import load_presets
from wushe.foundation.workdays.services import load_special_days
from wushe.registers.areas.services import AreaRow, load_divisions
from wushe.registers.catalogue.models import Edition
from wushe.registers.catalogue.services import load_edition, load_packages, map_editions, publish_edition
from wushe.registers.people.services import load_tag_kinds
from wushe.registers.workforce.services import load_skills


@domain_call("jobs:run")
def load_reference_data(*, actor: Actor, at: datetime, folder: Path) -> None:
    """Load presets, skills, categories of people, both catalogue editions and the packages from a data folder."""
    load_policy(actor=actor, at=at, folder=folder)
    load_skills(actor=actor, at=at, rows=_read(folder / "presets/skills.json")["skills"])
    load_tag_kinds(actor=actor, at=at, rows=_read(folder / "presets/person_categories.json")["categories"])
    editions = [_load_edition(actor, at, _read(path)) for path in sorted((folder / "catalogue").glob("edition-*.json"))]
    by_number = {edition.number: edition for edition in editions}
    for path in sorted((folder / "catalogue").glob("mapping-*.json")):
        mapping = _read(path)
        old, new = by_number[mapping["from_edition"]], by_number[mapping["to_edition"]]
        map_editions(actor=actor, at=at, old=old, new=new, changes=mapping["changes"])
    load_packages(actor=actor, at=at, rows=_read(folder / "catalogue/packages.json")["packages"])


@domain_call("jobs:run")
def load_policy(*, actor: Actor, at: datetime, folder: Path) -> int:
    """Add the presets and holidays that this release brings and the installation does not know; return how many."""
    days = _read(folder / "presets/holidays.json")
    sources = {year: row["source"] for year, row in days["years"].items()}
    return load_presets(actor=actor, at=at, rows=_read(folder / "presets/policy.json")["presets"]) + load_special_days(
        actor=actor, at=at, rows=days["days"], sources=sources
    )


@domain_call("jobs:run")
def load_division_file(*, actor: Actor, at: datetime, path: Path, valid_from: date) -> int:
    """Load areas from a table with the columns code and name, and kind where it knows it; return how many were new."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            AreaRow(code=row["code"], name=row["name"], urban=row.get("kind") in {"street", "community"})
            for row in csv.DictReader(file)
        ]
    return load_divisions(actor=actor, at=at, rows=rows, valid_from=valid_from)


def _load_edition(actor: Actor, at: datetime, document: dict[str, Any]) -> Edition:
    edition = load_edition(
        actor=actor, at=at, number=document["edition"], title=document["title"],
        effective_from=date.fromisoformat(document["effective_from"]), source=document["source"],
        categories=document["categories"], items=document["items"],
    )  # fmt: skip
    return edition if edition.published else publish_edition(actor=actor, at=at, edition_id=edition.pk)


def _read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document
