"""Deliver journal rows to their handlers and work off the queue."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from wushe.chain.dispatch.planning import warm_up
from wushe.faces.jobs.loop import work_until_told
from wushe.foundation.jobs.execution import work_off
from wushe.foundation.journal.delivery import deliver
from wushe.foundation.webhooks.collecting import collect
from wushe.foundation.webhooks.sending import wake

ROWS_A_ROUND, JOBS_A_ROUND = 200, 20


class Command(BaseCommand):
    """Run until told to stop. Any number of workers may run beside each other."""

    help = "后台任务：投递事件，执行任务"

    def handle(self, **options: Any) -> None:
        """Work off events and jobs in turn, so that neither waits for all of the other."""
        warm_up()
        read: dict[tuple[str, int], int] = {}
        told: dict[int, int] = {}

        def round_() -> int:
            handled = deliver(limit=ROWS_A_ROUND, read=read)
            queued = collect(at=timezone.now(), read=told) + wake(at=timezone.now())
            return handled + queued + work_off(clock=timezone.now, limit=JOBS_A_ROUND)

        work_until_told(round_, rest=0.5)
