"""Count hours: whole minutes actually served; what looks wrong waits, what was typed waits for a second person.

What counts is published as `volunteering.hours`, what is taken back as `volunteering.hours_back`; other lines read it.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.timezone import localdate

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record as journal
from wushe.foundation.scope import obtain, visible
from wushe.registers.volunteers.models import Volunteer

from .models import HourRecord, Message
from .oddities import HOLDING, is_sampled, oddities_of
from .states import HourState, Oddity, Origin
from .telling import tell
from .workflow import HOURS

LONGEST_WORDS = 120
MINUTE = timedelta(minutes=1)


class SamePerson(Conflict):
    """Who typed the hours may not confirm them."""

    message = "这段时长是您补记或导入的，须由另一位工作人员核对。"


def finish(record: HourRecord, *, ended_at: datetime, actor: Actor, at: datetime, unsigned: bool = False) -> HourRecord:
    """Give a running record its end and let it count, wait or fall; `unsigned` marks that nobody signed out."""
    minutes = max(0, (ended_at - record.started_at) // MINUTE)
    record.ended_at, record.minutes = ended_at, minutes
    if not minutes:
        HOURS.move(record, "strike", actor=actor, at=at, changes={
            "ended_at": max(ended_at, record.started_at), "verdict": "不到一分钟", "minutes": 0,
        })  # fmt: skip
        return record
    odd = [*oddities_of(record), *([Oddity.NO_SIGN_OUT] if unsigned else [])]
    changes = {"ended_at": ended_at, "minutes": minutes, "oddities": " ".join(odd), "sampled": is_sampled(record)}
    said = {"volunteer": record.volunteer_id, "minutes": minutes, "odd": [str(one) for one in odd]}
    if HOLDING.intersection(odd):
        HOURS.move(record, "hold", actor=actor, at=at, changes=changes, data=said)
        return record
    return _count(record, changes, said, actor=actor, at=at)


@domain_call("volunteering:organise")
def type_hours(
    *, actor: Actor, at: datetime, volunteer_id: int, title: str, day: date, start: int, end: int, note: str
) -> HourRecord:
    """Type hours that nobody signed: they wait for a second person, and the mark stays.

    Raises NotFound, Invalid beside each field at fault.
    """
    volunteer = obtain(Volunteer.objects.filter(left_on=None).select_related("person"), actor, pk=volunteer_id)
    title, note = title.strip(), note.strip()
    checks = {
        "title": (2 <= len(title) <= 60, "请填写服务内容（2到60个字）。"),
        "day": (volunteer.registered_on <= day <= localdate(at), "日期应在注册之后、今天之前。"),
        "end": (0 <= start < end <= 24 * 60, "结束时间要晚于开始时间。"),
        "note": (5 <= len(note) <= 200, "请写明为什么没有签到、有谁可以证明（5到200字）。"),
    }
    if faults := {field: words for field, (right, words) in checks.items() if not right}:
        raise Invalid(fields=faults)
    midnight = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    began, ended = midnight + timedelta(minutes=start), midnight + timedelta(minutes=end)
    if ended > at:
        raise Invalid(fields={"end": "结束时间不能晚于现在。"})
    row = HourRecord(
        volunteer=volunteer, area_code=volunteer.area_code, origin=Origin.HAND, title=title, day=day, started_at=began,
        note=note, recorded_by=actor.user_id,
    )  # fmt: skip
    HOURS.start(row, event="type", actor=actor, at=at, data={"volunteer": volunteer.pk, "origin": Origin.HAND})
    row.ended_at, row.minutes = ended, end - start
    odd = oddities_of(row)
    changes = {"ended_at": ended, "minutes": end - start, "oddities": " ".join(odd)}
    HOURS.move(row, "hold", actor=actor, at=at, changes=changes, data={"minutes": end - start})
    return row


@domain_call("volunteering:organise")
def type_hours_of(*, actor: Actor, at: datetime, number: str, client_key: str = "", **what: Any) -> HourRecord:
    """Type hours of the volunteer with this number, once for a key; raise Invalid for an unknown one, and what type_hours raises."""
    volunteer = visible(Volunteer.objects.filter(left_on=None), actor).filter(number=number.strip()).first()
    if volunteer is None:
        raise Invalid(fields={"number": "本辖区没有这个编号的志愿者。"})

    def effect() -> dict[str, Any]:
        return {"record": type_hours(actor=actor, at=at, volunteer_id=volunteer.pk, **what).pk}

    body = {"volunteer": volunteer.pk, **what}
    answer = once(actor=actor, at=at, key=client_key, call="volunteering.type_hours", body=body, effect=effect)
    return HourRecord.objects.get(pk=answer["record"])


@domain_call("volunteering:organise")
def accept_hours(*, actor: Actor, at: datetime, record_id: int, verdict: str = "") -> HourRecord:
    """Let a record that waits count, or confirm one that was drawn for checking.

    Raises NotFound, SamePerson, Invalid for words that are too long, MoveNotAllowed.
    """
    row = obtain(HourRecord.objects.select_related("volunteer"), actor, pk=record_id)
    if actor.user_id == row.recorded_by and row.origin in {Origin.HAND, Origin.IMPORTED}:
        raise SamePerson
    checked = {"checked_by": actor.user_id, "checked_at": at, "verdict": _words(verdict, least=0)}
    if row.state == HourState.COUNTED and row.sampled and row.checked_by is None:
        HourRecord.objects.filter(pk=row.pk, checked_by=None).update(**checked)
        journal(kind="hours.check", subject=row, actor=actor, at=at)
        row.refresh_from_db()
        return row
    said = {"volunteer": row.volunteer_id, "minutes": row.minutes}
    return _count(row, checked, said, actor=actor, at=at)


@domain_call("volunteering:organise")
def strike_hours(*, actor: Actor, at: datetime, record_id: int, verdict: str) -> HourRecord:
    """Let a record not count, or take back one that did; the volunteer is told why.

    Raises NotFound, Invalid without a reason, MoveNotAllowed.
    """
    row = obtain(HourRecord, actor, pk=record_id)
    words = _words(verdict, least=2)
    counted = row.state == HourState.COUNTED
    changes = {"checked_by": actor.user_id, "checked_at": at, "verdict": words}
    if row.state == HourState.RUNNING:
        changes["ended_at"] = max(at, row.started_at)
    HOURS.move(row, "strike", actor=actor, at=at, changes=changes, data={"minutes": row.minutes})
    if counted:
        publish_back(row, actor=actor, at=at)
    tell(volunteer_id=row.volunteer_id, kind=Message.Kind.STRUCK, at=at, words=f"{row.title}：{words}")
    return row


def publish(record: HourRecord, *, actor: Actor, at: datetime) -> None:
    """Tell other lines that hours of a post count. Visits of the chain are published by their settlement already."""
    if record.origin not in {Origin.VISIT, Origin.IMPORTED}:
        journal(kind="volunteering.hours", subject=record, actor=actor, at=at, data=_told(record))


def publish_back(record: HourRecord, *, actor: Actor, at: datetime) -> None:
    """Tell other lines that hours of a post do not count after all."""
    if record.origin not in {Origin.VISIT, Origin.IMPORTED}:
        journal(kind="volunteering.hours_back", subject=record, actor=actor, at=at, data=_told(record))


def _told(record: HourRecord) -> dict[str, Any]:
    assert record.ended_at is not None
    team = record.sign_up.shift.activity.team_id if record.sign_up else None
    return {
        "record": record.pk, "volunteer": record.volunteer_id, "person": record.volunteer.person_id,
        "minutes": record.minutes, "day": record.day.isoformat(), "origin": record.origin, "team": team,
        "started_at": record.started_at.isoformat(), "ended_at": record.ended_at.isoformat(),
    }  # fmt: skip


def _count(
    record: HourRecord, changes: dict[str, Any], said: dict[str, Any], *, actor: Actor, at: datetime
) -> HourRecord:
    HOURS.move(record, "count", actor=actor, at=at, changes=changes, data=said)
    publish(record, actor=actor, at=at)
    tell(volunteer_id=record.volunteer_id, kind=Message.Kind.COUNTED, at=at, words=record.title)
    return record


def _words(text: str, *, least: int) -> str:
    text = text.strip()
    if not least <= len(text) <= LONGEST_WORDS:
        raise Invalid(fields={"verdict": f"请写明原因（{LONGEST_WORDS}字以内）。"})
    return text
