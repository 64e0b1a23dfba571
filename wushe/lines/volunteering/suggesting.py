"""Who could fill a shift: volunteers who may, ranked by few plain reasons that the coordinator can read."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible
from wushe.registers.volunteers.models import Volunteer

from .distances import metres_between
from .fitness import NotFit, check_fit
from .models import HourRecord, Shift, SignUp
from .near_home import centre_of
from .states import HourState, SignUpState

NEAR_METRES = 1500
QUIET = timedelta(days=60)
LOOKED_AT = 400
"""So many volunteers of the place are weighed; who served lately or waits comes first."""


@dataclass
class Suggestion:
    """A volunteer who could take a place, and why."""

    volunteer: Volunteer
    points: int = 0
    reasons: list[str] = field(default_factory=list)

    def add(self, points: int, reason: str) -> None:
        """Count a reason."""
        self.points += points
        self.reasons.append(reason)


def suggestions(*, actor: Actor, shift: Shift, at: datetime, most: int = 8) -> list[Suggestion]:
    """Return volunteers of the actor's scope who may take a place, the best first, with the reasons.

    Those who cannot (age, guardian, training, insurance, another place at that time) are not named at all.
    """
    actor.require("volunteering:organise")
    there = shift.sign_ups.exclude(state=SignUpState.WITHDRAWN).values("volunteer_id")
    pool = visible(Volunteer.objects.filter(left_on=None), actor).exclude(pk__in=there)
    pool = pool.filter(street_code=shift.area_code[:9]).select_related("person", "team")
    pool = pool.annotate(
        been=Count("sign_ups", filter=Q(sign_ups__shift__activity=shift.activity_id, sign_ups__state=SignUpState.SERVED)),
        missed=Count("sign_ups", filter=Q(sign_ups__state=SignUpState.ABSENT)),
    ).order_by("-been", "-served_on", "pk")[:LOOKED_AT]  # fmt: skip
    found = sorted(_weighed(list(pool), shift), key=lambda one: (-one.points, one.volunteer.pk))
    fit: list[Suggestion] = []
    for one in found:
        try:
            check_fit(shift=shift, volunteer=one.volunteer, at=at)
        except NotFit:
            continue
        fit.append(one)
        if len(fit) == most:
            break
    return fit


def _weighed(pool: list[Volunteer], shift: Shift) -> list[Suggestion]:
    activity = shift.activity
    ids = [one.pk for one in pool]
    served = _last_served(ids)
    same_time = _habits(ids, shift)
    centres: dict[str, tuple[float | None, float | None]] = {}
    found = []
    for volunteer in pool:
        one = Suggestion(volunteer)
        if been := volunteer.been:  # type: ignore[attr-defined]
            one.add(30 + min(been, 5) * 4, f"来过{been}次，熟悉")
        if activity.team_id and volunteer.team_id == activity.team_id:
            one.add(20, "是承办队伍的队员")
        code = volunteer.area_code[:12]
        if code not in centres:
            centres[code] = centre_of(code)
        metres = metres_between(*centres[code], activity.longitude, activity.latitude)
        if metres is not None and metres <= NEAR_METRES:
            one.add(15, f"离得近，{metres}米")
        if same_time[volunteer.pk]:
            one.add(10, "常在这个时段服务")
        last = served.get(volunteer.pk)
        if last is None or shift.day - last > QUIET:
            one.add(5, "很久没有安排，可以请来" if last else "登记后还没有服务过")
        if missed := volunteer.missed:  # type: ignore[attr-defined]
            one.add(-15 * missed, f"有{missed}次报了没来")
        found.append(one)
    return found


def _last_served(ids: list[int]) -> dict[int, date]:
    rows = HourRecord.objects.filter(volunteer__in=ids, state=HourState.COUNTED).values("volunteer_id")
    return dict(rows.annotate(last=Max("day")).values_list("volunteer_id", "last").order_by())


def _habits(ids: list[int], shift: Shift) -> dict[int, int]:
    """Return how often each served on this weekday at this time."""
    rows = SignUp.objects.filter(
        volunteer__in=ids, state=SignUpState.SERVED, shift__start__lt=shift.end, shift__end__gt=shift.start,
        shift__day__iso_week_day=shift.day.isoweekday(),
    ).values_list("volunteer_id")  # fmt: skip
    counts: dict[int, int] = defaultdict(int)
    for (pk,) in rows:
        counts[pk] += 1
    return counts
