"""Residents take part: seats by compare-and-set, an ordered line behind them, a roll at each session, and their opinion.

方案 → 预算 → 签到 → 照片 → 满意度 → 总结: persons (who came at least once) and person-times are kept apart.
"""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F
from django.utils.timezone import localdate

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain, visible, within
from wushe.registers.people.models import Person

from .models import Activity, Attendee, Presence, Shift
from .signing_up import DISTRICT_DIGITS
from .states import ActivityState, AttendeeState
from .times import begins
from .workflow import ATTENDEE

MOST_WALK_INS = 100_000
LONGEST_COMMENT = 200
HERE = (AttendeeState.ENROLLED, AttendeeState.QUEUED)


class NoSeats(Conflict):
    """The activity is for volunteers alone."""

    message = "这项活动没有开放居民报名。"


class NotTaking(Conflict):
    """The activity is not open, or its last session is over."""

    message = "这项活动现在不能报名。"


class AlreadyEnrolled(Conflict):
    """The resident has a seat or waits for one."""

    message = "已经报过名了。"


class NotYet(Conflict):
    """The session has not begun."""

    message = "这一次活动还没有开始，开始后再点名。"


@domain_call("volunteering:attend")
def enrol(*, actor: Actor, at: datetime, activity_id: int) -> Attendee:
    """Enrol the actor: a seat if one is free, otherwise the next turn of the line.

    Raises NotFound for an activity of another district, NoSeats, NotTaking, AlreadyEnrolled.
    """
    person = own_attending(actor)
    near = Activity.objects.filter(within(person.area_code[:DISTRICT_DIGITS]), pk=activity_id)
    if (activity := near.first()) is None:
        raise NotFound
    return _enter(activity, person, actor=actor, at=at, by_desk=False)


@domain_call("volunteering:organise")
def enrol_resident(*, actor: Actor, at: datetime, activity_id: int, person_id: int) -> Attendee:
    """Enrol a resident from the desk. Raises NotFound out of scope, NoSeats, NotTaking, AlreadyEnrolled."""
    activity = obtain(Activity, actor, pk=activity_id)
    living = visible(Person.objects.filter(died_on=None, moved_out_on=None), actor)
    if (person := living.filter(pk=person_id).first()) is None:
        raise NotFound
    return _enter(activity, person, actor=actor, at=at, by_desk=True)


@domain_call("volunteering:attend")
def leave(*, actor: Actor, at: datetime, attendee_id: int) -> Attendee:
    """Give up one's seat or turn; the next of the line gets the seat. Raises NotFound, MoveNotAllowed, NotTaking."""
    return _leave(obtain(Attendee, actor, pk=attendee_id), actor=actor, at=at)


@domain_call("volunteering:organise")
def take_out(*, actor: Actor, at: datetime, attendee_id: int) -> Attendee:
    """Take a resident out from the desk. Raises NotFound, MoveNotAllowed, NotTaking after the end."""
    return _leave(obtain(Attendee, actor, pk=attendee_id), actor=actor, at=at)


@domain_call("volunteering:organise")
def call_attendance(
    *, actor: Actor, at: datetime, shift_id: int, attendee_ids: Collection[int], walk_ins: int
) -> Shift:
    """Say which of the enrolled came to a session, and how many came without being enrolled; said again, it is set anew.

    Raises NotFound, NoSeats, NotTaking after the end, NotYet before the session, Invalid for an impossible number.
    """
    shift = obtain(Shift.objects.select_for_update(of=("self",)).select_related("activity"), actor, pk=shift_id)
    if not shift.activity.seats:
        raise NoSeats
    if shift.activity.state != ActivityState.OPEN:
        raise NotTaking("这项活动已经结束，点名不能再改。")
    if at < begins(shift):
        raise NotYet
    if not 0 <= walk_ins <= MOST_WALK_INS:
        raise Invalid(fields={"walk_ins": f"现场人数为0到{MOST_WALK_INS}。"})
    enrolled = shift.activity.attendees.filter(state=AttendeeState.ENROLLED, pk__in=attendee_ids)
    came = set(enrolled.values_list("pk", flat=True))
    before = set(shift.presences.values_list("attendee_id", flat=True))
    # Who was there and has left since keeps the session; only those who are still on the list can be unticked.
    standing = set(shift.activity.attendees.filter(state=AttendeeState.ENROLLED).values_list("pk", flat=True))
    shift.presences.filter(attendee__in=(before & standing) - came).delete()
    Presence.objects.bulk_create(
        Presence(shift=shift, attendee_id=pk, noted_at=at, noted_by=actor.user_id) for pk in sorted(came - before)
    )
    Shift.objects.filter(pk=shift.pk).update(walk_ins=walk_ins, attended_at=at)
    shift.refresh_from_db(fields=["walk_ins", "attended_at"])
    record(
        kind="shift.attendance", subject=shift, actor=actor, at=at,
        data={"came": len(came), "walk_ins": walk_ins, "added": len(came - before), "removed": len((before & standing) - came)},
    )  # fmt: skip
    return shift


