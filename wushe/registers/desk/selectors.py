"""Read a register as a desk shows it: narrowed, counted beside each filter, a page at a time, in any of its orders."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet, Subquery
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.counting import CountsQuery, capped_counts, compiled_counts, read_counts
from wushe.foundation.errors import NotFound
from wushe.foundation.scope import Placed, with_slots
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names

from .declaration import Choices, Order, Register
from .models import BulkChange, SavedView

SIZE = 50
LONGEST_TEXT = 40


@dataclass(frozen=True, slots=True)
class Where:
    """What a register is narrowed to: words, a code for some filters, an order. `ignored` was asked and is unknown."""

    text: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    ignored: tuple[str, ...] = ()

    @property
    def codes(self) -> dict[str, str]:
        """Return what may stand in an address: everything but the words."""
        return {**self.chosen, **({"sort": self.sort} if self.sort else {})}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, with the cursors of the pages beside it: numbers of rows, never what they say."""

    rows: list[Any]
    next: str | None = None
    previous: str | None = None


def offers_of(register: Register, *, actor: Actor, on: date) -> dict[str, Choices]:
    """Return the choices of each filter of a register for this actor."""
    return {facet.name: facet.choices(actor, on) for facet in register.facets}


def where_of(register: Register, given: Mapping[str, str], *, offers: Mapping[str, Choices]) -> Where:
    """Return what a request asks for; a code that no filter offers is left out and named."""
    chosen, ignored = {}, []
    for facet in register.facets:
        code = given.get(facet.name, "")
        if code and any(code == known for known, _ in offers[facet.name]):
            chosen[facet.name] = code
        elif code:
            ignored.append(facet.label)
    sort = given.get("sort", "")
    if sort.removeprefix("-") not in {order.name for order in register.orders}:
        sort = ""
    return Where(given.get("q", "").strip()[:LONGEST_TEXT], chosen, sort, tuple(ignored))


def narrowed(register: Register, *, actor: Actor, where: Where, on: date, without: str = "") -> "QuerySet[Any]":
    """Return the rows of the actor's scope under all filters but one; raise NotAllowed without the permission."""
    actor.require(register.permission)
    rows = register.rows(actor, on)
    if where.text:
        rows = rows.filter(register.search(where.text) or Q())
    for facet in register.facets:
        if (code := where.chosen.get(facet.name)) and facet.name != without:
            rows = rows.filter(facet.condition(code, on))
    return rows


def counts_of(
    register: Register, *, actor: Actor, where: Where, on: date, offers: Mapping[str, Choices]
) -> dict[tuple[str, str], int]:
    """Return the capped count beside each choice under the other filters, and the total under ("", ""), in one query."""
    slots = None if where.text or register.looks_up else with_slots(actor)
    if slots is None:
        counts = capped_counts(_parts(register, actor, where, on, offers))
    else:
        actor.require(register.permission)
        _, slotted, values = slots
        codes = tuple((name, code) for name, choices in offers.items() for code, _ in choices)
        # The same filters at another place of the same level are the same query: only the area differs.
        key = (register.code, len(actor.area_code), tuple(values), tuple(sorted(where.chosen.items())), codes, on)
        if (query := _COUNTS.get(key)) is None:
            if len(_COUNTS) >= _MOST_KEPT:
                _COUNTS.clear()
            query = _COUNTS[key] = compiled_counts(_parts(register, slotted, where, on, offers))
        counts = read_counts(query, values)
    return {(key.split("|", 1)[0], key.split("|", 1)[1]): count for key, count in counts.items()}


_COUNTS: dict[Hashable, CountsQuery] = {}
_MOST_KEPT = 500


def _parts(
    register: Register, actor: Actor, where: Where, on: date, offers: Mapping[str, Choices]
) -> dict[str, "QuerySet[Any]"]:
    parts = {"|": narrowed(register, actor=actor, where=where, on=on)}
    for facet in register.facets:
        rows = narrowed(register, actor=actor, where=where, on=on, without=facet.name)
        for code, _ in offers[facet.name]:
            parts[f"{facet.name}|{code}"] = rows.filter(facet.condition(code, on))
    return parts


