"""Settlement: each accepted visit is settled once, hours to the performer and money against a budget line.

What cannot be paid stays due and says why. Nothing is corrected but by reversal and a new settlement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from wushe.chain.visits.models import Visit, VisitState
from wushe.chain.visits.workflow import VISIT
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.journal.services import Act, record_all
from wushe.foundation.laying import lay, take_numbers
from wushe.foundation.quantities import show_fen
from wushe.foundation.scope import covers, obtain, within
from wushe.ledgers.models import Account
from wushe.ledgers.postings import Posting
from wushe.ledgers.services import hold_accounts, post_all, reverse_all

from .accounts import Books
from .facts import Batch
from .formulas import Amounts
from .models import Settlement, SettlementState
from .workflow import SETTLEMENT

BATCH = 2000
LONGEST_REASON = 100
_FIGURES = (
    "ordered_minutes", "actual_minutes", "paid_minutes", "payable_fen", "subsidy_fen", "charity_fen", "own_fen",
    "hold_fen", "blocked_by",
)  # fmt: skip
_COLUMNS = (
    "id", "visit_id", "organisation_id", "area_code", "state", *_FIGURES, "money_entry_id", "time_entry_id",
)  # fmt: skip


class NotAccepted(Conflict):
    """Only a visit that was verified and accepted is settled."""

    message = "这次服务还没有核验通过，不能结算。"


class AlreadySettled(Conflict):
    """A visit is settled once."""

    message = "这次服务已经结算过，没有重复结算。"


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What came of a batch: how many visits were settled, how many stay due, how many were left for the next."""

    settled: int
    blocked: int
    left: int


@domain_call("settlement:settle")
def settle(*, actor: Actor, at: datetime, visit_id: int) -> Settlement:
    """Settle an accepted visit; return the settlement, which stays due and says why if it cannot be paid.

    Raises NotFound outside the actor's scope, AlreadySettled, and NotAccepted for any other state.
    """
    visit = obtain(Visit, actor, pk=visit_id)
    if visit.state == VisitState.ACCEPTED:
        settlements = _settle([visit_id], actor=actor, at=at)
        if settlements:
            return settlements[0]
        visit.refresh_from_db()
    raise AlreadySettled if visit.state == VisitState.SETTLED else NotAccepted


@domain_call("settlement:settle")
def settle_all(*, actor: Actor, at: datetime, area_code: str, limit: int = BATCH) -> BatchResult:
    """Settle the accepted visits of an area, oldest first; a visit that was reversed waits for a person.

    Raises NotFound for an area outside the actor's own.
    """
    if not covers(actor, area_code):
        raise NotFound
    waiting = Visit.objects.filter(within(area_code), state=VisitState.ACCEPTED).exclude(
        settlements__state=SettlementState.REVERSED
    )
    ids = list(waiting.order_by("appointment__day", "pk").values_list("pk", flat=True)[: limit + 1])
    settlements = _settle(ids[:limit], actor=actor, at=at)
    settled = sum(1 for settlement in settlements if settlement.state == SettlementState.SETTLED)
    left = waiting.count() - (len(settlements) - settled) if len(ids) > limit else 0
    return BatchResult(settled, len(settlements) - settled, left)


@domain_call("settlement:reverse")
def reverse(*, actor: Actor, at: datetime, settlement_id: int, reason: str) -> Settlement:
    """Take a settlement back; the visit can then be settled anew.

    Raises NotFound outside the actor's scope, MoveNotAllowed unless it is settled, Invalid without a reason, and
    InsufficientBalance if the organisation has been paid out since.
    """
    if not (reason := reason.strip()):
        raise Invalid(fields={"reason": "请写明冲正的原因。"})
    if len(reason) > LONGEST_REASON:
        raise Invalid(fields={"reason": f"原因最多{LONGEST_REASON}字，请写得短一些。"})
    settlement = obtain(Settlement.objects.select_related("visit"), actor, pk=settlement_id)
    SETTLEMENT.move(settlement, "reverse", actor=actor, at=at, data={"reason": reason})
    entries = [pk for pk in (settlement.money_entry_id, settlement.time_entry_id) if pk]
    if entries:
        reverse_all(actor=actor, at=at, entry_ids=entries, memo=f"冲正：{reason}")
    VISIT.move(settlement.visit, "unsettle", actor=actor, at=at)
    return settlement


