"""What each visit of a batch comes to, and what keeps it from being paid: one verdict each, nothing written yet."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from wushe.foundation.actor import Actor
from wushe.foundation.laying import take_numbers
from wushe.foundation.quantities import show_fen
from wushe.ledgers.services import hold_accounts

from .accounts import Books
from .facts import Batch, Case
from .formulas import Amounts
from .models import Settlement


class Verdict(NamedTuple):
    """What one visit comes to; `number` is that of its settlement, `blocked_by` is empty if it can be paid."""

    number: int
    case: Case
    sums: Amounts
    blocked_by: str


class Verdicts:
    """The verdicts on those of the visits that are accepted, by their day; settlements that are due keep their number.

    People first, then accounts are held, each in one order; what one visit uses up is seen by the next.
    """

    def __init__(self, visit_ids: Sequence[int], *, actor: Actor, at: datetime) -> None:
        self._batch = Batch(visit_ids)
        self.due = self._batch.due
        self.books = Books(self._batch, actor=actor, at=at)
        held = hold_accounts([*self.books.ids, *self.books.lines.values()])
        self._left = {line: held[account].balance for line, account in self.books.lines.items()}
        cases = self._batch.cases
        numbers = iter(take_numbers(Settlement, len(cases) - len(self.due)))
        self.all = [self._judge(self._number(case) or next(numbers), case) for case in cases]
        self.paid = [verdict for verdict in self.all if not verdict.blocked_by]

    def is_fresh(self, verdict: Verdict) -> bool:
        """Say whether the visit has no settlement yet."""
        return verdict.case.visit not in self.due

    def _number(self, case: Case) -> int:
        known = self.due.get(case.visit)
        return known.pk if known else 0

    def _judge(self, number: int, case: Case) -> Verdict:
        """Judge one visit; count what it uses of cap and budget line."""
        sums = self._batch.amounts(case)
        wanted = sums.subsidy_fen + sums.charity_fen
        if sums.payable_fen and case.organisation is None:
            return Verdict(number, case, sums, "订单没有承接机构")
        if wanted:
            if case.line is None:
                return Verdict(number, case, sums, "订单没有链接资金，请补充预算科目")
            left = self._left[case.line]
            if left < wanted:
                title = self._batch.lines[case.line].title[:30]
                return Verdict(number, case, sums, f"预算科目“{title}”余额不足，还差{show_fen(wanted - left)}")
            self._left[case.line] = left - wanted
            self._batch.use(case, sums.subsidy_fen)
        return Verdict(number, case, sums, "")
