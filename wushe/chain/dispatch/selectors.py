"""Read the day: its visits and workers, plans and what they change, and why a visit went to whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.roles import Reach
from wushe.foundation.scope import COMMUNITY, DISTRICT, STREET, covers, obtain, visible, within
from wushe.registers.areas.selectors import place_names
from wushe.registers.workforce.models import Absence, Skill, Worker

from .models import Appointment, AppointmentState, Plan, PlanKind, PlanSearch, PlanState
from .reasons import say
from .rules import rules_for

SHOWN = [AppointmentState.OPEN, AppointmentState.CONFIRMED, AppointmentState.KEPT, AppointmentState.MISSED]
_ROW = (
    "order__item",
    "order__person__household",
    "order__organisation",
    "worker__person",
    "visit",
    "pair__worker__person",
)


@dataclass(frozen=True, slots=True)
class DayFilter:
    """What the day is narrowed to; an empty value leaves that side open."""

    area_code: str = ""
    organisation_id: int | None = None
    kind: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class DaySheet:
    """A day as the dispatcher sees it. `late` are planned visits whose time has passed without a sign-in."""

    day: date
    appointments: list[Appointment]
    workers: list[Worker]
    away: dict[int, Absence]
    late: frozenset[int]
    places: dict[str, str]


def read_sheet(*, actor: Actor, at: datetime, day: date, where: DayFilter = DayFilter()) -> DaySheet:
    """Return a day within the actor's scope; raise NotAllowed without `dispatch:view`."""
    actor.require("dispatch:view")
    rows = visible(Appointment.objects.filter(day=day, state__in=SHOWN), actor)
    rows = _narrowed(rows, where).select_related(*_ROW).order_by("planned_start", "window_start", "id")
    appointments = list(rows)
    workers = list(_workers_shown(actor, day, where, {a.worker_id for a in appointments if a.worker_id}))
    absences = Absence.objects.filter(
        worker__in=[w.pk for w in workers], withdrawn=False, starts_on__lte=day, ends_on__gte=day
    )
    return DaySheet(
        day, appointments, workers, {one.worker_id: one for one in absences}, _late(appointments, at, day),
        place_names(codes=[a.area_code for a in appointments]),
    )  # fmt: skip


def day_counts(*, actor: Actor, day: date) -> dict[str, dict[str, int]]:
    """Return for each street of the actor's scope how many visits stand in each state; raise NotAllowed as the sheet."""
    actor.require("dispatch:view")
    rows = visible(Appointment.objects.filter(day=day), actor).values_list("street_code", "state")
    counts: dict[str, dict[str, int]] = {}
    for street, state, count in rows.annotate(count=Count("pk")).order_by():
        counts.setdefault(street, {})[state] = count
    return counts


def open_appointment(*, actor: Actor, appointment_id: int) -> Appointment:
    """Return one visit of the day; raise NotFound outside the actor's scope."""
    actor.require("dispatch:view")
    rows = Appointment.objects.select_related(*_ROW, "plan").defer("plan__problem")
    return obtain(rows, actor, pk=appointment_id)


def why(*, actor: Actor, appointment_id: int) -> list[str]:
    """Return in words why the visit went to this person or to nobody; raise NotFound outside the actor's scope."""
    row = obtain(Appointment, actor, pk=appointment_id)
    if row.reason.get("code") == "by_hand":
        text = row.reason.get("text")
        return ["由人工改派。" + (f"理由：{text}" if text else "")]
    return say(row.reason, names_in([row.reason]))


def names_in(reasons: Iterable[dict[str, object]]) -> dict[str, str]:
    """Return the names behind the opaque ids of reasons, and the titles of skills."""
    ids: set[str] = set()
    for reason in reasons:
        remedies = reason.get("remedies") or []
        assert isinstance(remedies, list)
        ids |= {str(reason.get(key)) for key in ("person", "runner_up", "usual") if reason.get(key)}
        ids |= {str(one[key]) for one in remedies for key in ("subject", "person") if one.get(key)}
    workers = Worker.objects.filter(pk__in=[int(one[1:]) for one in ids if one[:1] == "w" and one[1:].isdigit()])
    names = {f"w{worker.pk}": worker.person.name for worker in workers.select_related("person")}
    return names | dict(Skill.objects.filter(code__in=ids).values_list("code", "title"))


