"""Texts of several rows in one column of a query, joined as one reads them aloud: 助餐、陪伴."""

from typing import Any

from django.db.models import Aggregate, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce

BETWEEN = "、"


class _Together(Aggregate):
    """Both databases can join texts, each under its own name."""

    name = "Together"
    template = f"%(function)s(%(expressions)s, '{BETWEEN}')"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Join as SQLite does."""
        return super().as_sql(compiler, connection, function="GROUP_CONCAT", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Join as PostgreSQL does."""
        return super().as_sql(compiler, connection, function="STRING_AGG", **context)


def together(rows: "QuerySet[Any]", *, of: str, text: str) -> Coalesce:
    """Return the column with the texts of the rows whose field `of` is the outer row; "" if there is none."""
    joined = rows.filter(**{of: OuterRef("pk")}).order_by().values(of).annotate(said=_Together(text)).values("said")
    return Coalesce(Subquery(joined, output_field=TextField()), Value(""), output_field=TextField())


def apart(joined: str) -> tuple[str, ...]:
    """Return the texts of a column made by `together`."""
    return tuple(joined.split(BETWEEN)) if joined else ()
