"""Corrections on request: the volunteer says what should stand, somebody at the desk answers, both stay on record.

民政部令第67号: a volunteer may ask for the correction of a record.
"""

from datetime import datetime

from django.db.models import QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.scope import obtain, visible

from .counting import publish, publish_back
from .models import Correction, HourRecord, Message
from .states import CorrectionState, HourState, Origin
from .telling import tell
from .workflow import CORRECTION

MOST_MINUTES = 24 * 60


@domain_call("volunteering:join")
def ask_correction(*, actor: Actor, at: datetime, record_id: int, minutes: int, words: str) -> Correction:
    """Ask that a record be put right. Raises NotFound for somebody else's, Conflict, Invalid beside the field."""
    row = obtain(HourRecord, actor, pk=record_id)
    if row.state not in {HourState.COUNTED, HourState.HELD} or row.origin == Origin.VISIT:
        raise Conflict("这段时长不能在这里更正，请联系组织者。")
    if row.corrections.filter(state=CorrectionState.ASKED).exists():
        raise Conflict("已经提出过更正，等组织者答复。")
    faults = {}
    if not 5 <= len(words := words.strip()) <= 200:
        faults["words"] = "请写明理由（5到200字）。"
    if not 1 <= minutes <= MOST_MINUTES or minutes == row.minutes:
        faults["minutes"] = faults["hours"] = "请填写与现在不同的时长。"
    if faults:
        raise Invalid(fields=faults)
    wish = Correction(record=row, minutes=minutes, words=words, before=row.minutes, asked_at=at, asked_by=actor.user_id)
    CORRECTION.start(wish, event="ask", actor=actor, at=at, data={"record": row.pk, "minutes": minutes})
    return wish


@domain_call("volunteering:organise")
def answer_correction(*, actor: Actor, at: datetime, correction_id: int, grant: bool, answer: str) -> Correction:
    """Put the record right or not, and say why; the volunteer is told.

    Raises NotFound, MoveNotAllowed, Invalid without words, Conflict if the record has changed since.
    """
    wish = obtain(Correction.objects.select_related("record__volunteer"), actor, pk=correction_id)
    if not 2 <= len(answer := answer.strip()) <= 120:
        raise Invalid(fields={"answer": "请写明答复（2到120字）。"})
    changes = {"answer": answer, "answered_at": at, "answered_by": actor.user_id}
    row = wish.record
    data = {"record": row.pk, "before": wish.before, "minutes": wish.minutes}
    CORRECTION.move(wish, "grant" if grant else "decline", actor=actor, at=at, changes=changes, data=data)
    if grant:
        still = HourRecord.objects.filter(pk=row.pk, minutes=wish.before, state=row.state)
        if not still.update(minutes=wish.minutes):
            raise Conflict("这段时长已经变动，请让志愿者重新申请。")
        if row.state == HourState.COUNTED:
            publish_back(row, actor=actor, at=at)
            row.refresh_from_db()
            publish(row, actor=actor, at=at)
    tell(volunteer_id=row.volunteer_id, kind=Message.Kind.CORRECTED, at=at, words=answer)
    return wish


def corrections(*, actor: Actor, waiting: bool = True) -> QuerySet[Correction]:
    """Return the corrections of the actor's scope that wait, or all, the oldest first."""
    actor.require("volunteering:view")
    rows = visible(Correction.objects.select_related("record__volunteer__person"), actor)
    return (rows.filter(state=CorrectionState.ASKED) if waiting else rows).order_by("pk")


def seen_correction(*, actor: Actor, correction_id: int) -> Correction:
    """Return one wish within the actor's scope; raise NotFound otherwise."""
    return obtain(Correction, actor, pk=correction_id)


def seen_record(*, actor: Actor, record_id: int) -> HourRecord:
    """Return one record within the actor's scope; raise NotFound otherwise."""
    return obtain(HourRecord, actor, pk=record_id)
