"""How reports of several phones about one door become one result. Pure: no database and no clock.

A report holds the whole of what its author knew and names the reports that it corrects (`after`). What nobody has
corrected are the heads. The result depends on the set of reports alone: not on the order of their arrival, nor on
how often they came, nor on any clock. Two heads that say different things are a conflict that a person settles by a
report after both. That somebody was not at home contradicts nothing: it is an attempt, and is counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

REACHED, NOBODY, NOT_REACHED = "reached", "nobody", "not_reached"
OUTCOMES = {REACHED: "走访到了", NOBODY: "没人在家", NOT_REACHED: "走访不到"}


@dataclass(frozen=True, slots=True)
class Sent:
    """One report as the rule sees it; `digest` stands for all that it says."""

    client_id: str
    after: frozenset[str]
    outcome: str
    digest: str


class Verdict(Enum):
    """What is done with a report that arrives."""

    NEW = "new"
    REPEATED = "repeated"
    REUSED = "reused"
    """Its number stands for another report: it is refused, and its phone keeps it and shows it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a set of reports says. `heads` are the reports that count: more than one only in a conflict."""

    state: str
    heads: tuple[str, ...]
    conflict: bool
    attempts: int
    awaited: frozenset[str]
    """Reports that others come after and that have not arrived yet."""


def verdict(known: Mapping[str, Sent], sent: Sent) -> Verdict:
    """Say what is done with a report, given those that have arrived about the same door."""
    before = known.get(sent.client_id)
    if before is None:
        return Verdict.NEW
    return Verdict.REPEATED if before.digest == sent.digest else Verdict.REUSED


def standing(reports: Iterable[Sent]) -> Standing:
    """Return what a set of reports says, in whatever order they are given."""
    known = {one.client_id: one for one in reports}
    corrected = frozenset().union(*(one.after for one in known.values())) if known else frozenset()
    heads = [one for one in known.values() if one.client_id not in corrected]
    attempts = sum(one.outcome == NOBODY for one in known.values())
    said = {(one.outcome, one.digest): one for one in sorted(heads, key=_backwards) if one.outcome != NOBODY}
    awaited = corrected - known.keys()
    if len(said) > 1:
        counting = tuple(sorted(one.client_id for one in said.values()))
        return Standing("conflict", counting, True, attempts, awaited)
    if said:
        (one,) = said.values()
        return Standing(one.outcome, (one.client_id,), False, attempts, awaited)
    missed = sorted(one.client_id for one in heads)
    return Standing(NOBODY if missed else "waiting", tuple(missed[:1]), False, attempts, awaited)


def _backwards(one: Sent) -> str:
    """Order heads so that of several that say the same the one with the least number is kept."""
    return "".join(chr(0x10FFFF - ord(letter)) for letter in one.client_id)
