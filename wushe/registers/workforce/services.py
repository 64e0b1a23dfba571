"""Keep the workforce: who is away, and which skills there are."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain, visible

from .models import Absence, Skill, Worker


class AbsenceStands(Conflict):
    """The worker is already reported away on these days."""

    message = "这几天已经登记过请假，请先撤销原来的登记。"


@domain_call("workforce:edit")
def report_absence(
    *, actor: Actor, at: datetime, worker_id: int, starts_on: date, ends_on: date, reason: str
) -> Absence:
    """Report that a worker is away from one day to another, both included.

    Raises NotFound outside the actor's scope, Invalid for the dates or the reason, AbsenceStands for days already
    reported.
    """
    worker = obtain(Worker, actor, pk=worker_id)
    if reason not in Absence.Reason.values:
        raise Invalid(fields={"reason": "请选择原因。"})
    if ends_on < starts_on:
        raise Invalid(fields={"ends_on": "结束日期不能早于开始日期。"})
    if ends_on < timezone.localdate(at):
        raise Invalid(fields={"ends_on": "这几天已经过去，不能补登请假。"})
    if worker.absences.filter(withdrawn=False, starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise AbsenceStands
    absence = Absence.objects.create(worker=worker, starts_on=starts_on, ends_on=ends_on, reason=reason)
    data = {"absence": absence.pk, "starts_on": str(starts_on), "ends_on": str(ends_on), "reason": reason}
    record(kind="worker.absent", subject=worker, actor=actor, at=at, data=data)
    return absence


@domain_call("workforce:edit")
def withdraw_absence(*, actor: Actor, at: datetime, absence_id: int) -> Absence:
    """Take back a report of absence; raise NotFound outside the actor's scope or if it is withdrawn already."""
    absence = (
        Absence.objects.select_related("worker")
        .filter(pk=absence_id, withdrawn=False, worker__in=visible(Worker.objects.all(), actor).values("pk"))
        .first()
    )
    if absence is None:
        raise NotFound
    absence.withdrawn = True
    absence.save(update_fields=["withdrawn"])
    record(kind="worker.back", subject=absence.worker, actor=actor, at=at, data={"absence": absence.pk})
    return absence


@domain_call("jobs:run")
def load_skills(*, actor: Actor, at: datetime, rows: Iterable[Mapping[str, Any]]) -> int:
    """Add the skills that are not yet known; return how many were added."""
    known = set(Skill.objects.values_list("code", flat=True))
    fresh = [Skill(code=row["code"], title=row["title"]) for row in rows if row["code"] not in known]
    Skill.objects.bulk_create(fresh)
    return len(fresh)
