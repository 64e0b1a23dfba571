"""Read the money of projects in its tranches: the list of all, one grant with what each part waits for, one report."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.counting import capped_counts
from wushe.foundation.scope import obtain, visible

from .grants import held_because
from .models import Grant, Project, Rectification, Report, StandardMark, Tranche, TrancheState
from .standards import CLOSING, DESIGN, standard


@dataclass(frozen=True, slots=True)
class Part:
    """A tranche with what it still waits for."""

    tranche: Tranche
    waits_for: list[str]


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the project standard with what was found, if it was looked at."""

    text: str
    mark: StandardMark | None


def find_tranches(*, actor: Actor, state: str = "", text: str = "") -> QuerySet[Tranche]:
    """Return the tranches of the actor's scope, the newest first; raise NotAllowed without `projects:view`."""
    actor.require("projects:view")
    rows = visible(Tranche.objects.select_related("grant__project__carrier", "report"), actor)
    if state:
        rows = rows.filter(state=state)
    if text.strip():
        rows = rows.filter(grant__project__title__contains=text.strip())
    return rows.order_by("-pk")


def tranche_counts(*, actor: Actor, text: str = "") -> dict[str, int]:
    """Return capped counts of tranches by state."""
    rows = {state: find_tranches(actor=actor, state=state, text=text) for state in TrancheState.values}
    return capped_counts({**rows, "all": find_tranches(actor=actor, text=text)})


def tranche_of(*, actor: Actor, tranche_id: int) -> Tranche:
    """Return one tranche; raise NotAllowed, NotFound out of scope."""
    return obtain(find_tranches(actor=actor), actor, pk=tranche_id)


def grants_of(*, project: Project, on: date) -> list[tuple[Grant, list[Part]]]:
    """Return the grants of a project that the caller has seen, each with its tranches and what they wait for."""
    grants = project.grants.select_related("line").prefetch_related("tranches__report").order_by("pk")
    return [(grant, _parts(project, grant, on)) for grant in grants]


def _parts(project: Project, grant: Grant, on: date) -> list[Part]:
    grant.project = project
    open_states = (TrancheState.PLANNED, TrancheState.RELEASED)
    parts = []
    for tranche in sorted(grant.tranches.all(), key=lambda one: one.number):
        tranche.grant = grant
        parts.append(Part(tranche, held_because(tranche, on=on) if tranche.state in open_states else []))
    return parts


def report_of(*, actor: Actor, report_id: int) -> Report:
    """Return one report; raise NotAllowed, NotFound out of scope."""
    actor.require("projects:view")
    return obtain(Report.objects.select_related("tranche__grant__project__carrier"), actor, pk=report_id)


def rectifications_of(*, project: Project) -> list[Rectification]:
    """Return what has to be, or was, put right in a project that the caller has seen, the newest first."""
    return list(project.rectifications.order_by("-pk"))


def rectification_of(*, actor: Actor, rectification_id: int) -> Rectification:
    """Return one demand; raise NotAllowed, NotFound out of scope."""
    actor.require("projects:view")
    return obtain(Rectification.objects.select_related("project"), actor, pk=rectification_id)


def checklist_of(*, project: Project, on: date) -> list[tuple[str, str, list[Clause]]]:
    """Return the standard by phase: its title, its source, and each clause with what was found."""
    marks = {mark.clause: mark for mark in project.standard_marks.all()}
    rows = [standard(project, phase, on=on) for phase in (DESIGN, CLOSING)]
    return [(row.title, row.source, [Clause(text, marks.get(text)) for text in row.value]) for row in rows]
