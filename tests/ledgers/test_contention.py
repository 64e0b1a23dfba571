"""Many hands on the same books at once: nothing lost, nothing doubled, nobody below zero, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier

import pytest
from django.db import connection

from tests.factories.ledgers import NOON, an_account, funded
from wushe.foundation.actor import SYSTEM
from wushe.ledgers import services
from wushe.ledgers.models import Account, Entry
from wushe.ledgers.postings import InsufficientBalance
from wushe.ledgers.selectors import faults

pytestmark = pytest.mark.django_db(transaction=True)

HANDS = 4


@pytest.fixture(autouse=True)
def lanes(transactional_db):
    """Give the journal its lanes again: the flush between such tests takes them along."""
    from wushe.foundation.journal.models import Lane

    for pk in range(1, 17):
        Lane.objects.get_or_create(pk=pk)


def together(work):
    """Run the work in several threads that start at once; return what each returned."""
    gate = Barrier(HANDS)

    def run(hand):
        gate.wait()
        try:
            return work(hand)
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(run, range(HANDS)))


def pay(key, source, target, amount):
    return services.post(
        actor=SYSTEM, at=NOON, key=key, memo="付款", legs=[(source.pk, -amount), (target.pk, amount)]
    ).pk


def test_hot_accounts_lose_nothing():
    hot = [funded(f"h{n}", 10_000) for n in range(4)]

    def work(hand):
        chance = Random(hand)
        done = 0
        for number in range(40):
            source, target = chance.sample(hot, 2)
            try:
                pay(f"{hand}:{number}", source, target, chance.randint(1, 2000))
                done += 1
            except InsufficientBalance:
                continue
        return done

    done = sum(together(work))
    assert Entry.objects.count() == done + len(hot)
    assert sum(Account.objects.filter(code__startswith="h").values_list("balance", flat=True)) == 40_000
    assert faults() == []


def test_one_key_from_many_hands_is_one_entry():
    a, b = funded("a", 100_000), an_account("b")
    answers = together(lambda hand: [pay(f"k{n}", a, b, n + 1) for n in range(25)])
    assert all(answer == answers[0] for answer in answers)
    assert Entry.objects.filter(key__startswith="k").count() == 25
    assert Account.objects.get(pk=b.pk).balance == 325


def test_the_last_fen_is_spent_once():
    a, b = funded("a", 100), an_account("b")

    def work(hand):
        try:
            pay(f"last:{hand}", a, b, 100)
        except InsufficientBalance:
            return 0
        return 1

    assert sum(together(work)) == 1
    assert Account.objects.get(pk=a.pk).balance == 0


def test_an_entry_is_reversed_by_one_hand():
    a, b = funded("a", 100), an_account("b")
    entry = pay("k", a, b, 60)

    def work(hand):
        try:
            services.reverse_entry(actor=SYSTEM, at=NOON, entry_id=entry, memo="冲正")
        except services.AlreadyReversed:
            return 0
        return 1

    assert sum(together(work)) >= 1
    assert Entry.objects.filter(reverses=entry).count() == 1
    assert Account.objects.get(pk=a.pk).balance == 100
    assert faults() == []
