"""The day's facts as a problem of the engine: opaque ids alone (a1 an appointment, w7 a worker, r3 a door, h7 a start)."""

from collections.abc import Collection, Iterator, Mapping

from wushe_engine.dispatch import Break, Link, Objective, Person, PersonKind, Problem, Promise, Travel, Visit

from wushe.chain.dispatch.facts import DayFacts
from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.chain.dispatch.travel import Point, matrix_between
from wushe.registers.workforce.models import Worker, WorkerKind


def build_problem(facts: DayFacts, *, emphasis: str = "", rhythm: Collection[int] = ()) -> Problem:
    """Return the day as a problem without names; the order of people and visits is by id.

    The visits in `rhythm` are taken as promised to who came the last time, at that time, while they are still open.
    """
    workers = {worker.pk: worker for worker in facts.workers}
    doors = _doors(facts)
    places = [f"h{pk}" for pk in workers] + list(doors)
    points = [(w.base_longitude, w.base_latitude) for w in workers.values()] + list(doors.values())
    modes = sorted({worker.travel_mode for worker in workers.values()})
    visits = tuple(_visits(facts, workers))
    named = {visit.id for visit in visits}
    return Problem(
        places=tuple(places),
        people=tuple(_person(facts, worker) for worker in workers.values()),
        visits=visits,
        links=tuple(link for link in _links(facts) if {link.first, link.second} <= named),
        travel=tuple(
            Travel(mode, matrix_between(points, homes=len(workers), mode=mode, rules=facts.rules)) for mode in modes
        ),
        objective=Objective(**facts.rules.weights(emphasis)),
        published=_published(facts, workers, {visit.id: visit for visit in visits}, rhythm=rhythm),
        change_tolerance=facts.rules.change_tolerance,
        day=facts.day.toordinal(),
        time_unit="minute",
    )


def _doors(facts: DayFacts) -> dict[str, Point]:
    doors = {f"r{a.order.person_id}": facts.door(a) for a in (*facts.appointments, *facts.elsewhere)}
    return dict(sorted(doors.items()))


def _person(facts: DayFacts, worker: Worker) -> Person:
    rules = facts.rules
    helper = worker.kind in {WorkerKind.VOLUNTEER, WorkerKind.NEIGHBOUR}
    # A rest is owed only to a day that spans its window; a short shift has none.
    spans = worker.shift_start < rules.break_earliest and worker.shift_end > rules.break_latest
    left = min(worker.week_cap_minutes, rules.week_max) - facts.used.get(worker.pk, 0)
    return Person(
        id=f"w{worker.pk}",
        start=f"h{worker.pk}",
        end=f"h{worker.pk}",
        shift=(worker.shift_start, worker.shift_end),
        max_overtime=0 if helper else rules.overtime_max,
        kind=PersonKind(worker.kind),
        skills=facts.skills.get(worker.pk, {}),
        rest=Break(rules.break_earliest, rules.break_latest, worker.break_minutes)
        if spans and worker.break_minutes
        else None,
        day_limit=rules.volunteer_day_max if helper else rules.day_max,
        week_left=max(0, left),
        travel=worker.travel_mode,
    )


def _visits(facts: DayFacts, workers: Mapping[int, Worker]) -> Iterator[Visit]:
    for appointment in facts.appointments:
        if is_fixed(facts, appointment) and appointment.worker_id in workers:
            yield _fixed_visit(appointment)
        elif appointment.state != AppointmentState.KEPT:
            yield _free_visit(facts, appointment)
    for appointment in facts.elsewhere:
        yield _fixed_visit(appointment)


def is_fixed(facts: DayFacts, appointment: Appointment) -> bool:
    """Say whether the visit stays as it is: already kept, locked by hand, or under way by now."""
    if appointment.state == AppointmentState.KEPT or appointment.locked:
        return True
    begun = facts.now is not None and appointment.planned_start is not None and appointment.planned_start <= facts.now
    return appointment.state == AppointmentState.CONFIRMED and begun


