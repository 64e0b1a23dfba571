"""A long random walk over the books against a model of plain dictionaries, and the bugs that it must catch.

Each step posts something right or wrong, alone or in a batch, repeats a key, or takes an entry back. After every
batch the balances of the database are those of the model, and at the end the books have no fault.
"""

import random
from collections.abc import Callable

import pytest

from tests.factories.ledgers import NOON, an_account, faults_of_many
from wushe.foundation.actor import SYSTEM
from wushe.ledgers import postings, services
from wushe.ledgers.models import Account, Entry
from wushe.ledgers.postings import InsufficientBalance, Posting, Unbalanced

pytestmark = pytest.mark.django_db

STEPS = 200_000
ACCOUNTS = 40


class Walk:
    """The database and the model side by side."""

    def __init__(self, seed: int, accounts: int = ACCOUNTS) -> None:
        self.chance = random.Random(seed)
        self.outside = an_account("outside", outside=True).pk
        self.inside = [an_account(f"a{n}").pk for n in range(accounts)]
        self.balance = dict.fromkeys([self.outside, *self.inside], 0)
        self.entries: dict[str, Posting] = {}
        self.ids: dict[str, int] = {}
        self.undone: set[str] = set()
        self.serial = 0
        self.refused = 0

    def posting(self) -> Posting:
        """Return a payment between two to four accounts, now and then from the outside."""
        self.serial += 1
        if self.chance.random() < 0.3:
            amount = self.chance.randint(1, 500)
            return Posting(
                f"k{self.serial}", "拨入", ((self.outside, -amount), (self.chance.choice(self.inside), amount))
            )
        parties = self.chance.sample(self.inside, self.chance.randint(2, 4))
        amounts = [self.chance.randint(1, 200) for _ in parties[1:]]
        legs = ((parties[0], -sum(amounts)), *zip(parties[1:], amounts, strict=True))
        return Posting(f"k{self.serial}", "付款", tuple(legs))

    def batch(self, size: int) -> None:
        """Post a batch that may hold repetitions; the model says whether the whole of it is possible."""
        wanted = [self.posting() for _ in range(size)]
        if self.entries and self.chance.random() < 0.5:
            wanted += self.chance.choices(list(self.entries.values())[-200:], k=min(50, max(1, size // 20)))
        fresh = {p.key: p for p in wanted if p.key not in self.entries}
        after = dict(self.balance)
        for posting in fresh.values():
            for account, amount in posting.legs:
                after[account] += amount
        possible = all(value >= 0 for account, value in after.items() if account != self.outside)
        try:
            entries = services.post_all(actor=SYSTEM, at=NOON, postings=wanted)
        except InsufficientBalance:
            assert not possible
            self.refused += 1
            return
        assert possible
        self.balance = after
        self.entries |= fresh
        self.ids |= {entry.key: entry.pk for entry in entries}
        assert [entry.key for entry in entries] == [posting.key for posting in wanted]

    def wrong(self) -> None:
        """Post what must be refused: a sum that is not zero, or a used key for something else."""
        posting = self.posting()
        (account, amount), *rest = posting.legs
        crooked = Posting(posting.key, posting.memo, ((account, amount + 1), *rest))
        with pytest.raises(Unbalanced):
            services.post_all(actor=SYSTEM, at=NOON, postings=[crooked])
        poor = self.chance.choice(self.inside)
        with pytest.raises(InsufficientBalance):
            services.post_all(
                actor=SYSTEM, at=NOON,
                postings=[Posting(f"o{self.serial}", "", ((poor, -self.balance[poor] - 1), (self.outside, self.balance[poor] + 1)))],
            )  # fmt: skip
        self.refused += 1
        if self.entries:
            known = self.chance.choice(list(self.entries.values())[-200:])
            other = Posting(known.key, "", ((self.outside, -(10**6)), (self.inside[0], 10**6)))
            with pytest.raises(services.KeyReused):
                services.post_all(actor=SYSTEM, at=NOON, postings=[other])

    def undo(self) -> None:
        """Take an entry back, if the money is still there."""
        keys = [key for key in list(self.ids)[-300:] if key not in self.undone]
        if not keys:
            return
        key = self.chance.choice(keys)
        legs = self.entries[key].legs
        possible = all(self.balance[a] - n >= 0 for a, n in legs if a != self.outside)
        try:
            services.reverse_entry(actor=SYSTEM, at=NOON, entry_id=self.ids[key], memo="冲正")
        except InsufficientBalance:
            assert not possible
            self.refused += 1
            return
        assert possible
        self.undone.add(key)
        for account, amount in legs:
            self.balance[account] -= amount
        with pytest.raises(services.AlreadyReversed):
            services.reverse_entry(actor=SYSTEM, at=NOON, entry_id=self.ids[key], memo="冲正")

    def compare(self) -> None:
        """Balances are those of the model."""
        assert dict(Account.objects.values_list("pk", "balance")) == self.balance

    def go(self, steps: int, size: int) -> None:
        """Walk so many steps; a batch of n postings is n steps."""
        done = 0
        while done < steps:
            kind = self.chance.random()
            if kind < 0.9:
                part = self.chance.choice((1, 2, size))
                self.batch(part)
                done += part
            elif kind < 0.95:
                self.wrong()
                done += 1
            else:
                self.undo()
                done += 1
            self.compare()
        assert faults_of_many() == []
        assert Entry.objects.count() == len(self.entries) + len(self.undone)


def test_two_hundred_thousand_steps():
    walk = Walk(seed=20260914)
    walk.go(STEPS, size=5000)
    assert walk.refused > 3
    assert len(walk.undone) > 2


BUGS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "keys are not looked at": lambda m: m.setattr(services, "known_entries", lambda postings: {}),
    "a used key is taken for the same": lambda m: m.setattr(
        services, "known_entries",
        lambda postings: {e.key: e for e in Entry.objects.filter(key__in=[p.key for p in postings])},
    ),
    "balances are read, not compared": lambda m: m.setattr(
        services, "_change",
        lambda account, amount: Account.objects.filter(pk=account.pk).update(balance=max(0, account.balance + amount)),
    ),
    "the sign is lost": lambda m: m.setattr(
        services, "changes", lambda ps: {a: abs(n) for a, n in postings.changes(ps).items()}
    ),
    "one account is forgotten": lambda m: m.setattr(
        services, "changes", lambda ps: dict(list(postings.changes(ps).items())[:-1])
    ),
    "the sum is not looked at": lambda m: m.setattr(Posting, "check", lambda self: None),
    "a reversal is not mirrored": lambda m: m.setattr(
        Posting, "undone", lambda self, *, entry_id, memo: Posting(f"reverse:{entry_id}", memo, self.legs, entry_id)
    ),
    "a reversal may happen twice": lambda m: m.setattr(
        Posting, "undone",
        lambda self, *, entry_id, memo: Posting(
            f"again:{Entry.objects.count()}", memo, tuple((a, -n) for a, n in self.legs)
        ),
    ),
    "refusals are swallowed": lambda m: m.setattr(services, "_change", lambda account, amount: None),
}  # fmt: skip


@pytest.mark.parametrize("bug", BUGS)
def test_the_walk_catches(bug, monkeypatch):
    BUGS[bug](monkeypatch)
    # An assertion of the walk, or the database's own refusal.
    with pytest.raises((Exception, pytest.fail.Exception)) as caught:
        Walk(seed=7, accounts=8).go(1500, size=20)
    assert not isinstance(caught.value, (NameError, TypeError, AttributeError))


def test_the_short_walk_itself_is_sound():
    Walk(seed=7, accounts=8).go(1500, size=20)
