"""Regular work on needs: triage learns each night from what the desk has decided."""

from datetime import datetime

from wushe.foundation.actor import SYSTEM
from wushe.foundation.jobs.registry import scheduled

from .triage.teaching import refit_triage


@scheduled("needs.refit_triage", daily="02:10")
def refit(*, at: datetime) -> int:
    """Count the desk's choices anew; return how many were learnt from, 0 if nothing was new."""
    lesson = refit_triage(actor=SYSTEM, at=at)
    return lesson.examples if lesson else 0
