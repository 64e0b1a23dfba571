"""Hypothesis looks for a sequence of postings and reversals after which the books and their rules disagree."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.factories.ledgers import NOON, an_account
from wushe.foundation.actor import SYSTEM
from wushe.ledgers import services
from wushe.ledgers.models import Account
from wushe.ledgers.postings import InsufficientBalance, Unbalanced
from wushe.ledgers.selectors import faults

pytestmark = pytest.mark.django_db

AMOUNTS = st.integers(-60, 60)
PLACES = st.integers(0, 3)


class Books(RuleBasedStateMachine):
    """Four accounts, of which the first is the outside, and a dictionary that says what must stand there."""

    @initialize()
    def open(self):
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.accounts = [an_account(f"m{n}", outside=n == 0).pk for n in range(4)]
        self.balance = [0, 0, 0, 0]
        self.known: dict[str, tuple[int, list[tuple[int, int]]]] = {}
        self.undone: set[str] = set()

    @rule(key=st.integers(0, 12), amounts=st.lists(st.tuples(PLACES, AMOUNTS), min_size=2, max_size=4))
    def post(self, key, amounts):
        """Post anything; what must come of it follows from the rules of the books."""
        legs = [(self.accounts[place], amount) for place, amount in amounts]
        sound = (
            len({p for p, _ in amounts}) == len(amounts)
            and all(n for _, n in amounts)
            and not sum(n for _, n in amounts)
        )
        self._post(str(key), legs, sound)

    @rule(key=st.integers(0, 12), source=PLACES, sink=PLACES, amount=st.integers(1, 60))
    def pay(self, key, source, sink, amount):
        """Pay from one account to another: mostly sound."""
        legs = [(self.accounts[source], -amount), (self.accounts[sink], amount)]
        self._post(str(key), legs, source != sink)

    @rule(key=st.integers(0, 12))
    def undo(self, key):
        """Take an entry back."""
        if str(key) not in self.known:
            return
        entry, legs = self.known[str(key)]
        if str(key) in self.undone:
            error = services.AlreadyReversed
        elif self._would_go_below([(a, -n) for a, n in legs]):
            error = InsufficientBalance
        else:
            services.reverse_entry(actor=SYSTEM, at=NOON, entry_id=entry, memo="冲正")
            self._apply([(a, -n) for a, n in legs])
            self.undone.add(str(key))
            return
        with pytest.raises(error):
            services.reverse_entry(actor=SYSTEM, at=NOON, entry_id=entry, memo="冲正")

    @invariant()
    def the_books_stand(self):
        """Balances are those of the dictionary, and no rule is broken."""
        if hasattr(self, "accounts"):
            rows = Account.objects.in_bulk(self.accounts)
            assert [rows[pk].balance for pk in self.accounts] == self.balance
            assert faults() == []

    def teardown(self):
        """Leave nothing for the next run."""
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def _post(self, key, legs, sound):
        if not sound:
            error = Unbalanced
        elif key in self.known:
            if sorted(self.known[key][1]) == sorted(legs):
                again = services.post(actor=SYSTEM, at=NOON, key=key, memo="", legs=legs)
                assert again.pk == self.known[key][0]
                return
            error = services.KeyReused
        elif self._would_go_below(legs):
            error = InsufficientBalance
        else:
            entry = services.post(actor=SYSTEM, at=NOON, key=key, memo="", legs=legs)
            self.known[key] = (entry.pk, legs)
            self._apply(legs)
            return
        with pytest.raises(error):
            services.post(actor=SYSTEM, at=NOON, key=key, memo="", legs=legs)

    def _would_go_below(self, legs):
        return any(self.balance[self.accounts.index(a)] + n < 0 for a, n in legs if a != self.accounts[0])

    def _apply(self, legs):
        for account, amount in legs:
            self.balance[self.accounts.index(account)] += amount


def test_no_sequence_breaks_the_books():
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
