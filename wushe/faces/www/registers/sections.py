"""The parts of a thing's page: facts, and lists of what belongs to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .cells import Cell, cell_of


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Facts:
    """A panel of facts."""

    title: str
    icon: str
    rows: list[tuple[str, Cell | Link]]
    note: str = ""
    kind: str = "facts"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: a name with its address, further cells, and what can be done (label, address)."""

    name: str
    cells: list[Cell]
    address: str = ""
    acts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A panel with a table; `empty` says what is missing, `act` (label, address) what to do about it."""

    title: str
    icon: str
    heads: tuple[str, ...]
    lines: list[Line] = field(default_factory=list)
    empty: str = ""
    act: tuple[str, str] | None = None
    foot: str = ""
    kind: str = "listing"


Section = Facts | Listing


def facts(title: str, icon: str, rows: Iterable[tuple[str, Any]], note: str = "") -> Facts:
    """Return a panel of facts; what is unknown shows as a dash."""
    return Facts(title, icon, [(label, one if isinstance(one, Link) else cell_of(one)) for label, one in rows], note)


def line(
    name: str, heads: Sequence[str], values: Sequence[Any], address: str = "", acts: tuple[tuple[str, str], ...] = ()
) -> Line:
    """Return a line whose cells carry the heads of their columns; the first head is that of the name."""
    cells = [cell_of(value, label=label) for label, value in zip(heads[1:], values, strict=True)]
    return Line(name, cells, address, acts)
