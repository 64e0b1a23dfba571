"""A ledger with lots in plain dictionaries: what the services must do, said once more as simply as possible.

Amounts are whole numbers of any one unit, minutes or fen.
"""

from heapq import heappop, heappush
from typing import NamedTuple

Targets = tuple[tuple[int, int], ...]
FREE, ALL, RESTRICTED_FIRST = "free", "all", "restricted_first"


class Refused(Exception):
    """A step was refused; the text names the refusal."""


class Kept(NamedTuple):
    """An entry: its legs, and how much of which lot went where."""

    legs: Targets
    moves: tuple[tuple[int, int, int], ...]
    undoes: str


class Books:
    """Accounts by number, of which 0 is the outside and may go below zero."""

    def __init__(self, accounts: int) -> None:
        self.balance = [0] * accounts
        self.entries: dict[str, Kept] = {}
        self.undone: set[str] = set()
        self.lots: list[tuple[int, int, bool]] = []
        self.shares: list[dict[int, int]] = [{} for _ in range(accounts)]
        self._queues: list[list[tuple[int, int]]] = [[] for _ in range(accounts)]

    def issue(self, origin: str, targets: Targets, born: int, restricted: bool) -> str:
        """Make a lot once."""
        total = sum(amount for _, amount in targets)
        legs = ((0, -total), *targets)
        if any(amount <= 0 for _, amount in targets):
            raise Refused("Unbalanced")
        if again := self._again(f"issue:{origin}", legs):
            return again
        lot = len(self.lots)
        self.lots.append((born, total, restricted))
        self._keep(f"issue:{origin}", legs, tuple((lot, account, amount) for account, amount in legs))
        return "done"

    def move(self, key: str, source: int, targets: Targets, which: str) -> str:
        """Move the oldest lots."""
        legs = self._legs(source, targets)
        if again := self._again(key, legs):
            return again
        parts = self._oldest(source, -legs[0][1], which)
        self._keep(key, legs, self._dealt(source, parts, targets))
        return "done"

    def move_on(self, key: str, entry: str, source: int, targets: Targets) -> str:
        """Move on what an entry brought."""
        legs = self._legs(source, targets)
        if again := self._again(key, legs):
            return again
        brought = [
            (self.lots[lot][0], lot, n) for lot, account, n in self.entries[entry].moves if account == source and n > 0
        ]
        parts = [(lot, amount) for _, lot, amount in sorted(brought)]
        if sum(amount for _, amount in parts) < -legs[0][1]:
            raise Refused("InsufficientBalance")
        moves = self._dealt(source, parts, targets)
        self._keep(key, legs, moves)
        return "done"

    def reverse(self, key: str) -> str:
        """Take an entry back."""
        entry = self.entries[key]
        if entry.undoes:
            raise Refused("ReversalStands")
        if key in self.undone:
            raise Refused("AlreadyReversed")
        legs = tuple((account, -amount) for account, amount in entry.legs)
        self._keep(f"undo:{key}", legs, tuple((lot, account, -n) for lot, account, n in entry.moves), undoes=key)
        self.undone.add(key)
        return "done"

    def problems(self) -> list[str]:
        """Return which invariant does not hold; everything is added up anew."""
        found = [] if sum(self.balance) == 0 else ["sum"]
        sums, of_lot = [0] * len(self.balance), [0] * len(self.lots)
        of_share: dict[tuple[int, int], int] = {}
        for key, entry in self.entries.items():
            by_account: dict[int, int] = {}
            for lot, account, amount in entry.moves:
                by_account[account] = by_account.get(account, 0) + amount
                of_lot[lot] += amount
                of_share[account, lot] = of_share.get((account, lot), 0) + amount
            if by_account != dict(entry.legs):
                found.append(f"{key} has legs without lots")
            for account, amount in entry.legs:
                sums[account] += amount
        found += [f"balance of {n}" for n, (a, b) in enumerate(zip(sums, self.balance, strict=True)) if a != b]
        found += [f"below zero {n}" for n, balance in enumerate(self.balance) if n and balance < 0]
        found += [f"lot {n}" for n, left in enumerate(of_lot) if left]
        for account, shares in enumerate(self.shares):
            for lot, left in shares.items():
                if left < 0 or of_share.get((account, lot), 0) != left:
                    found.append(f"share of {account} in {lot}")
            if account and sum(shares.values()) != self.balance[account]:
                found.append(f"origin of {account}")
        return found

    def _legs(self, source: int, targets: Targets) -> Targets:
        accounts = [source, *(account for account, _ in targets)]
        if any(amount <= 0 for _, amount in targets) or len(set(accounts)) != len(accounts):
            raise Refused("Unbalanced")
        return ((source, -sum(amount for _, amount in targets)), *targets)

    def _again(self, key: str, legs: Targets) -> str:
        known = self.entries.get(key)
        if known is None:
            return ""
        if sorted(known.legs) != sorted(legs):
            raise Refused("KeyReused")
        return "again"

    def _oldest(self, account: int, amount: int, which: str) -> list[tuple[int, int]]:
        if which == FREE:
            return self._from_queue(account, amount)
        rows = [(which == RESTRICTED_FIRST and not self.lots[lot][2], self.lots[lot][0], lot, left)
                for lot, left in self.shares[account].items() if left]  # fmt: skip
        parts = []
        for _, _, lot, left in sorted(rows):
            if amount <= 0:
                break
            parts.append((lot, min(left, amount)))
            amount -= left
        if amount > 0:
            raise Refused("InsufficientBalance")
        return parts

    def _from_queue(self, account: int, amount: int) -> list[tuple[int, int]]:
        """Return the oldest free lots; the queue may hold lots that have gone, and some twice."""
        queue, shares, parts, taken = self._queues[account], self.shares[account], [], set()
        seen = []
        while amount > 0 and queue:
            born, lot = heappop(queue)
            left = shares.get(lot, 0)
            if not left or lot in taken:
                continue
            taken.add(lot)
            seen.append((born, lot))
            parts.append((lot, min(left, amount)))
            amount -= left
        for one in seen:
            heappush(queue, one)
        if amount > 0:
            raise Refused("InsufficientBalance")
        return parts

    @staticmethod
    def _dealt(source: int, parts: list[tuple[int, int]], targets: Targets) -> tuple[tuple[int, int, int], ...]:
        moves: dict[tuple[int, int], int] = {}
        at, left = 0, parts[0][1]
        for account, wanted in targets:
            rest = wanted
            while rest:
                if not left:
                    at += 1
                    left = parts[at][1]
                taken = min(left, rest)
                lot = parts[at][0]
                moves[lot, source] = moves.get((lot, source), 0) - taken
                moves[lot, account] = moves.get((lot, account), 0) + taken
                left -= taken
                rest -= taken
        return tuple((lot, account, amount) for (lot, account), amount in moves.items())

    def _keep(self, key: str, legs: Targets, moves: tuple[tuple[int, int, int], ...], undoes: str = "") -> None:
        for lot, account, amount in moves:
            if account and amount < 0 and self.shares[account].get(lot, 0) < -amount:
                raise Refused("InsufficientBalance")
        for lot, account, amount in moves:
            if account:
                shares = self.shares[account]
                before = shares.get(lot, 0)
                shares[lot] = before + amount
                if not before and amount > 0 and not self.lots[lot][2]:
                    heappush(self._queues[account], (self.lots[lot][0], lot))
                if not shares[lot]:
                    del shares[lot]
        for account, amount in legs:
            self.balance[account] += amount
        self.entries[key] = Kept(legs, moves, undoes)
