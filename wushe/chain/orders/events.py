"""What the chain learns from the register: a person has died or moved away."""

from wushe.foundation.actor import SYSTEM
from wushe.foundation.journal.delivery import handles
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.people.models import Person

from .ending import end_open_work

_REASONS = {"person.death": "服务对象去世", "person.leave": "服务对象已迁出"}


@handles(*_REASONS)
def end_work_for_person(entry: JournalEntry) -> None:
    """End what is still open, unless the death or departure was taken back in the meantime."""
    person = Person.with_merged.get(pk=entry.subject_id)
    if person.died_on or person.moved_out_on:
        end_open_work(actor=SYSTEM, at=entry.at, person_id=person.pk, reason=_REASONS[entry.kind])
