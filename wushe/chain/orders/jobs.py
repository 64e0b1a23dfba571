"""Regular work on orders: what nobody took in time returns to the pool."""

from datetime import datetime, timedelta

from wushe.foundation.actor import SYSTEM
from wushe.foundation.jobs.registry import scheduled

from .services import expire_orders


@scheduled("orders.expire", every=timedelta(minutes=1))
def expire(*, at: datetime) -> int:
    """Return sent orders that ran out of time to the pool."""
    return expire_orders(actor=SYSTEM, at=at)
