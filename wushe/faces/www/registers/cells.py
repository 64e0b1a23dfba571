"""What stands in a cell: the same value, drawn on the page and written into the file."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from wushe.faces.www.state_looks import Look, look_of
from wushe.faces.www.templatetags.formats import clock, day
from wushe.registers.desk.declaration import Coded, Column, Register, Share

LOOKS: dict[str, Look] = {
    "registered": Look("done", "circle-check"),
    "filed": Look("going", "list-check"),
    "cultivated": Look("wait", "plant-2"),
    "mobilised": Look("rest", "hand-finger"),
    "valid": Look("done", "certificate"),
    "soon": Look("wait", "clock"),
    "over": Look("stop", "alert-triangle"),
    "unregistered": Look("wait", "certificate"),
    "none": Look("rest", "circle-dashed"),
    "filled": Look("done", "user-check"),
    "vacant": Look("wait", "user-question"),
    "usable": Look("done", "circle-check"),
    "used_up": Look("rest", "package"),
    "later": Look("going", "calendar-time"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One value ready to be drawn. `kind` is text, badge, meter or tags."""

    kind: str
    text: str
    label: str = ""
    number: bool = False
    look: Look | None = None
    share: Share | None = None
    tags: tuple[str, ...] = ()


def cell_of(value: Any, *, label: str = "", number: bool = False) -> Cell:
    """Return the cell of a value."""
    text = written(value)
    if isinstance(value, Coded):
        return Cell("badge", text, label, look=LOOKS.get(value.code) or look_of(value.code))
    if isinstance(value, Share):
        return Cell("meter", text, label, share=value)
    if isinstance(value, tuple) and value:
        return Cell("tags", text, label, tags=value)
    return Cell("text", text or "—", label, number)


def written(value: Any) -> str:
    """Return a value as the file writes it and people read it."""
    if value is None or value == ():
        return ""
    if isinstance(value, Coded | Share):
        return str(value)
    if isinstance(value, datetime):
        return f"{day(value)} {clock(value)}"
    if isinstance(value, date):
        return str(day(value))
    if isinstance(value, tuple):
        return "、".join(value)
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def shown_columns(register: Register, *, wide: bool) -> tuple[Column, ...]:
    """Return the columns of the list: the chosen few, or all."""
    return tuple(column for column in register.columns if wide or not column.quiet)


def cells_of(columns: tuple[Column, ...], row: Any) -> list[Cell]:
    """Return a line of the list."""
    return [cell_of(column.value(row), label=column.label, number=column.number) for column in columns]


def in_file(value: Any) -> Any:
    """Return a value as a cell of the file: plain numbers stay numbers, everything else is what the page says."""
    return value if type(value) is int else written(value)
