"""The loop of a process without pages: it works while there is work, rests otherwise, and stops in good order."""

import logging
import signal
import threading
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections

log = logging.getLogger(__name__)

LONGEST_PAUSE = 30.0


def work_until_told(round_: Callable[[], int], *, rest: float) -> None:
    """Repeat the round until SIGTERM or SIGINT; rest after one that found nothing to do.

    A round in hand is finished first. A database that is away is waited for.
    """
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    pause = 0.0
    while not over.wait(pause):
        close_old_connections()
        try:
            pause = 0.0 if round_() else rest
        except DatabaseError as error:
            pause = min(LONGEST_PAUSE, max(1.0, pause * 2))
            log.warning("the database does not answer (%s), next try in %.0f s", type(error).__name__, pause)
