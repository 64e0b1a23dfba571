"""What may be written in the books at all: a posting has two sides, one unit, and a sum of zero."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

from wushe.foundation.errors import Conflict, Invalid


class Unbalanced(Invalid):
    """The legs do not make an entry: they do not sum to zero, or an account stands on both sides."""

    message = "这笔账借贷不平，没有入账。"


class UnitsMixed(Invalid):
    """An entry moves one unit only: money is never paid with minutes."""

    message = "一笔账只能记同一种单位（金额、时长或件数），没有入账。"


class LotsMissing(Conflict):
    """What stands on an account kept by lot moves only together with its lots."""

    message = "这个账户按批次记账，每一笔都要写明来源，没有入账。"


class InsufficientBalance(Conflict):
    """An account that may not go below zero would; `account_code` names it."""

    def __init__(self, *, code: str, title: str) -> None:
        self.account_code = code
        super().__init__(f"账户“{title}”余额不足，没有入账。")


class Posting(NamedTuple):
    """One entry to be written: `legs` are (account id, signed amount), `key` makes it happen once."""

    key: str
    memo: str
    legs: tuple[tuple[int, int], ...]
    reverses_id: int | None = None

    def check(self) -> None:
        """Raise Unbalanced unless there are two or more legs on different accounts, none zero, that sum to zero."""
        if len(self.legs) < 2 or len(dict(self.legs)) != len(self.legs):
            raise Unbalanced
        total = 0
        for _, amount in self.legs:
            if not amount:
                raise Unbalanced
            total += amount
        if total:
            raise Unbalanced

    def undone(self, *, entry_id: int, memo: str) -> "Posting":
        """Return the posting that takes this one back."""
        legs = tuple((account, -amount) for account, amount in self.legs)
        return Posting(key=f"reverse:{entry_id}", memo=memo, legs=legs, reverses_id=entry_id)

    def line(self) -> str:
        """Return the posting as one line of text, the same for the same posting."""
        legs = ",".join([f"{account}:{amount}" for account, amount in sorted(self.legs)])
        return f"{self.key}|{self.memo}|{legs}|{self.reverses_id or ''}"


def changes(postings: Iterable[Posting]) -> dict[int, int]:
    """Return by how much each account changes, in the order of account ids: the order in which they are locked."""
    sums: dict[int, int] = {}
    for posting in postings:
        for account, amount in posting.legs:
            sums[account] = sums.get(account, 0) + amount
    return dict(sorted(sums.items()))


def digest(postings: Sequence[Posting]) -> str:
    """Return the digest that the journal keeps, so that a changed book is found by the chain."""
    return sha256("\n".join(posting.line() for posting in postings).encode()).hexdigest()
