"""What is still open for a person ends when they have died or moved away; what was done stays."""

from datetime import datetime

from wushe.chain.needs.models import Need
from wushe.chain.needs.selectors import WAITING
from wushe.chain.needs.services import mark_unwanted
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call

from .models import RUNNING, Order
from .services import cancel_order


@domain_call(None)
def end_open_work(*, actor: Actor, at: datetime, person_id: int, reason: str) -> tuple[int, int]:
    """Cancel the running orders of a person and close their waiting needs; return how many of each. Safe to repeat.

    Dispatch cancels the visits of a cancelled order; one that has begun runs its course.
    """
    orders = list(Order.objects.filter(person=person_id, state__in=RUNNING).order_by("pk"))
    for order in orders:
        cancel_order(actor=actor, at=at, order_id=order.pk, reason=reason)
    needs = list(Need.objects.filter(person=person_id, state__in=WAITING).order_by("pk"))
    for need in needs:
        mark_unwanted(actor=actor, at=at, need_id=need.pk, reason=reason)
    return len(orders), len(needs)
