"""Regular work: a statement that nobody disputed within its days counts as agreed."""

from datetime import datetime

from wushe.foundation.actor import SYSTEM
from wushe.foundation.jobs.registry import scheduled

from .statements import agree_silent


@scheduled("payments.agree_silent", daily="00:40")
def agree(*, at: datetime) -> int:
    """Agree what has stood long enough; return how many."""
    return agree_silent(actor=SYSTEM, at=at)
