"""From donation to receipt: the books, the levels by amount, the rule that is named, and each yuan followed."""

import pytest

from tests.factories import charity, people
from tests.factories.cast import actor_of, world
from tests.factories.places import NOON
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.models import JournalEntry
from wushe.ledgers.selectors import faults
from wushe.lines.charity.enums import ExpenseState, SignLevel, UseCategory
from wushe.lines.charity.expenses import (
    NotEnough,
    SamePerson,
    confirm_receipt,
    freeze_expense,
    sign_expense,
    thaw_expense,
)
from wushe.lines.charity.models import Declaration, Donation, Expense, Fund
from wushe.lines.charity.paying import pay_expense
from wushe.lines.charity.relations import RelatedParty
from wushe.lines.charity.rules import UseForbidden

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place() -> None:
    world()
    charity.handlers()


@pytest.mark.parametrize(
    ("fen", "last"), [(100_000, "community"), (100_001, "street"), (500_000, "street"), (500_001, "district")]
)
def test_the_sum_says_who_signs_last(fen: int, last: str) -> None:
    fund = charity.fund()
    charity.donation(fund)
    assert charity.asked(fund, fen=fen).last_level == SignLevel(last)


def test_money_goes_from_the_giver_to_the_receipt() -> None:
    fund = charity.fund()
    first, second = charity.donation(fund, fen=30_000), charity.donation(fund, fen=90_000)
    expense = charity.paid(charity.asked(fund, fen=70_000))
    assert [(a.donation_id, a.amount_fen) for a in expense.allocations.order_by("pk")] == [
        (first.pk, 30_000), (second.pk, 40_000),
    ]  # fmt: skip
    assert list(Donation.objects.order_by("pk").values_list("left_fen", flat=True)) == [0, 50_000]
    assert Fund.objects.get(pk=fund.pk).account.balance == 50_000
    confirm_receipt(actor=actor_of("social_worker"), at=NOON, expense_id=expense.pk, note="店主电话确认收到")
    assert Expense.objects.get(pk=expense.pk).state == ExpenseState.RECEIPTED
    assert faults() == []
    kinds = list(JournalEntry.objects.filter(subject_kind="expense").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["expense.request", "expense.approve", "expense.pay", "expense.receipt"]


def test_a_lottery_fund_names_the_rule_that_forbids_a_line() -> None:
    fund = charity.fund(source_class="lottery")
    charity.donation(fund, way="grant", payer="区财政局")
    with pytest.raises(UseForbidden) as refused:
        charity.asked(fund, category=UseCategory.OFFICIAL_RECEPTION)
    assert refused.value.fields["category"] == (
        "福彩公益金不能用于公务接待（福彩公益金禁止用途，产品默认值，参照济源市办法，请核对本地规定）。"
    )
    with pytest.raises(UseForbidden, match="用途里写了“接待”"):
        charity.asked(fund, title="活动接待餐费")
    assert Expense.objects.count() == 0
    assert JournalEntry.objects.filter(kind="expense.refused_try").count() == 2


def test_the_givers_limits_hold() -> None:
    fund = charity.fund()
    charity.donation(fund, fen=60_000, only_category=UseCategory.GOODS)
    charity.donation(fund, fen=40_000)
    with pytest.raises(NotEnough):
        charity.asked(fund, fen=50_000)
    assert charity.asked(fund, fen=40_000).state == ExpenseState.AT_COMMUNITY
    assert charity.asked(fund, fen=60_000, category=UseCategory.GOODS).state == ExpenseState.AT_COMMUNITY
    with pytest.raises(NotEnough):
        charity.asked(fund, fen=1, category=UseCategory.GOODS)


def test_nobody_takes_two_steps() -> None:
    fund = charity.fund()
    charity.donation(fund)
    expense = charity.asked(fund, by="community_worker", fen=200_000)
    with pytest.raises(SamePerson):
        sign_expense(actor=actor_of("community_worker"), at=NOON, expense_id=expense.pk, agreed=True)
    assert Expense.objects.get(pk=expense.pk).state == ExpenseState.AT_COMMUNITY
    assert expense.signings.count() == 0


def test_who_is_close_to_a_signer_gets_nothing() -> None:
    fund = charity.fund()
    charity.donation(fund)
    cousin = charity.payee()
    expense = charity.asked(fund, payee_person_id=cousin.pk, account_holder=cousin.name)
    signer = Declaration.objects.get(user_id=actor_of("community_worker").user_id).person
    people.relation(signer, cousin)
    with pytest.raises(RelatedParty):
        sign_expense(actor=actor_of("community_worker"), at=NOON, expense_id=expense.pk, agreed=True)
    assert expense.signings.count() == 0


def test_a_freeze_makes_all_sign_anew() -> None:
    fund = charity.fund()
    charity.donation(fund)
    expense = charity.approved(charity.asked(fund))
    freeze_expense(actor=actor_of("district_manager"), at=NOON, expense_id=expense.pk, reason="有居民反映")
    with pytest.raises(Conflict):
        pay_expense(actor=actor_of("settlement_clerk"), at=NOON, expense_id=expense.pk, voucher="发票0001")
    thaw_expense(actor=actor_of("street_manager"), at=NOON, expense_id=expense.pk)
    again = Expense.objects.get(pk=expense.pk)
    assert (again.state, again.round) == (ExpenseState.AT_COMMUNITY, 2)
    assert charity.paid(again).state == ExpenseState.PAID


def test_a_voucher_pays_once() -> None:
    fund = charity.fund()
    charity.donation(fund)
    first = charity.paid(charity.asked(fund))
    second = charity.approved(charity.asked(fund))
    with pytest.raises(Invalid) as refused:
        pay_expense(actor=actor_of("settlement_clerk"), at=NOON, expense_id=second.pk, voucher=first.voucher)
    assert refused.value.fields == {"voucher": "这张票据已经付过款，不能再付一次。"}
    assert Expense.objects.get(pk=second.pk).state == ExpenseState.APPROVED
