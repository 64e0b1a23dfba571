"""Statements and the trial balance: every figure follows from the legs, within the reader's scope."""

from datetime import timedelta

import pytest

from tests.factories.ledgers import NOON, an_account, funded
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.errors import NotAllowed, NotFound
from wushe.ledgers import selectors, services
from wushe.ledgers.models import Account

pytestmark = pytest.mark.django_db

CLERK = Actor(user_id=7, name="结算员", role_code="settlement_clerk", area_code="511602001")
STRANGER = Actor(user_id=8, name="外街结算员", role_code="settlement_clerk", area_code="511602002")


def four_payments():
    a, b = funded("a", 1000), an_account("b")
    for day in range(4):
        services.post(
            actor=SYSTEM, at=NOON + timedelta(days=day + 1), key=f"p{day}", memo=f"第{day}天",
            legs=[(a.pk, -100 - day), (b.pk, 100 + day)],
        )  # fmt: skip
    return a, b


def test_a_statement_runs_from_opening_to_closing():
    a, _ = four_payments()
    seen = selectors.statement(actor=CLERK, account_id=a.pk)
    assert (seen.opening, seen.closing, seen.more) == (0, 594, False)
    assert [(line.amount, line.balance_after) for line in seen.lines] == [
        (-103, 594), (-102, 697), (-101, 799), (-100, 900), (1000, 1000),
    ]  # fmt: skip


def test_a_statement_of_a_period_opens_with_what_stood_before():
    a, _ = four_payments()
    seen = selectors.statement(
        actor=CLERK, account_id=a.pk, since=NOON + timedelta(days=2), until=NOON + timedelta(days=4)
    )
    assert (seen.opening, seen.closing) == (900, 697)
    assert [line.amount for line in seen.lines] == [-102, -101]


def test_a_long_statement_says_that_there_is_more():
    a, _ = four_payments()
    seen = selectors.statement(actor=CLERK, account_id=a.pk, limit=2)
    assert ([line.balance_after for line in seen.lines], seen.closing, seen.more) == ([594, 697], 594, True)


def test_the_statement_of_an_empty_account():
    seen = selectors.statement(actor=CLERK, account_id=an_account("a").pk)
    assert (seen.opening, list(seen.lines), seen.closing) == (0, [], 0)


def test_another_streets_account_does_not_exist():
    a, _ = four_payments()
    with pytest.raises(NotFound):
        selectors.statement(actor=STRANGER, account_id=a.pk)
    assert list(selectors.accounts(actor=STRANGER)) == []
    assert selectors.trial_balance(actor=STRANGER) == []


def test_a_carer_reads_no_books():
    carer = Actor(user_id=9, name="护理员", role_code="carer", area_code="511602", holder_id=1)
    a, _ = four_payments()
    for read in (
        lambda: selectors.statement(actor=carer, account_id=a.pk),
        lambda: selectors.accounts(actor=carer),
        lambda: selectors.trial_balance(actor=carer),
    ):
        with pytest.raises(NotAllowed):
            read()


def test_the_trial_balance_sums_to_zero_and_matches_the_legs():
    four_payments()
    rows = {row.kind: row for row in selectors.trial_balance(actor=CLERK)}
    assert (rows["budget_line"].accounts, rows["budget_line"].debit, rows["budget_line"].credit) == (2, 1406, 406)
    assert (rows["outside"].debit, rows["outside"].credit, rows["outside"].balance) == (0, 1000, -1000)
    assert sum(row.balance for row in rows.values()) == 0


def test_a_changed_balance_is_a_fault():
    a, _ = four_payments()
    assert selectors.faults() == []
    Account.objects.filter(pk=a.pk).update(balance=595)
    assert selectors.faults() == [selectors.Fault("balance_is_not_its_legs", a.pk, 1)]


def test_accounts_are_found_by_title_code_and_kind():
    a, b = four_payments()
    assert list(selectors.accounts(actor=CLERK, text="账户a")) == [a]
    assert list(selectors.accounts(actor=CLERK, text="b")) == [b]
    assert [row.code for row in selectors.accounts(actor=CLERK, kind="outside")] == ["outside"]
