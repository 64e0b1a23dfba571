"""A resident takes back what was asked for: freely until somebody is promised for a day, through the centre afterwards.

While a carer is in the house nothing is cancelled: she is told in person.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.chain.needs.models import Need, NeedState
from wushe.chain.needs.selectors import WAITING
from wushe.chain.needs.services import close_need
from wushe.chain.orders.cancelling import ask_cancel, drop_orders, requests_of, running_orders
from wushe.chain.orders.models import CancelAnswer, CancelRequest
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict
from wushe.foundation.scope import obtain

from .models import Visit, VisitState

OWN_WORDS = "居民自己取消"


class BeingServed(Conflict):
    """Somebody is in the house at this moment."""

    message = "服务人员正在家里服务，有什么要改的请直接跟她说，或打电话给社区。"


class NothingToTakeBack(Conflict):
    """The need has ended already."""

    message = "这件事已经办完或者结束了，不用再取消。"


class Way(Enum):
    """How a need can be taken back now."""

    AT_ONCE = "at once"
    BY_ASKING = "by asking"
    ASKED = "asked"
    IN_PERSON = "in person"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class TakingBack:
    """How a need can be taken back, and what stands in the way: the promised visit, the wish that waits or was answered."""

    way: Way
    promised: Appointment | None = None
    request: CancelRequest | None = None


def how_to_take_back(*, need: Need) -> TakingBack:
    """Say how a need can be taken back now; the caller has found it within scope."""
    if need.state in WAITING:
        return TakingBack(Way.AT_ONCE)
    if need.state != NeedState.IN_SERVICE:
        return TakingBack(Way.NOT)
    visits = Visit.objects.filter(appointment__order__need=need, state=VisitState.STARTED)
    if visits.exists():
        return TakingBack(Way.IN_PERSON)
    request = requests_of(need_ids=[need.pk]).get(need.pk)
    promised = _promised(need)
    if promised is None:
        return TakingBack(Way.AT_ONCE, request=request)
    waits = request is not None and request.answer == CancelAnswer.OPEN
    return TakingBack(Way.ASKED if waits else Way.BY_ASKING, promised, request)


@domain_call("needs:record_own")
def take_back(*, actor: Actor, at: datetime, need_id: int, reason: str = "") -> TakingBack:
    """Take back a need of the actor's own or of whom they may act for; return the way that was gone.

    AT_ONCE: orders and offers are withdrawn, coming visits cancelled, the need closed. BY_ASKING: the centre is asked
    to cancel, with the reason. ASKED: it had been asked before. Raises NotFound, BeingServed, NothingToTakeBack, and
    Invalid without the reason where one is needed.
    """
    need = obtain(Need.objects.distinct(), actor, pk=need_id)
    # Held, so that a plan confirmed at this moment either comes first and is seen, or finds the visits gone.
    coming = Appointment.objects.select_for_update().filter(order__need=need)
    list(coming.order_by("pk").values_list("pk"))
    found = how_to_take_back(need=need)
    if found.way is Way.IN_PERSON:
        raise BeingServed
    if found.way is Way.NOT:
        raise NothingToTakeBack
    words = reason.strip()
    if found.way is Way.BY_ASKING:
        for order in running_orders(need_id=need.pk):
            ask_cancel(actor=actor, at=at, order_id=order.pk, reason=words)
    elif found.way is Way.AT_ONCE:
        said = f"{OWN_WORDS}：{words}" if words else OWN_WORDS
        if need.state == NeedState.IN_SERVICE:
            drop_orders(actor=actor, at=at, need_id=need.pk, reason=said[:120])
        else:
            close_need(actor=actor, at=at, need_id=need.pk, reason=said)
    return found


def _promised(need: Need) -> Appointment | None:
    rows = Appointment.objects.filter(order__need=need, state=AppointmentState.CONFIRMED)
    return rows.select_related("worker__person", "order__item").order_by("day", "planned_start", "pk").first()
