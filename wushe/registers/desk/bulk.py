"""One act on many rows: shown before it is done by doing it and taking it back, done in one transaction, undone for a while.

A preview therefore never promises what the act then refuses, and a row that refuses says so in the act's own words.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, Refusal
from wushe.foundation.journal.services import record
from wushe.foundation.scope import visible

from .declaration import BulkAct, Done, Register, Values, register_of
from .models import BulkChange
from .selectors import bulk_change_of, local_day

MOST_ROWS = 500
UNDO_MINUTES = 30


class TooLate(Conflict):
    """The time to undo is over, or it was undone already."""

    message = "已经超过可撤回的时间，或已经撤回过了；请逐条修改。"


class NothingChanged(Conflict):
    """Every row refused."""

    message = "选中的记录都没有变化，没有办理。"


@dataclass(slots=True)
class Outcome:
    """What became of the rows: those changed with before and after, those that refused and why."""

    changed: list[tuple[Any, Done]] = field(default_factory=list)
    refused: list[tuple[Any, str]] = field(default_factory=list)
    change: BulkChange | None = None


class _TakenBack(Exception):
    """Ends a preview: the transaction is rolled back, the outcome is kept."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__()


def preview_bulk(*, actor: Actor, at: datetime, register: str, act: str, ids: Iterable[int], values: Values) -> Outcome:
    """Return what an act would do to these rows; nothing stays changed. Raises what `apply_bulk` raises."""
    try:
        _try_out(actor=actor, at=at, register=register, act=act, ids=list(ids), values=values)
    except _TakenBack as end:
        return end.outcome
    raise AssertionError


@domain_call(None)
def _try_out(*, actor: Actor, at: datetime, register: str, act: str, ids: list[int], values: Values) -> None:
    known, wanted = _asked(actor, register, act)
    raise _TakenBack(_run(known, wanted, actor=actor, at=at, ids=ids, values=values))


@domain_call(None)
def apply_bulk(*, actor: Actor, at: datetime, register: str, act: str, ids: Iterable[int], values: Values) -> Outcome:
    """Do an act to each of these rows of the actor's scope; a row that refuses stays as it is and is named.

    Raises NotFound for an unknown register or act, NotAllowed without the permission, Invalid for no row or too many,
    NothingChanged if every row refuses.
    """
    known, wanted = _asked(actor, register, act)
    outcome = _run(known, wanted, actor=actor, at=at, ids=list(ids), values=values)
    if not outcome.changed:
        raise NothingChanged
    outcome.change = BulkChange.objects.create(
        register=register, act=act, values=_codes(values), user_id=actor.user_id, at=at,
        rows=[[row.pk, done.token] for row, done in outcome.changed],
    )  # fmt: skip
    data = {"register": register, "act": act, "rows": len(outcome.changed), "refused": len(outcome.refused)}
    record(kind="bulk.apply", subject=outcome.change, actor=actor, at=at, data=data)
    return outcome


@domain_call(None)
def undo_bulk(*, actor: Actor, at: datetime, change_id: int) -> Outcome:
    """Take back a bulk change of one's own, row by row; what was changed again since then stays and is named.

    Raises NotFound for another's, TooLate after half an hour or the second time.
    """
    change = bulk_change_of(actor=actor, change_id=change_id)
    known, wanted = _asked(actor, change.register, change.act)
    if at > change.at + timedelta(minutes=UNDO_MINUTES):
        raise TooLate
    if BulkChange.objects.filter(pk=change.pk, undone_at=None).update(undone_at=at) != 1:
        raise TooLate
    tokens: dict[int, Any] = {int(pk): token for pk, token in change.rows}

    def back(pk: int) -> Done:
        wanted.revert(actor, at, pk, tokens[pk])
        return Done("", "", None)

    # Not the rows of the list: the act itself may have taken them off it.
    everything = visible(known.model._default_manager.all(), actor)
    outcome = _each(known, everything, back, at=at, ids=list(tokens))
    outcome.change = change
    data = {"register": change.register, "act": change.act, "rows": len(outcome.changed)}
    record(kind="bulk.undo", subject=change, actor=actor, at=at, data=data)
    return outcome


def _asked(actor: Actor, register: str, act: str) -> tuple[Register, BulkAct]:
    known = register_of(register)
    actor.require(known.permission)
    wanted = known.act(act)
    actor.require(wanted.permission)
    return known, wanted


def _run(known: Register, wanted: BulkAct, *, actor: Actor, at: datetime, ids: list[int], values: Values) -> Outcome:
    if not ids:
        raise Invalid(fields={"rows": "请先勾选要办理的记录。"})
    if len(ids) > MOST_ROWS:
        raise Invalid(fields={"rows": f"一次最多办理{MOST_ROWS}条，请先缩小范围。"})
    listed = known.rows(actor, local_day(at))
    return _each(known, listed, lambda pk: wanted.apply(actor, at, pk, values), at=at, ids=ids)


def _each(
    known: Register, scope: "QuerySet[Any]", work: Callable[[int], Done], *, at: datetime, ids: list[int]
) -> Outcome:
    """Do the work on each row of the scope in a savepoint of its own."""
    rows = {row.pk: row for row in known.dress(scope, local_day(at)).filter(pk__in=ids)}
    outcome = Outcome()
    for pk in dict.fromkeys(ids):
        if pk not in rows:
            continue  # not in scope: as if it did not exist
        try:
            with transaction.atomic():
                outcome.changed.append((rows[pk], work(pk)))
        except Refusal as refusal:
            outcome.refused.append((rows[pk], refusal.message))
    return outcome


def _codes(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | bool | None) else str(value) for name, value in values.items()}
