"""What stands on a register ends on a day, keeps its history, and can be put back if that was a mistake."""

from datetime import date, datetime

from django.db import models

from wushe.foundation.actor import Actor
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record


def end_on(
    row: models.Model, field: str, day: date, *, kind: str, since: date | None, early: str, actor: Actor, at: datetime
) -> None:
    """Let a row end on a day; raise Invalid beside the field, in the words of `early`, before the day it began."""
    if since and day < since:
        raise Invalid(fields={field: early})
    setattr(row, field, day)
    row.save(update_fields=[field])
    record(kind=kind, subject=row, actor=actor, at=at, data={"day": str(day)})


def put_back(row: models.Model, field: str, *, kind: str, standing: str, actor: Actor, at: datetime) -> None:
    """Take back that a row ended; raise Conflict in the words of `standing` if it has not."""
    if getattr(row, field) is None:
        raise Conflict(standing)
    setattr(row, field, None)
    row.save(update_fields=[field])
    record(kind=kind, subject=row, actor=actor, at=at)
