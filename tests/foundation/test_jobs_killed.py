"""Workers are killed again and again: nothing is lost, nothing is doubled, nothing is half done."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from wushe.foundation.jobs.models import Job

SCRIPT = Path(__file__).with_name("killed_worker.py")
SHORT, LONG, WORKERS, KILLS = 150, 24, 3, 12


def start_worker(database_url: str) -> "subprocess.Popen[bytes]":
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "SQLITE_SYNCHRONOUS": "OFF",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    return subprocess.Popen(
        [sys.executable, str(SCRIPT)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def ask(name: str, count: int, offset: int) -> None:
    now = timezone.now()
    Job.objects.bulk_create(Job(name=name, args={"n": offset + n}, enqueued_at=now, run_at=now) for n in range(count))


@pytest.mark.processes
def test_kill_9_of_workers_loses_and_doubles_nothing(database_url: str) -> None:
    ask("test.short", SHORT, 0)
    ask("test.long", LONG, SHORT)
    waiting = Job.objects.filter(name__in=["test.short", "test.long"], outcome="")
    dice = random.Random(20261122)
    workers = [start_worker(database_url) for _ in range(WORKERS)]
    kills, deadline = 0, time.monotonic() + 90
    try:
        while waiting.exists():
            assert time.monotonic() < deadline, f"{waiting.count()} jobs were never done"
            time.sleep(dice.uniform(0.3, 0.6))
            if kills < KILLS and Job.objects.filter(attempts__gt=0).exists():
                victim = dice.randrange(WORKERS)
                workers[victim].kill()
                workers[victim].communicate()
                workers[victim] = start_worker(database_url)
                kills += 1
    finally:
        for worker in workers:
            worker.kill()
        errors = b"".join(worker.communicate()[1] for worker in workers)
    assert kills >= 4
    assert b"Traceback" not in errors, errors.decode()
    effects = Counter(
        (args["n"], args["half"]) for args in Job.objects.filter(name="test.effect").values_list("args", flat=True)
    )
    assert effects == {(n, half): 1 for n in range(SHORT + LONG) for half in (1, 2)}
    assert set(Job.objects.exclude(name="test.effect").values_list("outcome", flat=True)) == {"done"}
