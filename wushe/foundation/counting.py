"""Counts beside filters: exact while they are small, "1,000+" beyond, so that a list costs the same at any size."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

CAP = 1000


def capped_counts(querysets: Mapping[str, QuerySet[Any]], *, cap: int = CAP) -> dict[str, int]:
    """Return the number of rows of each queryset, at most `cap` + 1, in one query for all."""
    parts: list[str] = []
    params: list[Any] = []
    names: list[str] = []
    counts = dict.fromkeys(querysets, 0)
    for name, queryset in querysets.items():
        try:
            sql, values = queryset.order_by().values("pk")[: cap + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        names.append(name)
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) part{len(parts)})")  # noqa: S608 — compiled by the ORM
        params += values
    if not parts:
        return counts
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        row = cursor.fetchone()
    return {**counts, **dict(zip(names, row, strict=True))}


def show_count(count: int, *, cap: int = CAP) -> str:
    """Return a capped count as people read it: 12, 1,000+."""
    return f"{cap:,}+" if count > cap else f"{count:,}"
