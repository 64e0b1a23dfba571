"""Put scheduled jobs in the queue when their time comes."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from wushe.faces.jobs.loop import work_until_told
from wushe.foundation.jobs.services import enqueue_due


class Command(BaseCommand):
    """Run until told to stop. A second scheduler does no harm: a slot has one job."""

    help = "定时任务：到点排入队列"

    def handle(self, **options: Any) -> None:
        """Look at the clock every few seconds; never work more than one round without a rest."""

        def look() -> int:
            enqueue_due(now=timezone.localtime())
            return 0

        work_until_told(look, rest=5.0)
