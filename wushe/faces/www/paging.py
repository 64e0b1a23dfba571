"""Lists: chips by state above them, and pages by key, so that a page costs the same at any depth.

The next page starts after the last row shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.http import QueryDict

from wushe.faces.www.refusing import whole
from wushe.foundation.counting import show_count

SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, with the cursors of the pages beside it."""

    rows: list[Any]
    next: str | None
    previous: str | None


def state_chips(states: type[TextChoices], counts: Mapping[str, int]) -> list[tuple[str, str, str]]:
    """Return each state with its label and its count, as the chips above a list take them."""
    return [(state.value, str(state.label), show_count(counts[state.value])) for state in states]


def page_of(queryset: "QuerySet[Any]", query: QueryDict, *, newest_first: bool = True, size: int = SIZE) -> Page:
    """Return the page that ?after= or ?before= asks for; a cursor that is no number gives the first page."""
    after, before = _cursor(query, "after"), _cursor(query, "before")
    back = before is not None and after is None
    down = newest_first != back
    rows = queryset.order_by("-pk" if down else "pk")
    start = before if back else after
    if start is not None:
        rows = rows.filter(pk__lt=start) if down else rows.filter(pk__gt=start)
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size]
    if back:
        found.reverse()
    onwards = found and (more or back)
    backwards = found and (more if back else start is not None)
    return Page(found, str(found[-1].pk) if onwards else None, str(found[0].pk) if backwards else None)


def first_page(found: list[Any], *, size: int = SIZE) -> Page:
    """Return the first page from its rows and, if there is one, the row after them."""
    rows = found[:size]
    return Page(rows, str(rows[-1].pk) if len(found) > size else None, None)


def _cursor(query: QueryDict, name: str) -> int | None:
    return whole(query.get(name, ""))
