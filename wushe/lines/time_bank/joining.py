"""Two accounts of one person: when two records turn out to be one resident, what stood on the second goes to the first.

While help that was asked for on the second account is under way it stays open; the nightly job looks again.
"""

from datetime import datetime

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.ledgers.lots import Which, move, reverse
from wushe.ledgers.models import Entry
from wushe.ledgers.postings import InsufficientBalance

from .banks import held_or_opened, hold_person, set_closed
from .models import Holding
from .requests import RUNNING
from .states import RequestState


@domain_call("time_bank:issue")
def join_accounts(*, actor: Actor, at: datetime) -> int:
    """Bring the time of merged records to the records that stand for them, and close their accounts; return how many."""
    left_behind = Holding.objects.filter(closed_on=None, person__merged_into__isnull=False).select_related(
        "account", "bank", "person"
    )
    waiting = left_behind.exclude(requests__state__in=RUNNING).order_by("pk")
    for holding in waiting:
        _join(holding, actor=actor, at=at)
    return len(waiting)


@domain_call("time_bank:issue")
def part_accounts(*, actor: Actor, at: datetime, person_id: int) -> int:
    """Take back the joining of a record that stands for itself again, as far as its time is still there."""
    count = 0
    for holding in Holding.objects.filter(person=person_id, closed_on__isnull=False):
        joined = Entry.objects.filter(key__startswith=f"time_join:{holding.pk}:", reversed_by=None).first()
        if joined is None:
            continue
        try:
            reverse(actor=actor, at=at, entry_id=joined.pk, memo="撤销合并，退回原账户")
        except InsufficientBalance:
            continue
        set_closed(holding, None, actor=actor, at=at)
        count += 1
    return count


def _join(source: Holding, *, actor: Actor, at: datetime) -> None:
    person = hold_person(source.person.merged_into_id or 0)
    target = held_or_opened(person=person, bank=source.bank, actor=actor, at=at)
    source.requests.filter(state=RequestState.ASKED).update(holding=target)
    if balance := source.account.balance:
        move(
            actor=actor, at=at, key=f"time_join:{source.pk}:{at:%Y%m%d%H%M%S}", memo="合并同一人的账户",
            source_id=source.account_id, targets=[(target.account_id, balance)], which=Which.ALL,
        )  # fmt: skip
    set_closed(source, timezone.localdate(at), actor=actor, at=at)
