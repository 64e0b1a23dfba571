"""Read the day: its visits and workers, plans and what they change, and why a visit went to whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from os.path import commonprefix

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
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
    around = [area_code[:length] for length in (6, 9, 12) if length <= len(area_code)]
    plans = visible(Plan.objects.filter(area_code__in=around, day=day), actor)
    shown = plans.filter(state__in=[PlanState.PROPOSED, PlanState.CONFIRMED])
    return list(shown.defer("problem", "solution").order_by("-id")[:20])


def open_plan(*, actor: Actor, plan_id: int) -> Plan:
    """Return one plan with its documents; raise NotFound outside the actor's area."""
    actor.require("dispatch:view")
    return obtain(Plan, actor, pk=plan_id)


def open_search(*, actor: Actor, search_id: int) -> PlanSearch:
    """Return a search in the background; raise NotFound outside the actor's area."""
    actor.require("dispatch:view")
    return obtain(PlanSearch, actor, pk=search_id)


@dataclass(frozen=True, slots=True)
class Change:
    """One visit that differs between two states of a day; None means nobody, or no time."""

    appointment: Appointment
    worker_before: Worker | None
    worker_after: Worker | None
    start_before: int | None
    start_after: int | None
    reasons: list[str]

    @property
    def kind(self) -> str:
        """Return what happens: assigned, dropped, reassigned or moved in time."""
        if self.worker_before is None:
            return "assigned"
        if self.worker_after is None:
            return "dropped"
        return "reassigned" if self.worker_before != self.worker_after else "moved"


def changes_of(*, actor: Actor, plan: Plan) -> list[Change]:
    """Return each visit for which the plan says something else than stood when it was made.

    First those that nobody serves any more, then other people, other times, and last the newly assigned.
    """
    actor.require("dispatch:view")
    before = {
        name: (basis[1], basis[2]) if basis[0] != "open" else None for name, basis in plan.problem["basis"].items()
    }
    return _differences(before, _chosen(plan), plan.solution["reasons"])


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two proposals side by side: what got better, what worse, and who is affected."""

    first: Plan
    second: Plan
    amounts: list[tuple[str, int, int]]
    changes: list[Change]


COMPARED = (
    "left_out", "lateness", "late", "usual_kept", "travel", "overtime", "changes", "workers", "longest",
)  # fmt: skip


def compare_plans(*, actor: Actor, first_id: int, second_id: int) -> Comparison:
    """Compare two plans of one area and day; raise NotFound outside the actor's area or for different days."""
    first, second = (open_plan(actor=actor, plan_id=pk) for pk in (first_id, second_id))
    if (first.area_code, first.day) != (second.area_code, second.day):
        raise NotFound
    amounts = [(part, first.summary.get(part, 0), second.summary.get(part, 0)) for part in COMPARED]
    return Comparison(first, second, amounts, _differences(_chosen(first), _chosen(second), second.solution["reasons"]))


def unserved_of(*, actor: Actor, plan: Plan) -> list[tuple[Appointment, list[str]]]:
    """Return the visits that the plan leaves out, each with why and what would make it possible."""
    actor.require("dispatch:view")
    ids = [int(name[1:]) for name in plan.solution["unserved"]]
    reasons = plan.solution["reasons"]
    names = names_in(reasons.get(f"a{pk}", {}) for pk in ids)
    rows = (
        Appointment.objects.filter(pk__in=ids).select_related("order__item", "order__person").order_by("window_start")
    )
    # The two seats of a visit by two people are left out together: one line says it.
    return [(row, say(reasons.get(f"a{row.pk}", {}), names)) for row in rows if row.seat == 1 or row.pair_id not in ids]


def _chosen(plan: Plan) -> dict[str, tuple[int, int] | None]:
    chosen: dict[str, tuple[int, int] | None] = dict.fromkeys(plan.problem["basis"])
    for route in plan.solution["routes"]:
        for given in route["visits"]:
            if given["visit"] in chosen:
                chosen[given["visit"]] = (int(given["person"][1:]), given["start"])
    return chosen


def _differences(
    before: dict[str, tuple[int, int] | None],
    after: dict[str, tuple[int, int] | None],
    reasons: dict[str, dict[str, object]],
) -> list[Change]:
    changed = [name for name in after if before.get(name) != after[name]]
    rows = Appointment.objects.filter(pk__in=[int(name[1:]) for name in changed])
    rows = rows.select_related("order__item", "order__person")
    ids = {pair[0] for side in (before, after) for name in changed if (pair := side.get(name))}
    workers = {worker.pk: worker for worker in Worker.objects.filter(pk__in=ids).select_related("person")}
    names = names_in(reasons.get(name, {}) for name in changed)
    found = []
    for row in rows:
        name = f"a{row.pk}"
        old, new = before.get(name), after[name]
        found.append(
            Change(
                row,
                workers.get(old[0]) if old else None,
                workers.get(new[0]) if new else None,
                old[1] if old else None,
                new[1] if new else None,
                say(reasons.get(name, {}), names),
            )
        )
    order = {"dropped": 0, "reassigned": 1, "moved": 2, "assigned": 3}
    return sorted(
        found, key=lambda one: (order[one.kind], one.start_after or one.start_before or 0, one.appointment.pk)
    )


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
    """Return the area to be mended for these visits: that of the plan in force over all of them, else the least one.

    "" if the actor may plan nowhere that holds them all.
    """
    codes = sorted({row.area_code for row in affected})
    if not codes:
        return ""
    shared = commonprefix([codes[0], codes[-1]])
    around = [shared[:length] for length in (STREET, DISTRICT, COMMUNITY) if length <= len(shared)]
    areas = [code for code in around if may_plan(actor=actor, area_code=code)]
    plans = Plan.objects.filter(day=day, state=PlanState.CONFIRMED).exclude(kind=PlanKind.HAND)
    planned = set(plans.filter(area_code__in=areas).values_list("area_code", flat=True))
    return next((code for code in areas if code in planned), areas[0] if areas else "")
