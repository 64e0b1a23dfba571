"""A worker for tests, to be killed: run as a script with the test database in DATABASE_URL."""

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.utils import timezone

from wushe.foundation.jobs.execution import work_off
from wushe.foundation.jobs.registry import job
from wushe.foundation.jobs.services import enqueue

LEASE = timedelta(seconds=1)


@job("test.effect")
def never_due(*, at: datetime, n: int) -> None:
    """Stand for an effect: the row itself is what is counted."""


@job("test.short", lease=LEASE, attempts=100)
def short(*, at: datetime, n: int) -> None:
    """Leave an effect before and one after some work, in one transaction."""
    enqueue(name="test.effect", args={"n": n, "half": 1}, at=at, run_at=at + timedelta(days=9))
    time.sleep(0.01)
    enqueue(name="test.effect", args={"n": n, "half": 2}, at=at, run_at=at + timedelta(days=9))


@job("test.long", lease=LEASE, attempts=100, long=True)
def long(*, at: datetime, n: int) -> Callable[[], None]:
    """Prepare for longer than a third of the lease, then leave the same two effects."""
    time.sleep(0.4)
    return lambda: short(at=at, n=n)


if __name__ == "__main__":
    while True:
        if not work_off(clock=timezone.now, limit=10):
            time.sleep(0.02)
