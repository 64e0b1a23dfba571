"""Relief: two visitors, a vote with recusal, a notice that runs its days, payment to the person, receipt, follow-up."""

from datetime import timedelta

import pytest

from tests.factories import charity, people
from tests.factories.cast import actor_of, world
from tests.factories.places import NOON, TODAY
from wushe.foundation.errors import Conflict
from wushe.lines.charity.enums import Choice, ExpenseState
from wushe.lines.charity.expenses import confirm_receipt, follow_up, sign_expense
from wushe.lines.charity.models import Expense, Fund
from wushe.lines.charity.paying import pay_expense
from wushe.lines.charity.relief import MustRecuse, publish_relief, record_relief_visit, record_relief_vote

pytestmark = pytest.mark.django_db
AFTER_NOTICE = NOON + timedelta(days=6)


@pytest.fixture
def fund() -> Fund:
    world()
    charity.handlers()
    made = charity.community_fund()
    charity.donation(made)
    return made


def test_a_payout_goes_its_whole_way(fund: Fund) -> None:
    relief = charity.relief(fund, charity.payee(), ready=True)
    third = charity.colleague("third", "community_worker")
    sign_expense(actor=charity.acting_as(third), at=NOON, expense_id=relief.pk, agreed=True)
    clerk = actor_of("settlement_clerk")
    with pytest.raises(Conflict, match="公示到2026年9月19日，期满以后才能付款。"):
        pay_expense(actor=clerk, at=NOON + timedelta(days=5), expense_id=relief.pk, voucher="领款单0001")
    assert Expense.objects.get(pk=relief.pk).state == ExpenseState.APPROVED
    pay_expense(actor=clerk, at=AFTER_NOTICE, expense_id=relief.pk, voucher="领款单0001")
    confirm_receipt(actor=actor_of("social_worker"), at=AFTER_NOTICE, expense_id=relief.pk, note="本人签字")
    follow_up(actor=actor_of("social_worker"), at=AFTER_NOTICE, expense_id=relief.pk, found="已出院，药费有着落")
    after = Expense.objects.get(pk=relief.pk)
    assert (after.state, after.follow_up) == (ExpenseState.RECEIPTED, "已出院，药费有着落")


def test_one_visitor_is_not_enough(fund: Fund) -> None:
    relief = charity.relief(fund, charity.payee())
    visitor = actor_of("community_worker")
    record_relief_visit(actor=visitor, at=NOON, expense_id=relief.pk, visited_on=TODAY, found="属实")
    with pytest.raises(Conflict, match="您已经登记过入户情况。"):
        record_relief_visit(actor=visitor, at=NOON, expense_id=relief.pk, visited_on=TODAY, found="属实")
    with pytest.raises(Conflict, match="要有2人分别入户核实，现有1人。"):
        publish_relief(actor=actor_of("charity_officer"), at=NOON, expense_id=relief.pk)


def test_who_is_close_is_recused_and_no_longer_counted(fund: Fund) -> None:
    person = charity.payee()
    seats = list(fund.seats.filter(supervisor=False).order_by("pk"))
    people.relation(person, seats[0].person)
    relief = charity.relief(fund, person)
    officer = actor_of("charity_officer")
    with pytest.raises(MustRecuse):
        record_relief_vote(actor=officer, at=NOON, expense_id=relief.pk, seat_id=seats[0].pk, choice=Choice.FOR)
    assert relief.relief_votes.count() == 0
    record_relief_vote(actor=officer, at=NOON, expense_id=relief.pk, seat_id=seats[0].pk, choice=Choice.RECUSED)
    for name in ("second_visitor", "third_visitor"):
        visitor = charity.acting_as(charity.colleague(name, "community_worker"))
        record_relief_visit(actor=visitor, at=NOON, expense_id=relief.pk, visited_on=TODAY, found="属实")
    for seat in seats[1:3]:
        record_relief_vote(actor=officer, at=NOON, expense_id=relief.pk, seat_id=seat.pk, choice=Choice.FOR)
    with pytest.raises(Conflict, match="现有2票同意，应有4人表决。"):
        publish_relief(actor=officer, at=NOON, expense_id=relief.pk)
    record_relief_vote(actor=officer, at=NOON, expense_id=relief.pk, seat_id=seats[3].pk, choice=Choice.FOR)
    assert publish_relief(actor=officer, at=NOON, expense_id=relief.pk).ends_on == TODAY + timedelta(days=5)
