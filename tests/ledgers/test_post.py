"""Posting: balanced, once by its key, never below zero, and nothing kept of a refused entry."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories.ledgers import NOON, an_account, funded
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.errors import NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.ledgers import services
from wushe.ledgers.models import Account, Entry, LedgerUnit, Leg
from wushe.ledgers.postings import InsufficientBalance, Posting, Unbalanced, UnitsMixed, digest
from wushe.ledgers.selectors import faults

pytestmark = pytest.mark.django_db


def post(legs, key="k", memo="付款"):
    return services.post(actor=SYSTEM, at=NOON, key=key, memo=memo, legs=legs)


def books():
    return (
        list(Account.objects.order_by("pk").values_list("pk", "balance")),
        Entry.objects.count(),
        Leg.objects.count(),
        JournalEntry.objects.count(),
    )


def refused(error, legs, key="k"):
    before = books()
    with pytest.raises(error) as caught:
        post(legs, key=key)
    assert books() == before
    return caught.value


def test_an_entry_changes_both_balances_and_is_journalled():
    a, b = funded("a", 1000), an_account("b")
    entry = post([(a.pk, -300), (b.pk, 300)])
    assert list(Account.objects.filter(pk__in=[a.pk, b.pk]).order_by("pk").values_list("balance", flat=True)) == [
        700,
        300,
    ]
    assert sorted(entry.legs.values_list("account_id", "amount")) == [(a.pk, -300), (b.pk, 300)]
    row = JournalEntry.objects.get(kind="ledger.post", subject_id=entry.pk)
    expected = digest([Posting("k", "付款", ((a.pk, -300), (b.pk, 300)))])
    assert row.data == {"entries": 1, "digest": expected}
    assert faults() == []


def test_an_entry_may_have_many_legs():
    a, b, c = funded("a", 1000), an_account("b"), an_account("c")
    post([(a.pk, -1000), (b.pk, 900), (c.pk, 100)])
    assert [Account.objects.get(pk=x.pk).balance for x in (a, b, c)] == [0, 900, 100]


@pytest.mark.parametrize("amounts", [[(-300, 299)], [(-300, 300), (5, 0)], [(0, 0)]])
def test_unbalanced_or_empty_legs_are_refused(amounts):
    a, b, c = funded("a", 1000), an_account("b"), an_account("c")
    legs = [(a.pk, amounts[0][0]), (b.pk, amounts[0][1])]
    legs += [(c.pk, second) for _, second in amounts[1:]]
    refused(Unbalanced, legs)


def test_one_sided_entries_are_refused():
    a = funded("a", 1000)
    refused(Unbalanced, [])
    refused(Unbalanced, [(a.pk, 0)])
    refused(Unbalanced, [(a.pk, -5), (a.pk, 5)])


def test_minutes_never_pay_for_money():
    a, b = funded("a", 1000), an_account("b", unit=LedgerUnit.MINUTE)
    refused(UnitsMixed, [(a.pk, -60), (b.pk, 60)])


def test_an_unknown_account_is_not_found():
    refused(NotFound, [(funded("a", 1000).pk, -1), (10**9, 1)])


def test_an_account_does_not_go_below_zero():
    a, b = funded("a", 1000), an_account("b")
    error = refused(InsufficientBalance, [(a.pk, -1001), (b.pk, 1001)])
    assert error.account_code == "a"
    assert error.message == "账户“账户a”余额不足，没有入账。"
    post([(a.pk, -1000), (b.pk, 1000)])
    assert Account.objects.get(pk=a.pk).balance == 0


def test_the_database_itself_refuses_a_balance_below_zero():
    a = funded("a", 10)
    with pytest.raises(DatabaseError), transaction.atomic():
        Account.objects.filter(pk=a.pk).update(balance=-1)


def test_nothing_is_kept_of_a_refused_entry_if_the_caller_goes_on():
    a, b = funded("a", 1000), an_account("b")
    before = books()
    with transaction.atomic(), pytest.raises(InsufficientBalance):
        post([(b.pk, -1), (a.pk, 1)])
    assert books() == before


def test_the_same_key_again_returns_the_same_entry():
    a, b = funded("a", 1000), an_account("b")
    first = post([(a.pk, -300), (b.pk, 300)])
    before = books()
    again = post([(b.pk, 300), (a.pk, -300)])
    assert again.pk == first.pk
    assert books() == before


def test_the_same_key_for_something_else_is_refused():
    a, b = funded("a", 1000), an_account("b")
    post([(a.pk, -300), (b.pk, 300)])
    refused(services.KeyReused, [(a.pk, -301), (b.pk, 301)])


def test_a_batch_is_all_or_nothing():
    a, b = funded("a", 1000), an_account("b")
    before = books()
    good, bad = Posting("1", "", ((a.pk, -600), (b.pk, 600))), Posting("2", "", ((a.pk, -500), (b.pk, 500)))
    with pytest.raises(InsufficientBalance):
        services.post_all(actor=SYSTEM, at=NOON, postings=[good, bad])
    assert books() == before
    entries = services.post_all(actor=SYSTEM, at=NOON, postings=[good, good])
    assert entries[0].pk == entries[1].pk
    assert Account.objects.get(pk=b.pk).balance == 600


def test_one_key_twice_in_a_batch_for_two_things_is_refused():
    a, b = funded("a", 1000), an_account("b")
    postings = [Posting("1", "", ((a.pk, -n), (b.pk, n))) for n in (1, 2)]
    with pytest.raises(services.KeyReused):
        services.post_all(actor=SYSTEM, at=NOON, postings=postings)


def test_no_role_posts_by_hand():
    a, b = funded("a", 1000), an_account("b")
    clerk = Actor(user_id=7, name="结算员", role_code="settlement_clerk", area_code="511602")
    with pytest.raises(NotAllowed):
        services.post(actor=clerk, at=NOON, key="k", memo="", legs=[(a.pk, -1), (b.pk, 1)])


def test_entries_and_legs_are_never_changed():
    a, b = funded("a", 1000), an_account("b")
    entry = post([(a.pk, -300), (b.pk, 300)])
    for statement in (
        f"UPDATE ledgers_leg SET amount = amount * 2 WHERE entry_id = {entry.pk}",
        f"DELETE FROM ledgers_leg WHERE entry_id = {entry.pk}",
        f"UPDATE ledgers_entry SET memo = 'x' WHERE id = {entry.pk}",
        f"DELETE FROM ledgers_entry WHERE id = {entry.pk}",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert faults() == []


def test_opening_an_account_again_returns_it_unless_it_differs():
    first = an_account("a")
    assert an_account("a").pk == first.pk
    with pytest.raises(services.KeyReused):
        an_account("a", unit=LedgerUnit.MINUTE)
    assert Account.objects.count() == 1


def test_legs_are_found_by_entry_in_the_index_that_keeps_them_apart():
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "ledgers_leg").values()
    assert [one["columns"] for one in found if one["index"] and one["columns"][:1] == ["entry_id"]] == [
        ["entry_id", "account_id"]
    ]
