"""A lead is sent in a minute; the desk makes a need of it, joins it to one, or closes it, and always answers the scout."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from wushe.chain.needs.models import Channel, Need
from wushe.chain.needs.services import record_need
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.scope import COMMUNITY, covers, obtain
from wushe.registers.areas.selectors import area_at
from wushe.registers.desk.changes import amend
from wushe.registers.people.services import person_in_scope
from wushe.registers.workforce.models import Worker

from .models import Lead, LeadState
from .selectors import alike, needs_at_home
from .workflow import LEAD

RIGHT = "scouts:answer"
MOST_WORDS, LEAST_WORDS = 500, 5
NO_PLACE = "请选择本辖区内的社区（村）。"


@domain_call("scouts:send")
def send_lead(*, actor: Actor, at: datetime, words: str, client_key: str = "") -> Lead:
    """Send a lead from the scout's own phone; the same client key again gives the same lead.

    It stands in the community where the scout is registered. Raises NotFound for who is in no register, Invalid.
    """
    scout = Worker.objects.select_related("person").filter(pk=actor.holder_id or 0).first()
    if scout is None:
        raise NotFound
    lead = Lead(area_code=scout.area_code, scout=scout, scout_name=scout.person.name[:40])
    return _start(lead, words, client_key, actor=actor, at=at)


@domain_call(RIGHT)
def enter_lead(
    *, actor: Actor, at: datetime, area_code: str, scout_name: str, words: str, client_key: str = ""
) -> Lead:
    """Enter what a scout said by telephone or in passing; raises Invalid beside each field at fault."""
    faults = {}
    if not _is_community(actor, area_code, at):
        faults["area_code"] = NO_PLACE
    if not 2 <= len(scout_name.strip()) <= 40:
        faults["scout_name"] = "请填写是谁发现的（2到40个字）。"
    if faults:
        raise Invalid(fields=faults | _faults(words))
    return _start(Lead(area_code=area_code, scout_name=scout_name.strip()), words, client_key, actor=actor, at=at)


@domain_call(RIGHT)
def move_lead(*, actor: Actor, at: datetime, lead_id: int, changes: Mapping[str, Any]) -> Lead:
    """Put a lead that waits into another community of the actor's area; its words stay the scout's.

    Raises NotFound, Invalid, Conflict once it is answered.
    """
    lead = obtain(Lead, actor, pk=lead_id)
    if lead.state != LeadState.SENT:
        raise Conflict("已经处理过的线索不能再改。")
    where = changes.get("area_code", lead.area_code)
    if not _is_community(actor, where, at):
        raise Invalid(fields={"area_code": NO_PLACE})
    if said := amend(lead, {"area_code": where}):
        lead.save(update_fields=["area_code"])
        record(kind="lead.place", subject=lead, actor=actor, at=at, data=said)
    return lead


@domain_call(RIGHT)
def raise_lead(*, actor: Actor, at: datetime, lead_id: int, person_id: int, answer: str, apart: bool = False) -> Lead:
    """Make a need of a lead, in the one queue and with its channel kept.

    Raises NotFound, MoveNotAllowed, Invalid without an answer, and beside `apart` while a need of the same home is
    likely the same and nobody has said that it is not.
    """
    lead, words = obtain(Lead, actor, pk=lead_id), _answer(answer)
    person = person_in_scope(actor=actor, person_id=person_id)
    if not apart and (same := alike(lead=lead, person=person, at=at)):
        numbers = "、".join(f"需求 {one.need.pk}（{one.why}）" for one in same[:3])
        raise Invalid(
            fields={"apart": f"可能已经登记过：{numbers}。是同一件事请用“并入已有需求”；不是就勾选后再提交。"}
        )
    LEAD.edge(lead.state, "raise")
    need = record_need(actor=actor, at=at, person_id=person.pk, channel=Channel.SCOUT, words=lead.words)
    _move(lead, "raise", words, need=need, actor=actor, at=at)
    return lead


@domain_call(RIGHT)
def join_lead(*, actor: Actor, at: datetime, lead_id: int, person_id: int, need_id: int, answer: str) -> Lead:
    """Join a lead to an open need of the same home; raises NotFound, MoveNotAllowed, Invalid."""
    lead, words = obtain(Lead, actor, pk=lead_id), _answer(answer)
    person = person_in_scope(actor=actor, person_id=person_id)
    need = needs_at_home(person=person).filter(pk=need_id).first()
    if need is None:
        raise Invalid(fields={"need_id": "请选择这位居民或同一家庭还没办完的需求。"})
    _move(lead, "join", words, need=need, actor=actor, at=at)
    return lead


@domain_call(RIGHT)
def close_lead(*, actor: Actor, at: datetime, lead_id: int, answer: str) -> Lead:
    """Close a lead that is no need, and say why; raises NotFound, Invalid without a reason, MoveNotAllowed."""
    lead = obtain(Lead, actor, pk=lead_id)
    _move(lead, "close", _answer(answer), need=None, actor=actor, at=at)
    return lead


def _start(lead: Lead, words: str, client_key: str, *, actor: Actor, at: datetime) -> Lead:
    if faults := _faults(words):
        raise Invalid(fields=faults)
    lead.words, lead.sent_at, lead.sent_by = words.strip(), at, actor.user_id

    def effect() -> dict[str, Any]:
        LEAD.start(lead, event="send", actor=actor, at=at, data={"by_desk": lead.scout_id is None})
        return {"lead": lead.pk}

    body = {"words": lead.words, "area": lead.area_code}
    answer = once(actor=actor, at=at, key=client_key, call="scouts.send_lead", body=body, effect=effect)
    return Lead.objects.get(pk=answer["lead"])


def _move(lead: Lead, event: str, answer: str, *, need: Need | None, actor: Actor, at: datetime) -> None:
    told = {"need": need, "answer": answer, "answered_at": at, "answered_by": actor.user_id}
    LEAD.move(lead, event, actor=actor, at=at, changes=told, data={"need": need.pk} if need else {"reason": answer})


def _answer(text: str) -> str:
    if not 2 <= len(text := text.strip()) <= 200:
        raise Invalid(fields={"answer": "请写一句给排困员的反馈（2到200字）。"})
    return text


def _is_community(actor: Actor, code: str, at: datetime) -> bool:
    right = len(code) == COMMUNITY and covers(actor, code)
    return right and area_at(code=code, on=timezone.localdate(at)) is not None


def _faults(words: str) -> dict[str, str]:
    right = LEAST_WORDS <= len(words.strip()) <= MOST_WORDS
    return {} if right else {"words": f"请写清什么人、在哪里、有什么难处（{LEAST_WORDS}到{MOST_WORDS}字）。"}
