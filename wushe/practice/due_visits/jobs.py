"""Nightly work: the list of who must be visited is kept, and coming visits are ordered from standing carriers."""

from datetime import datetime

from wushe.foundation.actor import SYSTEM
from wushe.foundation.jobs.registry import scheduled

from .enrolling import refresh_plans
from .ordering import order_due


@scheduled("due_visits.refresh", daily="03:10")
def refresh(*, at: datetime) -> int:
    """Take in whom the rules newly name, and fit whose risk has changed."""
    return refresh_plans(actor=SYSTEM, at=at)


@scheduled("due_visits.order", daily="05:30")
def order(*, at: datetime) -> int:
    """Order the visits of the coming days."""
    return order_due(actor=SYSTEM, at=at)
