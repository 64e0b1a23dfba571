"""Plans found, mended, replayed and judged: every plan that leaves here has passed the engine's own check."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from wushe_engine import __version__
from wushe_engine.dispatch import (
    ClashError,
    Plan,
    Problem,
    Progress,
    Stop,
    Value,
    check,
    evaluate,
    explain,
    repair,
    solve,
)

from wushe.chain.dispatch.facts import DayFacts
from wushe.chain.dispatch.models import Appointment, AppointmentState

from .archive import pack_plan, pack_problem, unpack_problem
from .problem import build_problem
from .routes import lay_routes

Chosen = tuple[int, int]
"""Who comes (worker) and when (minute of the day)."""


class Clash(Exception):
    """Locked visits contradict each other; `issues` holds (code, ids) for the page to say in words."""

    def __init__(self, issues: list[tuple[str, tuple[str, ...]]]) -> None:
        self.issues = issues
        super().__init__(str(issues))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan found: the documents to be kept, and what they say for each appointment."""

    problem: dict[str, Any]
    solution: dict[str, Any]
    summary: dict[str, Any]
    chosen: dict[int, Chosen]
    unserved: list[int]
    reasons: dict[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the engine's check says about a day as it would be: broken rules as (code, ids), and the amounts."""

    faults: list[tuple[str, tuple[str, ...]]]
    value: dict[str, int]


def propose(
    facts: DayFacts, *, seed: int, seconds: int, on_progress: Callable[[float, int], None] | None = None
) -> Proposal:
    """Plan the day; raise Clash if locked visits contradict each other.

    The search stops after a number of moves, not of seconds, so that the kept problem gives the same plan again.
    """
    problem = build_problem(facts)
    stop = Stop(iterations=seconds * facts.rules.search_rate)
    plan = _solved(problem, seed=seed, stop=stop, on_progress=on_progress)
    return _proposal(problem, plan, how={"call": "solve", "iterations": stop.iterations})


def mend(facts: DayFacts, *, seed: int) -> Proposal:
    """Mend the published day with as few changes as needed; raise Clash as `propose` does."""
    problem = build_problem(facts)
    before = published_plan(facts, problem)
    stop = Stop(iterations=facts.rules.search_rate // 2)
    try:
        plan = repair(problem, before, seed=seed, stop=stop)
    except ClashError as clash:
        raise Clash([(issue.code, issue.subjects) for issue in clash.issues]) from clash
    return _proposal(
        problem, plan, how={"call": "repair", "iterations": stop.iterations, "before": pack_plan(before)["routes"]}
    )


def replay(problem: Mapping[str, Any], *, seed: int) -> dict[str, Any]:
    """Solve a kept problem again and return the solution document without its timings."""
    whole = unpack_problem(problem)
    how = problem["how"]
    if how["call"] == "repair":
        before = _plan_of(whole, {g["visit"]: (g["person"], g["start"]) for r in how["before"] for g in r["visits"]})
        plan = repair(whole, before, seed=seed, stop=Stop(iterations=how["iterations"]))
    else:
        plan = _solved(whole, seed=seed, stop=Stop(iterations=how["iterations"]))
    return pack_plan(_explained(whole, plan))


def published_plan(facts: DayFacts, problem: Problem) -> Plan:
    """Return the day as it stands as a plan of the engine."""
    people = {person.id for person in problem.people}
    named = {visit.id for visit in problem.visits}
    standing = {
        f"a{a.pk}": (f"w{a.worker_id}", a.planned_start or 0)
        for a in (*facts.appointments, *facts.elsewhere)
        if a.state != AppointmentState.OPEN and f"w{a.worker_id}" in people and f"a{a.pk}" in named
    }
    return _plan_of(problem, standing)


def judge(facts: DayFacts, *, changed: Mapping[int, Chosen] | None = None) -> Judgement:
    """Return what the engine's check says about the day with some visits placed by hand."""
    changed = changed or {}
    appointments = [_moved(a, changed[a.pk]) if a.pk in changed else a for a in facts.appointments]
    # Nothing is locked here: a visit placed by hand has to meet the rules like any other.
    there = {worker.pk for worker in facts.workers}
    free = [_unlocked(a) for a in appointments if a.state != AppointmentState.KEPT or a.worker_id in there]
    day = replace(facts, appointments=free, now=None)
    problem = build_problem(day)
    plan = published_plan(day, problem)
    report = check(problem, plan)
    return Judgement([(fault.code, fault.subjects) for fault in report.faults], _amounts(report.value))


def _solved(
    problem: Problem, *, seed: int, stop: Stop, on_progress: Callable[[float, int], None] | None = None
) -> Plan:
    def tell(progress: Progress) -> None:
        if on_progress:
            on_progress(progress.share, progress.unserved)

    try:
        return solve(problem, stop=stop, seed=seed, on_progress=tell)
    except ClashError as clash:
        raise Clash([(issue.code, issue.subjects) for issue in clash.issues]) from clash


def _explained(problem: Problem, plan: Plan) -> Plan:
    """Return the plan with a reason for each visit."""
    if plan.reasons:
        return plan
    return replace(plan, reasons={visit.id: explain(problem, plan, visit.id) for visit in problem.visits})


def _plan_of(problem: Problem, chosen: Mapping[str, tuple[str, int]]) -> Plan:
    routes = lay_routes(problem, chosen)
    unserved = tuple(visit.id for visit in problem.visits if visit.id not in chosen)
    draft = Plan(routes=routes, unserved=unserved, value=Value(), seed=0, engine_version=__version__)
    return replace(draft, value=evaluate(problem, draft))


def _proposal(problem: Problem, plan: Plan, *, how: dict[str, Any]) -> Proposal:
    report = check(problem, plan)
    assert report.ok, f"the engine returned a plan that its own check refuses: {report.faults[:3]}"
    plan = _explained(problem, plan)
    solution = pack_plan(plan)
    chosen = {
        int(given["visit"][1:]): (int(given["person"][1:]), given["start"])
        for route in solution["routes"]
        for given in route["visits"]
    }
    return Proposal(
        problem={**pack_problem(problem), "how": how},
        solution=solution,
        summary=_summary(problem, plan),
        chosen=chosen,
        unserved=[int(name[1:]) for name in plan.unserved],
        reasons={int(name[1:]): reason for name, reason in solution["reasons"].items()},
    )


def _summary(problem: Problem, plan: Plan) -> dict[str, Any]:
    at_work = [route for route in plan.routes if route.visits]
    usual = [v for v in problem.visits if v.preferred and plan.assignment(v.id)]
    kept = sum(v.broken_continuity(plan.assignment(v.id).person) == 0 for v in usual)  # type: ignore[union-attr]
    return {
        **_amounts(plan.value),
        "visits": len(problem.visits),
        "served": len(problem.visits) - len(plan.unserved),
        "left_out": len(plan.unserved),
        "late": sum(given.lateness > 0 for route in at_work for given in route.visits),
        "workers": len(at_work),
        "usual": len(usual),
        "usual_kept": kept,
        "longest": max((route.work for route in at_work), default=0),
        "shortest": min((route.work for route in at_work), default=0),
        "iterations": plan.statistics.iterations,
    }


def _amounts(value: Value) -> dict[str, int]:
    parts = (
        "total",
        "unserved",
        "lateness",
        "lateness_max",
        "continuity",
        "travel",
        "overtime",
        "unfairness",
        "changes",
    )
    return {part: getattr(value, part) for part in parts}


def _moved(appointment: Appointment, chosen: Chosen) -> Appointment:
    copy = _copied(appointment)
    copy.worker_id, copy.planned_start = chosen
    copy.state = AppointmentState.CONFIRMED
    return copy


def _unlocked(appointment: Appointment) -> Appointment:
    if not appointment.locked:
        return appointment
    copy = _copied(appointment)
    copy.locked = False
    return copy


def _copied(appointment: Appointment) -> Appointment:
    copy = Appointment()
    copy.__dict__.update(appointment.__dict__)
    copy._state = appointment._state
    return copy
