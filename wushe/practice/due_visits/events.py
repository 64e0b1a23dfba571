"""A visit of the chain in which somebody was seen counts; death and leaving end the plan and every pair."""

from django.db.models import Q
from django.utils import timezone

from wushe.chain.visits.models import Visit
from wushe.foundation.actor import SYSTEM
from wushe.foundation.journal.delivery import handles
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.people.models import Person

from .models import Contact, Pair, PairEnd, PairState, PlanState, VisitPlan, Way
from .pairs import end as end_pair
from .visiting import end, note_contact

_ENDED = {"person.death": "已去世", "person.leave": "已迁出"}


@handles("visit.end", "visit.report")
def count_visit(entry: JournalEntry) -> None:
    """Count a visit at home as a contact, whatever it was for: the person was seen."""
    visit = Visit.objects.select_related("appointment__order", "worker__person").get(pk=entry.subject_id)
    plan = VisitPlan.objects.filter(
        person=visit.appointment.order.person_id, state__in=[PlanState.ACTIVE]
    ).first()  # fmt: skip
    if plan is None or Contact.objects.filter(visit_id=visit.pk).exists():
        return
    note_contact(
        plan, way=Way.SERVICE, answered=True, note="", on=timezone.localdate(visit.started_at), actor=SYSTEM,
        at=entry.at, visit_id=visit.pk, by_name=visit.worker.person.name,
    )  # fmt: skip


@handles(*_ENDED)
def end_with_the_person(entry: JournalEntry) -> None:
    """End the plan of somebody who has died or left, unless that was taken back in the meantime."""
    person = Person.with_merged.get(pk=entry.subject_id)
    if not (person.died_on or person.moved_out_on):
        return
    for plan in VisitPlan.objects.filter(person=person).exclude(state=PlanState.ENDED):
        end(plan, actor=SYSTEM, at=entry.at, reason=_ENDED[entry.kind])
    gone = PairEnd.DIED if person.died_on else PairEnd.MOVED
    for pair in Pair.objects.filter(Q(person=person) | Q(helper=person), state=PairState.STANDING):
        end_pair(pair, reason=gone, words=f"{person.name}{_ENDED[entry.kind]}", actor=SYSTEM, at=entry.at)
