"""How a register is declared: its rows, how they are found and narrowed, what a line says, what is done to many.

A declaration names no page: the desk shows it, the file of a list is written from it, and a test walks over all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Model, Q, QuerySet
from django.utils.module_loading import autodiscover_modules

from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound

Choices = Sequence[tuple[str, str]]
Offer = Callable[[Actor, date], Choices]


class Coded(NamedTuple):
    """A value of a code list: the code decides its look, the label is what is read."""

    code: str
    label: str

    def __str__(self) -> str:
        return self.label


def dated(code: str, day: date) -> Coded:
    """Return a day as a coded value: 2026年3月5日, with the look of the code."""
    return Coded(code, f"{day.year}年{day.month}月{day.day}日")


class Share(NamedTuple):
    """So much of so much: 12 of 20 beds."""

    part: int
    whole: int
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.part}/{self.whole}{self.unit}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column, the same on the page and in the file. `sort` names the order that its head offers."""

    name: str
    label: str
    value: Callable[[Any], Any]
    number: bool = False
    sort: str = ""
    quiet: bool = False
    """Shown in the file and on wide pages only."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter with its choices; the condition is asked for a chosen code."""

    name: str
    label: str
    choices: Offer
    condition: Callable[[str, date], Q]


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the list: `key` is a field or an expression that is never null."""

    name: str
    label: str
    key: Any = "pk"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Blank:
    """Something to fill in for a bulk act: kind "choice", "day", "whole" or "text"."""

    name: str
    label: str
    kind: str
    choices: Offer = lambda actor, on: ()
    required: bool = True
    hint: str = ""


class Done(NamedTuple):
    """What a bulk act did to one row: from what to what in words, and what undoing needs, by codes."""

    before: str
    after: str
    token: Any


Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BulkAct:
    """An act on many rows. `apply` acts on one and raises a Refusal; `revert` takes that one back."""

    code: str
    label: str
    permission: str
    apply: Callable[[Actor, datetime, int, Values], Done]
    revert: Callable[[Actor, datetime, int, Any], None]
    blanks: tuple[Blank, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """One register of the station. `rows` are those of the actor's scope; `dress` adds what a line shows."""

    code: str
    title: str
    noun: str
    model: type[Model]
    permission: str
    rows: Callable[[Actor, date], "QuerySet[Any]"]
    name: Callable[[Any], str]
    columns: tuple[Column, ...]
    search: Callable[[str], Q | None]
    search_hint: str
    facets: tuple[Facet, ...] = ()
    orders: tuple[Order, ...] = (Order("newest", "新登记的在前", descending=True),)
    bulk: tuple[BulkAct, ...] = ()
    dress: Callable[["QuerySet[Any]", date], "QuerySet[Any]"] = lambda rows, on: rows
    looks_up: bool = False
    """It also shows rows that stand above the actor's area, so its counts are asked anew for each place."""

    def facet(self, name: str) -> Facet | None:
        """Return the facet of this name."""
        return next((one for one in self.facets if one.name == name), None)

    def order(self, name: str) -> tuple[Order, bool]:
        """Return the order that a ?sort= names ("-" before it turns it round), and whether it runs downwards."""
        wanted = name.removeprefix("-")
        order = next((one for one in self.orders if one.name == wanted), None)
        if order is None:
            return self.orders[0], self.orders[0].descending
        return order, name.startswith("-")

    def act(self, code: str) -> BulkAct:
        """Return the bulk act of this code; raise NotFound for another."""
        for one in self.bulk:
            if one.code == code:
                return one
        raise NotFound


_DECLARED: dict[str, Register] = {}


def declare(register: Register) -> Register:
    """Make a register known under its code."""
    _DECLARED[register.code] = register
    return register


@cache
def all_registers() -> Mapping[str, Register]:
    """Return the registers of all installed apps by code; each app declares its own in `register.py`."""
    autodiscover_modules("register")
    return _DECLARED


def register_of(code: str) -> Register:
    """Return the register of this code; raise NotFound for another."""
    if code not in all_registers():
        raise NotFound
    return all_registers()[code]
