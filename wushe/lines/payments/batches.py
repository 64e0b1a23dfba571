"""Batches: one person puts agreed statements together, another confirms them, and only then the books and the bank."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, SecondPerson
from wushe.foundation.journal.services import record
from wushe.foundation.quantities import show_fen
from wushe.foundation.refusals import refusals_noted
from wushe.foundation.saying import said
from wushe.foundation.scope import obtain
from wushe.ledgers.models import AccountKind
from wushe.ledgers.postings import Posting
from wushe.ledgers.services import post_all, reverse_entry

from .books import book_of, district_of, held_account, residents_of
from .models import PayeeAccount, Payment, PaymentBatch, Statement
from .statements import put_right, waiting_for
from .states import BatchState, PayeeState, PaymentState
from .workflow import BATCH, PAYMENT, STATEMENT


class NothingToPay(Conflict):
    """No agreed statement can be paid."""

    message = "没有可以付款的对账单：要机构已确认、收款账户已复核、合计大于零。"


class Changed(Conflict):
    """What is to be paid is no longer what was put together."""


@refusals_noted("payment_batch")
@domain_call("payments:prepare")
def draft_batch(*, actor: Actor, at: datetime) -> PaymentBatch:
    """Put the agreed statements of the district together, one payment for each organisation with a confirmed account.

    An organisation whose sum is not above zero waits for its next statement. Raises NotTheDistrict, NothingToPay.
    """
    district = district_of(actor)
    groups: dict[int, list[Statement]] = defaultdict(list)
    for statement in waiting_for(district).select_for_update().order_by("pk"):
        put_right(statement, actor=actor, at=at)
        groups[statement.organisation_id].append(statement)
    payees = {
        one.organisation_id: one
        for one in PayeeAccount.objects.filter(organisation__in=groups, state=PayeeState.ACTIVE)
    }
    payable = {key: rows for key, rows in groups.items() if key in payees and net_of(rows) > 0}
    if not payable:
        raise NothingToPay
    batch = PaymentBatch(
        area_code=district, number=_number(district, at), payments=len(payable),
        total_fen=sum(net_of(rows) for rows in payable.values()), drafted_by=actor.user_id, drafted_at=at,
    )  # fmt: skip
    BATCH.start(batch, event="draft", actor=actor, at=at, data={"payments": batch.payments, "fen": batch.total_fen})
    for place, key in enumerate(sorted(payable), start=1):
        _plan(batch, place, payees[key], payable[key], actor=actor, at=at)
    return batch


@refusals_noted("payment_batch", "batch_id")
@domain_call("payments:confirm")
def confirm_batch(*, actor: Actor, at: datetime, batch_id: int, answer: str = "") -> PaymentBatch:
    """Confirm a batch, as the second person: what is owed leaves the payable accounts and is under way to the bank.

    Raises NotFound, SecondPerson, MoveNotAllowed, Changed if a line was reversed or an account replaced meanwhile,
    InsufficientBalance.
    """
    batch = _batch(actor, batch_id, "confirm")
    if batch.drafted_by == actor.user_id:
        raise SecondPerson
    rows = list(batch.rows.select_related("payee", "organisation").order_by("pk"))
    postings = [_posting(payment, actor, at) for payment in rows]
    for payment, entry in zip(rows, post_all(actor=actor, at=at, postings=postings), strict=True):
        PAYMENT.move(payment, "ready", actor=actor, at=at, changes={"entry": entry})
    changes = {"confirmed_by": actor.user_id, "confirmed_at": at, "answer": answer.strip()[:200]}
    BATCH.move(batch, "confirm", actor=actor, at=at, changes=changes)
    return batch


@refusals_noted("payment_batch", "batch_id")
@domain_call("payments:view")
def cancel_batch(*, actor: Actor, at: datetime, batch_id: int, answer: str) -> PaymentBatch:
    """Give a batch up before it is confirmed; its statements wait again.

    Raises NotAllowed for who neither prepares nor confirms, NotFound, Invalid without a reason, MoveNotAllowed.
    """
    if not actor.may("payments:prepare"):
        actor.require("payments:confirm")
    batch = _batch(actor, batch_id, "cancel")
    words = said(answer, "answer", most=200)
    for payment in batch.rows.order_by("pk"):
        _let_go(payment, "free", actor, at)
        PAYMENT.move(payment, "drop", actor=actor, at=at)
    BATCH.move(batch, "cancel", actor=actor, at=at, changes={"answer": words})
    return batch


@refusals_noted("payment_batch", "batch_id")
@domain_call("payments:prepare")
def take_bank_file(*, actor: Actor, at: datetime, batch_id: int) -> list[Payment]:
    """Return the payments of a confirmed batch for the bank, with the numbers to be shown in full; journalled.

    The first time the batch is sent; taken again it is the same file, and that is journalled too. Raises NotFound,
    MoveNotAllowed before the second person has confirmed or after all have an end.
    """
    batch = obtain(PaymentBatch.objects.select_for_update(), actor, pk=batch_id)
    if batch.state != BatchState.SENT:
        BATCH.edge(batch.state, "send")
        for payment in batch.rows.order_by("pk"):
            PAYMENT.move(payment, "send", actor=actor, at=at)
        BATCH.move(batch, "send", actor=actor, at=at)
    batch.files += 1
    batch.save(update_fields=["files"])
    record(kind="payment_batch.file", subject=batch, actor=actor, at=at, data={"time": batch.files})
    return list(batch.rows.filter(state=PaymentState.SENT).select_related("payee").order_by("pk"))


@refusals_noted("payment", "payment_id")
@domain_call("payments:confirm")
def bounce_payment(*, actor: Actor, at: datetime, payment_id: int, reason: str) -> Payment:
    """Say that the bank did not carry a payment out; never by who put it together.

    Raises NotFound, Invalid without a reason, SecondPerson, MoveNotAllowed.
    """
    payment = obtain(Payment.objects.select_related("batch"), actor, pk=payment_id)
    PaymentBatch.objects.select_for_update().get(pk=payment.batch_id)
    payment.refresh_from_db(fields=["state"])
    if payment.batch.drafted_by == actor.user_id:
        raise SecondPerson
    if payment.state != PaymentState.SENT:
        PAYMENT.edge(payment.state, "pay")
    bring_back(payment, actor=actor, at=at, reason=said(reason, "reason", most=200))
    return payment


def mark_paid(payment: Payment, *, actor: Actor, at: datetime) -> None:
    """Note that the bank paid; the statements are settled, and the batch with its last payment."""
    PAYMENT.move(payment, "pay", actor=actor, at=at)
    for statement in payment.statements.order_by("pk"):
        STATEMENT.move(statement, "settle", actor=actor, at=at)
    _finish(payment.batch_id, actor, at)


def bring_back(payment: Payment, *, actor: Actor, at: datetime, reason: str) -> None:
    """Note that a payment came back: what is owed is owed again, and its statements wait."""
    paid = payment.state == PaymentState.PAID
    PAYMENT.move(payment, "return", actor=actor, at=at, changes={"reason": reason})
    _let_go(payment, "reopen" if paid else "free", actor, at)
    assert payment.entry_id is not None
    reverse_entry(actor=actor, at=at, entry_id=payment.entry_id, memo=f"付款退回 {payment.reference}")
    _finish(payment.batch_id, actor, at)


def net_of(statements: Sequence[Statement]) -> int:
    """Return what statements come to together."""
    return sum(statement.net_fen for statement in statements)


def _own_of(statements: Sequence[Statement]) -> int:
    """Return the own share in statements that the organisation took itself."""
    return sum(s.payable_fen - s.hold_fen - s.net_fen for s in statements)


def _number(district: str, at: datetime) -> str:
    day = timezone.localdate(at)
    return f"{district}{day:%y%m%d}{PaymentBatch.objects.filter(area_code=district).count() + 1:04d}"


def _plan(
    batch: PaymentBatch, place: int, payee: PayeeAccount, statements: Sequence[Statement], *, actor: Actor, at: datetime
) -> None:
    payment = Payment(
        batch=batch, area_code=batch.area_code, organisation_id=payee.organisation_id, payee=payee,
        reference=f"WS{batch.number}{place:03d}", amount_fen=net_of(statements), own_fen=_own_of(statements),
    )  # fmt: skip
    PAYMENT.start(payment, event="plan", actor=actor, at=at, data={"fen": payment.amount_fen})
    for statement in statements:
        STATEMENT.move(statement, "pay", actor=actor, at=at, changes={"payment": payment})


def _posting(payment: Payment, actor: Actor, at: datetime) -> Posting:
    """Return the entry of a payment after looking once more at all that it rests on; raise Changed."""
    payable = held_account("payable", payment.organisation_id)
    assert payable is not None
    statements = list(payment.statements.select_for_update().order_by("pk"))
    for statement in statements:
        put_right(statement, actor=actor, at=at)
    name = payment.organisation.name
    if net_of(statements) != payment.amount_fen or _own_of(statements) != payment.own_fen:
        raise Changed(f"“{name}”有结算被冲正，金额已变为{show_fen(net_of(statements))}。请撤销这个批次，重新制单。")
    if payment.payee.state != PayeeState.ACTIVE:
        raise Changed(f"“{name}”的收款账户已停用。请撤销这个批次，重新制单。")
    legs = [
        (payable.pk, -(payment.amount_fen + payment.own_fen)),
        (book_of(AccountKind.PAYING, payment.area_code, actor=actor, at=at).pk, payment.amount_fen),
        (residents_of(payment.area_code, actor=actor, at=at).pk, payment.own_fen),
    ]
    memo = f"付款 {payment.reference} {name}"[:120]
    return Posting(f"payment:{payment.pk}", memo, tuple((account, fen) for account, fen in legs if fen))


def _let_go(payment: Payment, event: str, actor: Actor, at: datetime) -> None:
    for statement in payment.statements.order_by("pk"):
        STATEMENT.move(statement, event, actor=actor, at=at, changes={"payment": None})


def _finish(batch_id: int, actor: Actor, at: datetime) -> None:
    batch = PaymentBatch.objects.select_for_update().get(pk=batch_id)
    going = batch.rows.filter(state__in=[PaymentState.SENT, PaymentState.READY])
    if batch.state == BatchState.SENT and not going.exists():
        BATCH.move(batch, "finish", actor=actor, at=at)


def _batch(actor: Actor, batch_id: int, event: str) -> PaymentBatch:
    batch = obtain(PaymentBatch.objects.select_for_update(), actor, pk=batch_id)
    BATCH.edge(batch.state, event)
    return batch
