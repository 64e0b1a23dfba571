"""Tickets for two records that may be one person: seen by either desk, decided by a person, a merge undone again."""

from datetime import datetime
from typing import Annotated

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import AreaCode, Body, Id, InPlace, WithReason, Words
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging
from wushe.registers.duplicates import merging, tickets
from wushe.registers.duplicates.models import Answer, Merge, Ticket, TicketState
from wushe.registers.duplicates.selectors import ticket_of
from wushe.registers.duplicates.selectors import tickets as tickets_of

router = Resource("疑似重复")


class TicketShown(Schema):
    """Two records, and in what they agree: the names of the signs, no value of either record."""

    id: int
    first_id: int
    second_id: int
    area_code: str
    other_area_code: str
    signs: list[str]
    grade: int
    state: str
    found_at: datetime
    asked_area_code: str
    question: str
    answer: str
    answer_words: str

    @staticmethod
    def resolve_signs(ticket: Ticket) -> list[str]:
        """Return in what the records agree."""
        return ticket.evidence.split()


class MergeShown(Schema):
    """A merge: the record that stays, and the one that became part of it."""

    id: int
    ticket_id: int
    undone_at: datetime | None


class TicketFilter(Schema):
    """What the tickets are narrowed to."""

    state: TicketState | None = None


class Question(Body):
    """Which of the two communities is asked, and what."""

    area_code: AreaCode
    question: Words


class Reply(Body):
    """What the community that was asked says."""

    answer: Annotated[Answer, InPlace]
    words: Words = ""


class Merging(Body):
    """Why the records are one person."""

    reason: Words = ""


@router.lists("/duplicates", "registers:view", item=TicketShown, name="ticket_list", summary="疑似重复")
def ticket_list(request: ApiRequest, where: Query[TicketFilter], paging: Query[Paging]) -> QuerySet[Ticket]:
    """List the tickets of the token's area."""
    return tickets_of(actor=request.actor, state=where.state or "")


@router.reads("/duplicates/{ticket_id}", "registers:view", gives=TicketShown, name="ticket", summary="一张疑似重复单")
def ticket(request: ApiRequest, ticket_id: Id) -> Ticket:
    """Show one ticket."""
    return ticket_of(actor=request.actor, ticket_id=ticket_id)


@router.acts("/duplicates/{ticket_id}/ask", "people:edit", gives=TicketShown, name="ticket_ask", summary="询问对方社区")
def ask(request: ApiRequest, ticket_id: Id, body: Question) -> Ticket:
    """Ask the desk of one of the two communities; the ticket waits for its answer."""
    return tickets.ask_desk(actor=request.actor, at=timezone.now(), ticket_id=ticket_id, **body.dict())


@router.acts(
    "/duplicates/{ticket_id}/answer", "people:edit", gives=TicketShown, name="ticket_answer", summary="答复询问"
)
def answer(request: ApiRequest, ticket_id: Id, body: Reply) -> Ticket:
    """Answer for the community that was asked."""
    return tickets.answer_question(actor=request.actor, at=timezone.now(), ticket_id=ticket_id, **body.dict())


@router.acts(
    "/duplicates/{ticket_id}/apart", "people:edit", gives=TicketShown, name="ticket_apart", summary="不是同一人"
)
def apart(request: ApiRequest, ticket_id: Id, body: WithReason) -> Ticket:
    """Decide that the records are two people."""
    return tickets.keep_apart(actor=request.actor, at=timezone.now(), ticket_id=ticket_id, reason=body.reason)


@router.acts(
    "/duplicates/{ticket_id}/reopen", "people:edit", gives=TicketShown, name="ticket_reopen", summary="重新核对"
)
def reopen(request: ApiRequest, ticket_id: Id) -> Ticket:
    """Take up again what had been decided as two people."""
    return tickets.reopen_ticket(actor=request.actor, at=timezone.now(), ticket_id=ticket_id)


@router.acts("/duplicates/{ticket_id}/merge", "people:edit", gives=MergeShown, name="ticket_merge", summary="合并")
def merge(request: ApiRequest, ticket_id: Id, body: Merging) -> Merge:
    """Merge the younger record into the older one, whose values stay."""
    return merging.merge_people(actor=request.actor, at=timezone.now(), ticket_id=ticket_id, reason=body.reason)


@router.acts(
    "/duplicates/{ticket_id}/unmerge", "people:edit", gives=MergeShown, name="ticket_unmerge", summary="撤销合并"
)
def unmerge(request: ApiRequest, ticket_id: Id) -> Merge:
    """Undo the merge of a ticket."""
    return merging.unmerge_people(actor=request.actor, at=timezone.now(), ticket_id=ticket_id)
