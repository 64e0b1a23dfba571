"""Read payments: statements with their lines, disputes, accounts, batches, the bank's lines, and what waits."""

from datetime import date
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from wushe.chain.settlement.models import Settlement, SettlementState
from wushe.foundation.actor import Actor
from wushe.foundation.counting import capped_counts
from wushe.foundation.scope import obtain, visible
from wushe.registers.organisations.models import Organisation

from .models import (
    BankFile,
    BankLine,
    Dispute,
    HoldRelease,
    PayeeAccount,
    Payment,
    PaymentBatch,
    Statement,
    StatementLine,
)
from .states import (
    BankLineState,
    BatchState,
    DisputeState,
    LineKind,
    PayeeState,
    ReleaseState,
    StatementState,
)

M = TypeVar("M", bound=Model)
SUMMED = "visit__appointment__order__"


def waiting(*, actor: Actor, on: date) -> dict[str, int]:
    """Return what waits for somebody within the actor's scope; raise NotAllowed without `payments:view`."""
    actor.require("payments:view")
    disputes = visible(Dispute.objects.all(), actor)
    statements = visible(Statement.objects.all(), actor)
    return capped_counts({
        "issued": statements.filter(state=StatementState.ISSUED),
        "agreed": statements.filter(state=StatementState.AGREED),
        "open": disputes.filter(state=DisputeState.OPEN),
        "late": disputes.filter(state=DisputeState.OPEN, due_on__lt=on),
        "answered": disputes.filter(state=DisputeState.ANSWERED),
        "payees": visible(PayeeAccount.objects.filter(state=PayeeState.PROPOSED), actor),
        "batches": visible(PaymentBatch.objects.filter(state=BatchState.DRAFTED), actor),
        "sent": visible(PaymentBatch.objects.filter(state=BatchState.SENT), actor),
        "suspense": visible(BankLine.objects.filter(state=BankLineState.SUSPENSE), actor),
        "releases": visible(HoldRelease.objects.filter(state=ReleaseState.SCORED), actor),
    })  # fmt: skip


def find_statements(*, actor: Actor, state: str = "", text: str = "") -> QuerySet[Statement]:
    """Return statements, newest first; raise NotAllowed without `payments:view`."""
    rows = Statement.objects.select_related("organisation", "payment")
    return _found(rows, actor, state, Q(organisation__name__icontains=text.strip()))


def find_disputes(*, actor: Actor, state: str = "", text: str = "") -> QuerySet[Dispute]:
    """Return disputes, newest first; raise NotAllowed without `payments:view`."""
    rows = Dispute.objects.select_related(
        "line__statement__organisation", f"line__settlement__{SUMMED}item", f"line__settlement__{SUMMED}person"
    )
    text = text.strip()
    named = Q(line__statement__organisation__name__icontains=text) | Q(reason__icontains=text)
    return _found(rows, actor, state, named)


def find_payees(*, actor: Actor, state: str = "", text: str = "") -> QuerySet[PayeeAccount]:
    """Return receiving accounts, newest first; raise NotAllowed without `payments:view`."""
    rows = PayeeAccount.objects.select_related("organisation")
    return _found(rows, actor, state, Q(holder__icontains=text.strip()) | Q(bank__icontains=text.strip()))


def find_batches(*, actor: Actor, state: str = "", text: str = "") -> QuerySet[PaymentBatch]:
    """Return batches, newest first; raise NotAllowed without `payments:view`."""
    return _found(PaymentBatch.objects.all(), actor, state, Q(number__icontains=text.strip()))


def find_bank_lines(*, actor: Actor, state: str = "", text: str = "") -> QuerySet[BankLine]:
    """Return lines of the bank, newest first; raise NotAllowed without `payments:view`."""
    text = text.strip()
    named = Q(party__icontains=text) | Q(words__icontains=text) | Q(payment__reference__icontains=text)
    return _found(BankLine.objects.select_related("payment__organisation"), actor, state, named)


def find_releases(*, actor: Actor, state: str = "", text: str = "") -> QuerySet[HoldRelease]:
    """Return year-end releases, newest first; raise NotAllowed without `payments:view`."""
    rows = HoldRelease.objects.select_related("organisation", "statement")
    return _found(rows, actor, state, Q(organisation__name__icontains=text.strip()))


