"""Write verdicts: two entries for each visit that is paid, its settlement, and the run that holds it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from operator import attrgetter

from wushe.foundation.actor import Actor
from wushe.foundation.laying import kept, lay, take_numbers
from wushe.foundation.scope import COMMUNITY
from wushe.ledgers.postings import Posting
from wushe.ledgers.services import post_fresh

from .models import Settlement, SettlementRun, SettlementState
from .verdicts import Verdict, Verdicts
from .workflow import SETTLEMENT

FIGURES = (
    "ordered_minutes", "actual_minutes", "paid_minutes", "payable_fen", "subsidy_fen", "charity_fen", "own_fen",
    "hold_fen", "blocked_by",
)  # fmt: skip
_COLUMNS = (
    "id", "visit_id", "organisation_id", "area_code", *FIGURES, "money_entry_id", "time_entry_id", "run_id", "state",
    "settled_at",
)  # fmt: skip
_SUMS = ("paid_minutes", "payable_fen", "subsidy_fen", "charity_fen", "own_fen", "hold_fen")
_figures_of = attrgetter(*_SUMS)
Entries = Mapping[int, tuple[int | None, int | None]]
"""The entries of money and time by the number of the settlement."""


def post_verdicts(verdicts: Verdicts, *, actor: Actor, at: datetime) -> Entries:
    """Post both entries of each visit that is paid; a visit too short has none, one without a price has no money."""
    books, postings = verdicts.books, []
    has_money, has_time = [], []
    for number, case, sums, _ in verdicts.paid:
        if legs := books.money_legs(case, sums):
            postings.append(Posting(f"settlement:{number}:money_entry", f"服务费 上门{case.visit}", legs))
        has_money.append(bool(legs))
        if legs := books.time_legs(case, sums):
            postings.append(Posting(f"settlement:{number}:time_entry", f"服务时长 上门{case.visit}", legs))
        has_time.append(bool(legs))
    ids = iter(post_fresh(actor=actor, at=at, postings=postings))
    return {
        verdict.number: (next(ids) if money else None, next(ids) if time else None)
        for verdict, money, time in zip(verdicts.paid, has_money, has_time, strict=True)
    }


def keep(verdicts: Verdicts, entries: Entries, *, runs: Mapping[str, int], at: datetime) -> None:
    """Write the settlements: paid ones of a run as settled at once, all others as due."""
    state, moment, nothing = SETTLEMENT.born("settle"), kept(at), (None, None)
    rows = []
    for verdict in verdicts.all:
        number, case, sums, blocked_by = verdict
        figures = (
            case.ordered, case.actual, sums.paid_minutes, sums.payable_fen, sums.subsidy_fen, sums.charity_fen,
            sums.own_fen, sums.hold_fen, blocked_by,
        )  # fmt: skip
        ends = (
            *entries.get(number, nothing),
            *((runs[case.area_code[:COMMUNITY]], state, moment) if runs and not blocked_by else _AS_DUE),
        )
        if verdicts.is_fresh(verdict):
            rows.append((number, case.visit, case.organisation, case.area_code, *figures, *ends))
        else:
            _renew(verdicts.due[case.visit], case.organisation, figures, ends)
    lay(Settlement, _COLUMNS, rows)
    changed = ["organisation", *FIGURES, "money_entry", "time_entry", "run"]
    Settlement.objects.bulk_update(verdicts.due.values(), changed, batch_size=500)


_AS_DUE = (None, SettlementState.DUE.value, None)


def _renew(
    settlement: Settlement, organisation: int | None, figures: Sequence[int | str], ends: Sequence[object]
) -> None:
    settlement.organisation_id = organisation
    for name, value in zip(FIGURES, figures, strict=True):
        setattr(settlement, name, value)
    settlement.money_entry_id, settlement.time_entry_id, settlement.run_id = ends[:3]  # type: ignore[assignment]


def by_community(paid: Iterable[Verdict]) -> dict[str, list[Verdict]]:
    """Return the verdicts by the community of their visit."""
    found: dict[str, list[Verdict]] = {}
    for verdict in paid:
        found.setdefault(verdict.case.area_code[:COMMUNITY], []).append(verdict)
    return found


def lay_runs(groups: Mapping[str, Sequence[Verdict]], entries: Entries, *, at: datetime) -> dict[str, SettlementRun]:
    """Write one run for each community, with its sums and the digest of its verdicts."""
    numbers = take_numbers(SettlementRun, len(groups))
    runs = [
        SettlementRun(
            pk=number, area_code=area_code, at=at, settled=len(group), digest=digest_of(group, entries),
            **dict(zip(_SUMS, map(sum, zip(*(_figures_of(one.sums) for one in group), strict=True)), strict=True)),
        )
        for number, (area_code, group) in zip(numbers, groups.items(), strict=True)
    ]  # fmt: skip
    SettlementRun.objects.bulk_create(runs)
    return {run.area_code: run for run in runs}


def digest_of(group: Iterable[Verdict], entries: Entries) -> str:
    """Return the digest of the verdicts of a run, in the order of their settlements."""
    return digest_of_rows(
        (one.number, one.case.visit, *_figures_of(one.sums), *entries[one.number])
        for one in sorted(group, key=lambda verdict: verdict.number)
    )


def digest_of_rows(rows: Iterable[tuple[int | None, ...]]) -> str:
    """Return the digest of (settlement, visit, figures in their order, entries), sorted by settlement."""
    return sha256("\n".join(map(str, rows)).encode()).hexdigest()


ROW_OF_RUN = ("pk", "visit_id", *_SUMS, "money_entry_id", "time_entry_id")
