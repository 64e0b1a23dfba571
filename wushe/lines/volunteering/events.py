"""What volunteering hears from the chain: a settled visit of a volunteer is an hour record, a reversed one is struck."""

from django.utils.timezone import localdate

from wushe.chain.settlement.models import Settlement
from wushe.chain.visits.models import Visit
from wushe.foundation.actor import SYSTEM
from wushe.foundation.journal.delivery import handles
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.volunteers.models import Volunteer
from wushe.registers.workforce.models import WorkerKind

from .models import HourRecord
from .states import HourState, Origin
from .workflow import HOURS

UNPAID = (WorkerKind.VOLUNTEER, WorkerKind.NEIGHBOUR)


@handles("settlement.settle")
def keep_visit(row: JournalEntry) -> None:
    """Keep the visit as hours of its volunteer, once; paid carers have none."""
    visits = Visit.objects.select_related("worker", "appointment__order__item")
    visit = visits.filter(pk=int(row.data["visit"]), worker__kind__in=UNPAID, minutes__gt=0).first()
    volunteer = Volunteer.objects.filter(person_id=visit.worker.person_id).first() if visit else None
    if visit is None or volunteer is None or visit.ended_at is None:
        return
    known = HourRecord.objects.filter(visit_id=visit.pk).first()
    if known is None:
        known = HourRecord(
            volunteer=volunteer, visit_id=visit.pk, area_code=visit.area_code, origin=Origin.VISIT,
            title=visit.appointment.order.item.name[:60], day=localdate(visit.started_at), started_at=visit.started_at,
            ended_at=visit.ended_at, minutes=visit.minutes or 0, recorded_by=row.actor_id,
        )  # fmt: skip
        HOURS.start(known, event="start", actor=SYSTEM, at=row.at, data={"visit": visit.pk})
    elif known.state == HourState.STRUCK:
        HOURS.move(known, "restore", actor=SYSTEM, at=row.at)
    if known.state != HourState.COUNTED:
        HOURS.move(known, "count", actor=SYSTEM, at=row.at, changes={"minutes": visit.minutes})


@handles("settlement.reverse")
def strike_visit(row: JournalEntry) -> None:
    """Strike the hours of a visit whose settlement was taken back."""
    visit_id = Settlement.objects.values_list("visit_id", flat=True).get(pk=row.subject_id)
    known = HourRecord.objects.filter(visit_id=visit_id, state=HourState.COUNTED).first()
    if known is not None:
        HOURS.move(known, "strike", actor=SYSTEM, at=row.at, changes={"verdict": "结算已冲正"})
