"""What speaks for a volunteer and a shift: few plain facts that the coordinator and the volunteer can read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q

from wushe.foundation.actor import Actor
from wushe.foundation.scope import STREET, visible
from wushe.registers.volunteers.models import Volunteer

from .distances import metres_between
from .models import Shift, SignUp
from .near_home import centre_of
from .states import SignUpState

LOOKED_AT = 400
"""So many volunteers of the streets are weighed; who served lately comes first."""
HABIT_DAYS = timedelta(days=180)


@dataclass
class Case:
    """What speaks for one volunteer and one shift, and against; distance is counted apart."""

    metres: int | None
    points: int = 0
    reasons: list[str] = field(default_factory=list)

    def add(self, points: int, reason: str) -> None:
        """Count a reason."""
        self.points += points
        self.reasons.append(reason)


def pool_of(*, actor: Actor, shifts: Iterable[Shift]) -> list[Volunteer]:
    """Return volunteers of the actor's scope who could be asked: of the streets of the shifts, and all who have been there."""
    activities = {shift.activity_id for shift in shifts}
    streets = {shift.area_code[:STREET] for shift in shifts}
    standing = visible(Volunteer.objects.filter(left_on=None), actor).select_related("person", "team")
    near = standing.filter(street_code__in=streets).order_by(F("served_on").desc(nulls_last=True), "pk")
    been = Q(sign_ups__shift__activity__in=activities, sign_ups__state=SignUpState.SERVED)
    known = standing.filter(been).distinct().order_by("pk")[:LOOKED_AT]
    return list({one.pk: one for one in (*near[:LOOKED_AT], *known)}.values())


def cases_of(
    *, pool: Sequence[Volunteer], shifts: Sequence[Shift], weights: dict[str, Any]
) -> dict[tuple[int, int], Case]:
    """Return what speaks for each volunteer of the pool and each shift, by (shift, volunteer)."""
    ids = [one.pk for one in pool]
    gone = SignUp.objects.filter(volunteer__in=ids)
    served = gone.filter(state=SignUpState.SERVED)
    been = Counter(served.filter(shift__activity__in=[s.activity_id for s in shifts]).values_list(
        "shift__activity_id", "volunteer_id"
    ))  # fmt: skip
    missed = dict(gone.filter(state=SignUpState.ABSENT).values_list("volunteer_id").annotate(Count("pk")).order_by())
    habits = _habits(served, shifts)
    centres = {code: centre_of(code) for code in {one.area_code[:12] for one in pool}}
    found = {}
    for shift in shifts:
        activity = shift.activity
        for one in pool:
            metres = metres_between(*centres[one.area_code[:12]], activity.longitude, activity.latitude)
            case = found[shift.pk, one.pk] = Case(metres)
            if times := been[activity.pk, one.pk]:
                case.add(weights["been"] * min(times, weights["been_most"]), f"来过{times}次，熟悉")
            if activity.team_id and one.team_id == activity.team_id:
                case.add(weights["team"], "是承办队伍的队员")
            if (shift.pk, one.pk) in habits:
                case.add(weights["habit"], "常在这个时段服务")
            if not times and one.served_on is None:
                case.add(weights["quiet"], "登记后还没有服务过")
            elif not times and one.served_on and (shift.day - one.served_on).days > weights["quiet_days"]:
                case.add(weights["quiet"], "很久没有安排，可以请来")
            if count := missed.get(one.pk, 0):
                case.add(-weights["missed"] * count, f"有{count}次报了没来")
            if metres is not None and metres <= weights["near_metres"]:
                case.reasons.append(f"离得近，{metres}米")
    return found


def _habits(served: Any, shifts: Sequence[Shift]) -> set[tuple[int, int]]:
    """Return who has served lately on the weekday and at the time of a shift."""
    since = min(shift.day for shift in shifts) - HABIT_DAYS
    rows = list(served.filter(shift__day__gte=since).values_list(
        "volunteer_id", "shift__day", "shift__start", "shift__end"
    ))  # fmt: skip
    return {
        (shift.pk, volunteer) for shift in shifts for volunteer, day, start, end in rows
        if day.weekday() == shift.day.weekday() and start < shift.end and end > shift.start
    }  # fmt: skip
