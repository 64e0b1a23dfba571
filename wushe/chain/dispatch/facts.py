"""The facts of a day, read before it is planned: who is to be served, who is there, who knows whom.

Nothing here decides anything; `planning` turns the facts into a problem without names.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from wushe.chain.orders.models import OrderState
from wushe.foundation.scope import within
from wushe.registers.areas.models import Area
from wushe.registers.people.models import Relation
from wushe.registers.workforce.models import Worker, WorkerKind
from wushe.registers.workforce.selectors import workers_on

from .models import Appointment, AppointmentState
from .rhythm import Turn, last_turns
from .rules import Rules, rules_for
from .travel import Point

PLANNED = [AppointmentState.CONFIRMED, AppointmentState.KEPT]
FREE_HELPERS = [WorkerKind.VOLUNTEER, WorkerKind.NEIGHBOUR]


@dataclass(frozen=True, slots=True)
class DayFacts:
    """Everything about one area and day that a plan depends on.

    `elsewhere` are planned visits of the same workers outside the area: they bind time but are not planned here.
    `skills` maps worker → skill → ordinal of the last valid day or None; `used` the minutes planned on the other
    days of the week; `known` person → worker → visits lately; `kin` the workers who are relatives of a person.
    `now` is the minute of the day before which nothing can be planned any more (None: a day to come).
    `rhythm` maps a recurring visit to who came, and when, the last time that its order had its turn.
    """

    area_code: str
    day: date
    rules: Rules
    appointments: list[Appointment]
    workers: list[Worker]
    elsewhere: list[Appointment]
    used: dict[int, int]
    known: dict[int, dict[int, int]]
    kin: dict[int, frozenset[int]]
    centres: dict[str, Point]
    now: int | None = None
    skills: dict[int, dict[str, int | None]] = field(default_factory=dict)
    rhythm: dict[int, Turn] = field(default_factory=dict)

    def door(self, appointment: Appointment) -> Point:
        """Return where the visit takes place: the household, or else the middle of its community."""
        household = appointment.order.person.household
        if household and household.longitude is not None and household.latitude is not None:
            return household.longitude, household.latitude
        code = appointment.area_code
        levels = (code[:length] for length in (21, 18, 15, 12, 9, 6))
        return next((self.centres[level] for level in levels if level in self.centres), (0.0, 0.0))

    def may_come(self, worker: Worker, appointment: Appointment) -> bool:
        """Say whether the item and the order allow this worker at all; skills and kinship are another question."""
        order = appointment.order
        performers = order.item.performers or [WorkerKind.PAID_CARER]
        if worker.kind not in performers:
            return False
        return worker.organisation_id == order.organisation_id or (
            worker.organisation_id is None and worker.kind in FREE_HELPERS
        )


def minute_now(at: datetime, day: date) -> int | None:
    """Return the minute of the day if the day is today, None for a day to come."""
    local = timezone.localtime(at)
    return local.hour * 60 + local.minute if local.date() == day else None


def appointments_of(*, area_code: str, day: date) -> QuerySet[Appointment]:
    """Return the visits of an area and day that stand, with all that a plan or a page asks of them."""
    standing = [AppointmentState.OPEN, *PLANNED]
    rows = Appointment.objects.filter(within(area_code), day=day, state__in=standing)
    return rows.filter(order__state=OrderState.ACCEPTED).select_related(
        "order__item", "order__organisation", "order__person__household", "worker__person"
    ).order_by("id")  # fmt: skip


def read_day(*, area_code: str, day: date, now: int | None = None) -> DayFacts:
    """Return the facts of a day; raise PresetMissing without policy data. A fixed number of queries."""
    rules = rules_for(area_code=area_code, day=day)
    appointments = list(appointments_of(area_code=area_code, day=day))
    workers = list(_workers(area_code, day, appointments))
    ids = [worker.pk for worker in workers]
    people = {appointment.order.person_id for appointment in appointments}
    facts = DayFacts(
        area_code=area_code, day=day, rules=rules, appointments=appointments, workers=workers,
        elsewhere=_elsewhere(appointments, ids, day), used=_used(ids, day), known=_known(people, ids, day, rules),
        kin=_kin(people, workers), centres=_centres(appointments), now=now,
        rhythm=last_turns(appointments),
    )  # fmt: skip
    for worker in workers:
        facts.skills[worker.pk] = {
            one.skill.code: one.valid_until.toordinal() if one.valid_until else None
            for one in worker.valid_skills  # type: ignore[attr-defined]
        }
    return facts


def _workers(area_code: str, day: date, appointments: list[Appointment]) -> QuerySet[Worker]:
    """Return who is there: those who work in the area, and those of its carriers whose field holds the area."""
    carriers = {appointment.order.organisation_id for appointment in appointments}
    above = [area_code[:length] for length in (6, 9, 12) if length < len(area_code)]
    reach = within(area_code) | Q(organisation_id__in=carriers, area_code__in=above)
    return workers_on(area_code="", day=day).filter(reach)


def _elsewhere(appointments: list[Appointment], worker_ids: list[int], day: date) -> list[Appointment]:
    here = {appointment.pk for appointment in appointments}
    rows = Appointment.objects.filter(day=day, worker_id__in=worker_ids, state__in=PLANNED)
    rows = rows.select_related("order__item", "order__person__household").order_by("id")
    return [row for row in rows if row.pk not in here]


def _used(worker_ids: list[int], day: date) -> dict[int, int]:
    """Return the minutes of visits planned for each worker on the other days of this week, Monday to Sunday."""
    monday = day - timedelta(days=day.isoweekday() - 1)
    week = Appointment.objects.filter(day__gte=monday, day__lt=monday + timedelta(days=7), state__in=PLANNED)
    rows = week.exclude(day=day).filter(worker_id__in=worker_ids).values_list("worker_id")
    return dict(rows.annotate(total=Sum("minutes")))


def _known(people: set[int], worker_ids: list[int], day: date, rules: Rules) -> dict[int, dict[int, int]]:
    """Return how often each worker has been to each person lately."""
    since = day - timedelta(days=rules.continuity_days)
    kept = Appointment.objects.filter(state=AppointmentState.KEPT, day__gte=since, day__lt=day)
    rows = kept.filter(order__person_id__in=people, worker_id__in=worker_ids)
    known: dict[int, dict[int, int]] = {}
    for person, worker, count in rows.values_list("order__person_id", "worker_id").annotate(count=Count("pk")):
        known.setdefault(person, {})[worker] = count
    return known


def _kin(people: set[int], workers: list[Worker]) -> dict[int, frozenset[int]]:
    """Return the workers that are the person's own self or a relative: they never serve."""
    by_person: dict[int, list[int]] = {}
    for worker in workers:
        by_person.setdefault(worker.person_id, []).append(worker.pk)
    kin = {person: set(by_person.get(person, [])) for person in people}
    pairs = Relation.objects.filter(
        Q(person_id__in=people, relative_id__in=by_person) | Q(relative_id__in=people, person_id__in=by_person)
    ).values_list("person_id", "relative_id")
    for a, b in pairs:
        for served, other in ((a, b), (b, a)):
            if served in kin:
                kin[served].update(by_person.get(other, []))
    return {person: frozenset(ids) for person, ids in kin.items() if ids}


def _centres(appointments: Iterable[Appointment]) -> dict[str, Point]:
    """Return the middles of the areas in which visits without a known door lie."""
    codes = {
        appointment.area_code[:length]
        for appointment in appointments
        if not appointment.order.person.household or appointment.order.person.household.longitude is None
        for length in (6, 9, 12, 15, 18, 21)
    }
    rows = Area.objects.filter(area_code__in=codes, longitude__isnull=False).values_list(
        "area_code", "longitude", "latitude"
    )
    return {
        code: (longitude, latitude)
        for code, longitude, latitude in rows
        if longitude is not None and latitude is not None
    }
