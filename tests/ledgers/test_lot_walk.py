"""The real lots beside the plain model, step by step; and the planted bugs that such a walk must catch."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.ledger_model import Books
from bench.ledger_services import AT, Services
from bench.ledger_walk import FIRST_PERSON, POOL, Walk
from wushe.foundation.actor import SYSTEM
from wushe.ledgers import lots, services
from wushe.ledgers.lots import Issue, Which
from wushe.ledgers.models import Account, Entry, LotShare
from wushe.ledgers.postings import LotsMissing, Posting, Unbalanced, UnitsMixed

pytestmark = pytest.mark.django_db
Patch = pytest.MonkeyPatch
BORN = date(2026, 1, 1)
GUARDED = [
    ("ledgers_entry", "memo = 'x'"), ("ledgers_leg", "amount = amount + 1"), ("ledgers_lot", "born_on = born_on"),
    ("ledgers_lot_leg", "amount = amount + 1"),
]  # fmt: skip


def short_walk(unit: str = "minute", seed: int = 3, steps: int = 8) -> Walk:
    """Take the opening and some random steps, tamper as the database must forbid, and look at everything."""
    twin = Services(FIRST_PERSON + 2, unit=unit)
    walk = Walk(seed, accounts=FIRST_PERSON + 2, twin=twin)
    walk.opening()
    walk.go(steps)
    twin.compare_lots(walk.model)
    refuse_what_has_no_lots(twin)
    refuse_what_mixes_units(twin)
    assert walk.model.problems() == []
    assert twin.problems() == []
    refuse_tampering()
    return walk


def refuse_what_has_no_lots(twin: Services) -> None:
    a, b = twin.ids[0], twin.ids[POOL]
    with pytest.raises(LotsMissing):
        services.post(actor=SYSTEM, at=AT, key="bare", memo="", legs=[(a, -1), (b, 1)])


def refuse_what_mixes_units(twin: Services) -> None:
    other = "fen" if Account.objects.get(pk=twin.ids[0]).unit == "minute" else "minute"
    foreign = services.open_account(
        actor=SYSTEM,
        at=AT,
        code="foreign",
        title="别的单位",
        unit=other,
        kind="time_person",
        area_code="511602",
        by_lot=True,
    )
    with pytest.raises(UnitsMixed):
        lots.issue_all(actor=SYSTEM, at=AT, issues=[Issue("mixed", "", twin.ids[0], ((foreign.pk, 1),), BORN)])


def refuse_tampering() -> None:
    """What is written stays: the database itself refuses, whoever asks."""
    for table, change in GUARDED:
        with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {change}")
    for change in (
        "UPDATE ledgers_lot_share SET left_ = -1",
        "UPDATE ledgers_account SET balance = -1 WHERE NOT may_go_below",
    ):
        statement = change.replace("left_", '"left"')
        with (
            pytest.raises(Exception, match=r"below_zero|not_below"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def unguard(table: str) -> Callable[[Patch], None]:
    def drop(_: Patch) -> None:
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {table}_no_update{on}")

    return drop


def swap(module: object, name: str, make: Callable[[Callable], object]) -> Callable[[Patch], None]:
    """Return a bug that puts something else in the place of a function, made from the right one."""
    return lambda patch: patch.setattr(module, name, make(getattr(module, name)))


def without_check(right: Callable) -> Callable:
    def change(account: Account, lot_id: int, amount: int) -> None:
        share, _ = LotShare.objects.get_or_create(account=account, lot_id=lot_id, defaults={"left": 0})
        LotShare.objects.filter(pk=share.pk).update(left=max(0, share.left + amount))

    return change


def newest(right: Callable) -> Callable:
    def oldest(account: Account, amount: int, which: Which) -> list:
        parts = []
        shares = LotShare.objects.filter(account=account, left__gt=0)
        if which is Which.FREE:
            shares = shares.filter(lot__restricted=False)
        for lot, left in shares.order_by("-lot__born_on", "-lot_id").values_list("lot_id", "left"):
            if amount > 0:
                parts.append((lot, min(left, amount)))
                amount -= left
        if amount > 0:
            raise lots.InsufficientBalance(code=account.code, title=account.title)
        return parts

    return oldest


def moved_without_limit(right: Callable) -> Callable:
    def move_on(*, actor, at, key, memo, entry_id, source_id, targets):
        return lots.move(actor=actor, at=at, key=key, memo=memo, source_id=source_id, targets=targets, which=Which.ALL)

    return move_on


def again_and_again(right: Callable) -> Callable:
    def reverse(*, actor, at, entry_id, memo):
        entry = Entry.objects.get(pk=entry_id)
        moves = [(leg.lot_id, leg.account_id, -leg.amount) for leg in entry.lot_legs.all()]
        accounts = lots.hold_accounts([account for _, account, _ in moves])
        legs = tuple((leg.account_id, -leg.amount) for leg in entry.legs.all())
        return lots._write(actor, at, Posting(f"again:{Entry.objects.count()}", memo, legs), moves, accounts)

    return reverse


def lay_with(change: Callable) -> Callable[[Callable], Callable]:
    def make(right: Callable) -> Callable:
        return lambda model, columns, rows: right(model, columns, [change(model.__name__, row) for row in rows])

    return make


def last(row: tuple, value: object) -> tuple:
    return (*row[:-1], value)


BUGS: dict[str, Callable[[Patch], None]] = {
    "issue: the key is not looked at": swap(lots, "known_entries", lambda _: lambda postings: {}),
    "a used key is taken for the same": lambda patch: (
        patch.setattr(lots, "known_entries", _by_key), patch.setattr(services, "known_entries", _by_key)
    ),
    "the newest is spent first": swap(lots, "_oldest", newest),
    "restricted lots are given away": swap(lots, "_oldest", lambda right: lambda a, n, which: right(a, n, Which.ALL)),
    "restricted lots are not donated first": swap(
        lots, "_oldest", lambda right: lambda a, n, which: right(a, n, Which.ALL if which is Which.RESTRICTED_FIRST else which)
    ),
    "restricted lots are never taken": swap(lots, "_oldest", lambda right: lambda a, n, which: right(a, n, Which.FREE)),
    "one unit less is taken": swap(lots, "_oldest", lambda right: lambda a, n, which: right(a, n - 1, which)),
    "dealt with the wrong sign": swap(
        lots, "_dealt", lambda right: lambda s, p, t: [(lot, account, -n) for lot, account, n in right(s, p, t)]
    ),
    "the source is forgotten": swap(
        lots, "_dealt", lambda right: lambda s, p, t: [one for one in right(s, p, t) if one[1] != s]
    ),
    "all goes to the first target": swap(
        lots, "_dealt", lambda right: lambda s, p, t: right(s, p, [(t[0][0], sum(n for _, n in t))])
    ),
    "the last part is lost": swap(lots, "_dealt", lambda right: lambda s, p, t: right(s, p, t)[:-1]),
    "shares are read, not compared": swap(lots, "_change", without_check),
    "shares are not changed": swap(lots, "_change", lambda _: lambda account, lot_id, amount: None),
    "shares only grow": swap(
        lots, "_change", lambda right: lambda account, lot_id, amount: right(account, lot_id, abs(amount))
    ),
    "shares change twice": swap(
        lots, "_change", lambda right: lambda *given: (right(*given), right(*given))
    ),
    "an entry is taken back again and again": swap(lots, "reverse", again_and_again),
    "a reversal is not mirrored": lambda patch: patch.setattr(
        Posting, "undone", lambda self, *, entry_id, memo: Posting(f"reverse:{entry_id}", memo, self.legs, entry_id)
    ),
    "a reversal does not name what it undoes": lambda patch: patch.setattr(
        Posting, "undone",
        lambda self, *, entry_id, memo: Posting(f"reverse:{entry_id}", memo, tuple((a, -n) for a, n in self.legs)),
    ),
    "what is settled comes from any lot": swap(lots, "move_on", moved_without_limit),
    "more is settled than was held": swap(
        lots, "parts_of", lambda _: lambda *, entry_id, account_id: list(
            LotShare.objects.filter(account=account_id).values_list("lot_id", "left"))
    ),
    "the parts of an entry come in another order": swap(lots, "parts_of", lambda right: lambda **given: right(**given)[::-1]),
    "amounts below zero are moved": swap(
        lots, "_posting", lambda _: lambda key, memo, source, targets: Posting(
            key, memo, ((source, -sum(n for _, n in targets)), *targets))
    ),
    "a lot is larger than its issue": swap(lots, "lay", lay_with(
        lambda name, row: (*row[:4], row[4] + 1, row[5]) if name == "Lot" else row)),
    "a lot loses its restriction": swap(lots, "lay", lay_with(lambda name, row: last(row, False) if name == "Lot" else row)),
    "a lot's legs lose their sign": swap(lots, "lay", lay_with(
        lambda name, row: last(row, abs(row[-1])) if name == "LotLeg" else row)),
    "a lot's legs are off by one": swap(lots, "lay", lay_with(
        lambda name, row: last(row, row[-1] + 1) if name == "LotLeg" else row)),
    "a share begins too large": swap(lots, "lay", lay_with(
        lambda name, row: last(row, row[-1] + 1) if name == "LotShare" else row)),
    "issues divide nothing": lambda patch: patch.setattr(Issue, "amount", property(lambda self: self.targets[0][1])),
    "accounts kept by lot take any posting": lambda patch: patch.setattr(services, "LotsMissing", _Nothing),
    "balances are not compared": swap(
        services, "_change", lambda _: lambda account, n: Account.objects.filter(pk=account.pk).update(balance=max(0, account.balance + n))
    ),
    "balances stay": swap(services, "_change", lambda _: lambda account, n: None),
    "balances lose their sign": swap(
        services, "changes", lambda right: lambda postings: {a: abs(n) for a, n in right(postings).items()}
    ),
    "one account is forgotten": swap(services, "changes", lambda right: lambda p: dict(list(right(p).items())[1:])),
    "units are mixed": lambda patch: patch.setattr(services, "UnitsMixed", _Nothing),
    "a refusal is swallowed": lambda patch: patch.setattr(lots, "InsufficientBalance", _Nothing),
    **{f"{table} may be changed": unguard(table) for table in ("ledgers_lot", "ledgers_lot_leg", "ledgers_entry", "ledgers_leg")},
}  # fmt: skip


def _by_key(postings):
    return {entry.key: entry for entry in Entry.objects.filter(key__in=[posting.key for posting in postings])}


class _Nothing(BaseException):
    """A refusal that nobody answers."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__()


