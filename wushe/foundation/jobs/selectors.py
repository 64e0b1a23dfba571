"""Read the queue: what waits, what runs, what has failed."""

from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from .models import Job, Outcome


def backlog(*, now: datetime) -> dict[str, object]:
    """Return how many jobs wait, run and have failed, and since when the oldest has been due."""
    held = Q(lease_until__gt=now)
    return Job.objects.filter(outcome__in=["", Outcome.FAILED]).aggregate(
        waiting=Count("pk", filter=Q(outcome="", run_at__lte=now) & ~held),
        running=Count("pk", filter=Q(outcome="") & held),
        failed=Count("pk", filter=Q(outcome=Outcome.FAILED)),
        oldest=Min("run_at", filter=Q(outcome="", run_at__lte=now)),
    )


def failed_jobs() -> QuerySet[Job]:
    """Return the jobs that were given up, newest first."""
    return Job.objects.filter(outcome=Outcome.FAILED).order_by("-ended_at")
