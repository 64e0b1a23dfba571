"""Statements: a query whose text is known goes to the driver by the shortest way.

Between the ORM's cursor and the driver stand layers that look at each query anew: who counts it, in which style its
places are written, how an error is translated. Here the text is written for each driver once, and PostgreSQL keeps the plan.
As soon as somebody counts or watches queries, or a transaction is broken, they go through Django's own cursor.
"""

import re
from typing import Any

from django.conf import settings
from psycopg import Cursor

_PLACE = re.compile(r"(?<!%)%s")


class Statement:
    """The text of a query with `%s` where its parameters stand, in places that tell their type."""

    __slots__ = ("_marked", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._marked = _PLACE.sub("?", text).replace("%%", "%")

    def rows(self, link: Any, parameters: list[Any]) -> list[Any]:
        """Return all rows; raise Django's database errors."""
        if not _is_plain(link):
            with link.cursor() as cursor:
                cursor.execute(self.text, parameters)
                return list(cursor.fetchall())
        try:
            return self._sent(link, parameters).fetchall()  # type: ignore[no-any-return]
        except link.Database.Error:
            with link.wrap_database_errors:
                raise

    def changed(self, link: Any, parameters: list[Any]) -> int:
        """Carry out a change and return how many rows it met; raise Django's database errors."""
        if not _is_plain(link):
            with link.cursor() as cursor:
                cursor.execute(self.text, parameters)
                return int(cursor.rowcount)
        try:
            return int(self._sent(link, parameters).rowcount)
        except link.Database.Error:
            with link.wrap_database_errors:
                raise

    def _sent(self, link: Any, parameters: list[Any]) -> Any:
        if link.vendor == "sqlite":
            return link.connection.execute(self._marked, parameters)
        # The driver's own cursor gives the parameters to the server apart from the text, so that a plan can be kept.
        return Cursor(link.connection).execute(self.text, parameters, prepare=settings.POSTGRES_KEEPS_PLANS)


def _is_plain(link: Any) -> bool:
    """Say whether nothing stands between Django's cursor and the driver at this moment."""
    return not (
        link.connection is None
        or link.execute_wrappers
        or link.needs_rollback
        or link.queries_logged
        or (link.health_check_enabled and not link.health_check_done)
    )
