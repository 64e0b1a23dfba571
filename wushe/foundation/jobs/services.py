"""Ask for work: a job exists exactly if the transaction that asked for it has committed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from .models import Job
from .registry import kinds, schedules

KEPT_FOR = timedelta(days=60)


class UnknownJob(LookupError):
    """No handler is registered under this name."""


def enqueue(
    *,
    name: str,
    at: datetime,
    args: Mapping[str, Any] | None = None,
    run_at: datetime | None = None,
    key: str | None = None,
    priority: int = 0,
) -> Job:
    """Put a job in the queue within the caller's transaction; raise UnknownJob for a name without a handler.

    A key makes it once: if a job with this key is on record, ended or not, that one is returned.
    """
    if name not in kinds:
        raise UnknownJob(name)
    draft = Job(name=name, args=dict(args or {}), key=key, priority=priority, enqueued_at=at, run_at=run_at or at)
    if key is None:
        draft.save(force_insert=True)
        return draft
    Job.objects.bulk_create([draft], ignore_conflicts=True)
    return Job.objects.get(key=key)


def enqueue_due(*, now: datetime) -> list[Job]:
    """Put every scheduled job in the queue whose time has come; now is in local time. Safe to repeat."""
    slots = {f"{schedule.name}@{schedule.due_slot(now).isoformat()}": schedule.name for schedule in schedules}
    known = set(Job.objects.filter(key__in=slots).values_list("key", flat=True))
    return [enqueue(name=name, at=now, key=key) for key, name in slots.items() if key not in known]


def forget_old(*, at: datetime) -> int:
    """Delete jobs that ended long ago; return how many. Failed ones stay until somebody has seen to them."""
    old = Job.objects.filter(ended_at__lt=at - KEPT_FOR).exclude(outcome="failed")
    return old.delete()[0]


def retry_failed(*, job_id: int, at: datetime) -> bool:
    """Give a failed job another series of attempts; say whether there was one."""
    failed = Job.objects.filter(pk=job_id, outcome="failed")
    return bool(failed.update(outcome="", ended_at=None, attempts=0, run_at=at, error_class="", lease_token=""))
