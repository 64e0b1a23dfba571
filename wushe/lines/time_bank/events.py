"""What the time bank does when work has been verified below or beside it: the time is brought in, or taken back."""

from datetime import datetime

from wushe.chain.settlement.models import Settlement, SettlementState
from wushe.chain.settlement.runs import RUN, parts_of_run
from wushe.foundation.actor import SYSTEM
from wushe.foundation.jobs.registry import job
from wushe.foundation.jobs.services import enqueue
from wushe.foundation.journal.delivery import handles
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.workforce.models import WorkerKind

from .earning import Work, credit, take_back
from .joining import join_accounts, part_accounts
from .states import Source

UNPAID = (WorkerKind.VOLUNTEER, WorkerKind.NEIGHBOUR)
BRING_IN_PART = "time_bank.bring_in_part"


def work_of(settlement: Settlement) -> Work | None:
    """Return the work of a settled visit; None if it was paid for, or no minute counts."""
    visit = settlement.visit
    if visit.worker.kind not in UNPAID or not settlement.paid_minutes:
        return None
    order = visit.appointment.order
    return Work(
        source=Source.VISIT, ref=visit.pk, serial=settlement.pk, person_id=visit.worker.person_id,
        started_at=visit.started_at, ended_at=visit.ended_at or visit.started_at, minutes=settlement.paid_minutes,
        title=order.item.name, beneficiary_ids=(order.person_id,),
    )  # fmt: skip


@handles("settlement.settle")
def bring_in_a_settled_visit(row: JournalEntry) -> None:
    """Credit the volunteers of settled visits, unless they have been reversed in the meantime; a run part by part."""
    if row.subject_kind == RUN:
        for part, ids in enumerate(parts_of_run(run_id=row.subject_id, worker_kinds=UNPAID)):
            key = f"{BRING_IN_PART}:{row.subject_id}:{part}"
            enqueue(name=BRING_IN_PART, args={"settlements": ids}, at=row.at, key=key)
    else:
        _bring_in([row.subject_id], at=row.at)


@job(BRING_IN_PART)
def bring_in_part(*, at: datetime, settlements: list[int]) -> None:
    """Credit the volunteers of a part of a run."""
    _bring_in(settlements, at=at)


def _bring_in(settlement_ids: list[int], *, at: datetime) -> None:
    settled = Settlement.objects.filter(pk__in=settlement_ids, state=SettlementState.SETTLED)
    for settlement in settled.select_related("visit__worker", "visit__appointment__order__item").order_by("pk"):
        if work := work_of(settlement):
            credit(actor=SYSTEM, at=at, work=work)


@handles("settlement.reverse")
def take_back_a_reversed_visit(row: JournalEntry) -> None:
    """Take back what the visit had brought in, unless it has been settled anew in the meantime."""
    settlement = Settlement.objects.filter(pk=row.subject_id).first()
    if settlement and not Settlement.objects.filter(visit=settlement.visit_id, state=SettlementState.SETTLED).exists():
        take_back(actor=SYSTEM, at=row.at, source=Source.VISIT, ref=settlement.visit_id)


@handles("volunteering.hours")
def bring_in_counted_hours(row: JournalEntry) -> None:
    """Credit hours of an activity or a post, unless they have been struck in the meantime."""
    if _last_said(row) != row.pk:
        return
    data = row.data
    work = Work(
        source=Source.HOURS, ref=row.subject_id, serial=row.pk, person_id=int(data["person"]),
        started_at=datetime.fromisoformat(data["started_at"]), ended_at=datetime.fromisoformat(data["ended_at"]),
        minutes=int(data["minutes"]), title="志愿活动", group=data.get("team") is not None,
    )  # fmt: skip
    credit(actor=SYSTEM, at=row.at, work=work)


@handles("volunteering.hours_back")
def take_back_struck_hours(row: JournalEntry) -> None:
    """Take back hours that turned out not to count."""
    if _last_said(row) == row.pk:
        take_back(actor=SYSTEM, at=row.at, source=Source.HOURS, ref=row.subject_id)


@handles("person.merge")
def join_the_second_account(row: JournalEntry) -> None:
    """Let somebody who turned out to be registered twice have one account."""
    join_accounts(actor=SYSTEM, at=row.at)


@handles("person.restored")
def part_the_accounts_again(row: JournalEntry) -> None:
    """Give a record that stands for itself again its account back."""
    part_accounts(actor=SYSTEM, at=row.at, person_id=row.subject_id)


def _last_said(row: JournalEntry) -> int:
    """Return the last row that says whether a record of hours counts: lanes may bring rows out of turn."""
    told = JournalEntry.objects.filter(
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        kind__in=["volunteering.hours", "volunteering.hours_back"],
    )
    return told.order_by("-at", "-pk").values_list("pk", flat=True)[0]
