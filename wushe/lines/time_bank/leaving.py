"""Moving away: time is sent to the bank of the new place, and an account on which nothing stands any more is closed."""

from datetime import datetime

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict
from wushe.foundation.scope import obtain

from .banks import AccountClosed, hold_person, set_closed
from .models import Holding
from .requests import RUNNING
from .states import GiftState, RequestState, SentState


class StillInUse(Conflict):
    """Something stands on the account, is on its way, or waits for a decision."""


@domain_call("time_bank:file")
def close_account(*, actor: Actor, at: datetime, holding_id: int) -> Holding:
    """Close an account; raise NotFound, AccountClosed, or StillInUse with what has to be done first."""
    holding = obtain(Holding.objects.select_related("account"), actor, pk=holding_id)
    hold_person(holding.person_id)
    holding.refresh_from_db(fields=["closed_on"])
    if holding.closed_on:
        raise AccountClosed
    if holding.account.balance:
        raise StillInUse("账上还有时间，请先转到他行、捐给公益池或办理继承。")
    if holding.sent.filter(state=SentState.SENT).exists():
        raise StillInUse("还有一笔在途，等对方回执后再销户。")
    if holding.requests.filter(state__in=[RequestState.ASKED, *RUNNING]).exists():
        raise StillInUse("还有没办完的求助，请先取消或等它办完。")
    if holding.person.time_gifts.filter(state=GiftState.FILED).exists():
        raise StillInUse("还有等待审核的转让，请先办完。")
    set_closed(holding, timezone.localdate(at), actor=actor, at=at)
    return holding
