"""Tickets: a desk decides for its own records; where the other record is another desk's, it asks, and both agree."""

from datetime import datetime

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid, NotAllowed
from wushe.foundation.scope import covers, obtain

from .models import Answer, Ticket
from .workflow import TICKET


class OtherDesk(NotAllowed):
    """One of the records lies outside the actor's area, and its desk has not agreed."""

    message = "另一条记录不在您的辖区，请先询问对方社区；对方确认后才能办理。"


@domain_call("people:edit")
def ask_desk(*, actor: Actor, at: datetime, ticket_id: int, area_code: str, question: str) -> Ticket:
    """Ask the desk of one of the two communities; the ticket waits for its answer.

    Raises NotFound out of scope, Invalid without a question or for a third community, MoveNotAllowed.
    """
    ticket = obtain(Ticket, actor, pk=ticket_id)
    faults = {}
    if area_code not in communities_of(ticket):
        faults["area_code"] = "请选择要询问的社区。"
    if not question.strip():
        faults["question"] = "请写明想问什么。"
    if faults:
        raise Invalid(fields=faults)
    changes = {"asked_area_code": area_code, "question": question.strip()[:300], "answer": "", "answer_words": ""}
    TICKET.move(ticket, "ask", actor=actor, at=at, changes=changes, data={"asked": area_code})
    return ticket


@domain_call("people:edit")
def answer_question(*, actor: Actor, at: datetime, ticket_id: int, answer: str, words: str = "") -> Ticket:
    """Answer for the community that was asked.

    Raises NotFound out of scope, OtherDesk for somebody else's question, Invalid for no answer, MoveNotAllowed.
    """
    ticket = obtain(Ticket, actor, pk=ticket_id)
    if answer not in Answer.values:
        raise Invalid(fields={"answer": "请选择答复。"})
    if ticket.asked_area_code and not covers(actor, ticket.asked_area_code):
        raise OtherDesk("这个问题问的是另一个社区，请等对方答复。")
    changes = {"answer": answer, "answer_words": words.strip()[:300]}
    TICKET.move(ticket, "answer", actor=actor, at=at, changes=changes, data={"answer": answer})
    return ticket


@domain_call("people:edit")
def keep_apart(*, actor: Actor, at: datetime, ticket_id: int, reason: str) -> Ticket:
    """Decide that the records are two people; they are not asked about again.

    Raises NotFound out of scope, OtherDesk unless the actor may decide for both places, Invalid without a reason,
    MoveNotAllowed.
    """
    ticket = obtain(Ticket, actor, pk=ticket_id)
    if not reason.strip():
        raise Invalid(fields={"reason": "请写明为什么不是同一人。"})
    require_both(actor, ticket, agreed=Answer.DIFFERENT)
    TICKET.move(ticket, "part", actor=actor, at=at, changes={"decided_at": at, "reason": reason.strip()[:300]})
    return ticket


@domain_call("people:edit")
def reopen_ticket(*, actor: Actor, at: datetime, ticket_id: int) -> Ticket:
    """Take up again what had been decided as two people; raise NotFound out of scope, OtherDesk, MoveNotAllowed."""
    ticket = obtain(Ticket, actor, pk=ticket_id)
    require_both(actor, ticket, agreed=Answer.DIFFERENT)
    TICKET.move(ticket, "reopen", actor=actor, at=at, changes={"decided_at": None, "reason": ""})
    return ticket


def communities_of(ticket: Ticket) -> list[str]:
    """Return the codes of the communities of both records."""
    return list(dict.fromkeys((ticket.area_code[:12], ticket.other_area_code[:12])))


def may_decide(actor: Actor, ticket: Ticket, *, agreed: str) -> bool:
    """Say whether the actor may decide: for both places, or because the other desk has said the same."""
    return all(covers(actor, code) for code in (ticket.area_code, ticket.other_area_code)) or ticket.answer == agreed


def require_both(actor: Actor, ticket: Ticket, *, agreed: str) -> None:
    """Raise OtherDesk unless the actor may decide."""
    if not may_decide(actor, ticket, agreed=agreed):
        raise OtherDesk
