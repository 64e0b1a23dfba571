"""The bank's list in the books: each new line is found among the payments, or stands in suspense until explained."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.journal.services import record
from wushe.foundation.refusals import refusals_noted
from wushe.ledgers.models import AccountKind
from wushe.ledgers.services import hold_accounts, post

from .bank_lists import Found, read_bank_list, same_rows
from .batches import bring_back, mark_paid
from .books import book_of, district_of
from .models import BankFile, BankLine, Payment
from .payees import index_of
from .states import Outcome, PaymentState
from .workflow import BANK_LINE

_REFERENCE = re.compile(r"WS\d{19}")
_BACK = "银行退回"


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a line of the bank is, or why nobody knows."""

    payment: Payment | None = None
    outcome: str = ""
    why: str = ""


class Expected:
    """The payments of a district that the bank may still report, by reference, and by sum for those on their way."""

    def __init__(self, district: str) -> None:
        states = [PaymentState.SENT, PaymentState.PAID, PaymentState.RETURNED]
        rows = Payment.objects.filter(area_code=district, state__in=states).select_related("payee", "batch")
        self.by_reference = {payment.reference: payment for payment in rows}
        self._by_sum: dict[int, list[Payment]] = defaultdict(list)
        for payment in rows:
            self._by_sum[payment.amount_fen].append(payment)

    def recognise(self, line: Found) -> Recognised:
        """Return which payment a line carries out or brings back: by its reference, or by sum and receiver."""
        said = _REFERENCE.search(f"{line.words} {line.serial}".upper())
        if said:
            return self._named(line, self.by_reference.get(said.group()))
        if line.fen > 0:
            return Recognised(why="来款，没有写付款号")
        going = [p for p in self._by_sum[-line.fen] if p.state == PaymentState.SENT]
        fitting = [p for p in going if _same_receiver(line, p)]
        if len(fitting) == 1:
            return Recognised(fitting[0], Outcome.PAYMENT)
        if fitting:
            return Recognised(why=f"有{len(fitting)}笔付款的金额和收款人都相同")
        return Recognised(why="有同样金额的付款，收款人不同" if going else "没有这个金额的付款")

    def _named(self, line: Found, payment: Payment | None) -> Recognised:
        if payment is None:
            return Recognised(why="付款号不在本区已交银行的付款里")
        if payment.amount_fen != abs(line.fen):
            return Recognised(why=f"写着付款号 {payment.reference}，金额不同")
        if line.fen < 0 and payment.state == PaymentState.SENT:
            return Recognised(payment, Outcome.PAYMENT)
        if line.fen > 0 and payment.state == PaymentState.PAID:
            return Recognised(payment, Outcome.RETURN)
        return Recognised(why=f"付款号 {payment.reference} {payment.get_state_display()}，对不上这一笔")


@refusals_noted("bank_file")
@domain_call("payments:prepare")
def read_bank_file(*, actor: Actor, at: datetime, name: str, content: bytes) -> BankFile:
    """Take the bank's list into the books, each line once; raise NotTheDistrict, Invalid with what cannot be read."""
    district = district_of(actor)
    rows = read_bank_list(content, today=timezone.localdate(at))
    hold_accounts([book_of(AccountKind.BANK, district, actor=actor, at=at).pk])
    file = BankFile.objects.create(
        area_code=district, name=name[:120], read_at=at, read_by=actor.user_id, rows=len(rows)
    )
    marks = [_fingerprint(row, number) for row, number in zip(rows, same_rows(rows), strict=True)]
    known = set(
        BankLine.objects.filter(area_code=district, fingerprint__in=marks).values_list("fingerprint", flat=True)
    )
    expected = Expected(district)
    for row, mark in zip(rows, marks, strict=True):
        if mark in known:
            file.known += 1
        elif _take(file, row, mark, expected.recognise(row), actor=actor, at=at):
            file.matched += 1
        else:
            file.suspended += 1
    file.save(update_fields=["known", "matched", "suspended"])
    data = {"rows": file.rows, "known": file.known, "matched": file.matched, "suspended": file.suspended}
    record(kind="bank_file.read", subject=file, actor=actor, at=at, data=data)
    return file


def carry(payment: Payment, outcome: str, *, actor: Actor, at: datetime) -> None:
    """Let a payment follow what the bank did with it."""
    if outcome == Outcome.PAYMENT:
        mark_paid(payment, actor=actor, at=at)
    else:
        bring_back(payment, actor=actor, at=at, reason=_BACK)


def _take(file: BankFile, row: Found, mark: str, found: Recognised, *, actor: Actor, at: datetime) -> bool:
    """Book one line; say whether it was recognised."""
    line = BankLine(
        file=file, area_code=file.area_code, row=row.row, booked_on=row.day, amount_fen=row.fen, party=row.party,
        account=row.account, account_index=index_of(row.account), serial=row.serial, words=row.words,
        fingerprint=mark, why=found.why,
    )  # fmt: skip
    BANK_LINE.start(line, event="read", actor=actor, at=at, data={"fen": row.fen, "why": found.why})
    kind = AccountKind.PAYING if found.payment else AccountKind.SUSPENSE
    bank, other = (book_of(k, file.area_code, actor=actor, at=at).pk for k in (AccountKind.BANK, kind))
    post(
        actor=actor, at=at, key=f"bank:{line.pk}", memo=f"银行流水 {row.day:%Y-%m-%d}",
        legs=[(bank, -row.fen), (other, row.fen)],
    )  # fmt: skip
    if found.payment is None:
        return False
    carry(found.payment, found.outcome, actor=actor, at=at)
    BANK_LINE.move(
        line, "match", actor=actor, at=at, changes={"payment": found.payment, "outcome": found.outcome},
        data={"payment": found.payment.pk},
    )  # fmt: skip
    return True


def _same_receiver(line: Found, payment: Payment) -> bool:
    """Say whether a line names the receiver of a payment; what both say has to agree."""
    by_account = index_of(line.account) == payment.payee.number_index if line.account else None
    by_name = line.party == payment.payee.holder if line.party else None
    return False not in (by_account, by_name) and True in (by_account, by_name)


def _fingerprint(row: Found, number: int) -> str:
    said = (row.day.isoformat(), row.fen, row.party, index_of(row.account), row.serial, row.words, number)
    return sha256(repr(said).encode()).hexdigest()
