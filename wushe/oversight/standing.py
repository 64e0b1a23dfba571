"""What the chain says about the registers: how active each organisation was over a year, how long each volunteer served.

The registers do not know the chain. Oversight counts, each night, and hands them the figures with their day.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Sum
from django.utils.timezone import localdate

from wushe.chain.projects.models import Project, ProjectState
from wushe.chain.resources.models import Resource
from wushe.chain.visits.models import Visit, VisitState
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.jobs.registry import scheduled
from wushe.registers.organisations.activity import note_activity
from wushe.registers.organisations.models import Organisation
from wushe.registers.volunteers.hours import Served, note_hours
from wushe.registers.workforce.models import WorkerKind

YEAR = timedelta(days=365)
_GOOD = (VisitState.ACCEPTED, VisitState.SETTLED)
_BY = "appointment__order__organisation_id"
_BATCH = 1000


@domain_call("oversight:refresh")
def refresh_standing(*, actor: Actor, at: datetime, on: date) -> dict[str, int]:
    """Count the activity of organisations and the hours of volunteers as of a day; return how many were written."""
    counts = activity_counts(on=on)
    written = sum(note_activity(actor=actor, at=at, on=on, counts=part) for part in _parts(counts, _BATCH))
    hours = volunteer_hours()
    return {
        "organisations": written,
        "volunteers": sum(note_hours(actor=actor, at=at, served=part) for part in _parts(hours, _BATCH)),
    }


@scheduled("oversight.standing", daily="01:20")
def count_standing(*, at: datetime) -> dict[str, int]:
    """Count the standing of organisations and volunteers as of the day that has just ended."""
    return refresh_standing(actor=SYSTEM, at=at, on=localdate(at) - timedelta(days=1))


def activity_counts(*, on: date) -> dict[int, dict[str, int]]:
    """Return for each organisation in the register what it did in the year before a day, part by part."""
    visits = Visit.objects.filter(state__in=_GOOD, appointment__day__range=(on - YEAR, on))
    made = visits.values(_BY).annotate(visits=Count("pk"), people=Count("appointment__order__person_id", distinct=True))
    running = Project.objects.filter(state__in=[ProjectState.RUNNING, ProjectState.CLOSED], carrier__isnull=False)
    offered = Resource.objects.filter(available_from__range=(on - YEAR, on), withdrawn_on=None)
    counts: dict[int, dict[str, int]] = {pk: {} for pk in Organisation.objects.values_list("pk", flat=True)}
    for row in made.exclude(**{_BY: None}).order_by():
        counts[row[_BY]] |= {"visits": row["visits"], "people": row["people"]}
    _add(counts, "projects", running.values("carrier_id").annotate(n=Count("pk")), "carrier_id")
    _add(counts, "resources", offered.values("owner_id").annotate(n=Count("pk")), "owner_id")
    return counts


def volunteer_hours() -> dict[int, Served]:
    """Return for each person who visits as a volunteer the minutes served and the last day."""
    kinds = [WorkerKind.VOLUNTEER, WorkerKind.NEIGHBOUR]
    visits = Visit.objects.filter(state__in=_GOOD, worker__kind__in=kinds, minutes__isnull=False)
    sums = visits.values("worker__person_id").annotate(minutes=Sum("minutes"), last=Max("appointment__day"))
    return {row["worker__person_id"]: Served(row["minutes"], row["last"]) for row in sums.order_by()}


def _add(counts: dict[int, dict[str, int]], name: str, rows: Any, key: str) -> None:
    for row in rows.order_by():
        counts[row[key]][name] = row["n"]


def _parts(values: Mapping[int, Any], size: int) -> list[dict[int, Any]]:
    pairs: list[tuple[int, Any]] = sorted(values.items())
    return [dict(pairs[start : start + size]) for start in range(0, len(pairs), size)]
