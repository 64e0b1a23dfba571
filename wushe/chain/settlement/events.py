"""What settlement does when something happens below: an accepted visit is settled at once."""

from wushe.chain.visits.models import Visit, VisitState
from wushe.foundation.actor import SYSTEM
from wushe.foundation.journal.delivery import handles
from wushe.foundation.journal.models import JournalEntry

from .services import settle


@handles("check.accept")
def settle_accepted_visit(row: JournalEntry) -> None:
    """Settle the visit unless somebody has done so already."""
    visit_id = int(row.data["visit"])
    if Visit.objects.filter(pk=visit_id, state=VisitState.ACCEPTED).exists():
        settle(actor=SYSTEM, at=row.at, visit_id=visit_id)
