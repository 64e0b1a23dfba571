"""A change by hand as a plan: the days of those whom it concerns, laid out as the person decided."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from wushe.chain.dispatch.facts import DayFacts
from wushe.chain.dispatch.models import Appointment

from .problem import build_problem
from .search import Chosen, Proposal, kept_as, plan_of, standing_in, unlocked


def by_hand(facts: DayFacts, changed: Mapping[int, Chosen], *, overridden: list[str]) -> tuple[DayFacts, Proposal]:
    """Return the part of the day that a change concerns, and the plan of it with the change made.

    Nothing is searched: the person has decided, also against a rule (`overridden`). The plan holds whoever came, whoever
    comes now, and all their visits, so that a replay lays out the same day again.
    """
    part = _concerned(facts, changed)
    problem = build_problem(part)
    named = {visit.id for visit in problem.visits}
    chosen = standing_in(part, problem) | {
        f"a{pk}": (f"w{worker}", start) for pk, (worker, start) in changed.items() if f"a{pk}" in named
    }
    reasons: dict[str, dict[str, Any]] = {
        f"a{pk}": {"code": "by_hand", "overridden": sorted(overridden)} for pk in sorted(changed)
    }
    how = {"call": "lay", "chosen": {name: list(given) for name, given in sorted(chosen.items())}, "reasons": reasons}
    return part, kept_as(part, problem, plan_of(problem, chosen), how=how, reasons=reasons)


def _concerned(facts: DayFacts, changed: Mapping[int, Chosen]) -> DayFacts:
    """Return the day of those who came and those who come now; nothing in it is locked or over."""
    moved = [a for a in facts.appointments if a.pk in changed]
    people = {a.worker_id for a in moved} | {worker for worker, _ in changed.values()}
    there = {worker.pk for worker in facts.workers if worker.pk in people}

    def belongs(appointment: Appointment) -> bool:
        return appointment.pk in changed or appointment.worker_id in there

    return replace(
        facts, workers=[w for w in facts.workers if w.pk in there],
        appointments=[unlocked(a) for a in facts.appointments if belongs(a)],
        elsewhere=[a for a in facts.elsewhere if belongs(a)], rhythm={}, now=None,
    )  # fmt: skip
