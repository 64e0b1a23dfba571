"""What asks for a comparison at once: many residents have come in from a file, or a merge was made or undone."""

from wushe.foundation.jobs.services import enqueue
from wushe.foundation.journal.delivery import handles
from wushe.foundation.journal.models import JournalEntry

from .jobs import NAME


@handles("round.finish", "person.merge", "person.unmerge")
def compare_soon(entry: JournalEntry) -> None:
    """Ask for a comparison; the same journal row asks once."""
    enqueue(name=NAME, at=entry.at, key=f"{NAME}:{entry.lane_id}:{entry.seq}")
