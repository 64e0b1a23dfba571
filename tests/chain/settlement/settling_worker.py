"""A worker for tests that settles, to be killed: run as a script with the test database in DATABASE_URL."""

import os
import time
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.utils import timezone

from wushe.chain.settlement import services
from wushe.foundation.actor import SYSTEM

PAUSE = 0.06


def slowly(right: Any) -> Any:
    """Stay in the middle of the transaction for long enough to be killed there."""

    def late(*given: Any, **named: Any) -> Any:
        found = right(*given, **named)
        time.sleep(PAUSE)
        return found

    return late


if __name__ == "__main__":
    for name in ("post_verdicts", "lay_runs", "keep"):
        setattr(services, name, slowly(getattr(services, name)))
    print("ready", flush=True)
    while True:
        if not services.settle_all(actor=SYSTEM, at=timezone.now(), area_code="", limit=4).settled:
            time.sleep(0.02)
