"""Find a post near home: open activities of the own district by their distance from the centre of one's community."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate, localtime

from wushe.foundation.actor import Actor
from wushe.foundation.scope import within
from wushe.registers.areas.models import Area, Level
from wushe.registers.volunteers.models import Volunteer

from .distances import metres_between
from .fitness import reasons_against
from .models import Activity, Shift, SignUp
from .own import own_volunteer
from .signing_up import DISTRICT_DIGITS
from .states import ActivityState, SignUpState

AHEAD = timedelta(days=60)
SHOWN_SHIFTS = 4
FAR_AWAY = 10**9


@dataclass
class Offer:
    """An activity as a volunteer sees it: how far away, and which shifts are to come."""

    activity: Activity
    metres: int | None
    shifts: list[Shift] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True)
class Found:
    """One page of offers, and where the next begins."""

    offers: list[Offer]
    total: int
    next: int | None


def offers_near(
    *, actor: Actor, at: datetime, text: str = "", kind: str = "", start: int = 0, size: int = 10,
    beside: Collection[int] = (),
) -> Found:  # fmt: skip
    """Return open activities with coming shifts, the nearest first, but those beside them; raise NoVolunteer."""
    volunteer = own_volunteer(actor)
    coming = shifts_near(volunteer, at)
    rows = Activity.objects.filter(pk__in=coming.values("activity")).exclude(pk__in=beside)
    if text := text.strip():
        rows = rows.filter(Q(title__contains=text) | Q(place__contains=text) | Q(words__contains=text))
    if kind:
        rows = rows.filter(kind=kind)
    home = centre_of(volunteer.area_code)
    far = {
        pk: metres_between(*home, longitude, latitude)
        for pk, longitude, latitude in rows.values_list("pk", "longitude", "latitude")
    }
    order = sorted(far, key=lambda pk: (FAR_AWAY if far[pk] is None else far[pk], pk))
    shown = order[start : start + size]
    offers = _with_shifts(shown, far, coming)
    return Found(offers, len(order), start + size if start + size < len(order) else None)


def one_offer(*, actor: Actor, at: datetime, shift: Shift) -> tuple[Offer, SignUp | None, list[str]]:
    """Return the activity of a shift with its coming shifts, one's own sign-up, and what keeps one from it."""
    volunteer = own_volunteer(actor)
    activity = shift.activity
    metres = metres_between(*centre_of(volunteer.area_code), activity.longitude, activity.latitude)
    shifts = list(shifts_near(volunteer, at).filter(activity=activity).exclude(pk=shift.pk)[:20])
    mine = shift.sign_ups.filter(volunteer=volunteer).exclude(state=SignUpState.WITHDRAWN).first()
    return Offer(activity, metres, shifts), mine, reasons_against(shift=shift, volunteer=volunteer)


def centre_of(area_code: str) -> tuple[float | None, float | None]:
    """Return the centre of the community, or of the street above it where the community's is not known."""
    codes = [area_code[: Level.COMMUNITY], area_code[: Level.STREET]]
    rows = Area.objects.filter(area_code__in=codes, longitude__isnull=False).order_by("-level", "-valid_from")
    found = rows.values_list("longitude", "latitude").first()
    return found or (None, None)


def shifts_near(volunteer: Volunteer, at: datetime) -> QuerySet[Shift]:
    """Return the shifts of the volunteer's district that have not begun, of activities open for sign-up."""
    today, now = localdate(at), localtime(at)
    minute = now.hour * 60 + now.minute
    ahead = Q(day=today, start__gt=minute) | Q(day__gt=today, day__lte=today + AHEAD)
    near = Shift.objects.filter(within(volunteer.area_code[:DISTRICT_DIGITS]), ahead, capacity__gt=0)
    return near.filter(activity__state=ActivityState.OPEN).order_by("day", "start", "pk")


def _with_shifts(shown: list[int], far: Mapping[int, int | None], coming: QuerySet[Shift]) -> list[Offer]:
    activities = Activity.objects.select_related("skill").in_bulk(shown)
    offers = {pk: Offer(activities[pk], far[pk]) for pk in shown}
    for shift in coming.filter(activity_id__in=shown):
        offer = offers[shift.activity_id]
        shift.activity = offer.activity
        if len(offer.shifts) < SHOWN_SHIFTS:
            offer.shifts.append(shift)
        else:
            offer.more += 1
    return list(offers.values())
