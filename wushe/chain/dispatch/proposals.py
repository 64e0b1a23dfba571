"""Read a proposal: what it changes and for whom, what it leaves out and why, and how two of them differ."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.registers.workforce.models import Absence, Worker

from .models import Appointment, Plan
from .reasons import say
from .rhythm import is_kept
from .selectors import names_in, open_plan

Chosen = tuple[int, int]
Day = dict[str, Chosen | None]


@dataclass(frozen=True, slots=True)
class Change:
    """One visit that differs between two states of a day; None means nobody, or no time.

    `familiar` tells whether who comes now has been there lately; None where a person decided, or nobody comes.
    """

    appointment: Appointment
    worker_before: Worker | None
    worker_after: Worker | None
    start_before: int | None
    start_after: int | None
    reasons: list[str]
    familiar: bool | None = None
    day_before: date | None = None

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
    before: Day = {
        name: (basis[1], basis[2]) if basis[0] != "open" else None for name, basis in plan.problem["basis"].items()
    }
    return _differences(plan, before, _chosen(plan))


def breaks_of_rhythm(*, actor: Actor, plan: Plan) -> list[Change]:
    """Return each recurring visit that does not keep the carer or the time of its last turn, with why."""
    actor.require("dispatch:view")
    turns = plan.problem.get("rhythm", {})
    chosen = {name: now for name, now in _chosen(plan).items() if name in turns}
    tolerance = plan.problem["change_tolerance"]
    before: Day = {}
    for name, now in chosen.items():
        worker, start, _ = turns[name]
        kept = is_kept((worker, start), now, tolerance=tolerance)
        before[name] = now if kept else (worker, start)
    days = {name: date.fromisoformat(turn[2]) for name, turn in turns.items()}
    return _differences(plan, before, chosen, days=days)


@dataclass(frozen=True, slots=True)
class Load:
    """What one worker has to do in each of two plans: visits and minutes with the way."""

    worker: Worker
    visits: tuple[int, int]
    minutes: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two proposals side by side: the amounts of each, who is affected by taking the second, and who works how much."""

    first: Plan
    second: Plan
    amounts: list[tuple[str, int, int]]
    changes: list[Change]
    loads: list[Load]

    @property
    def affected(self) -> dict[str, int]:
        """Return how many people served get a visit, lose one, another person, an unknown one, another time."""
        kinds = ("assigned", "dropped", "reassigned", "moved")
        people = {kind: {c.appointment.order.person_id for c in self.changes if c.kind == kind} for kind in kinds}
        strangers = {
            c.appointment.order.person_id for c in self.changes if c.kind == "reassigned" and c.familiar is False
        }
        return {**{kind: len(found) for kind, found in people.items()}, "strangers": len(strangers)}


COMPARED = (
    "left_out", "late", "lateness", "usual_kept", "rhythm_kept", "changes", "travel", "overtime", "longest", "workers",
)  # fmt: skip


def compare_plans(*, actor: Actor, first_id: int, second_id: int) -> Comparison:
    """Compare two plans of one area and day; raise NotFound outside the actor's area or for different days."""
    first, second = (open_plan(actor=actor, plan_id=pk) for pk in (first_id, second_id))
    if (first.area_code, first.day) != (second.area_code, second.day):
        raise NotFound
    amounts = [(part, first.summary.get(part, 0), second.summary.get(part, 0)) for part in COMPARED]
    return Comparison(
        first, second, amounts, _differences(second, _chosen(first), _chosen(second)), _loads(first, second)
    )


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


def _chosen(plan: Plan) -> Day:
    chosen: Day = dict.fromkeys(plan.problem["basis"])
    for route in plan.solution["routes"]:
        for given in route["visits"]:
            if given["visit"] in chosen:
                chosen[given["visit"]] = (int(given["person"][1:]), given["start"])
    return chosen


def _differences(plan: Plan, before: Day, after: Day, *, days: dict[str, date] | None = None) -> list[Change]:
    """Return what differs, in the words of the plan that says what comes after."""
    changed = [name for name in after if before.get(name) != after[name]]
    rows = Appointment.objects.filter(pk__in=[int(name[1:]) for name in changed])
    rows = rows.select_related("order__item", "order__person")
    ids = {pair[0] for side in (before, after) for name in changed if (pair := side.get(name))}
    workers = {worker.pk: worker for worker in Worker.objects.filter(pk__in=ids).select_related("person")}
    reasons: dict[str, dict[str, Any]] = plan.solution["reasons"]
    names, away = names_in(reasons.get(name, {}) for name in changed), _away(ids, plan.day)
    free = {visit["id"]: visit["preferred"] for visit in plan.problem["visits"] if visit["locked_person"] is None}
    found = []
    for row in rows:
        name = f"a{row.pk}"
        old, new = before.get(name), after[name]
        other = bool(old and new and old[0] != new[0])
        gone = [away[old[0]]] if old and old[0] in away and (new is None or new[0] != old[0]) else []
        found.append(Change(
            row, workers.get(old[0]) if old else None, workers.get(new[0]) if new else None,
            old[1] if old else None, new[1] if new else None, [*gone, *say(reasons.get(name, {}), names, usual_first=other)],
            f"w{new[0]}" in free[name] if new and name in free else None, (days or {}).get(name),
        ))  # fmt: skip
    order = {"dropped": 0, "reassigned": 1, "moved": 2, "assigned": 3}
    return sorted(
        found, key=lambda one: (order[one.kind], one.start_after or one.start_before or 0, one.appointment.pk)
    )


def _away(worker_ids: Iterable[int], day: date) -> dict[int, str]:
    """Return a sentence for each of these workers who is not there on the day."""
    workers = Worker.objects.filter(pk__in=set(worker_ids)).select_related("person")
    rows = Absence.objects.filter(worker__in=workers, withdrawn=False, starts_on__lte=day, ends_on__gte=day)
    why = {row.worker_id: "不在岗" if row.reason == Absence.Reason.OTHER else row.get_reason_display() for row in rows}
    idle = workers.exclude(weekdays__contains=str(day.isoweekday())).values_list("pk", flat=True)
    left = workers.filter(Q(ends_on__lt=day)).values_list("pk", flat=True)
    words = {**dict.fromkeys(idle, "轮休"), **why, **dict.fromkeys(left, "已离岗")}
    return {worker.pk: f"{worker.person.name}当天{words[worker.pk]}。" for worker in workers if worker.pk in words}


def _loads(first: Plan, second: Plan) -> list[Load]:
    """Return the workers whose day differs between the plans, the most changed first."""
    visits: list[Counter[int]] = []
    minutes: list[Counter[int]] = []
    for plan in (first, second):
        visits.append(Counter({int(r["person"][1:]): len(r["visits"]) for r in plan.solution["routes"]}))
        minutes.append(Counter({int(r["person"][1:]): r["work"] for r in plan.solution["routes"]}))
    ids = {pk for pk in {*visits[0], *visits[1]} if any(side[0][pk] != side[1][pk] for side in (visits, minutes))}
    workers = Worker.objects.filter(pk__in=ids).select_related("person")
    loads = [Load(w, (visits[0][w.pk], visits[1][w.pk]), (minutes[0][w.pk], minutes[1][w.pk])) for w in workers]
    return sorted(loads, key=lambda one: (-abs(one.minutes[1] - one.minutes[0]), one.worker.pk))