@domain_call("volunteering:attend")
def rate_activity(*, actor: Actor, at: datetime, attendee_id: int, score: int, comment: str = "") -> Attendee:
    """Keep one's own satisfaction, once, after having been there. Raises NotFound, Conflict, Invalid."""
    return _opinion(obtain(Attendee, actor, pk=attendee_id), score, comment, actor=actor, at=at)


@domain_call("volunteering:organise")
def note_opinion(*, actor: Actor, at: datetime, attendee_id: int, score: int, comment: str = "") -> Attendee:
    """Keep what a resident said on paper. Raises NotFound, Conflict, Invalid."""
    return _opinion(obtain(Attendee, actor, pk=attendee_id), score, comment, actor=actor, at=at)


def move_up_attendees(activity: Activity, *, actor: Actor, at: datetime) -> None:
    """Give free seats to those who wait, in their order."""
    for row in activity.attendees.filter(state=AttendeeState.QUEUED).order_by("turn"):
        if not _take_seat(activity):
            return
        ATTENDEE.move(row, "take", actor=actor, at=at, data={"activity": activity.pk})


def own_attending(actor: Actor) -> Person:
    """Return the resident who acts; raise NotFound for who is none."""
    person = Person.objects.filter(pk=actor.holder_id or 0, died_on=None).first()
    if person is None or actor.role_code != "resident":
        raise NotFound
    return person


def taking(activity: Activity, at: datetime) -> bool:
    """Say whether residents can enrol: seats are offered, the activity is open, and a session is still to come."""
    still = activity.shifts.filter(day__gte=localdate(at)).exists()
    return bool(activity.seats) and activity.state == ActivityState.OPEN and still


def _enter(activity: Activity, person: Person, *, actor: Actor, at: datetime, by_desk: bool) -> Attendee:
    if not activity.seats:
        raise NoSeats
    if not taking(activity, at):
        raise NotTaking
    # This update holds the activity until the end: turns are given in the order in which seats are asked for.
    Activity.objects.filter(pk=activity.pk).update(turns=F("turns") + 1)
    if activity.attendees.filter(person=person, state__in=HERE).exists():
        raise AlreadyEnrolled
    activity.refresh_from_db(fields=["turns"])
    row = Attendee(activity=activity, person=person, turn=activity.turns, enrolled_at=at, by_desk=by_desk)
    said = {"activity": activity.pk, "person": person.pk}
    ATTENDEE.start(row, event="join", actor=actor, at=at, data=said)
    if _take_seat(activity):
        ATTENDEE.move(row, "take", actor=actor, at=at, data=said)
    return row


def _leave(row: Attendee, *, actor: Actor, at: datetime) -> Attendee:
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=row.activity_id)
    if activity.state != ActivityState.OPEN:
        raise NotTaking("这项活动已经结束，名单不能再改。")
    row.refresh_from_db()
    had_seat = row.state == AttendeeState.ENROLLED
    ATTENDEE.move(row, "leave", actor=actor, at=at, data={"activity": activity.pk})
    if had_seat:
        Activity.objects.filter(pk=activity.pk).update(enrolled=F("enrolled") - 1)
        move_up_attendees(activity, actor=actor, at=at)
    return row


def _take_seat(activity: Activity) -> bool:
    """Take one of the free seats by compare-and-set; say whether there was one."""
    free = Activity.objects.filter(pk=activity.pk, enrolled__lt=F("seats"))
    return bool(free.update(enrolled=F("enrolled") + 1))


def _opinion(row: Attendee, score: int, comment: str, *, actor: Actor, at: datetime) -> Attendee:
    if not row.presences.exists():
        raise Conflict("到场参加以后才能评价。")
    if not 1 <= score <= 5:
        raise Invalid(fields={"score": "请选择满意程度。"})
    if len(comment := comment.strip()) > LONGEST_COMMENT:
        raise Invalid(fields={"comment": f"意见最多{LONGEST_COMMENT}字。"})
    if not Attendee.objects.filter(pk=row.pk, score=None).update(score=score, comment=comment):
        raise Conflict("已经评价过了。")
    row.refresh_from_db()
    record(kind="attendee.rate", subject=row, actor=actor, at=at, data={"score": score, "activity": row.activity_id})
    return row
