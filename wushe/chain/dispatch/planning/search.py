"""Plans found, mended, replayed and judged: every plan that leaves here has passed the engine's own check."""

from collections.abc import Callable, Collection, Mapping
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
from wushe_engine.dispatch.model import may_serve

from wushe.chain.dispatch.facts import DayFacts
from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.chain.dispatch.rhythm import is_kept

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
    facts: DayFacts,
    *,
    seed: int,
    seconds: int,
    emphasis: str = "",
    on_progress: Callable[[float, int], None] | None = None,
) -> Proposal:
    """Plan the day; raise Clash if locked visits contradict each other.

    The search stops after a number of moves, not of seconds, so that the kept problem gives the same plan again.
    The rhythm of the weeks holds nobody's time so firmly that somebody is left out or waits for it: it gives way for
    those who are left out, or for everybody, if the day is better so, and is taken up again where there is room for it.
    All of it together takes the moves of one search.
    """
    moves = seconds * facts.rules.search_rate

    def planned(rhythm: Collection[int], share: int, warm: Plan | None = None) -> tuple[Problem, Plan]:
        problem, stop = build_problem(facts, emphasis=emphasis, rhythm=rhythm), Stop(iterations=moves // share)
        return problem, _solved(problem, seed=seed, stop=stop, warm=warm, on_progress=on_progress)

    how: dict[str, Any] = {"call": "solve", "iterations": moves, "emphasis": emphasis}
    if not facts.rhythm:
        return _proposal(facts, *planned((), 1), how=how)
    habits = set(facts.rhythm)
    tried = [planned(habits, 2)]
    if left_out := _somebody_could_come(*tried[0]):
        looser = habits - {int(name[1:]) for name in tried[0][1].unserved}
        tried += [planned(rhythm, 8) for rhythm in (looser, ()) if rhythm != habits]
    warm = min((plan for _, plan in tried), key=lambda plan: _cost(facts, plan, emphasis))
    starts = {int(given.visit[1:]): given.start for route in warm.routes for given in route.visits}
    share = 4 if left_out else 2
    best = planned({pk for pk, turn in facts.rhythm.items() if starts.get(pk, -1) >= turn.start}, share, warm)
    return _proposal(facts, *best, how={**how, "iterations": moves // share, "warm": pack_plan(warm)["routes"]})


def _cost(facts: DayFacts, plan: Plan, emphasis: str) -> int:
    """Return the points that a plan costs, a broken habit counting as much as a change of what was published."""
    problem = build_problem(facts, emphasis=emphasis)
    chosen = {int(v.visit[1:]): (int(v.person[1:]), v.start) for route in plan.routes for v in route.visits}
    kept = _kept(facts, chosen)
    return evaluate(problem, plan).total + problem.objective.changes * (kept["rhythm"] - kept["rhythm_kept"])


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
        facts,
        problem,
        plan,
        how={"call": "repair", "iterations": stop.iterations, "before": pack_plan(before)["routes"]},
    )


def replay(problem: Mapping[str, Any], *, seed: int) -> dict[str, Any]:
    """Solve a kept problem again and return the solution document without its timings."""
    whole = unpack_problem(problem)
    how = problem["how"]
    if how["call"] == "lay":
        plan = plan_of(whole, {name: (person, start) for name, (person, start) in how["chosen"].items()})
        return {**pack_plan(plan), "reasons": how["reasons"]}
    start = how.get("before" if how["call"] == "repair" else "warm")
    given = {g["visit"]: (g["person"], g["start"]) for r in start or [] for g in r["visits"]}
    before, stop = plan_of(whole, given), Stop(iterations=how["iterations"])
    if how["call"] == "repair":
        plan = repair(whole, before, seed=seed, stop=stop)
    else:
        plan = _solved(whole, seed=seed, stop=stop, warm=before if start is not None else None)
    return pack_plan(_explained(whole, plan))


def published_plan(facts: DayFacts, problem: Problem) -> Plan:
    """Return the day as it stands as a plan of the engine."""
    return plan_of(problem, standing_in(facts, problem))


def standing_in(facts: DayFacts, problem: Problem) -> dict[str, tuple[str, int]]:
    """Return who comes when, for each visit of the problem that is planned or kept."""
    people = {person.id for person in problem.people}
    named = {visit.id for visit in problem.visits}
    return {
        f"a{a.pk}": (f"w{a.worker_id}", a.planned_start or 0)
        for a in (*facts.appointments, *facts.elsewhere)
        if a.state != AppointmentState.OPEN and f"w{a.worker_id}" in people and f"a{a.pk}" in named
    }


def judge(facts: DayFacts, *, changed: Mapping[int, Chosen] | None = None) -> Judgement:
    """Return what the engine's check says about the day with some visits placed by hand."""
    changed = changed or {}
    appointments = [_moved(a, changed[a.pk]) if a.pk in changed else a for a in facts.appointments]
    # Nothing is locked here: a visit placed by hand has to meet the rules like any other.
    there = {worker.pk for worker in facts.workers}
    free = [unlocked(a) for a in appointments if a.state != AppointmentState.KEPT or a.worker_id in there]
    day = replace(facts, appointments=free, now=None)
    problem = build_problem(day)
    plan = published_plan(day, problem)
    report = check(problem, plan)
    return Judgement([(fault.code, fault.subjects) for fault in report.faults], _amounts(report.value))


def _solved(
    problem: Problem,
    *,
    seed: int,
    stop: Stop,
    warm: Plan | None = None,
    on_progress: Callable[[float, int], None] | None = None,
) -> Plan:
    def tell(progress: Progress) -> None:
        if on_progress:
            on_progress(progress.share, progress.unserved)

    try:
        return solve(problem, stop=stop, seed=seed, warm=warm, on_progress=tell)
    except ClashError as clash:
        raise Clash([(issue.code, issue.subjects) for issue in clash.issues]) from clash


def _explained(problem: Problem, plan: Plan) -> Plan:
    """Return the plan with a reason for each visit."""
    if plan.reasons:
        return plan
    return replace(plan, reasons={visit.id: explain(problem, plan, visit.id) for visit in problem.visits})


def plan_of(problem: Problem, chosen: Mapping[str, tuple[str, int]]) -> Plan:
    """Return the plan in which these people come at these times, whether or not the rules allow it."""
    routes = lay_routes(problem, chosen)
    unserved = tuple(visit.id for visit in problem.visits if visit.id not in chosen)
    draft = Plan(routes=routes, unserved=unserved, value=Value(), seed=0, engine_version=__version__)
    return replace(draft, value=evaluate(problem, draft))


def _somebody_could_come(problem: Problem, plan: Plan) -> bool:
    """Say whether a visit is left out for which there is somebody at all."""
    left = set(plan.unserved)
    return any(may_serve(problem, who, visit) for visit in problem.visits if visit.id in left for who in problem.people)


def _proposal(facts: DayFacts, problem: Problem, plan: Plan, *, how: dict[str, Any]) -> Proposal:
    report = check(problem, plan)
    assert report.ok, f"the engine returned a plan that its own check refuses: {report.faults[:3]}"
    return kept_as(facts, problem, _explained(problem, plan), how=how)


def kept_as(
    facts: DayFacts,
    problem: Problem,
    plan: Plan,
    *,
    how: dict[str, Any],
    reasons: dict[str, dict[str, Any]] | None = None,
) -> Proposal:
    """Return the documents in which a plan is kept; `reasons` instead of the engine's where a person decided."""
    solution = pack_plan(plan)
    if reasons is not None:
        solution["reasons"] = reasons
    chosen = {
        int(given["visit"][1:]): (int(given["person"][1:]), given["start"])
        for route in solution["routes"]
        for given in route["visits"]
    }
    rhythm = {f"a{pk}": [turn.worker_id, turn.start, str(turn.day)] for pk, turn in sorted(facts.rhythm.items())}
    return Proposal(
        problem={**pack_problem(problem), "how": how, "rhythm": rhythm},
        solution=solution,
        summary={**_summary(problem, plan), **_kept(facts, chosen), "emphasis": how.get("emphasis", "")},
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


def _kept(facts: DayFacts, chosen: Mapping[int, Chosen]) -> dict[str, int]:
    """Return how many visits that people were told of change, and how many recurring ones are as the last time."""
    tolerance = facts.rules.change_tolerance

    def same(pk: int, worker_id: int | None, start: int | None) -> bool:
        now = chosen.get(pk)
        return now is not None and now[0] == worker_id and abs(now[1] - (start or 0)) <= tolerance

    told = [a for a in facts.appointments if a.state == AppointmentState.CONFIRMED]
    coming = {a.pk for a in facts.appointments if a.state != AppointmentState.KEPT}
    turns = {pk: turn for pk, turn in facts.rhythm.items() if pk in coming}
    return {
        "changes": sum(not same(a.pk, a.worker_id, a.planned_start) for a in told),
        "rhythm": len(turns),
        "rhythm_kept": sum(
            is_kept((turn.worker_id, turn.start), chosen.get(pk), tolerance=tolerance) for pk, turn in turns.items()
        ),
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


def unlocked(appointment: Appointment) -> Appointment:
    """Return the visit as if nobody had locked it; the one at hand stays as it is."""
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
