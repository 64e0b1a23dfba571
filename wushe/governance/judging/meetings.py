"""An open meeting is announced and held; each question becomes a need, is given to somebody by name, or is answered."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from wushe.chain.needs.models import Channel
from wushe.chain.needs.services import record_need
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import COMMUNITY, covers, obtain
from wushe.foundation.workdays.selectors import end_after_working_days
from wushe.registers.areas.selectors import area_at
from wushe.registers.desk.changes import amend
from wushe.registers.people.services import person_in_scope

from .models import OPEN, Meeting, MeetingState, Question
from .workflow import MEETING, QUESTION

RIGHT = "judging:keep"
LONGEST_PROMISE = timedelta(days=365)
_NUMBER = re.compile(r"\d{7,}")
MOST = {"title": 60, "place_name": 60, "host_name": 40, "subject": 60, "words": 1000, "asker_name": 40,
        "owner_name": 40, "answer": 1000, "note": 500}  # fmt: skip
_ASKED = {
    "title": "请写明议题（2到60个字）。", "place_name": "请写明在哪里开（2到60个字）。", "host_name": "请写明谁主持（2到40个字）。",
    "subject": "请写一句公开的问题（2到60个字）。", "words": "请记下居民的原话（2到1000个字）。",
    "owner_name": "请写明谁来负责（2到40个字）。", "answer": "请写清答复（2到1000个字）。",
}  # fmt: skip


@domain_call(RIGHT)
def announce_meeting(
    *, actor: Actor, at: datetime, area_code: str, title: str, place_name: str, starts_at: datetime, host_name: str,
    client_key: str = "",
) -> Meeting:  # fmt: skip
    """Announce an open meeting of a community; the same client key again gives the same one. Raises Invalid."""
    faults = _faults(title=title, place_name=place_name, host_name=host_name) | _place(actor, area_code, at)
    if faults:
        raise Invalid(fields=faults)
    meeting = Meeting(
        area_code=area_code, title=title.strip(), place_name=place_name.strip(), starts_at=starts_at,
        host_name=host_name.strip(),
    )  # fmt: skip

    def effect() -> dict[str, Any]:
        MEETING.start(meeting, event="announce", actor=actor, at=at)
        return {"meeting": meeting.pk}

    body = {"area": area_code, "title": meeting.title, "starts": starts_at.isoformat()}
    answer = once(actor=actor, at=at, key=client_key, call="judging.announce_meeting", body=body, effect=effect)
    return Meeting.objects.get(pk=answer["meeting"])


@domain_call(RIGHT)
def change_meeting(*, actor: Actor, at: datetime, meeting_id: int, changes: Mapping[str, Any]) -> Meeting:
    """Change what an announced meeting says; raises NotFound, Invalid, Conflict once it was held or called off."""
    meeting = obtain(Meeting, actor, pk=meeting_id)
    if meeting.state != MeetingState.ANNOUNCED:
        raise Conflict("开过或取消的会不能再改。")
    faults = _faults(**{name: value for name, value in changes.items() if name in _ASKED})
    if "area_code" in changes:
        faults |= _place(actor, changes["area_code"], at)
    if faults:
        raise Invalid(fields=faults)
    if said := amend(meeting, changes):
        meeting.save(update_fields=list(changes))
        record(kind="meeting.amend", subject=meeting, actor=actor, at=at, data=said)
    return meeting


@domain_call(RIGHT)
def hold_meeting(*, actor: Actor, at: datetime, meeting_id: int, present: int, note: str = "") -> Meeting:
    """Say that a meeting took place and how many came; raises NotFound, Invalid before its hour, MoveNotAllowed."""
    meeting = obtain(Meeting, actor, pk=meeting_id)
    if meeting.starts_at > at:
        raise Invalid("还没到开会时间。时间改了请先修改公告。")
    if not 1 <= present <= 100_000:
        raise Invalid(fields={"present": "请填写到场的居民人数。"})
    MEETING.move(
        meeting, "hold", actor=actor, at=at, changes={"present": present, "note": note.strip()[: MOST["note"]]}
    )
    return meeting


@domain_call(RIGHT)
def call_off(*, actor: Actor, at: datetime, meeting_id: int, note: str) -> Meeting:
    """Call an announced meeting off and say why; raises NotFound, Invalid, MoveNotAllowed."""
    meeting = obtain(Meeting, actor, pk=meeting_id)
    if not note.strip():
        raise Invalid(fields={"note": "请写明为什么取消，居民会看到。"})
    MEETING.move(meeting, "call_off", actor=actor, at=at, changes={"note": note.strip()[: MOST["note"]]})
    return meeting


@domain_call(RIGHT)
def ask_question(
    *, actor: Actor, at: datetime, meeting_id: int, subject: str, words: str, asker_name: str = "", client_key: str = ""
) -> Question:
    """Write down what was asked at a meeting; until somebody takes it, the host answers for it by name.

    It falls due by the reply preset in working days. Raises NotFound, Invalid, Conflict for a meeting called off.
    """
    meeting = obtain(Meeting, actor, pk=meeting_id)
    if meeting.state == MeetingState.CALLED_OFF:
        raise Conflict("这次会已经取消，不能登记提问。")
    faults = _faults(subject=subject, words=words) | _public(subject=subject)
    if faults:
        raise Invalid(fields=faults)
    days = preset("needs.reply.deadline", area_code=meeting.area_code, on=timezone.localdate(at))
    due = end_after_working_days(at=at, count=int(days), area_code=meeting.area_code)
    question = Question(
        meeting=meeting, area_code=meeting.area_code, subject=subject.strip(), words=words.strip(), asked_at=at,
        asker_name=asker_name.strip()[: MOST["asker_name"]], owner_name=meeting.host_name, due_on=timezone.localdate(due),
    )  # fmt: skip

    def effect() -> dict[str, Any]:
        QUESTION.start(question, event="ask", actor=actor, at=at, data={"meeting": meeting.pk})
        return {"question": question.pk}

    body = {"meeting": meeting.pk, "subject": question.subject, "words": question.words}
    answer = once(actor=actor, at=at, key=client_key, call="judging.ask_question", body=body, effect=effect)
    return Question.objects.get(pk=answer["question"])


@domain_call(RIGHT)
def change_question(*, actor: Actor, at: datetime, question_id: int, changes: Mapping[str, Any]) -> Question:
    """Put the public words of a question right while it is open; raises NotFound, Invalid, Conflict."""
    question, subject = obtain(Question, actor, pk=question_id), str(changes.get("subject", ""))
    if question.state not in OPEN:
        raise Conflict("答复以后问题不能再改。")
    if subject and (faults := _faults(subject=subject) | _public(subject=subject)):
        raise Invalid(fields=faults)
    if subject and (said := amend(question, {"subject": subject.strip()})):
        question.save(update_fields=["subject"])
        record(kind="question.amend", subject=question, actor=actor, at=at, data=said)
    return question


@domain_call(RIGHT)
def raise_question(
    *, actor: Actor, at: datetime, question_id: int, person_id: int, owner_name: str, due_on: date
) -> Question:
    """Make a need of a question, in the one queue and with its channel kept; its answer is still owed to everybody.

    Raises NotFound, Invalid, MoveNotAllowed.
    """
    question, person = obtain(Question, actor, pk=question_id), person_in_scope(actor=actor, person_id=person_id)
    changes = _promise(owner_name, due_on, at)
    QUESTION.edge(question.state, "raise")
    need = record_need(actor=actor, at=at, person_id=person.pk, channel=Channel.MEETING, words=question.words)
    told = {**changes, "need": need, "person": person}
    QUESTION.move(question, "raise", actor=actor, at=at, changes=told, data={"need": need.pk, "due": str(due_on)})
    return question


@domain_call(RIGHT)
def take_question(*, actor: Actor, at: datetime, question_id: int, owner_name: str, due_on: date) -> Question:
    """Give a question to somebody by name with a day; from then on everybody sees both.

    Raises NotFound, Invalid, MoveNotAllowed.
    """
    question = obtain(Question, actor, pk=question_id)
    changes, event = (
        _promise(owner_name, due_on, at),
        "hand_on" if QUESTION.allows(question.state, "hand_on") else "take",
    )
    was = {"owed_by": str(question.due_on), "due": str(due_on)}
    QUESTION.move(question, event, actor=actor, at=at, changes=changes, data=was)
    return question


@domain_call(RIGHT)
def answer_question(*, actor: Actor, at: datetime, question_id: int, owner_name: str, answer: str) -> Question:
    """Publish the answer under a name; raises NotFound, Invalid, MoveNotAllowed."""
    question = obtain(Question, actor, pk=question_id)
    faults = _faults(owner_name=owner_name, answer=answer) | _public(answer=answer)
    if faults:
        raise Invalid(fields=faults)
    changes = {"owner_name": owner_name.strip(), "answer": answer.strip(), "answered_at": at}
    QUESTION.move(question, "answer", actor=actor, at=at, changes=changes)
    return question


@domain_call(RIGHT)
def decline_question(*, actor: Actor, at: datetime, question_id: int, answer: str) -> Question:
    """Keep a question off the public page, with the reason on record; raises NotFound, Invalid, MoveNotAllowed."""
    question = obtain(Question, actor, pk=question_id)
    if faults := _faults(answer=answer):
        raise Invalid(fields=faults)
    QUESTION.move(question, "decline", actor=actor, at=at, changes={"answer": answer.strip(), "answered_at": at})
    return question


def _promise(owner_name: str, due_on: date, at: datetime) -> dict[str, Any]:
    faults, today = _faults(owner_name=owner_name), timezone.localdate(at)
    if not today <= due_on <= today + LONGEST_PROMISE:
        faults["due_on"] = "答复期限从今天起，最长一年。"
    if faults:
        raise Invalid(fields=faults)
    return {"owner_name": owner_name.strip(), "due_on": due_on}


def _faults(**given: str) -> dict[str, str]:
    return {name: _ASKED[name] for name, text in given.items() if not 2 <= len(text.strip()) <= MOST[name]}


def _public(**given: str) -> dict[str, str]:
    """Refuse a telephone or ID number where everybody reads it."""
    return {name: "这里会公开，不要写电话、证件号码。" for name, text in given.items() if _NUMBER.search(text)}


def _place(actor: Actor, code: str, at: datetime) -> dict[str, str]:
    right = len(code) == COMMUNITY and covers(actor, code) and area_at(code=code, on=timezone.localdate(at)) is not None
    return {} if right else {"area_code": "请选择本辖区内的社区（村）。"}
