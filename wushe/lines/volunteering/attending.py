"""Sign in and out of a shift: by the code that changes, by being at the place, or by the organiser's roll.

Time counts from the beginning of the shift at the earliest and until a little after its end at the latest.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.timezone import localdate

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.presets.selectors import preset
from wushe.foundation.protected import blind_index
from wushe.foundation.scope import obtain
from wushe.registers.volunteers.models import Volunteer

from .codes import ticket_holds
from .counting import finish
from .distances import metres_between
from .fitness import agreed, insured
from .models import HourRecord, Shift, SignUp
from .own import own_volunteer
from .signing_up import visible_sign_up
from .states import HourState, Origin, SignUpState
from .times import begins, ends
from .workflow import HOURS, SIGN_UP

AFTER_END = timedelta(minutes=30)


class NotNow(Conflict):
    """It is too early or too late to sign in."""

    message = "现在不是这一班的签到时间。"


class NotInShift(Conflict):
    """The volunteer has no place in the shift."""

    message = "您没有报上这一班，请先报名，或请组织者安排。"


class CodeStale(Conflict):
    """The code or ticket is not of this shift, not of this account, or too old."""

    message = "二维码已经换了，请再扫一次。"


class NotThere(Conflict):
    """The phone says that it is somewhere else, or does not say where it is."""

    message = "手机定位显示您还不在活动地点附近，请走近后再试，或扫码、请组织者点名。"


class NotAllowedYet(Conflict):
    """Insurance or agreement is missing on the day itself."""


class AlreadyIn(Conflict):
    """The volunteer has signed in and not out."""

    message = "已经签到，不用再签。"


@dataclass(frozen=True, slots=True)
class Phone:
    """What a phone says of itself: which one it is, and where."""

    device: str = ""
    longitude: float | None = None
    latitude: float | None = None
    accuracy: int | None = None

    @property
    def mark(self) -> str:
        """Return by what the phone is known again, without keeping what it sent."""
        return blind_index(self.device, purpose="volunteering.device")


@domain_call("volunteering:join")
def sign_in(*, actor: Actor, at: datetime, shift_id: int, phone: Phone, ticket: str = "") -> HourRecord:
    """Sign in to a shift by the ticket of its code, or without one by place; an hour record begins to run.

    Raises NoVolunteer, NotInShift, NotNow, CodeStale, NotThere, NotAllowedYet, AlreadyIn.
    """
    volunteer, shift, row = _own_place(actor, shift_id)
    origin = _proof(shift, phone, ticket, actor=actor, at=at)
    early = preset("volunteers.sign_in.early", area_code=shift.area_code, on=shift.day)
    if not begins(shift) - timedelta(minutes=early) <= at < ends(shift):
        raise NotNow
    return _start(row, volunteer, origin, actor=actor, at=at, started_at=max(at, begins(shift)), phone=phone)


@domain_call("volunteering:join")
def sign_out(*, actor: Actor, at: datetime, shift_id: int, phone: Phone, ticket: str = "") -> HourRecord:
    """Sign out of a shift by code or by place; the record counts, or is held where something looks wrong.

    Raises NoVolunteer, NotInShift, CodeStale, NotThere, and Conflict for who has not signed in.
    """
    _, shift, row = _own_place(actor, shift_id)
    _proof(shift, phone, ticket, actor=actor, at=at)
    record = row.hours.filter(state=HourState.RUNNING).first()
    if record is None:
        raise Conflict("您还没有签到，或者已经签退。")
    return finish(record, ended_at=min(at, ends(shift) + AFTER_END), actor=actor, at=at)


@domain_call("volunteering:organise")
def call_roll(
    *, actor: Actor, at: datetime, sign_up_id: int, present: bool, start: int | None = None, end: int | None = None
) -> SignUp:
    """Say whether a volunteer came, from when to when (the shift's own times if nothing else is said).

    Who has signed in by phone and not out is signed out by this; their record keeps its origin.
    Raises NotFound, NotNow before the shift, Invalid for times outside the day, NotAllowedYet, MoveNotAllowed.
    """
    row = obtain(SignUp.objects.select_related("shift__activity", "volunteer__person"), actor, pk=sign_up_id)
    shift = row.shift
    if at < begins(shift):
        raise NotNow("这一班还没有开始，开始后再点名。")
    if not present:
        SIGN_UP.move(row, "miss", actor=actor, at=at, data={"volunteer": row.volunteer_id})
        return row
    if row.state == SignUpState.ABSENT:
        SIGN_UP.move(row, "excuse", actor=actor, at=at, data={"volunteer": row.volunteer_id})
    first, last = _span(shift, start, end, at)
    running = row.hours.filter(state=HourState.RUNNING).first()
    if running is None:
        if row.hours.exists():
            raise AlreadyIn("这位志愿者这一班已经有时长。")
        running = _start(row, row.volunteer, Origin.ROLL, actor=actor, at=at, started_at=first, phone=Phone())
    if last > at:
        return row  # the shift still runs: the record ends with the roll at its end, or by phone
    finish(running, ended_at=last, actor=actor, at=at)
    return row


@domain_call("jobs:run")
def sign_out_overdue(*, actor: Actor, at: datetime) -> int:
    """End records whose shift has long been over; nobody signed them out, so the organiser looks. Return how many."""
    open_ones = HourRecord.objects.filter(state=HourState.RUNNING, day__lte=localdate(at)).select_related(
        "sign_up__shift__activity", "volunteer__person"
    )
    due = [r for r in open_ones if r.sign_up and ends(r.sign_up.shift) + timedelta(hours=2) <= at]
    for record in due:
        assert record.sign_up is not None
        finish(record, ended_at=ends(record.sign_up.shift), actor=actor, at=at, unsigned=True)
    return len(due)


def _own_place(actor: Actor, shift_id: int) -> tuple[Volunteer, Shift, SignUp]:
    """Return the actor's volunteer, held, with the shift and the place they have in it."""
    among = Volunteer.objects.select_for_update(of=("self",)).select_related("person")
    volunteer = own_volunteer(actor, among=among)
    shift = Shift.objects.select_related("activity").filter(pk=shift_id).first()
    row = visible_sign_up(shift, volunteer) if shift else None
    if shift is None or row is None or row.state not in {SignUpState.TAKEN, SignUpState.SERVED}:
        raise NotInShift
    row.shift = shift
    return volunteer, shift, row


def _proof(shift: Shift, phone: Phone, ticket: str, *, actor: Actor, at: datetime) -> Origin:
    """Return by what it is known that the volunteer is there; raise CodeStale or NotThere if it is not."""
    if ticket:
        if not ticket_holds(ticket=ticket, shift_id=shift.pk, user_id=actor.user_id, at=at):
            raise CodeStale
        return Origin.QR
    most = preset("volunteers.sign_in.metres", area_code=shift.area_code, on=shift.day)
    activity = shift.activity
    metres = metres_between(phone.longitude, phone.latitude, activity.longitude, activity.latitude)
    # A fix as vague as the whole quarter proves nothing.
    if metres is None or metres > most or (phone.accuracy or 0) > most:
        raise NotThere
    return Origin.PLACE


def _start(
    row: SignUp, volunteer: Volunteer, origin: Origin, *, actor: Actor, at: datetime, started_at: datetime, phone: Phone
) -> HourRecord:
    """Begin an hour record; the law's conditions are looked at once more, on the day itself."""
    shift = row.shift
    if shift.activity.danger and not insured(volunteer, shift):
        raise NotAllowedYet("这项活动有一定危险，还没有登记有效的志愿者保险，不能开始。")
    if not agreed(shift.activity, volunteer):
        raise NotAllowedYet("这项活动要先签志愿服务协议，签好后再签到。")
    if row.hours.filter(state=HourState.RUNNING).exists():
        raise AlreadyIn
    if row.state == SignUpState.TAKEN:
        SIGN_UP.move(row, "serve", actor=actor, at=at, data={"volunteer": volunteer.pk})
    record = HourRecord(
        volunteer=volunteer, sign_up=row, area_code=shift.area_code, origin=origin, title=shift.activity.title,
        day=shift.day, started_at=started_at, device=phone.mark, longitude=phone.longitude, latitude=phone.latitude,
        recorded_by=actor.user_id,
    )  # fmt: skip
    HOURS.start(record, event="start", actor=actor, at=at, data={"volunteer": volunteer.pk, "origin": origin})
    return record


def _span(shift: Shift, start: int | None, end: int | None, at: datetime) -> tuple[datetime, datetime]:
    """Return the moments between which a volunteer was there, by the roll."""
    first, last = shift.start if start is None else start, shift.end if end is None else end
    if not 0 <= first < last <= 24 * 60:
        raise Invalid(fields={"end": "结束时间要晚于开始时间。"})
    midnight = begins(shift) - timedelta(minutes=shift.start)
    began, ended = midnight + timedelta(minutes=first), midnight + timedelta(minutes=last)
    if began > at:
        raise Invalid(fields={"start": "开始时间不能晚于现在。"})
    return timezone.localtime(began), timezone.localtime(ended)
