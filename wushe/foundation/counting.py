"""Counts beside filters: exact while they are small, "1,000+" beyond, so that a list costs the same at any size."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet, TextChoices

from .prepared import filled
from .statements import Statement

CAP = 1000


def capped_counts(querysets: Mapping[str, QuerySet[Any]], *, cap: int = CAP) -> dict[str, int]:
    """Return the number of rows of each queryset, at most `cap` + 1, in one query for all."""
    return read_counts(compiled_counts(querysets, cap=cap))


def counts_by_state(states: type[TextChoices], rows: QuerySet[Any]) -> dict[str, int]:
    """Return how many rows stand in each state, as `capped_counts` does."""
    return capped_counts({state: rows.filter(state=state) for state in states.values})


@dataclass(frozen=True, slots=True)
class CountsQuery:
    """The one query for all counts; `names` are those that it asks for, the others of `all_names` are 0."""

    all_names: tuple[str, ...]
    names: tuple[str, ...]
    statement: Statement
    parameters: tuple[Any, ...]


def compiled_counts(querysets: Mapping[str, QuerySet[Any]], *, cap: int = CAP) -> CountsQuery:
    """Return the query of `capped_counts`; with slots in the querysets it can be kept and read many times."""
    parts: list[str] = []
    params: list[Any] = []
    names: list[str] = []
    for name, queryset in querysets.items():
        try:
            sql, values = queryset.order_by().values("pk")[: cap + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        names.append(name)
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) part{len(parts)})")  # noqa: S608 — compiled by the ORM
        params += values
    return CountsQuery(tuple(querysets), tuple(names), Statement(f"SELECT {', '.join(parts)}"), tuple(params))


def read_counts(query: CountsQuery, values: Mapping[str, Any] = {}) -> dict[str, int]:
    """Return the counts, with the values in the slots of the query."""
    counts = dict.fromkeys(query.all_names, 0)
    if not query.names:
        return counts
    (row,) = query.statement.rows(connections[DEFAULT_DB_ALIAS], filled(query.parameters, values))
    return {**counts, **dict(zip(query.names, row, strict=True))}


def show_count(count: int, *, cap: int = CAP) -> str:
    """Return a capped count as people read it: 12, 1,000+."""
    return f"{cap:,}+" if count > cap else f"{count:,}"
