"""Load the demonstration district into an empty installation."""

import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from wushe.demonstration.loader import load
from wushe.registers.people.models import Person


class Command(BaseCommand):
    """Load it once: an installation that already has residents is left alone."""

    help = "载入演示区（只在空库中进行）"

    stealth_options = ("before_planning",)

    def handle(self, before_planning: Callable[[], object] = lambda: None, **options: Any) -> None:
        """Load the district and say how long each step took; `before_planning` is awaited before the engine is used."""
        if Person.objects.exists():
            return
        begun = time.monotonic()
        self.stdout.write("· 载入演示区：人物均为虚构，地名与总数来自公开资料 / loading the demonstration district")
        load(
            now=timezone.now(),
            before_planning=before_planning,
            say=lambda line: self.stdout.write(f"  {time.monotonic() - begun:5.1f} s  {line}"),
        )
        self.stdout.write(f"  {time.monotonic() - begun:5.1f} s  完成")
