"""What every register's intake does: settle a row, name its keys, find its record, write it; reading never writes."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.journal.services import Act, record_all
from wushe.registers.rounds.sheets.description import CREATE, REFUSE, SAME, UPDATE, Row, Sheet

from .trail import Trail

_DERIVED = {"initials", "phone_tail_index"}
"""Columns that follow from others: the journal does not tell of them."""


class Intake(ABC):
    """One register's intake for one round and one actor."""

    sheet: Sheet
    let_through = False
    """The rows were let through by the preview: what needs the whole file at once has been checked."""

    def __init__(self, *, actor: Actor, at: datetime, round_id: int) -> None:
        self.actor, self.at, self.round_id = actor, at, round_id
        self.on: date = timezone.localdate(at)
        self.trail = Trail()

    @abstractmethod
    def settle(self, row: Row) -> None:
        """Complete what the cells say with what the register knows by heart: places, choices; refuse what is not there."""

    @abstractmethod
    def keys(self, row: Row) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
        """Return the keys that no earlier row may have left, and those that this row leaves."""

    @abstractmethod
    def match(self, rows: list[Row]) -> None:
        """Find the record of each row (`found`), what the row changes (`values["changes"]`), and refuse contradictions."""

    @abstractmethod
    def write(self, rows: list[Row]) -> None:
        """Write rows that are new or change something, with their journal."""

    def prepare(self, rows: list[Row]) -> None:  # noqa: B027 — most registers have nothing to do here
        """Do what is costly and needs no database, before the transaction."""

    def decide(self, rows: Iterable[Row]) -> None:
        """Say what becomes of each row."""
        for row in rows:
            if row.faults:
                row.outcome = REFUSE
            elif row.found is None:
                row.outcome = CREATE
            else:
                row.outcome = UPDATE if row.values.get("changes") else SAME

    def write_things(
        self, model: type[models.Model], rows: Sequence[Row], make: Callable[[Row], models.Model], *, entered: str,
        changes: str = "changes",
    ) -> None:  # fmt: skip
        """Make what is new, change what was found, journal both, and give each row the `pk` of its thing."""
        fresh = [row for row in rows if row.found is None]
        made = [make(row) for row in fresh]
        self.trail.create(model, made)
        self.record(entered, map(Thing.of, made))
        for row, thing in zip(fresh, made, strict=True):
            row.values["pk"] = thing.pk
        known = [row for row in rows if row.found is not None]
        for row in known:
            row.values["pk"] = row.found.pk
        changed = [row for row in known if row.values[changes]]
        self.trail.rewrite(model, [(row.found.pk, row.values[changes]) for row in changed])
        fields = {row.found.pk: {"fields": sorted(row.values[changes].keys() - _DERIVED)} for row in changed}
        self.record(f"{model._meta.model_name}.update", [Thing.of(row.found) for row in changed], fields)

    def record(self, kind: str, things: Iterable["Thing"], data: Mapping[int, Mapping[str, Any]] | None = None) -> None:
        """Journal what was done to each thing, with the round that did it."""
        acts = [
            Act(
                kind, thing.kind, thing.pk, thing.area_code, self.actor, self.at,
                {"round": self.round_id, **((data or {}).get(thing.pk) or {})},
            )
            for thing in things
        ]  # fmt: skip
        if acts:
            record_all(acts)


@dataclass(frozen=True, slots=True)
class Thing:
    """A record of a register as the journal names it."""

    kind: str
    pk: int
    area_code: str

    @classmethod
    def of(cls, row: Any) -> "Thing":
        """Return a model's row as a thing."""
        return cls(row._meta.model_name, row.pk, row.area_code)


def given(row: Row, names: Iterable[str]) -> dict[str, Any]:
    """Return what the row says of these fields; an empty cell says nothing."""
    return {name: row.values[name] for name in names if name in row.values}


def differing(row: Row, thing: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return what the row says of these fields other than the thing does."""
    return {name: value for name, value in given(row, names).items() if value != getattr(thing, name)}


def standing(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows without a fault."""
    return (row for row in rows if not row.faults)


def same_row(first: tuple[int, int], sheets: Sequence[str], sheet: int) -> str:
    """Return where an earlier row is, in words."""
    return f"第{first[1]}行" if first[0] == sheet else f"工作表“{sheets[first[0]]}”第{first[1]}行"


def titles_of(choices: Any) -> tuple[tuple[str, str], ...]:
    """Return a list of codes as a sheet takes it: title and code."""
    return tuple((str(label), value) for value, label in choices.choices)
