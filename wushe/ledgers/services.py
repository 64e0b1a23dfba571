"""Write the books: entries balance, happen once by their key, and are corrected only by reversal.

No role posts by hand. Postings are made inside other domain calls (a budget line is funded, a visit is settled),
or by the system itself.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, transaction

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, NotFound
from wushe.foundation.journal.services import Act, record, record_all
from wushe.foundation.laying import kept, lay, take_numbers

from .models import Account, Entry, Leg
from .postings import InsufficientBalance, LotsMissing, Posting, UnitsMixed, changes, digest

_BATCH = 2000
_ENTRY = ("id", "key", "at", "memo", "actor_id", "reverses_id")


class KeyReused(Conflict):
    """The key or code was already used for something else."""

    message = "这个编号已用于另一笔账，没有重复入账。"


class AlreadyReversed(Conflict):
    """An entry is taken back once."""

    message = "这笔账已经冲正过，不能再次冲正。"


class ReversalStands(Conflict):
    """A reversal is not reversed; what is right is posted anew."""

    message = "冲正分录不能再冲正，请重新入账。"


@domain_call("ledgers:post")
def open_account(
    *,
    actor: Actor,
    at: datetime,
    code: str,
    title: str,
    unit: str,
    kind: str,
    area_code: str = "",
    organisation_ref: int | None = None,
    may_go_below: bool = False,
    by_lot: bool = False,
) -> Account:
    """Open an account, or return the one with this code; raise KeyReused if that one is of another nature."""
    account, opened = Account.objects.get_or_create(
        code=code,
        defaults={
            "title": title, "unit": unit, "kind": kind, "area_code": area_code,
            "organisation_ref": organisation_ref, "may_go_below": may_go_below, "by_lot": by_lot,
        },
    )  # fmt: skip
    if opened:
        record(kind="ledger.open", subject=account, actor=actor, at=at, data={"code": code})
    elif (account.unit, account.kind, account.organisation_ref) != (unit, kind, organisation_ref):
        raise KeyReused("这个账户编码已用于另一个账户。")
    return account


@domain_call("ledgers:post")
def post(*, actor: Actor, at: datetime, key: str, memo: str, legs: Sequence[tuple[int, int]]) -> Entry:
    """Post one entry; the same key again returns the entry it made.

    Raises Unbalanced, UnitsMixed, InsufficientBalance, NotFound for an unknown account, and KeyReused if the key
    stands for an entry with other legs. Nothing is kept of a refused entry, even if the caller goes on.
    """
    return post_all(actor=actor, at=at, postings=[Posting(key, memo, tuple(legs))])[0]


@domain_call("ledgers:post")
def post_all(*, actor: Actor, at: datetime, postings: Sequence[Posting]) -> list[Entry]:
    """Post several entries as one act, all or none; return them in the order given.

    The same as many calls of `post`, except that balances are looked at after all of them. Accounts are changed in
    one order everywhere, so two batches can wait for each other only in one direction. Raises LotsMissing for an
    account kept by lot: its postings are made in `lots`.
    """
    return write_postings(actor=actor, at=at, postings=postings)


@domain_call("ledgers:post")
def post_fresh(*, actor: Actor, at: datetime, postings: Sequence[Posting]) -> Sequence[int]:
    """Post many entries under keys made for them in this transaction; return their ids in the order given.

    The same as `post_all`, without looking for the keys first: one that is in use raises KeyReused, and then nothing
    is kept.
    """
    for posting in postings:
        posting.check()
    if not postings:
        return []
    try:
        with transaction.atomic():
            return _lay(actor, at, postings, with_lots=False)
    except IntegrityError:
        if known_entries(postings):
            raise KeyReused from None
        raise


def write_postings(*, actor: Actor, at: datetime, postings: Sequence[Posting], with_lots: bool = False) -> list[Entry]:
    """Write postings as `post_all` does; `with_lots` says that the caller writes the lots of each leg as well."""
    for posting in postings:
        posting.check()
    known = known_entries(postings)
    fresh = _distinct([posting for posting in postings if posting.key not in known])
    if fresh:
        try:
            with transaction.atomic():
                known |= _write(actor, at, fresh, with_lots)
        except IntegrityError:
            # Another call used one of the keys in between: it has committed, so it can be read now.
            if not (raced := known_entries(fresh)):
                raise
            known |= raced
            remaining = [posting for posting in fresh if posting.key not in raced]
            if remaining:
                with transaction.atomic():
                    known |= _write(actor, at, remaining, with_lots)
    return [known[posting.key] for posting in postings]


@domain_call("ledgers:post")
def reverse_entry(*, actor: Actor, at: datetime, entry_id: int, memo: str) -> Entry:
    """Take an entry back by its mirror image.

    Raises NotFound, AlreadyReversed, ReversalStands for an entry that is itself a reversal, and
    InsufficientBalance if what came in has been spent since.
    """
    return reverse_all(actor=actor, at=at, entry_ids=[entry_id], memo=memo)[0]


@domain_call("ledgers:post")
def reverse_all(*, actor: Actor, at: datetime, entry_ids: Sequence[int], memo: str) -> list[Entry]:
    """Take several entries back as one act; raises what `reverse_entry` raises, and then none is taken back."""
    entries = {entry.pk: entry for entry in Entry.objects.filter(pk__in=entry_ids).prefetch_related("legs")}
    if len(entries) != len(set(entry_ids)):
        raise NotFound
    if any(entry.reverses_id for entry in entries.values()):
        raise ReversalStands
    if Entry.objects.filter(reverses__in=entries).exists():
        raise AlreadyReversed
    mirrored = [_as_posting(entries[pk]).undone(entry_id=pk, memo=memo) for pk in entry_ids]
    return post_all(actor=actor, at=at, postings=mirrored)


def hold_accounts(account_ids: Sequence[int]) -> dict[int, Account]:
    """Return accounts as they stand, held until the transaction ends; in the order in which postings change them."""
    held = Account.objects.select_for_update().filter(pk__in=account_ids).order_by("pk")
    return {account.pk: account for account in held}


def known_entries(postings: Sequence[Posting]) -> dict[str, Entry]:
    """Return the entries already made under these keys; raise KeyReused where one differs."""
    asked = {posting.key: posting for posting in postings}
    found: dict[str, Entry] = {}
    keys = list(asked)
    for start in range(0, len(keys), _BATCH):
        for entry in Entry.objects.filter(key__in=keys[start : start + _BATCH]).prefetch_related("legs"):
            if sorted(_as_posting(entry).legs) != sorted(asked[entry.key].legs):
                raise KeyReused
            found[entry.key] = entry
    return found


def _distinct(postings: Sequence[Posting]) -> list[Posting]:
    """Return each posting once; raise KeyReused if one key stands for two different postings."""
    first: dict[str, Posting] = {}
    for posting in postings:
        if sorted(first.setdefault(posting.key, posting).legs) != sorted(posting.legs):
            raise KeyReused
    return list(first.values())


def _as_posting(entry: Entry) -> Posting:
    legs = tuple((leg.account_id, leg.amount) for leg in entry.legs.all())
    return Posting(entry.key, entry.memo, legs, entry.reverses_id)


def _write(actor: Actor, at: datetime, postings: Sequence[Posting], with_lots: bool) -> dict[str, Entry]:
    """Write entries, legs and balances; return the entries by key."""
    numbers = _lay(actor, at, postings, with_lots)
    rows = ((pk, p.key, at, p.memo, actor.user_id, p.reverses_id) for pk, p in zip(numbers, postings, strict=True))
    return {row[1]: Entry.from_db(DEFAULT_DB_ALIAS, _ENTRY, row) for row in rows}


def _lay(actor: Actor, at: datetime, postings: Sequence[Posting], with_lots: bool) -> Sequence[int]:
    """Write entries, legs and balances; return the numbers of the entries."""
    sums = changes(postings)
    accounts = _accounts(postings, sums)
    if not with_lots and any(account.by_lot for account in accounts.values()):
        raise LotsMissing
    numbers = take_numbers(Entry, len(postings))
    moment, by = kept(at), actor.user_id
    lay(
        Entry, _ENTRY, [(pk, p.key, moment, p.memo, by, p.reverses_id) for pk, p in zip(numbers, postings, strict=True)]
    )
    lay(Leg, ("entry_id", "account_id", "amount"),
        [(pk, account, amount) for pk, p in zip(numbers, postings, strict=True) for account, amount in p.legs])  # fmt: skip
    for account_id, amount in sums.items():
        _change(accounts[account_id], amount)
    area_code = max((account.area_code for account in accounts.values()), key=len)
    data = {"entries": len(postings), "digest": digest(postings)}
    record_all([Act("ledger.post", "entry", numbers[0], area_code, actor, at, data)])
    return numbers


def _accounts(postings: Sequence[Posting], sums: Mapping[int, int]) -> dict[int, Account]:
    """Return the accounts by id; raise NotFound for an unknown one, UnitsMixed if an entry has two units."""
    accounts = Account.objects.in_bulk(list(sums))
    if len(accounts) != len(sums):
        raise NotFound
    units = {pk: account.unit for pk, account in accounts.items()}
    if len(set(units.values())) > 1 and any(_mixes(p.legs, units) for p in postings):
        raise UnitsMixed
    return accounts


def _mixes(legs: Sequence[tuple[int, int]], units: Mapping[int, str]) -> bool:
    first = units[legs[0][0]]
    return any(units[account] != first for account, _ in legs[1:])


def _change(account: Account, amount: int) -> None:
    """Change a balance by compare-and-set; raise InsufficientBalance if it may not take this value."""
    if not amount:
        return
    with connection.cursor() as cursor:
        cursor.execute(_CHANGE, [amount, account.pk, amount])
        if cursor.rowcount != 1:
            raise InsufficientBalance(code=account.code, title=account.title)


# By hand: a batch changes hundreds of accounts.
_CHANGE = "UPDATE ledgers_account SET balance = balance + %s WHERE id = %s AND (may_go_below OR balance + %s >= 0)"
