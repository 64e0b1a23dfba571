"""Candidate pairs, in one query over indexes: only the records that have changed are compared, with all others."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import connection

from .evidence import Known, Match, match_of

# For each way of agreeing one join, each on an index; a telephone that too many share is left out as a sign.
_PAIRS = """
WITH shared AS (
    SELECT phone_index FROM people_person WHERE phone_index <> '' GROUP BY phone_index HAVING COUNT(*) > %(most)s
), pairs AS (
    SELECT d.id AS one, p.id AS other FROM people_person d
    JOIN people_person p ON p.born_on = d.born_on AND p.name = d.name
    WHERE d.compared_at = %(at)s AND p.id <> d.id AND p.district_code = d.district_code
    UNION
    SELECT d.id, p.id FROM people_person d
    JOIN people_person p ON p.phone_index = d.phone_index
    WHERE d.compared_at = %(at)s AND p.id <> d.id AND d.phone_index <> ''
      AND d.phone_index NOT IN (SELECT phone_index FROM shared)
      AND (p.name = d.name OR (p.born_on = d.born_on AND p.initials = d.initials))
    UNION
    SELECT d.id, p.id FROM people_person d
    JOIN people_person p ON p.household_id = d.household_id
    WHERE d.compared_at = %(at)s AND p.id <> d.id
      AND (p.name = d.name OR (p.born_on = d.born_on AND p.initials = d.initials))
), once AS (
    SELECT DISTINCT CASE WHEN one < other THEN one ELSE other END AS first_id,
                    CASE WHEN one < other THEN other ELSE one END AS second_id FROM pairs
)
SELECT {columns}, CASE WHEN a.phone_index IN (SELECT phone_index FROM shared) THEN 0 ELSE 1 END
FROM once JOIN people_person a ON a.id = once.first_id JOIN people_person b ON b.id = once.second_id
WHERE a.merged_into_id IS NULL AND b.merged_into_id IS NULL
ORDER BY a.id, b.id
"""
_COLUMNS = ("id", "area_code", "name", "initials", "sex", "born_on", "phone_index", "id_number_index", "household_id")
_QUERY = _PAIRS.format(columns=", ".join(f"{side}.{column}" for side in "ab" for column in _COLUMNS))


def candidates(*, compared_at: datetime, most: int) -> Iterator[tuple[Known, Known, Match]]:
    """Yield the pairs of which one was marked as compared at this time, with what speaks for them.

    A telephone that is on record for more than `most` people says nothing.
    """
    width = len(_COLUMNS)
    at = connection.ops.adapt_datetimefield_value(compared_at)
    with connection.cursor() as cursor:
        cursor.execute(_QUERY, {"at": at, "most": most})
        rows = cursor.fetchall()
    for row in rows:
        first, second = _known(row[:width]), _known(row[width : 2 * width])
        if match := match_of(first, second, phone_counts=bool(row[-1])):
            yield first, second, match


def _known(values: tuple[Any, ...]) -> Known:
    born_on = values[5] if isinstance(values[5], date) else date.fromisoformat(values[5])
    pk, area_code, name, initials, sex, _, phone_index, id_number_index, household_id = values
    return Known(pk, area_code, name, initials, sex, born_on, phone_index, id_number_index, household_id)
