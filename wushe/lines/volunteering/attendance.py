"""Read who takes part: the list of an activity, the roll of a session, the calendar, and what residents find near home."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum
from django.utils.timezone import localdate

from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.scope import obtain, visible, within
from wushe.registers.desk.finding import held_by

from .enrolling import HERE, own_attending
from .models import Activity, Attendee, Photo, Presence, Shift
from .signing_up import DISTRICT_DIGITS
from .states import ActivityState, AttendeeState

SATISFIED = 4
DAYS_BEFORE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Reached:
    """Whom an activity reached: distinct residents who came, person-times with walk-ins, and how many were satisfied."""

    persons: int
    person_times: int
    walk_ins: int
    said: int
    satisfied: int


def reached(*, activity: Activity) -> Reached:
    """Return whom an activity that the caller has seen has reached. Walk-ins are person-times, never persons."""
    came = Presence.objects.filter(shift__activity=activity)
    known = came.aggregate(times=Count("pk"), persons=Count("attendee__person", distinct=True))
    walk_ins = activity.shifts.aggregate(sum=Sum("walk_ins"))["sum"] or 0
    said = activity.attendees.filter(score__isnull=False)
    sums = said.aggregate(said=Count("pk"), satisfied=Count("pk", filter=Q(score__gte=SATISFIED)))
    return Reached(known["persons"], known["times"] + walk_ins, walk_ins, sums["said"], sums["satisfied"])


def attendees_of(*, actor: Actor, activity: Activity, text: str = "", state: str = "") -> QuerySet[Attendee]:
    """Return the residents of an activity that the caller has seen, with at how many sessions each was; newest first."""
    actor.require("volunteering:view")
    rows = _named(activity, text)
    rows = rows.filter(state=state) if state else rows
    return rows.select_related("person").annotate(times=Count("presences")).order_by("-pk")


def attendee_counts(*, activity: Activity, text: str = "") -> dict[str, int]:
    """Return how many residents of an activity stand in each state."""
    counts = dict.fromkeys(AttendeeState.values, 0)
    rows = _named(activity, text).values("state").annotate(n=Count("pk")).order_by()
    return counts | {row["state"]: row["n"] for row in rows}


def one_attendee(*, actor: Actor, attendee_id: int) -> Attendee:
    """Return one resident of an activity within scope; raise NotFound otherwise."""
    return obtain(Attendee.objects.select_related("activity", "person"), actor, pk=attendee_id)


def attendance_of(*, shift: Shift) -> list[Attendee]:
    """Return the enrolled residents of a session that the caller has seen, and who came and left since, with `came`."""
    here = Presence.objects.filter(shift=shift, attendee=OuterRef("pk"))
    rows = shift.activity.attendees.annotate(came=Exists(here)).filter(Q(state=AttendeeState.ENROLLED) | Q(came=True))
    return list(rows.select_related("person").order_by("turn"))


def sessions_between(*, actor: Actor, since: date, until: date, kind: str = "") -> list[Shift]:
    """Return the shifts and sessions of the actor's scope between two days, with `came`: residents seen there."""
    actor.require("volunteering:view")
    rows = visible(Shift.objects.filter(day__range=(since, until)), actor)
    rows = rows.exclude(activity__state=ActivityState.CANCELLED)
    if kind:
        rows = rows.filter(activity__kind=kind)
    rows = rows.select_related("activity").annotate(came=Count("presences") + F("walk_ins"))
    return list(rows.order_by("day", "start", "pk"))


def near_activities(*, actor: Actor, at: datetime, text: str = "", kind: str = "") -> QuerySet[Activity]:
    """Return what the resident can take part in: open, with seats and a session to come, in their district; newest first."""
    person, today = own_attending(actor), localdate(at)
    rows = Activity.objects.filter(
        within(person.area_code[:DISTRICT_DIGITS]), state=ActivityState.OPEN, seats__gt=0, shifts__day__gte=today
    )
    if text := text.strip():
        rows = rows.filter(Q(title__contains=text) | Q(place__contains=text) | Q(words__contains=text))
    rows = rows.filter(kind=kind) if kind else rows
    return rows.annotate(next_day=Min("shifts__day")).order_by("-pk")


def activity_near(*, actor: Actor, activity_id: int) -> tuple[Activity, Attendee | None]:
    """Return an activity with seats of the resident's district, or one they were in, and their place in it."""
    person = own_attending(actor)
    mine = person.activities_attended.filter(activity=activity_id).order_by(F("state").asc(), "-pk")
    row = mine.filter(state__in=HERE).first() or mine.first()
    near = Q(within(person.area_code[:DISTRICT_DIGITS]), state=ActivityState.OPEN, seats__gt=0)
    found = Activity.objects.filter(near | Q(pk=row.activity_id if row else 0), pk=activity_id).first()
    if found is None:
        raise NotFound
    return found, row


def own_attendance(*, actor: Actor, at: datetime) -> list[Attendee]:
    """Return where the resident takes part or did lately, the newest first, with how often they came."""
    person = own_attending(actor)
    lately = Q(activity__ended_at=None) | Q(activity__ended_at__gte=at - DAYS_BEFORE)
    rows = person.activities_attended.filter(lately, state__in=HERE).select_related("activity")
    return list(rows.annotate(times=Count("presences")).order_by("-pk")[:50])


def sessions_ahead(*, activity: Activity, at: datetime) -> list[Shift]:
    """Return the coming sessions of an activity that the caller has seen."""
    return list(activity.shifts.filter(day__gte=localdate(at)).order_by("day", "start")[:30])


def photos_for_attendees(*, activity: Activity) -> QuerySet[Photo]:
    """Return the photos that those who take part may see: none on which minors can be recognised."""
    return activity.photos.filter(minors=False).order_by("-pk")


def photo_for_attendee(*, actor: Actor, photo_id: int) -> Photo:
    """Return such a photo of an activity in which the resident takes part; raise NotFound for any other."""
    mine = own_attending(actor).activities_attended.filter(state__in=HERE)
    photo = Photo.objects.filter(pk=photo_id, minors=False, activity__in=mine.values("activity")).first()
    if photo is None:
        raise NotFound
    return photo


def _named(activity: Activity, text: str) -> QuerySet[Attendee]:
    rows = activity.attendees.all()
    found = held_by(text)
    return rows.filter(found) if found is not None else rows
