"""Swap shifts: one volunteer asks, the other agrees, and only then both change places; nobody else is touched."""

from datetime import datetime

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, NotFound
from wushe.foundation.scope import obtain

from .fitness import check_fit
from .models import Message, Shift, SignUp, Swap
from .own import own_volunteer
from .signing_up import TooLate
from .states import SignUpState, SwapState
from .telling import tell, when
from .times import begins
from .workflow import SWAP

_WHOLE = ("mine__shift__activity", "mine__volunteer__person", "theirs__shift__activity", "theirs__volunteer__person")


class CannotSwap(Conflict):
    """The two places cannot be exchanged."""

    message = "这两班不能互换，请刷新后再看。"


@domain_call("volunteering:join")
def ask_swap(*, actor: Actor, at: datetime, sign_up_id: int, theirs_id: int) -> Swap:
    """Ask another volunteer of the same activity to swap shifts; they are told.

    Raises NotFound, CannotSwap, TooLate, NotFit for either of the two.
    """
    rows = SignUp.objects.select_related("shift__activity", "volunteer__person")
    mine = obtain(rows, actor, pk=sign_up_id)
    theirs = rows.filter(pk=theirs_id, shift__activity_id=mine.shift.activity_id).first()
    if theirs is None:
        raise NotFound
    _check(mine, theirs, at)
    if Swap.objects.filter(mine=mine, theirs=theirs, state=SwapState.ASKED).exists():
        raise CannotSwap("已经问过对方，等对方答复。")
    swap = Swap(mine=mine, theirs=theirs, asked_at=at)
    SWAP.start(swap, event="ask", actor=actor, at=at, data={"mine": mine.pk, "theirs": theirs.pk})
    words = f"想用{when(mine.shift)}换您的{when(theirs.shift)}"
    tell(volunteer_id=theirs.volunteer_id, kind=Message.Kind.SWAP_ASKED, at=at, shift=theirs.shift, words=words)
    return swap


@domain_call("volunteering:join")
def answer_swap(*, actor: Actor, at: datetime, swap_id: int, agree: bool) -> Swap:
    """Agree to a swap or not; only the one who was asked may. Raises NotFound, CannotSwap, TooLate, NotFit."""
    swap = obtain(Swap.objects.select_related(*_WHOLE), actor, pk=swap_id)
    if swap.theirs.volunteer_id != own_volunteer(actor).pk:
        raise NotFound
    mine, theirs = swap.mine, swap.theirs
    if not agree:
        SWAP.move(swap, "decline", actor=actor, at=at, changes={"answered_at": at})
        tell(volunteer_id=mine.volunteer_id, kind=Message.Kind.SWAP_DECLINED, at=at, shift=mine.shift)
        return swap
    # Both shifts are held in one order, so that two swaps at once wait for each other instead of in a circle.
    list(Shift.objects.select_for_update().filter(pk__in=[mine.shift_id, theirs.shift_id]).order_by("pk"))
    mine.refresh_from_db(fields=["state", "shift"]), theirs.refresh_from_db(fields=["state", "shift"])
    _check(mine, theirs, at)
    SWAP.move(swap, "agree", actor=actor, at=at, changes={"answered_at": at})
    first, second = mine.shift, theirs.shift
    SignUp.objects.filter(pk=mine.pk).update(shift=second)
    SignUp.objects.filter(pk=theirs.pk).update(shift=first)
    tell(volunteer_id=mine.volunteer_id, kind=Message.Kind.SWAPPED, at=at, shift=second, words=when(second))
    tell(volunteer_id=theirs.volunteer_id, kind=Message.Kind.SWAPPED, at=at, shift=first, words=when(first))
    return swap


def _check(mine: SignUp, theirs: SignUp, at: datetime) -> None:
    """Refuse unless both hold places of two coming shifts and each may take the other's."""
    places = {mine.state, theirs.state} == {SignUpState.TAKEN}
    if not places or mine.shift_id == theirs.shift_id or mine.volunteer_id == theirs.volunteer_id:
        raise CannotSwap
    if min(begins(mine.shift), begins(theirs.shift)) <= at:
        raise TooLate
    check_fit(shift=theirs.shift, volunteer=mine.volunteer, at=at, leaving=mine)
    check_fit(shift=mine.shift, volunteer=theirs.volunteer, at=at, leaving=theirs)
