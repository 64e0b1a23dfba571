"""What settlement does when something happens below: an accepted visit is settled at once."""

from wushe.chain.visits.models import Visit, VisitState
from wushe.foundation.actor import SYSTEM
from wushe.foundation.journal.delivery import handles
from wushe.foundation.journal.models import JournalEntry

from .models import SettlementState
from .services import settle


@handles("check.accept")
def settle_accepted_visit(row: JournalEntry) -> None:
    """Settle the visit unless somebody has done so already; what was reversed since waits for a person."""
    visit_id = int(row.data["visit"])
    accepted = Visit.objects.filter(pk=visit_id, state=VisitState.ACCEPTED)
    if accepted.exclude(settlements__state=SettlementState.REVERSED).exists():
        settle(actor=SYSTEM, at=row.at, visit_id=visit_id)
