"""What settlement does by itself: what stayed due is tried again each night, when budgets may have been topped up."""

from datetime import datetime

from wushe.foundation.actor import SYSTEM
from wushe.foundation.jobs.registry import scheduled

from .services import settle_all


@scheduled("settlement.settle_due", daily="01:30")
def settle_due(*, at: datetime) -> dict[str, int]:
    """Settle what is accepted and can be paid by now."""
    result = settle_all(actor=SYSTEM, at=at, area_code="")
    return {"settled": result.settled, "blocked": result.blocked, "left": result.left}
