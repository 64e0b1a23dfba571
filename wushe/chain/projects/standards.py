"""The project standard as a checklist: its design clauses before money is promised, its closing clauses before the last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.presets.models import Preset
from wushe.foundation.presets.selectors import preset_row
from wushe.foundation.scope import obtain

from .models import Project, ProjectState, StandardMark
from .services import ProjectEnded

DESIGN, CLOSING = "design", "closing"


@dataclass(frozen=True, slots=True)
class Mark:
    """What was found about one clause: whether it is met, and by what that is seen."""

    met: bool
    evidence: str


def standard(project: Project, phase: str, *, on: date) -> Preset:
    """Return the clauses of a phase that hold at the project's place, with their source."""
    return preset_row(f"projects.standard.{phase}", area_code=project.area_code, on=on)


def unmet_clauses(project: Project, phase: str, *, on: date) -> list[str]:
    """Return the clauses of a phase that are not met, or not looked at, in the order of the standard."""
    met = set(project.standard_marks.filter(met=True).values_list("clause", flat=True))
    return [clause for clause in standard(project, phase, on=on).value if clause not in met]


@domain_call("projects:approve")
def mark_standard(*, actor: Actor, at: datetime, project_id: int, marks: Mapping[str, Mark]) -> int:
    """Mark clauses of the standard as met or not; return how many. A clause is met only by something that can be seen.

    Raises NotFound, ProjectEnded, Invalid for a clause that the standard does not have or a mark without evidence.
    """
    project = obtain(Project, actor, pk=project_id)
    if project.state == ProjectState.CLOSED:
        raise ProjectEnded
    today = timezone.localdate(at)
    known = {clause for phase in (DESIGN, CLOSING) for clause in standard(project, phase, on=today).value}
    faults = {
        clause: "请写明看到了什么材料。" if clause in known else "项目标准里没有这一条。"
        for clause, mark in marks.items()
        if clause not in known or not mark.evidence.strip()
    }
    if faults:
        raise Invalid(fields=faults)
    for clause, mark in marks.items():
        found = {
            "met": mark.met, "evidence": mark.evidence.strip()[:200], "marked_by": actor.user_id, "marked_on": today
        }  # fmt: skip
        StandardMark.objects.update_or_create(project=project, clause=clause, defaults=found)
    data = {"met": sum(mark.met for mark in marks.values()), "unmet": sum(not mark.met for mark in marks.values())}
    record(kind="project.standard", subject=project, actor=actor, at=at, data=data)
    return len(marks)