def page_of_register(
    register: Register, rows: "QuerySet[Any]", *, where: Where, on: date, after: int | None, before: int | None
) -> Page:
    """Return the page after or before a row; a page costs the same at any depth."""
    order, descending = register.order(where.sort)
    back = before is not None and after is None
    down = descending != back
    found = _ordered(register.dress(rows, on), order, down=down)
    if (start := before if back else after) is not None:
        found = _onwards(found, rows, order, start, down=down)
    lines = list(found[: SIZE + 1])
    more, lines = len(lines) > SIZE, lines[:SIZE]
    if back:
        lines.reverse()
    onwards = lines and (more or back)
    backwards = lines and (more if back else start is not None)
    return Page(with_places(lines), str(lines[-1].pk) if onwards else None, str(lines[0].pk) if backwards else None)


def first_rows(register: Register, rows: "QuerySet[Any]", *, where: Where, on: date, most: int) -> list[Any]:
    """Return at most so many rows in the order of the list: what a search shows and what a file holds."""
    order, descending = register.order(where.sort)
    return with_places(list(_ordered(register.dress(rows, on), order, down=descending)[:most]))


def row_of(register: Register, *, actor: Actor, pk: int, on: date) -> Any:
    """Return one row of a register as a line shows it; raise NotAllowed, NotFound."""
    actor.require(register.permission)
    row = register.dress(register.rows(actor, on), on).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return with_places([row])[0]


def with_places(rows: list[Any]) -> list[Any]:
    """Give each row that stands somewhere its `place` in words, in one query for all."""
    placed = [row for row in rows if isinstance(row, Placed)]
    names = place_names(codes={row.area_code[: Level.COMMUNITY] for row in placed}, from_level=Level.STREET)
    for row in placed:
        row.place = names.get(row.area_code[: Level.COMMUNITY], "")  # type: ignore[attr-defined]
    return rows


def views_of(register: Register, *, actor: Actor) -> list[SavedView]:
    """Return the actor's own views of a register and those that the office shares, one's own first."""
    office = Q(shared=True, office=actor.area_code, organisation_id=actor.organisation_id)
    views = SavedView.objects.filter(Q(user_id=actor.user_id) | office, register=register.code)
    return sorted(views, key=lambda view: (view.user_id != actor.user_id, view.name))


def bulk_change_of(*, actor: Actor, change_id: int) -> BulkChange:
    """Return a bulk change of the actor's own; raise NotFound otherwise."""
    change = BulkChange.objects.filter(pk=change_id, user_id=actor.user_id).first()
    if change is None:
        raise NotFound
    return change


def local_day(at: Any) -> date:
    """Return the day in Guang'an of a moment."""
    return timezone.localdate(at)


def _ordered(rows: "QuerySet[Any]", order: Order, *, down: bool) -> "QuerySet[Any]":
    if order.key == "pk":
        return rows.order_by("-pk" if down else "pk")
    signs = ("-sort_key", "-pk") if down else ("sort_key", "pk")
    return _keyed(rows, order).order_by(*signs)


def _onwards(found: "QuerySet[Any]", rows: "QuerySet[Any]", order: Order, start: int, *, down: bool) -> "QuerySet[Any]":
    """Return what comes after a row: its place in the order is looked up, so that no address has to tell it."""
    beyond = "lt" if down else "gt"
    if order.key == "pk":
        return found.filter(**{f"pk__{beyond}": start})
    here: Any = Subquery(_keyed(rows.model._default_manager.filter(pk=start), order).values("sort_key")[:1])
    return found.filter(Q(**{f"sort_key__{beyond}": here}) | Q(**{"sort_key": here, f"pk__{beyond}": start}))


def _keyed(rows: "QuerySet[Any]", order: Order) -> "QuerySet[Any]":
    keyed: QuerySet[Any] = rows.annotate(sort_key=F(order.key) if isinstance(order.key, str) else order.key)
    return keyed
