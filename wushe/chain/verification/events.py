"""What verification does when something happens below: an ended visit is checked, a low rating is followed."""

from wushe.foundation.actor import SYSTEM
from wushe.foundation.journal.delivery import handles
from wushe.foundation.journal.models import JournalEntry

from .call_backs import call_back_after_rating
from .services import open_check


@handles("visit.end")
def check_ended_visit(row: JournalEntry) -> None:
    """Open the check of a visit that has ended."""
    open_check(actor=SYSTEM, at=row.at, visit_id=row.subject_id)


@handles("visit.rate")
def follow_rating(row: JournalEntry) -> None:
    """Call the person back after a low rating."""
    call_back_after_rating(actor=SYSTEM, at=row.at, visit_id=row.subject_id, score=int(row.data["score"]))
