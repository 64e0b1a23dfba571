"""The regular comparison of what has changed, part by part, so that no transaction is long."""

from datetime import datetime

from wushe.foundation.actor import SYSTEM
from wushe.foundation.jobs.registry import scheduled
from wushe.foundation.jobs.services import enqueue

from .refresh import refresh_tickets

NAME = "duplicates.refresh"


@scheduled(NAME, daily="02:40")
def refresh(*, at: datetime) -> dict[str, int]:
    """Compare the records that have changed, and ask for the next part while there is more."""
    done = refresh_tickets(actor=SYSTEM, at=at)
    if done.more:
        enqueue(name=NAME, at=at)
    return {"compared": done.compared, "opened": done.opened, "lapsed": done.lapsed}
