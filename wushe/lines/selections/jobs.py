"""Each night the calls whose day has passed are closed, and material that did not come lapses."""

from datetime import datetime

from wushe.foundation.actor import SYSTEM
from wushe.foundation.jobs.registry import scheduled

from .applying import lapse_late


@scheduled("selections.lapse_late", daily="00:30")
def lapse(*, at: datetime) -> int:
    """Close entry and fail what is late."""
    return lapse_late(actor=SYSTEM, at=at)