@pytest.mark.parametrize("unit", ["minute", "fen"])
def test_model_and_services_agree(unit):
    walk = short_walk(unit, seed=11, steps=120)
    assert {
        "done",
        "again",
        "InsufficientBalance",
        "Unbalanced",
        "KeyReused",
        "AlreadyReversed",
        "ReversalStands",
    } <= set(walk.verdicts)


def test_there_are_enough_bugs():
    assert len(BUGS) >= 30


@pytest.mark.parametrize("bug", BUGS)
def test_the_walk_catches(bug, monkeypatch):
    BUGS[bug](monkeypatch)
    # A disagreement with the model, a broken invariant, or the database's own refusal.
    with pytest.raises((Exception, pytest.fail.Exception, _Nothing)) as caught:
        short_walk()
    assert not isinstance(caught.value, (NameError, TypeError, AttributeError))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 60))
def test_no_walk_of_the_model_breaks_an_invariant(seed, steps):
    walk = Walk(seed, accounts=8)
    walk.opening()
    walk.go(steps)
    assert walk.model.problems() == []


def test_the_model_finds_what_is_wrong_with_itself():
    books = Books(6)
    books.issue("o", ((4, 60),), 1, False)
    books.shares[4][0] = 61
    assert books.problems() == ["share of 4 in 0", "origin of 4"]
    books.shares[4][0] = 60
    books.balance[4] = 61
    assert books.problems() == ["sum", "balance of 4", "origin of 4"]


def test_nothing_below_one_is_issued():
    twin = Services(5, unit="minute")
    with pytest.raises(Unbalanced):
        twin.issue("x", ((4, 0),), 1, False)
