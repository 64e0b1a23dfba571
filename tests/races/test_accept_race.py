"""Sixteen takers after a thousand orders: exactly one winner each, and no other error than the polite refusal.

The takers are threads of several processes, as in the product. The negative control takes orders by reading, checking
and saving: it must show orders taken twice, or else the race itself would prove nothing.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.factories import orders, organisations, people
from tests.factories.cast import world
from tests.factories.places import NOON
from wushe.chain.orders.models import Offer, Order
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.journal.services import breaks
from wushe.registers.organisations.models import Organisation

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

TAKERS, PROCESSES, ORDERS = 16, 4, 1000
ROOT = Path(__file__).resolve().parents[2]


def offered(count: int) -> list[Organisation]:
    """Put this many orders before all takers."""
    world()
    takers = [organisations.organisation(f"抢单机构{number:02d}") for number in range(TAKERS)]
    first = orders.placed(people.person("李秀英"))
    due = NOON.replace(year=NOON.year + 1)
    Order.objects.filter(pk=first.pk).update(state="sent", leg_due_at=due)
    copies = [Order.objects.get(pk=first.pk) for _ in range(count - 1)]
    for copy in copies:
        copy.pk = None
    Order.objects.bulk_create(copies, batch_size=200)
    Offer.objects.bulk_create(
        (
            Offer(order_id=pk, organisation=one, round=1, sent_at=NOON, due_at=due)
            for pk in Order.objects.values_list("pk", flat=True)
            for one in takers
        ),
        batch_size=2000,
    )
    return takers


def race(way: str, database_url: str, environment: dict[str, str]) -> list[dict[str, object]]:
    """Let all takers run and return what each process reports."""
    begin = time.time() + 4
    each = TAKERS // PROCESSES
    running = [
        subprocess.Popen(
            [sys.executable, str(ROOT / "tests/races/accept_worker.py"), str(each), str(i * each), way, str(begin)],
            env={**environment, "DATABASE_URL": database_url, "SQLITE_SYNCHRONOUS": "OFF", "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for i in range(PROCESSES)
    ]
    return [json.loads(process.communicate(timeout=240)[0]) for process in running]


def winners(reports: list[dict[str, object]]) -> Counter[int]:
    return Counter(pk for report in reports for won in report["won"].values() for pk in won)  # type: ignore[attr-defined]


@pytest.fixture
def environment() -> dict[str, str]:
    return {**os.environ, "GROUP_COMMIT": "1", "DATABASE_POOL_SIZE": "8"}


def test_each_order_has_exactly_one_taker(database_url: str, environment: dict[str, str]) -> None:
    takers = offered(ORDERS)
    reports = race("product", database_url, environment)
    assert [error for report in reports for error in report["errors"]] == []  # type: ignore[attr-defined]
    won = winners(reports)
    assert len(won) == ORDERS
    assert set(won.values()) == {1}
    lost = sum(count for report in reports for count in report["lost"].values())  # type: ignore[attr-defined]
    assert lost == ORDERS * (TAKERS - 1)
    by_order = {int(pk): int(taker) for report in reports for taker, pks in report["won"].items() for pk in pks}  # type: ignore[attr-defined]
    assert by_order == dict(Order.objects.filter(state="accepted").values_list("pk", "organisation_id"))
    answers = Counter(Offer.objects.values_list("answer", flat=True))
    assert answers == {"accepted": ORDERS, "lost": ORDERS * (TAKERS - 1)}
    assert JournalEntry.objects.filter(kind="order.accept").count() == ORDERS
    assert breaks() == []
    assert len(takers) == TAKERS


def test_reading_checking_and_saving_gives_orders_away_twice(database_url: str, environment: dict[str, str]) -> None:
    offered(200)
    reports = race("naive", database_url, environment)
    doubles = [pk for pk, count in winners(reports).items() if count > 1]
    assert doubles, "the race has no teeth: even the unsafe way gave each order to one taker"
