"""Writing a round: its rows and the mark of how far it has come are one transaction, up to five thousand rows.

A round of that size is written whole or not at all. A larger one goes a thousand rows at a time, so that others get their turn
and few rows are held in memory. One that is killed goes on where it stopped, and the mark, moved by compare-and-set, lets
nobody write the same rows twice; one that fails is taken back whole (docs/adr/0004).
"""

from collections.abc import Callable
from datetime import datetime

from django.db.models import F

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict
from wushe.foundation.prepared import update_where
from wushe.foundation.small_cache import small_cache

from . import parts
from .checking import Checker, intake_of
from .intake.base import Intake
from .intake.trail import Trail
from .models import ImportRound, RoundPart
from .sheets.description import CREATE, REFUSE, SAME, UPDATE, Row

PARTS_AT_ONCE = 5
"""As many parts are one transaction if they are the whole round; of more each is its own."""
_COUNTER = {CREATE: "created", UPDATE: "updated", SAME: "unchanged", REFUSE: "refused"}

Prepared = list[tuple[RoundPart, list[Row]]]


class WrittenMeanwhile(Conflict):
    """Somebody else has written these rows."""

    message = "这份表正在由另一个窗口导入，请刷新后查看。"


def write_all(*, actor: Actor, at: datetime, round_id: int, tell: Callable[[int], None] | None = None) -> None:
    """Write what is left of a round, group by group; raise WrittenMeanwhile if another worker was first."""
    round_ = ImportRound.objects.get(pk=round_id)
    intake = intake_of(round_, at)
    check = Checker(intake, round_.layout)
    first, done = divmod(round_.rows_written, parts.ROWS)
    assert not done or round_.rows_written == round_.rows, "a mark stands at the end of a part"
    numbers = parts.row_parts(round_id, first=first) if round_.rows_written < round_.rows else []
    at_once = PARTS_AT_ONCE if round_.rows <= PARTS_AT_ONCE * parts.ROWS else 1
    with small_cache():
        for start in range(0, len(numbers), at_once):
            prepared = _prepared(round_id, numbers[start : start + at_once], check, intake, tell)
            write_group(actor=actor, at=at, round_=round_, intake=intake, prepared=prepared)


def _prepared(
    round_id: int, numbers: list[int], check: Checker, intake: Intake, tell: Callable[[int], None] | None
) -> Prepared:
    """Return some parts with their rows ready to be written: what needs no lock is done before the transaction."""
    prepared: Prepared = []
    for number in numbers:
        part = parts.part_of(round_id, number)
        prepared.append((part, _let_through(parts.unpacked(part), check, intake)))
        if tell:
            tell(number * parts.ROWS + len(prepared[-1][1]))
    return prepared


def _let_through(rows: list[Row], check: Checker, intake: Intake) -> list[Row]:
    """Return all rows, those that the preview let through read anew and made ready."""
    fresh = [row if row.outcome == REFUSE else Row(row.sheet, row.number, row.cells) for row in rows]
    accepted = [row for row in fresh if row.outcome != REFUSE]
    check.again(accepted)
    intake.prepare([row for row in accepted if not row.faults])
    return fresh


@domain_call(None)
def write_group(*, actor: Actor, at: datetime, round_: ImportRound, intake: Intake, prepared: Prepared) -> None:
    """Write the rows of some parts, what became of them, and the mark, in one transaction; raise WrittenMeanwhile.

    Records are looked for once more inside: since the preview somebody may have registered the same person.
    """
    count = sum(len(rows) for _, rows in prepared)
    start = round_.rows_written
    if update_where(ImportRound, {"pk": round_.pk, "rows_written": start}, {"rows_written": start + count}) != 1:
        raise WrittenMeanwhile
    intake.trail = Trail()
    before = dict.fromkeys(_COUNTER, 0)
    after = dict.fromkeys(_COUNTER, 0)
    for part, rows in prepared:
        for letter in part.outcomes.lower():
            before[letter] += 1
        accepted = [row for row in rows if row.outcome != REFUSE]
        intake.match([row for row in accepted if not row.faults])
        intake.decide(accepted)
        intake.write([row for row in accepted if row.outcome in (CREATE, UPDATE)])
        for row in rows:
            after[row.outcome] += 1
        parts.keep_again(part, rows)
    parts.keep_trail(round_.pk, prepared[0][0].number, intake.trail.steps)
    moved = {_COUNTER[x]: F(_COUNTER[x]) + after[x] - before[x] for x in _COUNTER if after[x] != before[x]}
    if moved:
        ImportRound.objects.filter(pk=round_.pk).update(**moved)
    round_.rows_written = start + count
