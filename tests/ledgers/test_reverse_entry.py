"""Reversal: the only correction, a mirror image, once."""

import pytest

from tests.factories.ledgers import NOON, an_account, funded
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import NotFound
from wushe.ledgers import services
from wushe.ledgers.models import Account, Entry
from wushe.ledgers.postings import InsufficientBalance
from wushe.ledgers.selectors import faults

pytestmark = pytest.mark.django_db


def reverse(entry_id):
    return services.reverse_entry(actor=SYSTEM, at=NOON, entry_id=entry_id, memo="冲正")


def paid(a, b, amount=300, key="k"):
    return services.post(actor=SYSTEM, at=NOON, key=key, memo="", legs=[(a.pk, -amount), (b.pk, amount)])


def test_a_reversal_is_the_mirror_image():
    a, b = funded("a", 1000), an_account("b")
    entry = paid(a, b)
    mirror = reverse(entry.pk)
    assert mirror.reverses_id == entry.pk
    assert sorted(mirror.legs.values_list("account_id", "amount")) == [(a.pk, 300), (b.pk, -300)]
    assert [Account.objects.get(pk=x.pk).balance for x in (a, b)] == [1000, 0]
    assert faults() == []


def test_an_entry_is_reversed_once_and_a_reversal_never():
    a, b = funded("a", 1000), an_account("b")
    entry = paid(a, b)
    mirror = reverse(entry.pk)
    before = Entry.objects.count()
    with pytest.raises(services.AlreadyReversed):
        reverse(entry.pk)
    with pytest.raises(services.ReversalStands):
        reverse(mirror.pk)
    with pytest.raises(NotFound):
        reverse(10**9)
    assert Entry.objects.count() == before


def test_what_has_been_spent_cannot_be_taken_back():
    a, b, c = funded("a", 1000), an_account("b"), an_account("c")
    entry = paid(a, b)
    paid(b, c, key="spent")
    with pytest.raises(InsufficientBalance):
        reverse(entry.pk)
    assert not Entry.objects.filter(reverses=entry).exists()
