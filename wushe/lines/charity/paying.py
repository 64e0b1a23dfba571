"""Payment: the oldest fitting lots first, one entry in the books, one voucher; every rule is checked once more."""

from datetime import date, datetime

from django.db.models import F
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.refusals import refusals_noted
from wushe.ledgers.postings import Posting
from wushe.ledgers.services import hold_accounts, post_all

from .donations import outside_account
from .enums import DonationState
from .expenses import NotEnough, SamePerson, check_hands, expense_for, hands_on
from .models import Allocation, Donation, Expense
from .relief import relief_fault
from .rules import check_open, check_use, fits
from .workflow import EXPENSE


@refusals_noted("expense", "expense_id")
@domain_call("charity:pay")
def pay_expense(*, actor: Actor, at: datetime, expense_id: int, voucher: str) -> Expense:
    """Pay an approved expense; nobody who asked or signed pays, and a voucher pays once.

    Raises NotFound, SamePerson, RelatedParty, NotDeclared, FundNotOpen, UseForbidden, NotEnough, Invalid,
    MoveNotAllowed.
    """
    expense = expense_for(actor, expense_id)
    today = timezone.localdate(at)
    EXPENSE.edge(expense.state, "pay")
    if actor.user_id in hands_on(expense):
        raise SamePerson
    _check_voucher(expense, voucher.strip())
    check_hands(actor, expense)
    hold_accounts([expense.fund.account_id])
    expense.fund.refresh_from_db()
    check_open(expense.fund, on=today)
    check_use(fund=expense.fund, category=expense.category, title=expense.title, area_code=expense.area_code, on=today)
    if fault := relief_fault(expense, on=today, to_pay=True):
        raise Conflict(fault)
    _allocate(expense, today)
    outside = outside_account(expense.fund, actor, at, what="paid")
    legs = ((expense.fund.account_id, -expense.amount_fen), (outside.pk, expense.amount_fen))
    entry = post_all(actor=actor, at=at, postings=[Posting(f"expense:{expense.pk}", "慈善支出", legs)])[0]
    changes = {"paid_at": at, "paid_by": actor.user_id, "voucher": voucher.strip(), "entry": entry}
    EXPENSE.move(expense, "pay", actor=actor, at=at, changes=changes, data={"fen": expense.amount_fen})
    return expense


def _check_voucher(expense: Expense, voucher: str) -> None:
    if not 4 <= len(voucher) <= 60:
        raise Invalid(fields={"voucher": "请填写发票或领款凭证号（4到60个字）。"})
    if Expense.objects.filter(voucher=voucher, district_code=expense.area_code[:6]).exists():
        raise Invalid(fields={"voucher": "这张票据已经付过款，不能再付一次。"})


def _allocate(expense: Expense, on: date) -> None:
    """Take the sum from the fitting lots, first in first out, by compare-and-set; raise NotEnough."""
    missing = expense.amount_fen
    lots = expense.fund.donations.filter(state=DonationState.RECEIVED, left_fen__gt=0)
    for lot in lots.order_by("received_on", "pk"):
        if missing and fits(lot, category=expense.category, area_code=expense.area_code, on=on):
            taken = min(missing, lot.left_fen)
            rows = Donation.objects.filter(pk=lot.pk, left_fen__gte=taken, state=DonationState.RECEIVED)
            if rows.update(left_fen=F("left_fen") - taken) != 1:
                raise NotEnough("捐赠的余额刚被别的支出用掉，请重试。")
            Allocation.objects.create(expense=expense, donation=lot, amount_fen=taken)
            missing -= taken
    if missing:
        raise NotEnough("可用于这项用途的捐赠余额不够，没有付款。")
