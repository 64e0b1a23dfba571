"""A line of a statement is disputed by its organisation, answered by a clerk and decided by another person."""

from datetime import datetime, timedelta

from django.utils import timezone

from wushe.chain.settlement.models import SettlementState
from wushe.chain.settlement.services import reverse
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, SecondPerson
from wushe.foundation.presets.selectors import preset
from wushe.foundation.refusals import refusals_noted
from wushe.foundation.saying import said
from wushe.foundation.scope import obtain

from .models import Dispute, Statement, StatementLine
from .statements import put_right
from .states import LineKind, StatementState
from .workflow import DISPUTE


class TooLate(Conflict):
    """A statement that was agreed is not disputed any more."""

    message = "对账单已经确认，不能再提异议；确有错误的，请联系结算员冲正。"


class AlreadyDisputed(Conflict):
    """A line has one open dispute at a time, and one that was decided stays decided."""

    message = "这一笔已经提过异议，不能重复提。"


@refusals_noted("pay_dispute", "line_id")
@domain_call("payments:agree")
def open_dispute(*, actor: Actor, at: datetime, line_id: int, reason: str) -> Dispute:
    """Say that a line is wrong; raise NotFound, Invalid, TooLate, AlreadyDisputed."""
    line = obtain(StatementLine.objects.select_related("statement"), actor, pk=line_id)
    statement = Statement.objects.select_for_update().get(pk=line.statement_id)
    words = said(reason, "reason")
    if statement.state != StatementState.ISSUED:
        raise TooLate
    if line.kind != LineKind.EARNED or not line.counts or line.disputes.exclude(state="withdrawn").exists():
        raise AlreadyDisputed
    today = timezone.localdate(at)
    days = int(preset("payments.dispute.answer_days", area_code=statement.area_code, on=today))
    dispute = Dispute(
        line=line, reason=words, opened_by=actor.user_id, opened_at=at, due_on=today + timedelta(days=days)
    )
    DISPUTE.start(dispute, event="open", actor=actor, at=at, data={"line": line.pk, "statement": statement.pk})
    return dispute


@refusals_noted("pay_dispute", "dispute_id")
@domain_call("payments:prepare")
def answer_dispute(*, actor: Actor, at: datetime, dispute_id: int, answer: str) -> Dispute:
    """Answer a dispute; raise NotFound, Invalid, MoveNotAllowed."""
    dispute = _dispute(actor, dispute_id)
    changes = {"answer": said(answer, "answer"), "answered_by": actor.user_id}
    DISPUTE.move(dispute, "answer", actor=actor, at=at, changes=changes)
    return dispute


@refusals_noted("pay_dispute", "dispute_id")
@domain_call("payments:agree")
def withdraw_dispute(*, actor: Actor, at: datetime, dispute_id: int) -> Dispute:
    """Take a dispute back, as the organisation; raise NotFound, MoveNotAllowed."""
    dispute = _dispute(actor, dispute_id)
    DISPUTE.move(dispute, "withdraw", actor=actor, at=at)
    return dispute


@refusals_noted("pay_dispute", "dispute_id")
@domain_call("payments:confirm")
def uphold_dispute(*, actor: Actor, at: datetime, dispute_id: int, verdict: str) -> Dispute:
    """Find that the line is wrong: its settlement is reversed and leaves the statement.

    Raises NotFound, Invalid, SecondPerson for who answered, MoveNotAllowed.
    """
    dispute = _decided(actor, at, dispute_id, "uphold", verdict)
    settlement = dispute.line.settlement
    if settlement.state == SettlementState.SETTLED:
        reverse(actor=actor, at=at, settlement_id=settlement.pk, reason=f"对账异议成立：{verdict.strip()}"[:100])
    put_right(dispute.line.statement, actor=actor, at=at)
    return dispute


@refusals_noted("pay_dispute", "dispute_id")
@domain_call("payments:confirm")
def reject_dispute(*, actor: Actor, at: datetime, dispute_id: int, verdict: str) -> Dispute:
    """Find that the line is right; raises as `uphold_dispute`."""
    return _decided(actor, at, dispute_id, "reject", verdict)


def _decided(actor: Actor, at: datetime, dispute_id: int, event: str, verdict: str) -> Dispute:
    dispute = _dispute(actor, dispute_id)
    DISPUTE.edge(dispute.state, event)
    if dispute.answered_by == actor.user_id:
        raise SecondPerson
    changes = {"verdict": said(verdict, "verdict"), "decided_by": actor.user_id}
    DISPUTE.move(dispute, event, actor=actor, at=at, changes=changes, data={"settlement": dispute.line.settlement_id})
    return dispute


def _dispute(actor: Actor, dispute_id: int) -> Dispute:
    """Return a dispute with its statement held, so that it is not agreed meanwhile."""
    dispute = obtain(Dispute.objects.select_related("line__settlement"), actor, pk=dispute_id)
    dispute.line.statement = Statement.objects.select_for_update().get(pk=dispute.line.statement_id)
    dispute.refresh_from_db(fields=["state", "answered_by"])
    return dispute
