"""Hypothesis looks for steps after which the real ledger and the plain model disagree, or a rule of the books is broken.

    python -m bench.ledger_machine [--steps 100000] [--db sqlite|postgres] [--length 50] [--seed 1]

So many steps are taken in minutes and as many in fen, and counted one by one: each is a call of the product's own
services on a real database. After each step every balance is that of the model; after every tenth, and at the end of
each example, all rules are looked at: sum zero, balance = sum of legs, nothing below zero, every unit with its origin,
nothing settled twice. Each example begins with empty books and is taken back.
"""

import argparse
import json
import os
import time
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from bench import ground
from bench.ledger_model import ALL, FREE, RESTRICTED_FIRST, Books
from bench.ledger_walk import FIRST_PERSON, HELD, POOL, SPENT, Walk

ACCOUNTS = FIRST_PERSON + 3
PEOPLE = st.integers(FIRST_PERSON, ACCOUNTS - 1)
AMOUNTS = st.integers(1, 240)
KEYS = st.integers(0, 60)
ANY = st.integers(0, 1000)
WAYS = st.sampled_from([FREE, ALL, RESTRICTED_FIRST])


class Ledger(RuleBasedStateMachine):
    """Books of one unit with six accounts and the outside; keys are few, so that some are used again for something else."""

    unit = "minute"
    verdicts: Counter[str] = Counter()

    @initialize()
    def open(self) -> None:
        """Begin with empty books, in a transaction that will be taken back."""
        from django.db import transaction

        from bench.ledger_services import Services

        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.twin = Services(ACCOUNTS, unit=self.unit)
        self.walk = Walk(0, accounts=ACCOUNTS, twin=self.twin)
        self.model: Books = self.walk.model
        self.taken: list[tuple[str, tuple[Any, ...]]] = []

    @rule(key=KEYS, person=PEOPLE, amount=AMOUNTS, over=st.sampled_from([0, 0, 0, 7]), born=st.integers(0, 30),
          restricted=st.booleans())  # fmt: skip
    def issue(self, *, key: int, person: int, amount: int, over: int, born: int, restricted: bool) -> None:
        """Issue for verified work; what is above a cap goes to the pool."""
        self._step("issue", f"o{key}", ((person, amount), (POOL, over))[: 2 if over else 1], born, restricted)

    @rule(key=KEYS, source=PEOPLE, on=st.integers(1, 3), percent=st.integers(1, 110), which=WAYS)
    def move(self, key: int, source: int, on: int, percent: int, which: str) -> None:
        """Give to another or to the pool: a part of what is there, or more than all of it."""
        sink = POOL + (source - POOL + on) % (ACCOUNTS - POOL)
        self._step("move", f"m{key}", source, ((sink, self._part(source, percent)),), which)

    @rule(key=KEYS, person=PEOPLE, percent=st.integers(1, 110))
    def hold(self, key: int, person: int, percent: int) -> None:
        """Hold a part of what is there."""
        self._step("move", f"h{key}", person, ((HELD, self._part(person, percent)),), FREE)

    @precondition(lambda self: self._keys("h"))
    @rule(pick=ANY, percent=st.integers(0, 110), more=st.sampled_from([0, 0, 0, 1]))
    def settle(self, pick: int, percent: int, more: int) -> None:
        """Settle what was held: a part is spent, the rest goes back; perhaps more than there is, or a second time."""
        held = self._keys("h")
        key = held[pick % len(held)]
        (source, amount), _ = self.model.entries[key].legs
        spent = -amount * percent // 100
        targets = tuple(one for one in ((SPENT, spent + more), (source, -amount - spent)) if one[1] > 0)
        self._step("move_on", f"s{key}", key, HELD, targets)

    @precondition(lambda self: self._keys(""))
    @rule(pick=ANY)
    def undo(self, pick: int) -> None:
        """Take an entry back, perhaps a second time, perhaps when what it brought has been spent."""
        keys = self._keys("")
        self._step("reverse", keys[pick % len(keys)])

    @precondition(lambda self: self.taken)
    @rule(pick=ANY)
    def again(self, pick: int) -> None:
        """Ask once more for what has been done."""
        name, given = self.taken[pick % len(self.taken)]
        self._step(name, *given)

    @rule(key=KEYS, one=PEOPLE, other=PEOPLE, amount=st.integers(-5, 1))
    def ask_wrongly(self, key: int, one: int, other: int, amount: int) -> None:
        """Ask for nothing, for less than nothing, or for a gift to oneself."""
        self._step("move", f"m{key}", one, ((one if amount > 0 else other, amount),), ALL)

    def teardown(self) -> None:
        """Look at everything, and leave nothing for the next example."""
        from django.db import transaction

        if hasattr(self, "savepoint"):
            try:
                self._look()
            finally:
                transaction.set_rollback(True)
                self.savepoint.__exit__(None, None, None)

    def _step(self, name: str, *given: Any) -> None:
        verdict = self.walk.step(name, *given)
        self.verdicts[verdict] += 1
        if verdict == "done" and name != "reverse":
            self.taken.append((name, given))
        if self.twin.steps % 10 == 0:
            self._look()

    def _part(self, account: int, percent: int) -> int:
        return max(1, self.model.balance[account] * percent // 100)

    def _keys(self, prefix: str) -> list[str]:
        return [key for key in self.model.entries if key.startswith(prefix)]

    def _look(self) -> None:
        self.twin.compare_lots(self.model)
        assert self.model.problems() == []
        assert self.twin.problems() == []


def machine(unit: str, *, steps: int, length: int, first_seed: int) -> dict[str, Any]:
    """Run examples in one unit until so many steps were taken; return what came of them."""

    class Counted(Ledger):
        verdicts = Counter()

    Counted.unit = unit
    begun, examples = time.perf_counter(), 0
    while (left := steps - Counted.verdicts.total()) > 0:
        asked = min(max(left // length, 10), 200)
        run_state_machine_as_test(
            seed(first_seed + examples)(Counted),
            settings=settings(
                max_examples=asked, stateful_step_count=length, deadline=None, database=None,
                suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink],
            ),
        )  # fmt: skip
        examples += asked
    return {
        "unit": unit, "steps": Counted.verdicts.total(), "examples": examples,
        "seconds": round(time.perf_counter() - begun, 1), "verdicts": dict(Counted.verdicts),
    }  # fmt: skip


def main() -> None:
    """Run, and print one line of JSON for each unit."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--steps", type=int, default=100_000)
    reader.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    reader.add_argument("--length", type=int, default=50)
    reader.add_argument("--seed", type=int, default=1)
    asked = reader.parse_args()
    with ground.database(asked.db):
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0, interactive=False)
        for n, unit in enumerate(("minute", "fen")):
            told = machine(unit, steps=asked.steps, length=asked.length, first_seed=asked.seed + n * asked.steps)
            print(json.dumps({**told, "db": asked.db, "load": round(os.getloadavg()[0], 1)}), flush=True)
        connection.close()


if __name__ == "__main__":
    main()
