"""Rectification: what the carrier has to put right; while one is open no tranche is paid."""

from datetime import date, datetime

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid
from wushe.foundation.saying import said
from wushe.foundation.scope import obtain

from .models import Project, ProjectState, Rectification
from .services import ProjectEnded
from .workflow import RECTIFICATION


@domain_call("projects:approve")
def ask_rectification(*, actor: Actor, at: datetime, project_id: int, fault: str, due_on: date) -> Rectification:
    """Demand that something is put right by a day; raise NotFound, ProjectEnded, Invalid."""
    project = obtain(Project.objects.select_for_update(), actor, pk=project_id)
    if project.state == ProjectState.CLOSED:
        raise ProjectEnded
    today = timezone.localdate(at)
    faults = {}
    if not 4 <= len(fault.strip()) <= 300:
        faults["fault"] = "请写明问题（4到300个字）。"
    if due_on < today:
        faults["due_on"] = "整改期限不能早于今天。"
    if faults:
        raise Invalid(fields=faults)
    made = Rectification(
        project=project, fault=fault.strip(), due_on=due_on, asked_by=actor.user_id, asked_on=today
    )  # fmt: skip
    RECTIFICATION.start(made, event="ask", actor=actor, at=at)
    return made


@domain_call("projects:report")
def answer_rectification(*, actor: Actor, at: datetime, rectification_id: int, answer: str) -> Rectification:
    """Say what was put right; raise NotFound, MoveNotAllowed, Invalid."""
    answer = said(answer, "answer", least=4, most=500, ask="请写明整改了什么")
    changes = {"answer": answer, "answered_on": timezone.localdate(at)}
    return _move(actor, at, rectification_id, "answer", changes)


@domain_call("projects:approve")
def reject_rectification(*, actor: Actor, at: datetime, rectification_id: int) -> Rectification:
    """Say that it is not yet right; raise NotFound, MoveNotAllowed."""
    return _move(actor, at, rectification_id, "reject", {})


@domain_call("projects:approve")
def close_rectification(*, actor: Actor, at: datetime, rectification_id: int) -> Rectification:
    """Say that it is put right; raise NotFound, MoveNotAllowed."""
    return _move(actor, at, rectification_id, "close", {"closed_on": timezone.localdate(at)})


def _move(actor: Actor, at: datetime, pk: int, event: str, changes: dict[str, object]) -> Rectification:
    one = obtain(Rectification, actor, pk=pk)
    RECTIFICATION.move(one, event, actor=actor, at=at, changes=changes)
    return one
