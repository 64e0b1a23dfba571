"""Random steps over a ledger with lots: most of them sound, many of them wrong, repeated or late.

The same walk drives the plain model alone, or the model and the real services side by side: every verdict, and after
each step every balance and the oldest lots must agree.
"""

import random
from typing import Any, Protocol

from bench.ledger_model import ALL, FREE, RESTRICTED_FIRST, Books, Refused, Targets

HELD, SPENT, POOL = 1, 2, 3
FIRST_PERSON = 4


class Ledger(Protocol):
    """What a walk drives."""

    def issue(self, origin: str, targets: Targets, born: int, restricted: bool) -> str: ...  # noqa: D102
    def move(self, key: str, source: int, targets: Targets, which: str) -> str: ...  # noqa: D102
    def move_on(self, key: str, entry: str, source: int, targets: Targets) -> str: ...  # noqa: D102
    def reverse(self, key: str) -> str: ...  # noqa: D102


class Disagreement(AssertionError):
    """The real ledger did something else than the model."""


class Walk:
    """A seeded walk; `twin` is the real ledger, None to drive the model alone."""

    def __init__(self, seed: int, *, accounts: int, twin: Any = None) -> None:
        self.chance = random.Random(seed)
        self.model, self.twin, self.accounts = Books(accounts), twin, accounts
        self.serial = 0
        self.holds: list[tuple[str, int, int]] = []
        self.settled: list[tuple[str, str, Targets]] = []
        self.recent: list[tuple[Any, ...]] = []
        self.keys: list[str] = []
        self.verdicts: dict[str, int] = {}
        self._acts = [
            self.issue,
            self.give,
            self.hold,
            self.settle,
            self.release,
            self.donate,
            self.undo,
            self.again,
            self.wrong,
        ]
        self._odds = [30, 25, 14, 9, 4, 4, 4, 5, 5]

    def go(self, steps: int) -> None:
        """Take so many steps."""
        for _ in range(steps):
            self.chance.choices(self._acts, self._odds)[0]()

    def step(self, name: str, *given: Any) -> str:
        """Let the model, and the real ledger, take one step, and compare."""
        try:
            verdict: str = getattr(self.model, name)(*given)
        except Refused as refusal:
            verdict = str(refusal)
        self.verdicts[verdict] = self.verdicts.get(verdict, 0) + 1
        if self.twin is not None:
            found = self.twin.verdict(name, *given)
            if found != verdict:
                raise Disagreement(f"{name}{given}: {found} instead of {verdict}")
            self.twin.compare(self.model)
        return verdict

    def person(self) -> int:
        """Return one of the people."""
        return self.chance.randrange(FIRST_PERSON, self.accounts)

    def name(self) -> str:
        """Return a fresh key."""
        self.serial += 1
        return f"k{self.serial}"

    def issue(self) -> None:
        """Issue for verified work, now and then of a group, now and then above a cap."""
        one, minutes = self.person(), self.chance.randint(1, 240)
        over = self.chance.randint(1, 60) if self.chance.random() < 0.1 else 0
        targets = ((one, minutes), (POOL, over)) if over else ((one, minutes),)
        given = ("issue", self.name(), targets, self.chance.randrange(3000), self.chance.random() < 0.15)
        if self.step(*given) == "done":
            self._remember(given, f"issue:{given[1]}")

    def give(self) -> None:
        """To a relative."""
        one, other = self.person(), self.person()
        self._move(one, ((other, self._some(one)),), FREE)

    def donate(self) -> None:
        """To the pool, hours of a group first."""
        one = self.person()
        self._move(one, ((POOL, self._some(one)),), self.chance.choice([RESTRICTED_FIRST, ALL]))

    def hold(self) -> None:
        """For a request."""
        one, amount = (one := self.person()), self._some(one)
        key = self._move(one, ((HELD, amount),), FREE)
        if key:
            self.holds.append((key, one, amount))

    def settle(self) -> None:
        """Settle a request: in part to the bank, the rest back; now and then a second time, or more than was held."""
        if not self.holds:
            return
        key, one, amount = self.holds.pop(self.chance.randrange(len(self.holds)))
        spent = self.chance.randint(0, amount)
        targets = tuple(t for t in ((SPENT, spent), (one, amount - spent)) if t[1])
        settle = ("move_on", f"settle:{key}", key, HELD, targets)
        if self.chance.random() < 0.1:
            self.step("move_on", f"more:{key}", key, HELD, ((SPENT, amount + 1),))
        if self.step(*settle) != "done":
            return
        if self.chance.random() < 0.2:
            self.step(*settle)
            self.step("reverse", key)
        self._remember(settle, settle[1])

    def release(self) -> None:
        """Release a cancelled request; now and then twice."""
        if not self.holds:
            return
        key, _, _ = self.holds.pop(self.chance.randrange(len(self.holds)))
        self.step("reverse", key)
        if self.chance.random() < 0.3:
            self.step("reverse", key)

    def undo(self) -> None:
        """Take back something recent, which may have been spent, taken back before, or be a reversal itself."""
        if self.keys:
            key = self.chance.choice(self.keys)
            if self.step("reverse", key) == "done":
                self.step("reverse", f"undo:{key}")

    def again(self) -> None:
        """Repeat something recent, or use its key for something else."""
        if not self.recent:
            return
        given = self.chance.choice(self.recent)
        if self.chance.random() < 0.5:
            self.step(*given)
        elif given[0] == "issue":
            (account, amount), *rest = given[2]
            self.step("issue", given[1], ((account, amount + 1), *rest), given[3], given[4])
        elif given[0] == "move":
            (account, amount), *rest = given[3]
            self.step("move", given[1], given[2], ((account, amount + 1), *rest), given[4])

    def wrong(self) -> None:
        """Ask for what must be refused."""
        one, other = self.person(), self.person()
        kind = self.chance.randrange(4)
        if kind == 0:
            self.step("move", self.name(), one, ((POOL, self.model.balance[one] + 1),), ALL)
        elif kind == 1:
            self.step("move", self.name(), one, ((POOL, self.chance.choice([0, -5])),), ALL)
        elif kind == 2:
            self.step("issue", self.name(), ((other, self.chance.choice([0, -5])),), 1, False)
        else:
            self.step("move", self.name(), one, ((one, 1),), FREE)

    def opening(self) -> None:
        """Take one step of every kind, right and wrong, in a fixed order: what a short walk must have met."""
        a, b = FIRST_PERSON, FIRST_PERSON + 1
        say = self.step
        say("issue", "o1", ((a, 60),), 20, False)
        say("issue", "o2", ((a, 60), (POOL, 5)), 10, False)
        say("issue", "o3", ((a, 30),), 25, True)
        say("issue", "o1", ((a, 60),), 20, False)
        say("issue", "o1", ((a, 61),), 20, False)
        say("issue", "o4", ((a, -5),), 20, False)
        say("move", "g1", a, ((b, 70),), FREE)
        say("move", "g1", a, ((b, 70),), FREE)
        say("move", "g1", a, ((b, 71),), FREE)
        say("move", "g2", a, ((b, 51),), FREE)
        say("move", "g3", a, ((b, 81),), ALL)
        say("move", "g4", a, ((b, -5),), FREE)
        say("move", "g5", a, ((POOL, 25),), RESTRICTED_FIRST)
        say("move", "h1", b, ((HELD, 65),), FREE)
        say("issue", "o5", ((b, 50),), 1, False)
        say("move", "h2", b, ((HELD, 50),), FREE)
        say("move_on", "s0", "h1", HELD, ((SPENT, 66),))
        say("move_on", "s1", "h1", HELD, ((SPENT, 40), (b, 25)))
        say("move_on", "s1", "h1", HELD, ((SPENT, 40), (b, 25)))
        say("move_on", "s2", "h1", HELD, ((SPENT, 40),))
        say("reverse", "h1")
        say("reverse", "h2")
        say("reverse", "h2")
        say("reverse", "undo:h2")
        say("reverse", "issue:o1")
        say("issue", "o6", ((b, 40),), 2, False)
        say("move", "g6", b, ((a, 90),), FREE)
        say("reverse", "g6")
        say("move", "g7", a, ((POOL, 20),), ALL)

    def _some(self, account: int) -> int:
        balance = self.model.balance[account]
        return self.chance.randint(1, max(1, min(balance, 300)))

    def _move(self, source: int, targets: Targets, which: str) -> str:
        given = ("move", self.name(), source, targets, which)
        if self.step(*given) != "done":
            return ""
        self._remember(given, given[1])
        return str(given[1])

    def _remember(self, given: tuple[Any, ...], key: str) -> None:
        self.recent.append(given)
        self.keys.append(key)
        if len(self.recent) > 400:
            del self.recent[:200], self.keys[:200]
