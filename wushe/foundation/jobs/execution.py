"""Do one job: claim it, run it, and end it in the transaction of its effect.

A killed worker loses and doubles nothing: what it had not committed never happened, and its lease runs out. A late
worker, whose lease has passed to another, can neither end the job nor leave an effect.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from secrets import token_hex
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q

from wushe.foundation.errors import Refusal
from wushe.foundation.group_commit import writers_turn

from .models import Job, Outcome
from .registry import Kind, kinds

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
_CANDIDATES = 16


class LeaseLost(Exception):
    """Another worker holds the job by now; nothing of this run is kept."""


def claim(*, now: datetime) -> Job | None:
    """Take the most urgent job that is due and free, by compare-and-set; None if there is none."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    due = Job.objects.filter(free, outcome="", run_at__lte=now, name__in=kinds)
    for job in due.order_by("-priority", "run_at", "pk")[:_CANDIDATES]:
        if _take(job, now):
            return job
    return None


def run(job: Job, *, clock: Clock) -> bool:
    """Run a claimed job to its end or to its next attempt; say whether it is done."""
    kind = kinds[job.name]
    try:
        if kind.long:
            with _renewed(job, kind, clock):
                effect = kind.handler(at=clock(), **job.args)
            _end(job, Outcome.DONE, clock, effect or (lambda: None))
        else:
            _end(job, Outcome.DONE, clock, lambda: kind.handler(at=clock(), **job.args))
    except LeaseLost:
        log.warning("job %s %s was taken over by another worker", job.name, job.pk)
        return False
    except Refusal as refusal:
        # A refusal is an answer: the domain will not do it, and would say so again.
        _give_up(job, Outcome.REFUSED, refusal, clock())
        return False
    except Exception as error:
        log.exception("job %s %s failed", job.name, job.pk)
        _try_again(job, kind, error, clock())
        return False
    return True


def work_off(*, clock: Clock, limit: int) -> int:
    """Claim and run up to `limit` jobs one after the other; return how many were run."""
    for count in range(limit):
        job = claim(now=clock())
        if job is None:
            return count
        run(job, clock=clock)
    return limit


def _take(job: Job, now: datetime) -> bool:
    """Take the job if nobody has since it was read; a job that has killed too many workers is given up instead."""
    kind = kinds[job.name]
    unchanged = Job.objects.filter(pk=job.pk, outcome="", lease_token=job.lease_token, attempts=job.attempts)
    if job.attempts >= kind.attempts:
        unchanged.update(outcome=Outcome.FAILED, ended_at=now, lease_until=None, error_class="WorkerLost")
        return False
    token, until = token_hex(16), now + kind.lease
    if not unchanged.update(lease_token=token, lease_until=until, attempts=F("attempts") + 1):
        return False
    job.lease_token, job.lease_until, job.attempts = token, until, job.attempts + 1
    return True


def _end(job: Job, outcome: Outcome, clock: Clock, effect: Callable[[], Any]) -> None:
    """Run the effect and end the job in one transaction; raise LeaseLost if the job is no longer held."""
    with writers_turn(), transaction.atomic():
        # First of all: from here on the row is locked, and no other worker can take the job over.
        if not _held(job).update(outcome=outcome, ended_at=clock(), lease_until=None):
            raise LeaseLost
        result = effect()
        if result is not None:
            Job.objects.filter(pk=job.pk).update(result=result)


def _try_again(job: Job, kind: Kind, error: Exception, now: datetime) -> None:
    if job.attempts >= kind.attempts:
        _give_up(job, Outcome.FAILED, error, now)
        return
    run_at = now + kind.pause_after(job.attempts)
    _held(job).update(run_at=run_at, lease_token="", lease_until=None, error_class=type(error).__name__)


def _give_up(job: Job, outcome: Outcome, error: Exception, now: datetime) -> None:
    _held(job).update(outcome=outcome, ended_at=now, lease_until=None, error_class=type(error).__name__)


def _held(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, lease_token=job.lease_token, outcome="")


@contextmanager
def _renewed(job: Job, kind: Kind, clock: Clock) -> Iterator[None]:
    """Renew the lease three times in its length while the work goes on."""
    over = threading.Event()

    def renew() -> None:
        try:
            while not over.wait(kind.lease.total_seconds() / 3):
                _renew(job, clock() + kind.lease)
        finally:
            connection.close()

    thread = threading.Thread(target=renew, name=f"lease of job {job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _renew(job: Job, until: datetime) -> None:
    try:
        # In order of arrival: SQLite's own waiting is by chance, and a long import would win each time.
        with writers_turn():
            _held(job).update(lease_until=until)
    except DatabaseError:
        # The next beat tries again; two may be missed before the lease runs out.
        log.warning("the lease of job %s could not be renewed", job.pk)
