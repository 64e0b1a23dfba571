"""Read volunteering for the desk: activities with their shifts, the roll of a shift, and records that want a look."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from wushe.foundation.actor import Actor
from wushe.foundation.scope import obtain, visible
from wushe.registers.desk.finding import titled
from wushe.registers.workforce.models import Skill

from .models import Activity, HourRecord, Shift, SignUp
from .states import ActivityState, HourState, SignUpState


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """Which activities a list shows."""

    state: str = ""
    kind: str = ""
    season: str = ""
    text: str = ""


def activities(*, actor: Actor, on: date, where: ActivityFilter) -> QuerySet[Activity]:
    """Return the activities of the actor's scope, newest first; with the next day, free places and who came."""
    actor.require("volunteering:view")
    rows = _matching(visible(Activity.objects.all(), actor), where)
    if where.state:
        rows = rows.filter(state=where.state)
    return rows.annotate(
        next_day=Min("shifts__day", filter=Q(shifts__day__gte=on)), places=Sum("shifts__capacity"), held=Sum("shifts__taken"),
        shift_count=Count("shifts"),
    ).order_by("-pk")  # fmt: skip


def activity_counts(*, actor: Actor, where: ActivityFilter) -> dict[str, int]:
    """Return how many activities of the actor's scope stand in each state, under the other filters."""
    rows = _matching(visible(Activity.objects.all(), actor), where).values("state").annotate(n=Count("pk"))
    counts = dict.fromkeys(ActivityState.values, 0)
    return counts | {row["state"]: row["n"] for row in rows.order_by()}


def one_activity(*, actor: Actor, activity_id: int) -> Activity:
    """Return one activity within scope; raise NotFound otherwise."""
    actor.require("volunteering:view")
    rows = Activity.objects.select_related("facility", "team", "skill")
    return obtain(rows, actor, pk=activity_id)


def shifts_of(*, activity: Activity) -> QuerySet[Shift]:
    """Return the shifts of an activity that the caller has seen, with who waits, came and stayed away."""

    def state(code: str) -> Count:
        return Count("sign_ups", filter=Q(sign_ups__state=code))

    return activity.shifts.annotate(
        waiting=state(SignUpState.QUEUED), came=state(SignUpState.SERVED), absent=state(SignUpState.ABSENT)
    ).order_by("day", "start", "pk")


def one_shift(*, actor: Actor, shift_id: int) -> Shift:
    """Return one shift within scope; raise NotFound otherwise."""
    actor.require("volunteering:view")
    return obtain(Shift.objects.select_related("activity__skill"), actor, pk=shift_id)


def roll_of(*, shift: Shift) -> list[SignUp]:
    """Return who is in a shift that the caller has seen: those with places first, then those who wait, in turn."""
    order = {SignUpState.TAKEN: 0, SignUpState.SERVED: 0, SignUpState.ABSENT: 1, SignUpState.QUEUED: 2}
    rows = shift.sign_ups.exclude(state=SignUpState.WITHDRAWN).select_related("volunteer__person", "volunteer__team")
    found = sorted(rows.prefetch_related("hours"), key=lambda row: (order[SignUpState(row.state)], row.turn))
    agreed = set(shift.activity.agreements.values_list("volunteer_id", flat=True))
    for row in found:
        row.records = list(row.hours.all())  # type: ignore[attr-defined]
        row.lacks_paper = bool(shift.activity.agreement) and row.volunteer_id not in agreed  # type: ignore[attr-defined]
    return found


def shifts_on(*, actor: Actor, day: date) -> list[Shift]:
    """Return the shifts of a day within scope, those that lack the most people first."""
    actor.require("volunteering:view")
    rows = visible(Shift.objects.filter(day=day, activity__state=ActivityState.OPEN), actor)
    found = rows.select_related("activity__skill").annotate(lacks=F("capacity") - F("taken"))
    return list(found.order_by("-lacks", "start", "pk"))


def records_to_check(*, actor: Actor, which: str = "held") -> QuerySet[HourRecord]:
    """Return hour records of the actor's scope that want a look: held, drawn for checking, or odd but counted."""
    actor.require("volunteering:view")
    rows = visible(HourRecord.objects.all(), actor).select_related("volunteer__person", "sign_up__shift__activity")
    kinds = {
        "held": Q(state=HourState.HELD),
        "sampled": Q(state=HourState.COUNTED, sampled=True, checked_by=None),
        "odd": Q(state=HourState.COUNTED, checked_by=None) & ~Q(oddities=""),
        "struck": Q(state=HourState.STRUCK),
    }
    return rows.filter(kinds.get(which, kinds["held"])).order_by("-pk")


def check_counts(*, actor: Actor) -> dict[str, int]:
    """Return how many records want a look, by why."""
    return {which: records_to_check(actor=actor, which=which).count() for which in ("held", "sampled", "odd", "struck")}


def _matching(rows: QuerySet[Activity], where: ActivityFilter) -> QuerySet[Activity]:
    if where.kind:
        rows = rows.filter(kind=where.kind)
    if where.season:
        rows = rows.filter(season=where.season)
    found = titled(where.text, name="title")
    return rows.filter(found) if found is not None else rows


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What volunteers thought of an activity: how many said so, and how many were satisfied (4 or 5)."""

    said: int
    satisfied: int


def satisfaction(*, activity: Activity) -> Satisfaction:
    """Return what volunteers thought of an activity that the caller has seen."""
    rows = SignUp.objects.filter(shift__activity=activity, score__isnull=False)
    sums = rows.aggregate(said=Count("pk"), satisfied=Count("pk", filter=Q(score__gte=4)))
    return Satisfaction(sums["said"], sums["satisfied"])


@dataclass(frozen=True, slots=True)
class Given:
    """What was given to an activity: distinct persons, person-times (a person's day counts once) and minutes."""

    persons: int
    person_times: int
    minutes: int


def given(*, activity: Activity) -> Given:
    """Return what was given to an activity that the caller has seen."""
    rows = HourRecord.objects.filter(sign_up__shift__activity=activity, state=HourState.COUNTED)
    sums = rows.aggregate(persons=Count("volunteer_id", distinct=True), minutes=Sum("minutes"))
    times = rows.values("volunteer_id", "day").distinct().count()
    return Given(sums["persons"], times, sums["minutes"] or 0)


def arrived(*, shift: Shift) -> tuple[int, int]:
    """Return how many have come to a shift that the caller has seen, and how many of them serve right now."""
    rows = shift.sign_ups.filter(state=SignUpState.SERVED)
    return rows.count(), rows.filter(hours__state=HourState.RUNNING).distinct().count()


def skill_choices() -> list[tuple[int, str]]:
    """Return the skills that an activity may ask for."""
    return list(Skill.objects.order_by("pk").values_list("pk", "title"))
