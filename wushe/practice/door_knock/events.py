"""A need that is met finishes its line on the list of problems: nobody types the result a second time."""

from wushe.chain.needs.models import Need
from wushe.foundation.actor import SYSTEM
from wushe.foundation.journal.delivery import handles
from wushe.foundation.journal.models import JournalEntry

from .models import ListLine
from .workflow import LIST_LINE

_SAID = {"need.meet": "需求已满足，服务已验收。", "need.refer": "需求已转介。", "need.close": "需求已关闭。"}


@handles(*_SAID)
def finish_with_its_need(entry: JournalEntry) -> None:
    """Finish the lines of a need that has come to its end."""
    said = _SAID[entry.kind]
    outcome = Need.objects.filter(pk=entry.subject_id).values_list("outcome", flat=True).first() or ""
    for line in ListLine.objects.filter(need_id=entry.subject_id):
        if LIST_LINE.allows(line.state, "finish"):
            proof = f"{said}{outcome}"[:300]
            LIST_LINE.move(line, "finish", actor=SYSTEM, at=entry.at, changes={"proof": proof, "ended_at": entry.at})
