"""The real services of the ledger, driven step by step beside the plain model."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction

from bench.ledger_model import Books, Targets
from bench.ledger_walk import Disagreement
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Refusal
from wushe.ledgers import lots, services
from wushe.ledgers.models import Account, AccountKind, Entry, LotShare
from wushe.ledgers.provenance import lot_faults, standing
from wushe.ledgers.selectors import faults

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
FIRST_DAY = date(2018, 1, 1)


class Services:
    """Accounts of one unit in the database, under the numbers of the model."""

    def __init__(self, accounts: int, *, unit: str) -> None:
        self.ids = [self._open(n, unit) for n in range(accounts)]
        self.numbers = {pk: n for n, pk in enumerate(self.ids)}
        self.steps = 0

    def _open(self, number: int, unit: str) -> int:
        return services.open_account(
            actor=SYSTEM, at=AT, code=f"walk:{unit}:{number}", title=f"账户{number}", unit=unit, area_code="511602",
            kind=AccountKind.TIME_EARNED if not number else AccountKind.TIME_PERSON, may_go_below=not number, by_lot=True,
        ).pk  # fmt: skip

    def verdict(self, name: str, *given: Any) -> str:
        """Take a step and say what came of it; the name of the refusal if it was refused."""
        self.steps += 1
        before = Entry.objects.count()
        try:
            with transaction.atomic():
                getattr(self, name)(*given)
        except Refusal as refusal:
            return type(refusal).__name__
        return "done" if Entry.objects.count() > before else "again"

    def issue(self, origin: str, targets: Targets, born: int, restricted: bool) -> None:
        """Make a lot."""
        day = FIRST_DAY + timedelta(days=born)
        issue = lots.Issue(origin, "服务", self.ids[0], self._real(targets), day, restricted)
        lots.issue_all(actor=SYSTEM, at=AT, issues=[issue])

    def move(self, key: str, source: int, targets: Targets, which: str) -> None:
        """Move the oldest lots."""
        lots.move(
            actor=SYSTEM, at=AT, key=key, memo="转出", source_id=self.ids[source], targets=self._real(targets),
            which=lots.Which(which),
        )  # fmt: skip

    def move_on(self, key: str, entry: str, source: int, targets: Targets) -> None:
        """Move on what an entry brought."""
        lots.move_on(
            actor=SYSTEM, at=AT, key=key, memo="兑换", entry_id=self._entry(entry), source_id=self.ids[source],
            targets=self._real(targets),
        )  # fmt: skip

    def reverse(self, key: str) -> None:
        """Take an entry back."""
        lots.reverse(actor=SYSTEM, at=AT, entry_id=self._entry(key), memo="冲正")

    def compare(self, model: Books) -> None:
        """Raise Disagreement unless all balances, and every tenth time the lots of all accounts, are those of the model."""
        balances = dict(Account.objects.filter(pk__in=self.ids).values_list("pk", "balance"))
        if [balances[pk] for pk in self.ids] != model.balance:
            raise Disagreement("balances")
        if self.steps % 10 == 0:
            self.compare_lots(model)

    def compare_lots(self, model: Books) -> None:
        """Raise Disagreement unless each account holds the lots of the model, in the order in which they are spent."""
        for number, pk in enumerate(self.ids[1:], 1):
            found = [(share.lot.restricted, share.left) for share in standing(account_id=pk)]
            kept = sorted((model.lots[lot][0], lot, left) for lot, left in model.shares[number].items())
            if found != [(model.lots[lot][2], left) for _, lot, left in kept]:
                raise Disagreement(f"lots of {number}")

    def problems(self) -> list[Any]:
        """Return what breaks the rules of the books or of the lots."""
        return [*faults(), *lot_faults(), *LotShare.objects.filter(left__lt=0)]

    def _real(self, targets: Targets) -> tuple[tuple[int, int], ...]:
        return tuple((self.ids[account], amount) for account, amount in targets)

    def _entry(self, key: str) -> int:
        if key.startswith("undo:"):
            return Entry.objects.get(reverses__key=key.removeprefix("undo:")).pk
        return Entry.objects.get(key=key).pk
