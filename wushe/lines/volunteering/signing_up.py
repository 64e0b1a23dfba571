"""Sign-up for shifts: places by compare-and-set, an ordered waiting list, and who comes next when somebody leaves."""

from datetime import datetime

from django.db.models import F

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, NotFound
from wushe.foundation.scope import obtain, visible, within
from wushe.registers.volunteers.models import Volunteer

from .fitness import NotFit, check_fit
from .models import Agreement, Message, Shift, SignUp
from .own import own_volunteer
from .states import SignUpState
from .telling import tell, when
from .times import begins
from .workflow import SIGN_UP

DISTRICT_DIGITS = 6


class AlreadySignedUp(Conflict):
    """The volunteer is in the shift or waits for it."""

    message = "已经报过这一班。"


class TooLate(Conflict):
    """The shift has begun."""

    message = "这一班已经开始，有变动请联系组织者。"


class AgreementAsked(Conflict):
    """The activity asks for a written agreement first."""

    message = "参加这项活动要先签志愿服务协议，请勾选“同意”。"


@domain_call("volunteering:join")
def sign_up(*, actor: Actor, at: datetime, shift_id: int, agree: bool = False) -> SignUp:
    """Sign up the actor's own volunteer: a place if one is free, otherwise the next turn of the waiting list.

    Raises NoVolunteer, NotFound for a shift of another district, AgreementAsked, AlreadySignedUp, NotFit and its kinds.
    """
    volunteer = own_volunteer(actor, among=Volunteer.objects.select_for_update(of=("self",)).select_related("person"))
    shift = near_shift(volunteer=volunteer, shift_id=shift_id)
    _agree(shift, volunteer, agree, actor=actor, at=at)
    return _enter(shift, volunteer, actor=actor, at=at, by_desk=False)


@domain_call("volunteering:organise")
def place_volunteer(*, actor: Actor, at: datetime, shift_id: int, volunteer_id: int) -> SignUp:
    """Put a volunteer into a shift from the desk; they are told.

    Raises NotFound out of scope, AlreadySignedUp, NotFit and its kinds.
    """
    shift = obtain(Shift.objects.select_related("activity"), actor, pk=shift_id)
    among = Volunteer.objects.select_for_update(of=("self",)).select_related("person").filter(left_on=None)
    volunteer = obtain(among, actor, pk=volunteer_id)
    row = _enter(shift, volunteer, actor=actor, at=at, by_desk=True)
    tell(volunteer_id=volunteer.pk, kind=Message.Kind.PLACED, at=at, shift=shift, words=when(shift))
    return row


@domain_call("volunteering:join")
def withdraw(*, actor: Actor, at: datetime, sign_up_id: int) -> SignUp:
    """Give up one's place or turn before the shift begins; the next of the list moves up and is told.

    Raises NotFound for somebody else's, TooLate, MoveNotAllowed.
    """
    row = obtain(SignUp.objects.select_related("shift"), actor, pk=sign_up_id)
    if begins(row.shift) <= at:
        raise TooLate
    return leave_shift(row, actor=actor, at=at)


@domain_call("volunteering:organise")
def take_off(*, actor: Actor, at: datetime, sign_up_id: int) -> SignUp:
    """Take a volunteer off a shift from the desk; the next of the list moves up. Raises NotFound, MoveNotAllowed."""
    return leave_shift(obtain(SignUp.objects.select_related("shift"), actor, pk=sign_up_id), actor=actor, at=at)


def near_shift(*, volunteer: Volunteer, shift_id: int) -> Shift:
    """Return a shift of the volunteer's own district; raise NotFound for any other."""
    rows = Shift.objects.select_related("activity").filter(within(volunteer.area_code[:DISTRICT_DIGITS]), pk=shift_id)
    shift = rows.first()
    if shift is None:
        raise NotFound
    return shift


def leave_shift(row: SignUp, *, actor: Actor, at: datetime) -> SignUp:
    """Withdraw a sign-up and let the next of the list move up. The shift is held, so that nobody is overlooked."""
    shift = Shift.objects.select_for_update(of=("self",)).select_related("activity").get(pk=row.shift_id)
    row.refresh_from_db()
    had_place = row.state == SignUpState.TAKEN
    SIGN_UP.move(row, "withdraw", actor=actor, at=at, data={"shift": shift.pk, "volunteer": row.volunteer_id})
    if had_place:
        Shift.objects.filter(pk=shift.pk).update(taken=F("taken") - 1)
        move_up(shift, actor=actor, at=at)
    return row


