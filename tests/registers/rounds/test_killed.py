"""An import is killed in the middle of its transactions, again and again: no row is half written, none twice, none lost."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from tests.factories import catalogue, places
from tests.registers.rounds.acting import upload
from tests.registers.rounds.ugly import one
from wushe.foundation.actor import Actor
from wushe.foundation.jobs.models import Job
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.people.models import Household, Person, Tag
from wushe.registers.rounds import parts, services
from wushe.registers.rounds.models import ImportRound

SCRIPT = Path(__file__).with_name("importer_worker.py")
ROWS, PART, AT_ONCE, KILLS = 120, 5, 2, 2


def start(database_url: str) -> "subprocess.Popen[bytes]":
    environment = os.environ | {
        "DATABASE_URL": database_url, "SQLITE_SYNCHRONOUS": "OFF", "PYTHONPATH": str(settings.BASE_DIR),
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(PART), str(AT_ONCE)], env=environment, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout
    process.stdout.readline()
    return process


def whole(round_: ImportRound) -> bool:
    """Say whether what is written is exactly the rows before the mark, each with its household, category and journal."""
    count = Person.objects.count()
    assert count == round_.rows_written
    assert count % PART == 0
    assert Person.objects.values("name").distinct().count() == count
    assert Tag.objects.count() == Household.objects.count() == count
    assert JournalEntry.objects.filter(kind="person.register", data__round=round_.pk).count() == count
    return count == ROWS


@pytest.mark.processes
def test_kill_9_leaves_nothing_half_done(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    places.two_streets()
    catalogue.reference_data()
    monkeypatch.setattr(parts, "ROWS", PART)
    monkeypatch.setattr(services, "WRITE_AT_ONCE", 0)
    desk = Actor(user_id=71, name="", role_code="community_worker", area_code=places.COMMUNITY)
    head = ["姓名", "性别", "出生日期", "住址", "人员类别"]
    bodies = [[f"王桂{chr(0x4E00 + n)}", "女", "1950-01-01", f"幸福巷{n}号", "独居"] for n in range(ROWS)]
    round_ = upload(desk, one(head, *bodies))
    assert (round_.created, round_.state) == (ROWS, "previewed")
    services.commit_round(actor=desk, at=timezone.now(), round_id=round_.pk)
    dice, kills, deadline = random.Random(20261122), 0, time.monotonic() + 180
    worker = start(database_url)
    try:
        while ImportRound.objects.get(pk=round_.pk).state != "committed":
            assert time.monotonic() < deadline
            if kills < KILLS:
                before = ImportRound.objects.get(pk=round_.pk).rows_written
                while ImportRound.objects.get(pk=round_.pk).rows_written == before and time.monotonic() < deadline:
                    time.sleep(0.01)
                time.sleep(dice.uniform(0.02, 0.3))
                worker.kill()
                worker.communicate()
                kills += 1
                whole(ImportRound.objects.get(pk=round_.pk))
                # Its lease runs out at once: nobody waits two minutes here.
                Job.objects.filter(name="rounds.commit", outcome="").update(lease_until=timezone.now(), attempts=1)
                worker = start(database_url)
            time.sleep(0.02)
    finally:
        worker.kill()
        worker.communicate()
    assert kills == KILLS
    done = ImportRound.objects.get(pk=round_.pk)
    assert whole(done)
    assert (done.created, done.updated, done.refused) == (ROWS, 0, 0)
