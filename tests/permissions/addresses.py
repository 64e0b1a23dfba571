"""All addresses of the product, read from the resolver itself, and how the things of the showcase fill them."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.factories.showcase import Things
from tests.permissions.table import Row


def named_addresses(resolver: URLResolver | None = None, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the full name of every address; one without a name is given by its pattern."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from named_addresses(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
        elif isinstance(entry, URLPattern):
            yield ":".join([*spaces, entry.name or f"<{entry.pattern}>"])


def address(name: str, row: Row, things: Things, role: str = "") -> str:
    """Return where a role finds the things of a row."""
    filled = [one[1:] if one.startswith("=") else things.get(f"{one}:{role}", things[one]) for one in row.things]
    return reverse(name, args=filled) + row.query


def missing(name: str, row: Row) -> str:
    """Return the address of a thing that never was."""
    return reverse(name, args=[one[1:] if one.startswith("=") else 987_654_321 for one in row.things]) + row.query
