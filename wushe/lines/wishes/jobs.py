"""Each morning claims that nobody followed up run out, and their wishes are free for others."""

from datetime import datetime

from wushe.foundation.actor import SYSTEM
from wushe.foundation.jobs.registry import scheduled

from .claiming import expire_claims


@scheduled("wishes.expire_claims", daily="06:20")
def expire(*, at: datetime) -> int:
    """Free wishes whose claims have run out."""
    return expire_claims(actor=SYSTEM, at=at)
