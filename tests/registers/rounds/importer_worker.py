"""A worker for tests that imports a round, to be killed: run as a script with the test database in DATABASE_URL."""

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.utils import timezone

from wushe.foundation.jobs.execution import work_off
from wushe.registers.rounds import parts, writing
from wushe.registers.rounds.intake.residents import Residents

if __name__ == "__main__":
    parts.ROWS, writing.PARTS_AT_ONCE = int(sys.argv[1]), int(sys.argv[2])
    write = Residents.write

    def slow(self: Residents, rows: list[object]) -> None:
        """Write, and stay in the middle of the transaction for long enough to be killed there."""
        write(self, rows)  # type: ignore[arg-type]
        time.sleep(0.15)

    Residents.write = slow  # type: ignore[assignment,method-assign]
    print("ready", flush=True)
    while True:
        if not work_off(clock=timezone.now, limit=5):
            time.sleep(0.02)
