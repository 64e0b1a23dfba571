"""The proof that the journal is whole: every row is hashed again, and the outcome is itself journalled."""

from dataclasses import dataclass
from datetime import datetime

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.jobs.services import enqueue
from wushe.foundation.journal.models import Lane
from wushe.foundation.journal.services import Act, breaks, record_all

AT_ONCE = 20_000
JOB = "oversight.verify_journal"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many rows there are, and (lane, seq) of the first row of each chain that does not follow."""

    rows: int
    broken: list[tuple[int, int]]


@domain_call("journal:view")
def ask_verification(*, actor: Actor, at: datetime) -> Verdict | None:
    """Check the whole journal now, or in the background if it is long: then None is returned and the journal tells."""
    rows = _rows()
    if rows > AT_ONCE:
        enqueue(name=JOB, at=at, key=f"{JOB}@{at:%Y-%m-%dT%H:%M}")
        return None
    return keep_verdict(actor=actor, at=at, verdict=Verdict(rows, breaks()))


@domain_call("journal:view")
def keep_verdict(*, actor: Actor, at: datetime, verdict: Verdict) -> Verdict:
    """Journal the outcome of a check of the whole journal."""
    data = {"rows": verdict.rows, "broken": [list(place) for place in verdict.broken]}
    record_all([Act("journal.verify", "lane", 0, actor.area_code, actor, at, data)])
    return verdict


def check_all() -> Verdict:
    """Hash every row again and compare; writes nothing."""
    return Verdict(_rows(), breaks())


def _rows() -> int:
    return sum(Lane.objects.values_list("seq", flat=True))