def _settle(visit_ids: Sequence[int], *, actor: Actor, at: datetime) -> list[Settlement]:
    """Settle those of the visits that are accepted; people first, then accounts are held, each in one order."""
    batch = Batch(visit_ids)
    books = Books(batch.visits, actor=actor, at=at)
    lines = {v.appointment.order.budget_line.account_id for v in batch.visits if v.appointment.order.budget_line}
    accounts = hold_accounts([*books.ids, *lines])
    priced = [(visit, *_priced(visit, batch, accounts)) for visit in batch.visits]
    settlements = _draft(priced, batch)
    fresh = [settlement for settlement in settlements if settlement.visit_id not in batch.due]
    record_all(
        Act("settlement.open", "settlement", s.pk, s.area_code, actor, at,
            {"to": SettlementState.DUE, "visit": s.visit_id, "blocked_by": s.blocked_by})
        for s in fresh
    )  # fmt: skip
    paid = [
        (settlement, visit, sums)
        for settlement, (visit, sums, blocked_by) in zip(settlements, priced, strict=True)
        if not blocked_by
    ]
    _post(paid, books, actor=actor, at=at)
    lay(Settlement, _COLUMNS, map(attrgetter(*_COLUMNS), fresh))
    known = [settlement for settlement in settlements if settlement.visit_id in batch.due]
    Settlement.objects.bulk_update(known, [*_FIGURES, "money_entry", "time_entry"], batch_size=500)
    SETTLEMENT.move_all(
        [s for s, _, _ in paid], "settle", actor=actor, at=at, changes={"settled_at": at},
        data=lambda s: {"visit": s.visit_id, "payable": s.payable_fen, "minutes": s.paid_minutes},
    )  # fmt: skip
    VISIT.move_all([visit for _, visit, _ in paid], "settle", actor=actor, at=at)
    return settlements


def _priced(visit: Visit, batch: Batch, accounts: dict[int, Account]) -> tuple[Amounts, str]:
    """Return what a visit comes to and what keeps it from being paid; count what it uses of cap and budget line."""
    sums = batch.amounts(visit)
    order = visit.appointment.order
    wanted = sums.subsidy_fen + sums.charity_fen
    if sums.payable_fen and order.organisation is None:
        return sums, "订单没有承接机构"
    if wanted:
        if order.budget_line is None:
            return sums, "订单没有链接资金，请补充预算科目"
        account = accounts[order.budget_line.account_id]
        if account.balance < wanted:
            missing = show_fen(wanted - account.balance)
            return sums, f"预算科目“{order.budget_line.title[:30]}”余额不足，还差{missing}"
        account.balance -= wanted
        batch.use(visit, sums.subsidy_fen)
    return sums, ""


def _draft(priced: Sequence[tuple[Visit, Amounts, str]], batch: Batch) -> list[Settlement]:
    """Return the settlements as due, numbered, in the order of the visits: new ones and those due already."""
    numbers = iter(take_numbers(Settlement, len(priced) - len(batch.due)))
    settlements = []
    for visit, sums, blocked_by in priced:
        settlement = batch.due.get(visit.pk) or Settlement(pk=next(numbers), visit=visit, area_code=visit.area_code)
        settlement.organisation_id = visit.appointment.order.organisation_id
        settlement.ordered_minutes, settlement.actual_minutes = visit.appointment.minutes, visit.minutes or 0
        settlement.paid_minutes, settlement.payable_fen = sums.paid_minutes, sums.payable_fen
        settlement.subsidy_fen, settlement.charity_fen = sums.subsidy_fen, sums.charity_fen
        settlement.own_fen, settlement.hold_fen = sums.own_fen, sums.hold_fen
        settlement.blocked_by = blocked_by
        settlements.append(settlement)
    return settlements


def _post(paid: Sequence[tuple[Settlement, Visit, Amounts]], books: Books, *, actor: Actor, at: datetime) -> None:
    """Post both entries of each settlement and note them on it."""
    postings, targets = [], []
    for settlement, visit, sums in paid:
        for field, memo, legs in (
            ("money_entry", "服务费", books.money_legs(visit, sums)),
            ("time_entry", "服务时长", books.time_legs(visit, sums)),
        ):
            if legs:
                postings.append(Posting(f"settlement:{settlement.pk}:{field}", f"{memo} 上门{visit.pk}", legs))
                targets.append((settlement, field))
    for entry, (settlement, field) in zip(post_all(actor=actor, at=at, postings=postings), targets, strict=True):
        setattr(settlement, field, entry)
