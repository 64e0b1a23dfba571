"""Compile the engine's kernels into their cache, so that no page waits for it."""

from typing import Any

from django.core.management.base import BaseCommand

from wushe.chain.dispatch import planning
from wushe.chain.resources import matching


class Command(BaseCommand):
    """Compile what is not yet compiled; a second run only loads."""

    help = "编译排班引擎（首次约一分钟）"
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        """Load or compile."""
        planning.warm_up()
        matching.warm_up()
