"""Keep a child's file, and let it be read only with leave: each answer that shows it leaves exactly one reading."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotAllowed
from wushe.foundation.journal.services import record
from wushe.foundation.protected import open_bytes, seal_bytes
from wushe.foundation.scope import obtain, visible
from wushe.registers.people.models import Person

from .models import ChildRecord, Group, Leave, LeaveState, Note, Reading
from .reporting import LONGEST, SEAL
from .workflow import LEAVE

OF_AGE = 18
HOURS = (2, 24, 72)
"""For how long leave may be given: an errand, a day, a case conference with its follow-up."""


class NoLeave(NotAllowed):
    """Nobody has allowed this account to read the file, or the leave has run out."""

    message = "您还没有获准查看这份档案，或者批准已经到期。请先申请。"


class ReadBefore(Conflict):
    """This look has been recorded already; whoever wants to look again asks again."""

    message = "这次查看已经记录过了，要再看请重新点“查看”。"


class OwnWish(Conflict):
    """Nobody gives leave to oneself."""

    message = "不能批准自己的申请，请由另一位负责人批准。"


@dataclass(frozen=True, slots=True)
class OpenedRecord:
    """A file in plain."""

    record: ChildRecord
    notes: list[tuple[Note, str]]


@domain_call("children:keep")
def begin_record(*, actor: Actor, at: datetime, name: str, born_on: date, group: str, words: str) -> ChildRecord:
    """Begin the file of a child of the register; raise Invalid beside each field at fault, Conflict if there is one."""
    faults = {}
    if group not in Group.values:
        faults["group"] = "请选择类别。"
    if not words.strip() or len(words) > LONGEST:
        faults["words"] = f"请写下基本情况，最多{LONGEST}字。"
    found = list(visible(Person.objects.filter(name=name.strip(), born_on=born_on), actor)[:2])
    if len(found) != 1:
        faults["name"] = "登记册里没有找到这个孩子，或者有几个同名同生日的，请先核对居民登记册。"
    elif not is_minor(found[0], at):
        faults["born_on"] = "已满18周岁，不再建儿童档案。"
    if faults:
        raise Invalid(fields=faults)
    child = ChildRecord(person=found[0], area_code=found[0].area_code, group=group, begun_at=at, begun_by=actor.user_id)
    try:
        with transaction.atomic():
            child.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("这个孩子已经有档案。") from error
    record(kind="child_record.begin", subject=child, actor=actor, at=at, data={"group": group})
    _write(actor, at, child, words)
    return child


@domain_call("children:keep")
def write_note(*, actor: Actor, at: datetime, record_id: int, words: str) -> Note:
    """Write something into a file, which does not open it; raise NotFound, Invalid."""
    child = obtain(ChildRecord, actor, pk=record_id)
    if not words.strip() or len(words) > LONGEST:
        raise Invalid(fields={"words": f"请写下情况，最多{LONGEST}字。"})
    return _write(actor, at, child, words)


@domain_call("children:read")
def ask_leave(*, actor: Actor, at: datetime, record_id: int, reason: str) -> Leave:
    """Ask to read a file; raise NotFound, Invalid without a reason, Conflict while the same wish waits."""
    child, reason = obtain(ChildRecord, actor, pk=record_id), reason.strip()
    if not reason or len(reason) > 200:
        raise Invalid(fields={"reason": "请写明为什么要看，最多200字。"})
    if child.leaves.filter(user_id=actor.user_id, state=LeaveState.ASKED).exists():
        raise Conflict("您已经申请过，正在等待批准。")
    leave = Leave(record=child, user_id=actor.user_id, reason=reason, asked_at=at)
    LEAVE.start(leave, event="ask", actor=actor, at=at, data={"record": child.pk})
    return leave


@domain_call("children:approve")
def grant_leave(*, actor: Actor, at: datetime, leave_id: int, hours: int) -> Leave:
    """Let somebody read a file for some hours; raise NotFound, Invalid, OwnWish, Conflict for what is decided."""
    leave = _others_wish(actor, leave_id)
    if hours not in HOURS:
        raise Invalid(fields={"hours": "请选择批准多久。"})
    until = at + timedelta(hours=hours)
    changes = {"decided_at": at, "decided_by": actor.user_id, "expires_at": until}
    LEAVE.move(leave, "grant", actor=actor, at=at, changes=changes, data={"until": until.isoformat()})
    return leave


@domain_call("children:approve")
def refuse_leave(*, actor: Actor, at: datetime, leave_id: int) -> Leave:
    """Do not let somebody read a file; raises what grant_leave raises."""
    leave = _others_wish(actor, leave_id)
    LEAVE.move(leave, "refuse", actor=actor, at=at, changes={"decided_at": at, "decided_by": actor.user_id})
    return leave


@domain_call("children:approve")
def end_leave(*, actor: Actor, at: datetime, leave_id: int) -> Leave:
    """Take leave back before it runs out; raise NotFound, Conflict."""
    leave = obtain(Leave, actor, pk=leave_id)
    LEAVE.move(leave, "end", actor=actor, at=at, changes={"expires_at": at})
    return leave


@domain_call("children:read")
def read_record(*, actor: Actor, at: datetime, record_id: int, key: UUID) -> OpenedRecord:
    """Open a file once; raise NotFound, NoLeave, and ReadBefore for a look that was shown and recorded before."""
    child = obtain(ChildRecord.objects.select_related("person"), actor, pk=record_id)
    # Held, so that leave that is being taken back is either over before this look or ends after it.
    standing = child.leaves.select_for_update().filter(
        user_id=actor.user_id, state=LeaveState.GRANTED, expires_at__gt=at
    )
    leave = standing.order_by("-expires_at").first()
    if leave is None:
        raise NoLeave
    try:
        with transaction.atomic():
            reading = Reading.objects.create(record=child, leave=leave, key=key, user_id=actor.user_id, read_at=at)
    except IntegrityError as error:
        raise ReadBefore from error
    record(kind="child_record.read", subject=child, actor=actor, at=at, data={"reading": reading.pk, "leave": leave.pk})
    notes = [(note, open_bytes(bytes(note.words), kind=SEAL).decode()) for note in child.notes.order_by("pk")]
    return OpenedRecord(child, notes)


def is_minor(person: Person, at: datetime) -> bool:
    """Say whether somebody is not of age yet."""
    today, born = timezone.localdate(at), person.born_on
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) < OF_AGE


def _write(actor: Actor, at: datetime, child: ChildRecord, words: str) -> Note:
    sealed = seal_bytes(words.strip().encode(), kind=SEAL)
    note = Note.objects.create(record=child, words=sealed, written_at=at, written_by=actor.user_id)
    record(kind="child_record.write", subject=child, actor=actor, at=at, data={"note": note.pk})
    return note


def _others_wish(actor: Actor, leave_id: int) -> Leave:
    leave = obtain(Leave, actor, pk=leave_id)
    if leave.user_id == actor.user_id:
        raise OwnWish
    return leave
