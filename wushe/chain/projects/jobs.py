"""Regular work on projects: material that is late without an excuse fails each morning."""

from datetime import datetime

from wushe.foundation.actor import SYSTEM
from wushe.foundation.jobs.registry import scheduled

from .reporting import fail_late_reports


@scheduled("projects.fail_late_reports", daily="00:20")
def fail_late(*, at: datetime) -> int:
    """Fail what was due yesterday; return how many."""
    return fail_late_reports(actor=SYSTEM, at=at)
