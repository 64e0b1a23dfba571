"""Long lists of ids in a query: one parameter for all of them, where the mapper would look at each by itself."""

import json
from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL


def listed(ids: Collection[int]) -> RawSQL:
    """Return the ids as a subquery, for `filter(pk__in=listed(ids))`; for hundreds and more."""
    if connection.vendor == "postgresql":
        given: Any = list(ids)
        return RawSQL("SELECT unnest(%s::bigint[])", [given])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(ids))])
