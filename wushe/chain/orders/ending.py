"""What is still open for a person ends when they have died or moved away; what was done stays."""

from datetime import datetime

from wushe.chain.needs.models import Need, NeedState
from wushe.chain.needs.workflow import NEED
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call

from .models import Order, OrderState
from .services import cancel_order

_RUNNING = (OrderState.PLACED, OrderState.SENT, OrderState.ACCEPTED)
_WAITING = (NeedState.RECORDED, NeedState.TRIAGED, NeedState.LINKED)


@domain_call(None)
def end_open_work(*, actor: Actor, at: datetime, person_id: int, reason: str) -> tuple[int, int]:
    """Cancel the running orders of a person and close their waiting needs; return how many of each. Safe to repeat.

    Dispatch cancels the visits of a cancelled order; one that has begun runs its course.
    """
    orders = list(Order.objects.filter(person=person_id, state__in=_RUNNING).order_by("pk"))
    for order in orders:
        cancel_order(actor=actor, at=at, order_id=order.pk, reason=reason)
    needs = list(Need.objects.filter(person=person_id, state__in=_WAITING).order_by("pk"))
    for need in needs:
        NEED.move(need, "close", actor=actor, at=at, changes={"outcome": reason}, data={"reason": reason})
    return len(orders), len(needs)
