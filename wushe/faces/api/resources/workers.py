"""Who performs visits, and who is away."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import Body, Day, Id
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging
from wushe.foundation.errors import NotFound
from wushe.registers.workforce import services
from wushe.registers.workforce.models import Absence, Worker, WorkerKind
from wushe.registers.workforce.selectors import absences, workers

router = Resource("服务人员")


class WorkerShown(Schema):
    """One person's post."""

    id: int
    number: str
    name: str
    kind: str
    organisation_id: int | None
    area_code: str
    travel_mode: str
    shift_start: int
    shift_end: int
    weekdays: str
    break_minutes: int
    week_cap_minutes: int
    qualification: str
    qualification_until: date | None
    starts_on: date
    ends_on: date | None
    skills: list[str]

    @staticmethod
    def resolve_name(worker: Worker) -> str:
        """Return the worker's name."""
        return worker.person.name

    @staticmethod
    def resolve_skills(worker: Any) -> list[str]:
        """Return the codes of the skills that are valid."""
        return [one.skill.code for one in worker.valid_skills]


class AbsenceShown(Schema):
    """A time in which somebody is away."""

    id: int
    worker_id: int
    starts_on: date
    ends_on: date
    reason: str
    withdrawn: bool


class WorkerFilter(Schema):
    """What the register is narrowed to."""

    kind: WorkerKind | None = None
    on: Day | None = None


class AbsenceFilter(Schema):
    """From which day on."""

    since: Day | None = None


class NewAbsence(Body):
    """From when to when somebody is away, and why."""

    starts_on: Day
    ends_on: Day
    reason: Absence.Reason


@router.lists("/workers", "registers:view", item=WorkerShown, name="worker_list", summary="服务人员")
def worker_list(request: ApiRequest, where: Query[WorkerFilter], paging: Query[Paging]) -> QuerySet[Worker]:
    """List the workers who are employed on a day."""
    rows = workers(actor=request.actor, on=where.on or timezone.localdate())
    return rows.filter(kind=where.kind) if where.kind else rows


@router.reads("/workers/{worker_id}", "registers:view", gives=WorkerShown, name="worker", summary="一位服务人员")
def worker(request: ApiRequest, worker_id: Id) -> Worker:
    """Show one worker."""
    found = workers(actor=request.actor, on=timezone.localdate()).filter(pk=worker_id).first()
    if found is None:
        raise NotFound
    return found


@router.lists("/absences", "registers:view", item=AbsenceShown, name="absence_list", summary="请假")
def absence_list(request: ApiRequest, where: Query[AbsenceFilter], paging: Query[Paging]) -> QuerySet[Absence]:
    """List who is away from a day on."""
    return absences(actor=request.actor, since=where.since or timezone.localdate())


@router.acts(
    "/workers/{worker_id}/absences", "workforce:edit", gives=AbsenceShown, status=201, name="absence_report",
    summary="登记请假",
)  # fmt: skip
def report(request: ApiRequest, worker_id: Id, body: NewAbsence) -> Absence:
    """Report that a worker is away."""
    return services.report_absence(actor=request.actor, at=timezone.now(), worker_id=worker_id, **body.dict())


@router.acts(
    "/absences/{absence_id}/withdraw", "workforce:edit", gives=AbsenceShown, name="absence_withdraw", summary="撤销请假"
)
def withdraw(request: ApiRequest, absence_id: Id) -> Absence:
    """Take back a report of absence."""
    return services.withdraw_absence(actor=request.actor, at=timezone.now(), absence_id=absence_id)
