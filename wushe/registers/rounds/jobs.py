"""The long work of rounds in the background, with its progress, and the forgetting of old ones."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError

from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Conflict
from wushe.foundation.jobs.registry import job, scheduled

from .checking import actor_of
from .models import ImportRound, RoundState
from .reading.books import UnreadableFile
from .services import break_off, end_given_up, end_return, finish, forget_old_rounds, prepare_preview, show_preview
from .taking_back import take_all_back
from .workflow import ROUND
from .writing import WrittenMeanwhile, write_all

log = logging.getLogger(__name__)
_TELL_EVERY = 0.5
_BROKEN = "导入中断，台账里不会留下写了一半的表：已写入的会撤回。可以重新导入，或者放弃。"


class Teller:
    """Writes into the round how far the work is, twice a second at most."""

    def __init__(self, round_id: int) -> None:
        self._rows = ImportRound.objects.filter(pk=round_id)
        self._told = 0.0

    def checked(self, done: int, total: int) -> None:
        """Tell how many rows have been checked of how many; of none while the file is being read."""
        self._tell(rows_checked=done, **({"rows": total} if total else {}))

    def written(self, done: int) -> None:
        """Tell how many rows are ready to be written."""
        self._tell(rows_checked=done)

    def _tell(self, **columns: Any) -> None:
        if time.monotonic() - self._told > _TELL_EVERY:
            self._told = time.monotonic()
            self._rows.update(**columns)


@job("rounds.preview", long=True, attempts=3)
def preview(*, at: datetime, round_id: int) -> Callable[[], Any]:
    """Read and check an uploaded file."""
    round_ = ImportRound.objects.get(pk=round_id)
    if round_.state != RoundState.UPLOADED:
        return lambda: None
    actor = actor_of(round_)
    try:
        found = prepare_preview(round_, at=at, tell=Teller(round_id).checked)
    except UnreadableFile as fault:
        changes = {"message": fault.message[:300], "ended_at": at}
        return lambda: ROUND.move(round_, "reject", actor=actor, at=at, changes=changes)
    return lambda: show_preview(round_, found, actor=actor, at=at)


@job("rounds.commit", long=True, attempts=5)
def commit(*, at: datetime, round_id: int) -> Callable[[], Any]:
    """Write the rows of a round; after a kill go on where the last transaction ended."""
    round_ = ImportRound.objects.get(pk=round_id)
    if round_.state != RoundState.COMMITTING:
        return lambda: None
    actor = actor_of(round_)
    try:
        write_all(actor=actor, at=at, round_id=round_id, tell=Teller(round_id).written)
    except (DatabaseError, WrittenMeanwhile):
        raise  # the queue tries again: what stood in the way may be gone
    except Conflict as refusal:
        message = refusal.message
        return lambda: break_off(round_, actor=actor, at=at, message=message)
    except Exception:  # a fault of the program: the round must not stay in the air, and the journal of errors has it
        log.exception("round %s broke off", round_id)
        return lambda: break_off(round_, actor=actor, at=at, message=_BROKEN)
    return lambda: finish(round_, actor=actor, at=at)


@job("rounds.take_back", long=True, attempts=5)
def take_back(*, at: datetime, round_id: int) -> Callable[[], Any]:
    """Take a round out of its register; after a kill go on where the last transaction ended."""
    round_ = ImportRound.objects.get(pk=round_id)
    if round_.state != RoundState.RETURNING:
        return lambda: None
    actor = actor_of(round_)
    take_all_back(actor=actor, at=at, round_id=round_id)
    return lambda: end_return(round_, actor=actor, at=at)


@scheduled("rounds.end_given_up", every=timedelta(minutes=10))
def end_lost(*, at: datetime) -> int:
    """Bring rounds to an end whose work was given up."""
    return end_given_up(actor=SYSTEM, at=at)


@scheduled("rounds.forget_old", daily="03:20")
def forget(*, at: datetime) -> int:
    """Delete the rows of rounds that ended long ago."""
    return forget_old_rounds(actor=SYSTEM, at=at)