def _fixed_visit(appointment: Appointment) -> Visit:
    """Return a visit that stays: its window holds its start, and a skill overridden by hand is not asked again."""
    start = appointment.planned_start or 0
    return Visit(
        id=f"a{appointment.pk}",
        place=f"r{appointment.order.person_id}",
        duration=appointment.minutes,
        window=(min(appointment.window_start, start), max(appointment.window_end, start)),
        locked_person=f"w{appointment.worker_id}",
        locked_start=start,
    )


def _free_visit(facts: DayFacts, appointment: Appointment) -> Visit:
    order, rules = appointment.order, facts.rules
    kin = facts.kin.get(order.person_id, frozenset())
    allowed = {f"w{w.pk}" for w in facts.workers if facts.may_come(w, appointment)}
    opens, closes, late = appointment.window_start, appointment.window_end, rules.lateness_max
    if facts.now is not None and facts.now > opens:
        # What is left of the window; once it is over, what is left of the lateness that is borne.
        if facts.now > closes + late:
            allowed = set()
        else:
            late = min(late, closes + late - facts.now)
            opens, closes = facts.now, max(closes, facts.now)
    return Visit(
        id=f"a{appointment.pk}",
        place=f"r{order.person_id}",
        duration=appointment.minutes,
        window=(opens, closes),
        max_lateness=late,
        penalty=rules.unserved_points.get(order.urgency, rules.unserved_points["week"]),
        skills=frozenset(order.item.skills),
        allowed=frozenset(allowed),
        forbidden=frozenset(f"w{pk}" for pk in kin),
        preferred=_preferred(facts, order.person_id, allowed),
    )


def _preferred(facts: DayFacts, person_id: int, allowed: set[str]) -> dict[str, int]:
    """Return points for those who have been there lately, in proportion to how often."""
    known = {f"w{pk}": count for pk, count in facts.known.get(person_id, {}).items()}
    known = {name: count for name, count in known.items() if name in allowed}
    most = max(known.values(), default=0)
    return {name: max(1, facts.rules.continuity_points * count // most) for name, count in sorted(known.items())}


def _links(facts: DayFacts) -> Iterator[Link]:
    """Tie the two seats of a visit by two people: they begin together."""
    for appointment in facts.appointments:
        if appointment.seat == 1 and appointment.pair_id is not None:
            yield Link(f"a{appointment.pk}", f"a{appointment.pair_id}")


def _published(
    facts: DayFacts, workers: Mapping[int, Worker], visits: Mapping[str, Visit], *, rhythm: Collection[int]
) -> dict[str, Promise]:
    """Return what people have been told, and what those in `rhythm` are used to."""
    promises = {}
    for appointment in facts.appointments:
        visit = visits.get(f"a{appointment.pk}")
        if visit is None:
            continue
        promise = _promise(appointment, workers)
        if promise is None and appointment.pk in rhythm:
            promise = _habit(facts, appointment, visit)
        if promise is not None:
            promises[visit.id] = promise
    return promises


def _habit(facts: DayFacts, appointment: Appointment, visit: Visit) -> Promise | None:
    """Return who came the last time and when, if that can be had again as far as the visit alone tells."""
    turn = facts.rhythm.get(appointment.pk)
    if turn is None or appointment.state != AppointmentState.OPEN:
        return None
    may = visit.allowed is not None and f"w{turn.worker_id}" in visit.allowed
    if not may or not visit.window[0] <= turn.start <= visit.latest:
        return None
    # A promise may be kept by the tolerance too early; from week to week the time would creep ahead.
    return Promise(f"w{turn.worker_id}", turn.start + facts.rules.change_tolerance)


def _promise(appointment: Appointment, workers: Mapping[int, Worker]) -> Promise | None:
    if appointment.state != AppointmentState.CONFIRMED or appointment.worker_id not in workers:
        return None
    return Promise(f"w{appointment.worker_id}", appointment.planned_start or 0)