def bank_files(*, actor: Actor) -> list[BankFile]:
    """Return the lists of the bank read last; raise NotAllowed without `payments:view`."""
    actor.require("payments:view")
    return list(visible(BankFile.objects.all(), actor).order_by("-pk")[:5])


def statement_of(*, actor: Actor, statement_id: int) -> Statement:
    """Return a statement; raise NotAllowed, NotFound."""
    return _one(find_statements(actor=actor), actor, statement_id)


def lines_of(*, actor: Actor, statement: Statement) -> QuerySet[StatementLine]:
    """Return the lines of a statement that the caller has seen, newest first, with what they are about."""
    actor.require("payments:view")
    about = f"settlement__{SUMMED}"
    return (
        statement.lines.select_related(f"{about}person", f"{about}item", "settlement__visit__worker")
        .prefetch_related("disputes")
        .order_by("-pk")
    )


def line_of(*, actor: Actor, line_id: int) -> StatementLine:
    """Return one line of a statement; raise NotAllowed, NotFound."""
    actor.require("payments:view")
    about = f"settlement__{SUMMED}"
    rows = StatementLine.objects.select_related("statement__organisation", f"{about}person", f"{about}item")
    return obtain(rows, actor, pk=line_id)


def disputable(line: StatementLine) -> bool:
    """Say whether a line may be disputed now."""
    fresh = line.kind == LineKind.EARNED and line.counts and line.statement.state == StatementState.ISSUED
    return fresh and all(one.state == DisputeState.WITHDRAWN for one in line.disputes.all())


def dispute_of(*, actor: Actor, dispute_id: int) -> Dispute:
    """Return a dispute; raise NotAllowed, NotFound."""
    return _one(find_disputes(actor=actor), actor, dispute_id)


def payee_of(*, actor: Actor, payee_id: int) -> PayeeAccount:
    """Return a receiving account; raise NotAllowed, NotFound."""
    return _one(find_payees(actor=actor), actor, payee_id)


def batch_of(*, actor: Actor, batch_id: int) -> PaymentBatch:
    """Return a batch; raise NotAllowed, NotFound."""
    return _one(find_batches(actor=actor), actor, batch_id)


def payments_of(*, actor: Actor, batch: PaymentBatch) -> list[Payment]:
    """Return the payments of a batch that the caller has seen, in their order."""
    actor.require("payments:view")
    rows = batch.rows.select_related("organisation", "payee", "batch").prefetch_related("statements")
    return list(rows.order_by("pk"))


def payment_of(*, actor: Actor, payment_id: int) -> Payment:
    """Return a payment; raise NotAllowed, NotFound."""
    actor.require("payments:view")
    return obtain(Payment.objects.select_related("batch", "organisation", "payee"), actor, pk=payment_id)


def bank_line_of(*, actor: Actor, line_id: int) -> BankLine:
    """Return a line of the bank; raise NotAllowed, NotFound."""
    return _one(find_bank_lines(actor=actor), actor, line_id)


def opposites(line: BankLine) -> list[BankLine]:
    """Return the lines in suspense that could offset this one."""
    rows = BankLine.objects.filter(
        area_code=line.area_code, state=BankLineState.SUSPENSE, amount_fen=-line.amount_fen
    ).exclude(pk=line.pk)
    return list(rows.order_by("-pk")[:50])


def release_of(*, actor: Actor, release_id: int) -> HoldRelease:
    """Return a year-end release; raise NotAllowed, NotFound."""
    return _one(find_releases(actor=actor), actor, release_id)


def organisations_paid(*, actor: Actor) -> list[Organisation]:
    """Return the organisations with settled services within scope, by name; raise NotAllowed."""
    actor.require("payments:view")
    settled = visible(Settlement.objects.filter(state=SettlementState.SETTLED), actor).order_by()
    return list(visible(Organisation.objects.filter(pk__in=settled.values("organisation_id")), actor).order_by("name"))


def _found(rows: "QuerySet[M]", actor: Actor, state: str, named: Q) -> "QuerySet[M]":
    actor.require("payments:view")
    rows = visible(rows, actor).filter(named)
    return (rows.filter(state=state) if state else rows).order_by("-pk")


def _one(rows: "QuerySet[M]", actor: Actor, pk: int) -> M:
    return obtain(rows, actor, pk=pk)