def find_plans(*, actor: Actor, area_code: str, day: date) -> list[Plan]:
    """Return the proposals and plans in force for an area and day, also those of an area around it, newest first.

    They come without their documents.
    """
    actor.require("dispatch:view")
    around = [area_code[:length] for length in (DISTRICT, STREET, COMMUNITY) if length <= len(area_code)]
    plans = visible(Plan.objects.filter(area_code__in=around, day=day).exclude(kind=PlanKind.HAND), actor)
    shown = plans.filter(state__in=[PlanState.PROPOSED, PlanState.CONFIRMED])
    return list(shown.defer("problem", "solution").order_by("-id")[:20])


def hand_plans(*, actor: Actor, area_code: str, day: date) -> list[Plan]:
    """Return the changes by hand of an area and day, the latest first, without their documents."""
    actor.require("dispatch:view")
    plans = visible(Plan.objects.filter(within(area_code), day=day, kind=PlanKind.HAND), actor)
    return list(plans.defer("problem", "solution").order_by("-id")[:20])


def open_plan(*, actor: Actor, plan_id: int) -> Plan:
    """Return one plan with its documents; raise NotFound outside the actor's area."""
    actor.require("dispatch:view")
    return obtain(Plan, actor, pk=plan_id)


def open_search(*, actor: Actor, search_id: int) -> PlanSearch:
    """Return a search in the background; raise NotFound outside the actor's area."""
    actor.require("dispatch:view")
    return obtain(PlanSearch, actor, pk=search_id)


def _narrowed(rows: QuerySet[Appointment], where: DayFilter) -> QuerySet[Appointment]:
    if where.area_code:
        rows = rows.filter(within(where.area_code))
    if where.organisation_id:
        rows = rows.filter(order__organisation_id=where.organisation_id)
    if where.kind:
        rows = rows.filter(Q(worker__kind=where.kind) | Q(worker=None))
    return rows.filter(state=where.state) if where.state else rows


def _workers_shown(actor: Actor, day: date, where: DayFilter, busy: set[int]) -> QuerySet[Worker]:
    """Return who works here on the day or is away from it, and everybody who has a visit on the sheet."""
    employed = Worker.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)
    here = visible(employed.filter(weekdays__contains=str(day.isoweekday())), actor)
    here = here.filter(within(where.area_code)) if where.area_code else here
    if where.organisation_id:
        here = here.filter(organisation_id=where.organisation_id)
    rows = Worker.objects.filter(Q(pk__in=here.values("pk")) | Q(pk__in=busy))
    if where.kind:
        rows = rows.filter(kind=where.kind)
    return rows.select_related("person", "organisation").order_by("kind", "organisation_id", "number")


def _late(appointments: list[Appointment], at: datetime, day: date) -> frozenset[int]:
    local = timezone.localtime(at)
    if day > local.date() or not appointments:
        return frozenset()
    now = local.hour * 60 + local.minute if day == local.date() else 24 * 60
    grace = rules_for(area_code=appointments[0].area_code[:9], day=day).lateness_max
    return frozenset(
        a.pk
        for a in appointments
        if a.state == AppointmentState.CONFIRMED and a.planned_start is not None and a.planned_start + grace < now
    )


def may_plan(*, actor: Actor, area_code: str) -> bool:
    """Say whether the actor may plan this area."""
    return actor.reach is Reach.AREA and covers(actor, area_code) and actor.may("dispatch:propose")


def visits_of_absence(*, actor: Actor, at: datetime, absence: Absence, day: date) -> list[Appointment]:
    """Return the planned visits of the day that somebody who is away can no longer make."""
    actor.require("dispatch:view")
    rows = visible(Appointment.objects.filter(day=day, worker_id=absence.worker_id), actor)
    rows = rows.filter(state=AppointmentState.CONFIRMED).select_related(*_ROW)
    return list(rows.order_by("planned_start", "id"))


def mended_area(*, actor: Actor, affected: Iterable[Appointment], day: date) -> str:
    """Return the area to be mended for these visits: that of the plan in force over all of them, else their street.

    Where the actor may not plan the street it is the district or the community; "" if none of them holds all visits.
    """
    codes = sorted({row.area_code for row in affected})
    if not codes:
        return ""
    around = {length: codes[0][:length] for length in (STREET, DISTRICT, COMMUNITY) if length <= len(codes[0])}
    shared = [code for code in around.values() if all(one.startswith(code) for one in codes)]
    areas = [code for code in shared if may_plan(actor=actor, area_code=code)]
    plans = Plan.objects.filter(day=day, state=PlanState.CONFIRMED).exclude(kind=PlanKind.HAND)
    planned = set(plans.filter(area_code__in=areas).values_list("area_code", flat=True))
    return next((code for code in areas if code in planned), areas[0] if areas else "")
