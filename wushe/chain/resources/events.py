"""What follows for resources when a need leaves the chain: its linkage ends and gives back what it took."""

from wushe.foundation.actor import SYSTEM
from wushe.foundation.journal.delivery import handles
from wushe.foundation.journal.models import JournalEntry

from .models import Linkage
from .services import end_linkage


@handles("need.close", "need.refer")
def release_linkage(entry: JournalEntry) -> None:
    """End the linkage of a closed or referred need; nothing happens the second time."""
    for linkage_id in Linkage.objects.filter(need_id=entry.subject_id, ended_at=None).values_list("pk", flat=True):
        release(linkage_id, entry)


def release(linkage_id: int, entry: JournalEntry) -> None:
    """End one linkage as the system, at the time of the event that caused it."""
    end_linkage(actor=SYSTEM, at=entry.at, linkage_id=linkage_id)
