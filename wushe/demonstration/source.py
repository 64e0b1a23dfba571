"""The demonstration's source: public totals and place names, invented people, everything drawn from one seed."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.utils.timezone import localtime, make_aware

T = TypeVar("T")
FOLDER = Path(settings.BASE_DIR) / "data" / "demo" / "guangan"
HISTORY_DAYS = 90


@cache
def read(name: str) -> Any:
    """Return one data file of the demonstration district."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@dataclass
class World:
    """What the steps of the loader hand to each other."""

    now: datetime
    dice: random.Random
    estates: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)
    elders: list[Any] = field(default_factory=list)
    organisations: dict[str, Any] = field(default_factory=dict)
    stations: dict[str, Any] = field(default_factory=dict)
    workers: list[Any] = field(default_factory=list)
    volunteers: list[Any] = field(default_factory=list)
    budget_lines: dict[str, list[tuple[Any, list[str]]]] = field(default_factory=dict)
    performers: dict[int, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Return the local day of the load."""
        return localtime(self.now).date()

    def moment(self, day: date, minute: int) -> datetime:
        """Return the instant of a minute of a local day."""
        return make_aware(datetime.combine(day, time())) + timedelta(minutes=minute)

    def chance(self, permille: float) -> bool:
        """Return true so many times in a thousand."""
        return self.dice.random() * 1000 < permille

    def pick(self, rows: Sequence[Any], weight: str = "permille") -> Any:
        """Return one row, drawn by its weight."""
        return self.dice.choices(rows, [row[weight] for row in rows])[0]