def move_up(shift: Shift, *, actor: Actor, at: datetime) -> list[SignUp]:
    """Give free places to those who wait, in their order, passing over who may not come any more; return who moved."""
    moved: list[SignUp] = []
    if begins(shift) <= at:
        return moved
    waiting = shift.sign_ups.filter(state=SignUpState.QUEUED).select_related("volunteer__person").order_by("turn")
    for row in waiting:
        try:
            check_fit(shift=shift, volunteer=row.volunteer, at=at, leaving=row)
        except NotFit:
            continue
        if not take_place(shift):
            break
        SIGN_UP.move(row, "take", actor=actor, at=at, data={"shift": shift.pk, "volunteer": row.volunteer_id})
        tell(volunteer_id=row.volunteer_id, kind=Message.Kind.MOVED_UP, at=at, shift=shift, words=when(shift))
        moved.append(row)
    return moved


def take_place(shift: Shift) -> bool:
    """Take one of the free places by compare-and-set; say whether there was one."""
    return bool(Shift.objects.filter(pk=shift.pk, taken__lt=F("capacity")).update(taken=F("taken") + 1))


def _enter(shift: Shift, volunteer: Volunteer, *, actor: Actor, at: datetime, by_desk: bool) -> SignUp:
    """Enter a volunteer whose row is held. Everybody gets a turn; who finds a free place takes it at once."""
    if visible_sign_up(shift, volunteer):
        raise AlreadySignedUp
    check_fit(shift=shift, volunteer=volunteer, at=at)
    # This update holds the shift until the end: turns are given in the order in which places are asked for.
    Shift.objects.filter(pk=shift.pk).update(turns=F("turns") + 1)
    shift.refresh_from_db(fields=["turns"])
    row = SignUp(shift=shift, volunteer=volunteer, turn=shift.turns, signed_at=at, by_desk=by_desk)
    said = {"shift": shift.pk, "volunteer": volunteer.pk}
    SIGN_UP.start(row, event="join", actor=actor, at=at, data=said)
    if take_place(shift):
        SIGN_UP.move(row, "take", actor=actor, at=at, data=said)
    return row


def visible_sign_up(shift: Shift, volunteer: Volunteer) -> SignUp | None:
    """Return the volunteer's sign-up for a shift that stands, if there is one."""
    return shift.sign_ups.filter(volunteer=volunteer).exclude(state=SignUpState.WITHDRAWN).first()


def _agree(shift: Shift, volunteer: Volunteer, agree: bool, *, actor: Actor, at: datetime) -> None:
    """Keep the agreement that an activity asks for; a data message is a written form (民法典第四百六十九条)."""
    cases = shift.activity.agreement
    if not cases or Agreement.objects.filter(activity=shift.activity, volunteer=volunteer).exists():
        return
    if not agree:
        raise AgreementAsked
    Agreement.objects.create(
        activity=shift.activity, volunteer=volunteer, cases=cases, signed_at=at, recorded_by=actor.user_id
    )


@domain_call("volunteering:organise")
def keep_paper(*, actor: Actor, at: datetime, sign_up_id: int) -> Agreement:
    """Record that an agreement was signed on paper, as a guardian does for a minor. Raises NotFound, Conflict."""
    row = obtain(SignUp.objects.select_related("shift__activity"), actor, pk=sign_up_id)
    activity = row.shift.activity
    if not activity.agreement:
        raise Conflict("这项活动不要求签协议。")
    kept, _ = Agreement.objects.get_or_create(
        activity=activity, volunteer_id=row.volunteer_id,
        defaults={"cases": activity.agreement, "signed_at": at, "recorded_by": actor.user_id, "on_paper": True},
    )  # fmt: skip
    return kept


def seen_sign_up(*, actor: Actor, sign_up_id: int) -> SignUp:
    """Return a sign-up within the actor's scope; raise NotFound otherwise."""
    rows = visible(SignUp.objects.select_related("shift__activity", "volunteer__person"), actor)
    row = rows.filter(pk=sign_up_id).first()
    if row is None:
        raise NotFound
    return row
