"""Lots: every unit keeps its origin, the oldest is spent first, and what goes back is what came."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories.ledgers import NOON, coins, faults_of_many, lot_account
from wushe.foundation.actor import SYSTEM
from wushe.ledgers import lots, services
from wushe.ledgers.lots import Which
from wushe.ledgers.models import Account, Entry, Lot, LotLeg, LotShare
from wushe.ledgers.postings import InsufficientBalance, LotsMissing, Unbalanced
from wushe.ledgers.provenance import lot_faults, standing, way_of, whereabouts

pytestmark = pytest.mark.django_db


def balance(account: Account) -> int:
    account.refresh_from_db()
    return account.balance


def stand(account: Account) -> list[tuple[str, int]]:
    return [(share.lot.origin, share.left) for share in standing(account_id=account.pk)]


def give(key: str, source: Account, *targets: tuple[Account, int], which: Which = Which.FREE) -> Entry:
    return lots.move(
        actor=SYSTEM, at=NOON, key=key, memo="转出", source_id=source.pk,
        targets=[(account.pk, amount) for account, amount in targets], which=which,
    )  # fmt: skip


def whole() -> bool:
    return faults_of_many() == [] and lot_faults() == []


def test_an_issue_makes_one_lot_and_balances():
    wang = lot_account("wang")
    coins("visit:1", wang, 90)
    assert (balance(wang), stand(wang)) == (90, [("visit:1", 90)])
    assert balance(Account.objects.get(code="earned")) == -90
    assert whole()


def test_an_issue_happens_once():
    wang = lot_account("wang")
    assert coins("visit:1", wang, 90).pk == coins("visit:1", wang, 90).pk
    assert (balance(wang), Lot.objects.count(), LotLeg.objects.count()) == (90, 1, 2)
    with pytest.raises(services.KeyReused):
        coins("visit:1", wang, 60)
    assert balance(wang) == 90


def test_the_oldest_is_spent_first():
    wang, li = lot_account("wang"), lot_account("li")
    coins("visit:2", wang, 60, born_on=date(2026, 5, 2))
    coins("visit:1", wang, 60, born_on=date(2026, 5, 1))
    give("gift", wang, (li, 90))
    assert stand(li) == [("visit:1", 60), ("visit:2", 30)]
    assert stand(wang) == [("visit:2", 30)]
    assert whole()


def test_a_key_moves_once():
    wang, li = lot_account("wang"), lot_account("li")
    coins("visit:1", wang, 90)
    assert give("gift", wang, (li, 30)).pk == give("gift", wang, (li, 30)).pk
    assert (balance(wang), balance(li), stand(li)) == (60, 30, [("visit:1", 30)])
    with pytest.raises(services.KeyReused):
        give("gift", wang, (li, 31))


@pytest.mark.parametrize("amount", [0, -5])
def test_nothing_and_less_are_refused(amount):
    wang, li = lot_account("wang"), lot_account("li")
    coins("visit:1", wang, 90)
    with pytest.raises(Unbalanced):
        give("gift", wang, (li, amount))
    assert (balance(wang), balance(li)) == (90, 0)


def test_more_than_there_is_is_refused():
    wang, li = lot_account("wang"), lot_account("li")
    coins("visit:1", wang, 90)
    with pytest.raises(InsufficientBalance):
        give("gift", wang, (li, 91))
    assert (balance(wang), stand(wang), Entry.objects.filter(key="gift").count()) == (90, [("visit:1", 90)], 0)


def test_restricted_lots_go_only_where_they_may():
    wang, pool = lot_account("wang"), lot_account("pool")
    coins("team:1", wang, 60, restricted=True)
    coins("visit:1", wang, 30)
    with pytest.raises(InsufficientBalance):
        give("gift", wang, (pool, 31))
    give("gift", wang, (pool, 20))
    give("donation", wang, (pool, 65), which=Which.RESTRICTED_FIRST)
    assert stand(wang) == [("visit:1", 5)]
    assert whole()


def test_what_was_held_goes_back_as_it_came():
    wang, held, spent = lot_account("wang"), lot_account("held"), lot_account("spent")
    coins("visit:1", wang, 60, born_on=date(2026, 5, 1))
    coins("visit:2", wang, 60, born_on=date(2026, 5, 2))
    entry = give("hold", wang, (held, 90))
    coins("visit:0", wang, 60, born_on=date(2026, 4, 1))
    lots.move_on(
        actor=SYSTEM, at=NOON, key="settle", memo="兑换", entry_id=entry.pk, source_id=held.pk,
        targets=[(spent.pk, 70), (wang.pk, 20)],
    )  # fmt: skip
    assert stand(spent) == [("visit:1", 60), ("visit:2", 10)]
    assert stand(wang) == [("visit:0", 60), ("visit:2", 50)]
    assert whole()


def test_no_more_moves_on_than_came():
    wang, held, spent = lot_account("wang"), lot_account("held"), lot_account("spent")
    coins("visit:1", wang, 60)
    first, _ = give("hold1", wang, (held, 20)), give("hold2", wang, (held, 40))
    with pytest.raises(InsufficientBalance):
        lots.move_on(actor=SYSTEM, at=NOON, key="settle", memo="兑换", entry_id=first.pk, source_id=held.pk,
                     targets=[(spent.pk, 21)])  # fmt: skip
    assert (balance(held), balance(spent)) == (60, 0)


def test_a_move_is_taken_back_once_lot_by_lot():
    wang, li = lot_account("wang"), lot_account("li")
    coins("visit:1", wang, 60)
    entry = give("gift", wang, (li, 40))
    back = lots.reverse(actor=SYSTEM, at=NOON, entry_id=entry.pk, memo="冲正")
    assert (balance(wang), balance(li), stand(wang)) == (60, 0, [("visit:1", 60)])
    with pytest.raises(services.AlreadyReversed):
        lots.reverse(actor=SYSTEM, at=NOON, entry_id=entry.pk, memo="冲正")
    with pytest.raises(services.ReversalStands):
        lots.reverse(actor=SYSTEM, at=NOON, entry_id=back.pk, memo="冲正")
    assert whole()


def test_an_issue_is_not_taken_back_once_its_lot_was_spent():
    wang, li = lot_account("wang"), lot_account("li")
    lot = coins("visit:1", wang, 60)
    coins("visit:2", wang, 60, born_on=date(2027, 1, 1))
    give("gift", wang, (li, 10))
    with pytest.raises(InsufficientBalance), transaction.atomic():
        lots.reverse(actor=SYSTEM, at=NOON, entry_id=lot.entry_id, memo="冲正")
    assert (balance(wang), balance(li)) == (110, 10)
    assert whole()


def test_an_account_kept_by_lot_takes_no_posting_without_lots():
    wang, li = lot_account("wang"), lot_account("li")
    coins("visit:1", wang, 60)
    with pytest.raises(LotsMissing):
        services.post(actor=SYSTEM, at=NOON, key="x", memo="", legs=[(wang.pk, -10), (li.pk, 10)])
    entry = give("gift", wang, (li, 10))
    with pytest.raises(LotsMissing):
        services.reverse_entry(actor=SYSTEM, at=NOON, entry_id=entry.pk, memo="冲正")
    assert balance(wang) == 50


def test_a_coin_is_walked_back_and_found():
    wang, li, held = lot_account("wang"), lot_account("li"), lot_account("held")
    lot = coins("visit:1", wang, 60)
    give("gift", wang, (li, 40))
    give("hold", li, (held, 15))
    way = [(leg.account.code, leg.amount, leg.entry.key) for leg in way_of(lot_id=lot.pk)]
    assert way == [
        ("earned", -60, "issue:visit:1"), ("wang", 60, "issue:visit:1"), ("wang", -40, "gift"), ("li", 40, "gift"),
        ("li", -15, "hold"), ("held", 15, "hold"),
    ]  # fmt: skip
    assert [(s.account.code, s.left) for s in whereabouts(lot_id=lot.pk)] == [("li", 25), ("wang", 20), ("held", 15)]


@pytest.mark.parametrize("model", [Lot, LotLeg])
@pytest.mark.parametrize("act", ["update", "delete"])
def test_lots_and_their_legs_are_never_changed(model, act):
    coins("visit:1", lot_account("wang"), 60)
    rows = model.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(amount=1) if act == "update" else rows._raw_delete(rows.db)


def test_a_share_never_goes_below_zero_in_the_database():
    coins("visit:1", lot_account("wang"), 60)
    with pytest.raises(DatabaseError), transaction.atomic():
        LotShare.objects.update(left=-1)


def test_a_changed_share_is_found():
    coins("visit:1", lot_account("wang"), 60)
    LotShare.objects.update(left=61)
    assert {fault.code for fault in lot_faults()} == {"share_is_not_its_legs", "balance_is_not_its_lots"}


def test_a_lost_share_is_found():
    coins("visit:1", lot_account("wang"), 60)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledgers_lot_share")
    assert {fault.code for fault in lot_faults()} == {"share_missing", "balance_is_not_its_lots"}
