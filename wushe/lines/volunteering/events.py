"""What volunteering hears from the chain: a settled visit of a volunteer is an hour record, a reversed one is struck."""

from datetime import datetime

from django.utils.timezone import localdate

from wushe.chain.settlement.models import Settlement
from wushe.chain.settlement.runs import RUN, parts_of_run
from wushe.chain.visits.models import Visit, VisitState
from wushe.foundation.actor import SYSTEM
from wushe.foundation.jobs.registry import job
from wushe.foundation.jobs.services import enqueue
from wushe.foundation.journal.delivery import handles
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.volunteers.models import Volunteer
from wushe.registers.workforce.models import WorkerKind

from .models import HourRecord
from .states import HourState, Origin
from .workflow import HOURS

UNPAID = (WorkerKind.VOLUNTEER, WorkerKind.NEIGHBOUR)
KEEP_PART = "volunteering.keep_part"


@handles("settlement.settle")
def keep_visit(row: JournalEntry) -> None:
    """Keep settled visits as hours of their volunteers; those of a run part by part."""
    if row.subject_kind == RUN:
        for part, ids in enumerate(parts_of_run(run_id=row.subject_id, worker_kinds=UNPAID)):
            args = {"settlements": ids, "recorded_by": row.actor_id}
            enqueue(name=KEEP_PART, args=args, at=row.at, key=f"{KEEP_PART}:{row.subject_id}:{part}")
    else:
        _keep(int(row.data["visit"]), recorded_by=row.actor_id, at=row.at)


@job(KEEP_PART)
def keep_part(*, at: datetime, settlements: list[int], recorded_by: int) -> None:
    """Keep the visits of a part of a run."""
    for visit_id in Settlement.objects.filter(pk__in=settlements).order_by("pk").values_list("visit_id", flat=True):
        _keep(visit_id, recorded_by=recorded_by, at=at)


def _keep(visit_id: int, *, recorded_by: int, at: datetime) -> None:
    """Keep the visit as hours of its volunteer, once and while it is settled; paid carers have none."""
    visits = Visit.objects.select_related("worker", "appointment__order__item").filter(state=VisitState.SETTLED)
    visit = visits.filter(pk=visit_id, worker__kind__in=UNPAID, minutes__gt=0).first()
    volunteer = Volunteer.objects.filter(person_id=visit.worker.person_id).first() if visit else None
    if visit is None or volunteer is None or visit.ended_at is None:
        return
    known = HourRecord.objects.filter(visit_id=visit.pk).first()
    if known is None:
        known = HourRecord(
            volunteer=volunteer, visit_id=visit.pk, area_code=visit.area_code, origin=Origin.VISIT,
            title=visit.appointment.order.item.name[:60], day=localdate(visit.started_at), started_at=visit.started_at,
            ended_at=visit.ended_at, minutes=visit.minutes or 0, recorded_by=recorded_by,
        )  # fmt: skip
        HOURS.start(known, event="start", actor=SYSTEM, at=at, data={"visit": visit.pk})
    elif known.state == HourState.STRUCK:
        HOURS.move(known, "restore", actor=SYSTEM, at=at)
    if known.state != HourState.COUNTED:
        HOURS.move(known, "count", actor=SYSTEM, at=at, changes={"minutes": visit.minutes})


@handles("settlement.reverse")
def strike_visit(row: JournalEntry) -> None:
    """Strike the hours of a visit whose settlement was taken back."""
    visit_id = Settlement.objects.values_list("visit_id", flat=True).get(pk=row.subject_id)
    known = HourRecord.objects.filter(visit_id=visit_id, state=HourState.COUNTED).first()
    if known is not None:
        HOURS.move(known, "strike", actor=SYSTEM, at=row.at, changes={"verdict": "结算已冲正"})
