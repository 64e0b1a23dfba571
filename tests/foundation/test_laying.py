"""Laying rows by hand: few or many, all arrive as given, and the rules of the database hold."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from wushe.foundation.laying import kept, lay, take_numbers
from wushe.foundation.listed import listed
from wushe.ledgers.models import Entry

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, 5, 6, 789, tzinfo=UTC)
COLUMNS = ("id", "key", "at", "memo", "actor_id", "reverses_id")


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 123, 1000])
def test_all_rows_arrive_as_given(count: int) -> None:
    numbers = list(take_numbers(Entry, count))
    lay(Entry, COLUMNS, ((pk, f"k{pk}", kept(AT), "摘要\t\\N\n'", 7, None) for pk in numbers))
    rows = Entry.objects.order_by("pk").values_list(*COLUMNS)
    assert list(rows) == [(pk, f"k{pk}", AT, "摘要\t\\N\n'", 7, None) for pk in numbers]


@pytest.mark.parametrize("count", [2, 300])
def test_a_broken_rule_is_an_integrity_error_and_nothing_is_kept(count: int) -> None:
    numbers = take_numbers(Entry, count)
    with pytest.raises(IntegrityError), transaction.atomic():
        lay(Entry, COLUMNS, [(pk, "the same", kept(AT), "", 0, None) for pk in numbers])
    assert not Entry.objects.exists()


def test_a_long_list_is_one_parameter() -> None:
    numbers = list(take_numbers(Entry, 10))
    lay(Entry, COLUMNS, [(pk, str(pk), kept(AT), "", 0, None) for pk in numbers])
    chosen = [*numbers[:3], *range(10**9, 10**9 + 5000)]
    assert list(Entry.objects.filter(pk__in=listed(chosen)).order_by("pk").values_list("pk", flat=True)) == numbers[:3]
    assert not Entry.objects.filter(pk__in=listed([])).exists()
