"""Workers are killed in the middle of a settlement run: nothing is lost, doubled or half paid."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.factories import visits
from tests.factories.cast import actor_of, world
from wushe.chain.settlement.models import Settlement, SettlementRun
from wushe.chain.settlement.runs import false_runs
from wushe.chain.visits.models import Visit, VisitState
from wushe.foundation.journal.models import JournalEntry, Lane
from wushe.foundation.journal.services import breaks
from wushe.ledgers.models import Account, Entry
from wushe.ledgers.selectors import faults

SCRIPT = Path(__file__).with_name("settling_worker.py")
VISITS, KILLS, PRICE = 32, 5, 6000


def start_worker(database_url: str) -> "subprocess.Popen[bytes]":
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "SQLITE_SYNCHRONOUS": "OFF",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    return subprocess.Popen(
        [sys.executable, str(SCRIPT)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def accepted_visits(visits_laid: int = VISITS) -> None:
    """Lay visits of one service, all paid from one budget line of a charity."""
    for pk in range(1, 17):
        Lane.objects.get_or_create(pk=pk)
    here = world()
    verifier = actor_of("verifier")
    appointment = visits.planned(here.elder, here.carer, start=480)
    visits.budget_line(appointment.order, fen=visits_laid * PRICE, source="federation")
    type(appointment.order).objects.filter(pk=appointment.order_id).update(price_fen=PRICE, visits_ordered=visits_laid)
    appointment.refresh_from_db()
    first = visits.accepted(visits.ended(appointment), verifier=verifier)
    for number in range(2, visits_laid + 1):
        appointment.pk, appointment.number = None, number
        appointment.save(force_insert=True)
        first.pk, first.appointment = None, appointment
        first.save(force_insert=True)


def nothing_lost_doubled_or_half_paid(visits_laid: int) -> None:
    """Fail unless each visit is settled and paid once, runs, journal and books say the same, and all are whole."""
    assert Settlement.objects.filter(state="settled").count() == Settlement.objects.count() == visits_laid
    assert Visit.objects.filter(state=VisitState.SETTLED).count() == visits_laid
    assert sum(SettlementRun.objects.values_list("settled", flat=True)) == visits_laid
    told = JournalEntry.objects.filter(kind="settlement.settle").values_list("data", flat=True)
    assert sum(data["count"] for data in told) == visits_laid
    paid = sum(Settlement.objects.values_list("payable_fen", flat=True))
    line = Account.objects.get(kind="budget_line")
    assert (line.balance, Account.objects.get(code__startswith="payable:").balance) == (
        visits_laid * PRICE - paid,
        paid,
    )
    assert Entry.objects.filter(key__startswith="settlement:").count() == 2 * visits_laid
    assert (faults(), false_runs(), breaks()) == ([], [], [])


@pytest.mark.processes
def test_kill_9_of_workers_that_settle(database_url: str) -> None:
    accepted_visits()
    waiting = Visit.objects.filter(state=VisitState.ACCEPTED)
    assert waiting.count() == VISITS
    dice, kills, deadline = random.Random(20261122), 0, time.monotonic() + 300
    while waiting.exists():
        assert time.monotonic() < deadline, f"{waiting.count()} visits were never settled"
        worker = start_worker(database_url)
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"ready\n", worker.communicate()[1].decode()
        if kills < KILLS:
            time.sleep(dice.uniform(0.2, 0.8))
            kills += 1
        else:
            while waiting.exists() and time.monotonic() < deadline:
                time.sleep(0.05)
        worker.kill()
        assert b"Traceback" not in worker.communicate()[1]
    assert kills >= 3
    nothing_lost_doubled_or_half_paid(VISITS)
