"""Suspense 挂账: a line of the bank that nobody recognised is explained by a person, who says by what it is known."""

from datetime import datetime

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid
from wushe.foundation.presets.selectors import preset
from wushe.foundation.quantities import show_fen
from wushe.foundation.refusals import refusals_noted
from wushe.foundation.saying import said
from wushe.foundation.scope import obtain
from wushe.ledgers.models import AccountKind
from wushe.ledgers.services import post

from .bank import carry
from .books import book_of
from .models import BankLine, Payment, PaymentBatch
from .states import BankLineState, Outcome, PaymentState
from .workflow import BANK_LINE


@refusals_noted("bank_line", "line_id")
@domain_call("payments:prepare")
def resolve_line(
    *, actor: Actor, at: datetime, line_id: int, outcome: str, note: str, reference: str = "", other: int | None = None
) -> BankLine:
    """Explain a line in suspense: a payment or its return, one that offsets another, or a charge of the bank.

    Raises NotFound, MoveNotAllowed if it was explained before, Invalid beside the field if sum, direction or state do
    not fit what it is said to be.
    """
    line = _held(actor, line_id)
    BANK_LINE.edge(line.state, "resolve")
    words = said(note, "note", most=200)
    if outcome in (Outcome.PAYMENT, Outcome.RETURN):
        _as_payment(line, outcome, reference.strip().upper(), words, actor=actor, at=at)
    elif outcome == Outcome.OFFSET:
        _as_offset(line, other, words, actor, at)
    elif outcome == Outcome.CHARGE:
        _as_charge(line, words, actor, at)
    else:
        raise Invalid(fields={"outcome": "请选择这一笔是什么。"})
    return line


def _as_payment(line: BankLine, outcome: str, reference: str, words: str, *, actor: Actor, at: datetime) -> None:
    known = Payment.objects.select_related("batch").filter(reference=reference, area_code=line.area_code).first()
    wanted = PaymentState.SENT if outcome == Outcome.PAYMENT else PaymentState.PAID
    if known is None:
        raise Invalid(fields={"reference": "没有这个付款号，请照付款批次里写的填。"})
    PaymentBatch.objects.select_for_update().get(pk=known.batch_id)
    known.refresh_from_db(fields=["state"])
    if known.amount_fen != abs(line.amount_fen) or (line.amount_fen < 0) != (outcome == Outcome.PAYMENT):
        raise Invalid(fields={"reference": f"这笔付款是{show_fen(known.amount_fen)}，与流水的金额或收付方向不符。"})
    if known.state != wanted:
        raise Invalid(fields={"reference": f"这笔付款{known.get_state_display()}，不能这样处理。"})
    _book(line, AccountKind.PAYING, actor, at)
    carry(known, outcome, actor=actor, at=at)
    _resolve(line, outcome, words, actor, at, payment=known)


def _as_offset(line: BankLine, other_id: int | None, words: str, actor: Actor, at: datetime) -> None:
    other = BankLine.objects.filter(area_code=line.area_code, pk=other_id, state=BankLineState.SUSPENSE).first()
    if other is None or other.pk == line.pk or other.amount_fen != -line.amount_fen:
        raise Invalid(fields={"other": "请选择金额相同、方向相反、还在挂账的另一笔。"})
    _resolve(line, Outcome.OFFSET, words, actor, at, offset=other)
    _resolve(other, Outcome.OFFSET, words, actor, at, offset=line)


def _as_charge(line: BankLine, words: str, actor: Actor, at: datetime) -> None:
    most = int(preset("payments.charge.max", area_code=line.area_code, on=timezone.localdate(at)))
    if abs(line.amount_fen) > most:
        raise Invalid(fields={"outcome": f"手续费和利息一笔最多{show_fen(most)}，这一笔不能按手续费处理。"})
    _book(line, AccountKind.BANK_CHARGE, actor, at)
    _resolve(line, Outcome.CHARGE, words, actor, at)


def _book(line: BankLine, kind: AccountKind, actor: Actor, at: datetime) -> None:
    """Move a line from suspense to the account on which it belongs."""
    suspense, target = (book_of(k, line.area_code, actor=actor, at=at).pk for k in (AccountKind.SUSPENSE, kind))
    post(
        actor=actor, at=at, key=f"suspense:{line.pk}", memo=f"挂账处理 {line.booked_on:%Y-%m-%d}",
        legs=[(suspense, -line.amount_fen), (target, line.amount_fen)],
    )  # fmt: skip


def _resolve(line: BankLine, outcome: str, words: str, actor: Actor, at: datetime, **more: object) -> None:
    changes = {"outcome": outcome, "note": words, "settled_by": actor.user_id, **more}
    BANK_LINE.move(line, "resolve", actor=actor, at=at, changes=changes, data={"outcome": outcome})


def _held(actor: Actor, line_id: int) -> BankLine:
    return obtain(BankLine.objects.select_for_update(), actor, pk=line_id)
