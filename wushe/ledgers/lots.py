"""Lots: on an account kept by lot every unit keeps its origin, and what is spent first is what came first.

An issue makes one lot. A move takes the oldest lots of its source; what goes back, goes back as the very lots that
came. Nothing here goes below zero, happens twice under one key, or is changed afterwards.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from django.db import transaction
from django.db.models import F

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import NotFound
from wushe.foundation.laying import lay, take_numbers

from .models import Account, Entry, Lot, LotLeg, LotShare
from .postings import InsufficientBalance, Posting, Unbalanced
from .services import AlreadyReversed, ReversalStands, hold_accounts, known_entries, write_postings

Targets = Sequence[tuple[int, int]]
Part = tuple[int, int]
"""A lot and how much of it."""


class Which(Enum):
    """Which lots may be taken: free ones, all, or all with the restricted ones first."""

    FREE = "free"
    ALL = "all"
    RESTRICTED_FIRST = "restricted_first"


@dataclass(frozen=True, slots=True)
class Issue:
    """A lot to be made: from which outside account, and how it is divided among accounts."""

    origin: str
    memo: str
    source_id: int
    targets: tuple[tuple[int, int], ...]
    born_on: date
    restricted: bool = False

    @property
    def amount(self) -> int:
        """Return the size of the lot."""
        return sum(amount for _, amount in self.targets)

    def posting(self) -> Posting:
        """Return the entry that brings it in."""
        return Posting(f"issue:{self.origin}", self.memo, ((self.source_id, -self.amount), *self.targets))


@domain_call("ledgers:post")
def issue_all(*, actor: Actor, at: datetime, issues: Sequence[Issue]) -> list[Lot]:
    """Make lots, each once by its origin; return them in the order given.

    Raises what `post_all` raises, KeyReused if an origin stands for another division, and Unbalanced for an amount
    that is not above zero or an origin that is named twice.
    """
    postings = [issue.posting() for issue in issues]
    if any(amount <= 0 for issue in issues for _, amount in issue.targets):
        raise Unbalanced
    if len({posting.key for posting in postings}) != len(postings):
        raise Unbalanced
    accounts = hold_accounts([account for posting in postings for account, _ in posting.legs])
    known = known_entries(postings)
    fresh = [(issue, posting) for issue, posting in zip(issues, postings, strict=True) if posting.key not in known]
    entries = write_postings(actor=actor, at=at, postings=[posting for _, posting in fresh], with_lots=True)
    numbers = take_numbers(Lot, len(fresh)) if fresh else []
    made = [(number, issue, entry) for number, (issue, _), entry in zip(numbers, fresh, entries, strict=True)]
    lay(Lot, ("id", "origin", "entry_id", "born_on", "amount", "restricted"),
        [(number, i.origin, entry.pk, i.born_on, i.amount, i.restricted) for number, i, entry in made])  # fmt: skip
    legs = [(entry.pk, number, *leg) for number, i, entry in made for leg in i.posting().legs]
    lay(LotLeg, ("entry_id", "lot_id", "account_id", "amount"), legs)
    lay(LotShare, ("lot_id", "account_id", "left"),
        [(lot, account, amount) for _, lot, account, amount in legs if not accounts[account].may_go_below])  # fmt: skip
    lots = {lot.origin: lot for lot in Lot.objects.filter(origin__in=[issue.origin for issue in issues])}
    return [lots[issue.origin] for issue in issues]


@domain_call("ledgers:post")
def move(
    *, actor: Actor, at: datetime, key: str, memo: str, source_id: int, targets: Targets, which: Which = Which.FREE
) -> Entry:
    """Move the oldest lots of an account to others; the same key again returns the entry it made.

    Raises InsufficientBalance if the account does not hold enough lots that may be taken, Unbalanced for an amount
    that is not above zero, KeyReused and NotFound as `post` does.
    """
    accounts = hold_accounts([source_id, *(account for account, _ in targets)])
    posting = _posting(key, memo, source_id, targets)
    if known := known_entries([posting]):
        return known[key]
    if source_id not in accounts:
        raise NotFound
    parts = _oldest(accounts[source_id], sum(amount for _, amount in targets), which)
    return _write(actor, at, posting, _dealt(source_id, parts, targets), accounts)


@domain_call("ledgers:post")
def move_on(
    *, actor: Actor, at: datetime, key: str, memo: str, entry_id: int, source_id: int, targets: Targets
) -> Entry:
    """Move on exactly the lots that an earlier entry brought to an account, the oldest to the first target.

    Raises InsufficientBalance if the targets take more than came or it is no longer there, and what `move` raises.
    """
    accounts = hold_accounts([source_id, *(account for account, _ in targets)])
    posting = _posting(key, memo, source_id, targets)
    if known := known_entries([posting]):
        return known[key]
    parts = parts_of(entry_id=entry_id, account_id=source_id)
    if sum(amount for _, amount in parts) < sum(amount for _, amount in targets):
        raise InsufficientBalance(code=accounts[source_id].code, title=accounts[source_id].title)
    return _write(actor, at, posting, _dealt(source_id, parts, targets), accounts)


@domain_call("ledgers:post")
def move_parts(
    *, actor: Actor, at: datetime, key: str, memo: str, source_id: int, target_id: int, parts: Sequence[Part]
) -> Entry:
    """Move exactly these parts of lots from one account to another; the same key again returns the entry it made.

    Raises InsufficientBalance if a part is not there any more, and what `move` raises.
    """
    targets = [(target_id, sum(amount for _, amount in parts))]
    accounts = hold_accounts([source_id, target_id])
    posting = _posting(key, memo, source_id, targets)
    if known := known_entries([posting]):
        return known[key]
    return _write(actor, at, posting, _dealt(source_id, parts, targets), accounts)


@domain_call("ledgers:post")
def reverse(*, actor: Actor, at: datetime, entry_id: int, memo: str) -> Entry:
    """Take an entry back, lot by lot.

    Raises NotFound, AlreadyReversed, ReversalStands, and InsufficientBalance if a lot has been moved on since.
    """
    entry = Entry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise NotFound
    if entry.reverses_id:
        raise ReversalStands
    moves = [(leg.lot_id, leg.account_id, -leg.amount) for leg in entry.lot_legs.order_by("lot_id", "account_id")]
    accounts = hold_accounts([account for _, account, _ in moves])
    if Entry.objects.filter(reverses=entry).exists():
        raise AlreadyReversed
    legs = tuple((leg.account_id, leg.amount) for leg in entry.legs.all())
    mirrored = Posting(entry.key, entry.memo, legs).undone(entry_id=entry_id, memo=memo)
    return _write(actor, at, mirrored, moves, accounts)


def parts_of(*, entry_id: int, account_id: int) -> list[Part]:
    """Return which lots an entry brought to an account, the oldest first."""
    legs = LotLeg.objects.filter(entry=entry_id, account=account_id, amount__gt=0)
    return list(legs.order_by("lot__born_on", "lot_id").values_list("lot_id", "amount"))


def _posting(key: str, memo: str, source_id: int, targets: Targets) -> Posting:
    if any(amount <= 0 for _, amount in targets):
        raise Unbalanced
    posting = Posting(key, memo, ((source_id, -sum(amount for _, amount in targets)), *targets))
    posting.check()
    return posting


def _oldest(account: Account, amount: int, which: Which) -> list[Part]:
    """Return the oldest lots of a held account that make up the amount; raise InsufficientBalance."""
    shares = LotShare.objects.filter(account=account, left__gt=0)
    if which is Which.FREE:
        shares = shares.filter(lot__restricted=False)
    first = ["-lot__restricted"] if which is Which.RESTRICTED_FIRST else []
    parts: list[Part] = []
    for lot_id, left in shares.order_by(*first, "lot__born_on", "lot_id").values_list("lot_id", "left").iterator():
        if amount <= 0:
            break
        parts.append((lot_id, min(left, amount)))
        amount -= left
    if amount > 0:
        raise InsufficientBalance(code=account.code, title=account.title)
    return parts


def _dealt(source_id: int, parts: Iterable[Part], targets: Targets) -> list[tuple[int, int, int]]:
    """Deal lots out to targets in order; return (lot, account, signed amount)."""
    moves: list[tuple[int, int, int]] = []
    waiting = [list(part) for part in parts]
    for account, wanted in targets:
        dealt = 0
        while dealt < wanted:
            lot, left = waiting[0]
            taken = min(left, wanted - dealt)
            moves += [(lot, source_id, -taken), (lot, account, taken)]
            dealt += taken
            waiting[0][1] -= taken
            if not waiting[0][1]:
                waiting.pop(0)
    return moves


def _write(
    actor: Actor, at: datetime, posting: Posting, moves: Sequence[tuple[int, int, int]], accounts: dict[int, Account]
) -> Entry:
    """Write an entry with its lots; the accounts are held."""
    sums: dict[tuple[int, int], int] = {}
    for lot, account, amount in moves:
        sums[lot, account] = sums.get((lot, account), 0) + amount
    # Nothing is kept of a refused entry, even if the caller goes on.
    with transaction.atomic():
        entry = write_postings(actor=actor, at=at, postings=[posting], with_lots=True)[0]
        lay(LotLeg, ("entry_id", "lot_id", "account_id", "amount"),
            [(entry.pk, lot, account, amount) for (lot, account), amount in sums.items() if amount])  # fmt: skip
        for (lot, account), amount in sorted(sums.items(), key=lambda item: item[1]):
            if not accounts[account].may_go_below:
                _change(accounts[account], lot, amount)
    return entry


def _change(account: Account, lot_id: int, amount: int) -> None:
    """Change a share by compare-and-set; raise InsufficientBalance if it would go below zero."""
    share = LotShare.objects.filter(account=account, lot=lot_id)
    changed = share.filter(left__gte=-amount).update(left=F("left") + amount)
    if changed or not amount:
        return
    if amount < 0:
        raise InsufficientBalance(code=account.code, title=account.title)
    LotShare.objects.create(account=account, lot_id=lot_id, left=amount)
