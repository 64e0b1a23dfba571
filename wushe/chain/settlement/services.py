"""Settlement: each accepted visit is settled once, hours to the performer and money against a budget line.

What cannot be paid stays due and says why. Nothing is corrected but by reversal and a new settlement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Window

from wushe.chain.visits.models import Visit, VisitState
from wushe.chain.visits.workflow import VISIT
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.journal.services import Act, record_all
from wushe.foundation.memory import uncollected
from wushe.foundation.scope import covers, obtain, within
from wushe.ledgers.services import reverse_all

from .models import Settlement, SettlementState
from .verdicts import Verdict, Verdicts
from .workflow import SETTLEMENT
from .writing import by_community, keep, lay_runs, post_verdicts

BATCH = 10_000
LONGEST_REASON = 100


class NotAccepted(Conflict):
    """Only a visit that was verified and accepted is settled."""

    message = "这次服务还没有核验通过，不能结算。"


class AlreadySettled(Conflict):
    """A visit is settled once."""

    message = "这次服务已经结算过，没有重复结算。"


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What came of a batch: how many visits were settled, how many stay due, how many were left for the next."""

    settled: int
    blocked: int
    left: int


@domain_call("settlement:settle")
def settle(*, actor: Actor, at: datetime, visit_id: int) -> Settlement:
    """Settle an accepted visit; return the settlement, which stays due and says why if it cannot be paid.

    Raises NotFound outside the actor's scope, AlreadySettled, and NotAccepted for any other state.
    """
    visit = obtain(Visit, actor, pk=visit_id)
    if visit.state == VisitState.ACCEPTED:
        if settlement := _settle_alone(visit_id, actor=actor, at=at):
            return settlement
        visit.refresh_from_db()
    raise AlreadySettled if visit.state == VisitState.SETTLED else NotAccepted


@domain_call("settlement:settle")
def settle_all(*, actor: Actor, at: datetime, area_code: str, limit: int = BATCH) -> BatchResult:
    """Settle the accepted visits of an area, oldest first; a visit that was reversed waits for a person.

    Raises NotFound for an area outside the actor's own.
    """
    if not covers(actor, area_code):
        raise NotFound
    ids, all_of_them = _waiting(area_code, limit)
    with uncollected():
        verdicts = Verdicts(ids, actor=actor, at=at)
        _settle_together(verdicts, actor=actor, at=at)
    blocked = len(verdicts.all) - len(verdicts.paid)
    left = all_of_them - len(verdicts.all) if all_of_them > len(ids) else 0
    return BatchResult(len(verdicts.paid), blocked, left)


@domain_call("settlement:reverse")
def reverse(*, actor: Actor, at: datetime, settlement_id: int, reason: str) -> Settlement:
    """Take a settlement back; the visit can then be settled anew.

    Raises NotFound outside the actor's scope, MoveNotAllowed unless it is settled, Invalid without a reason, and
    InsufficientBalance if the organisation has been paid out since.
    """
    if not (reason := reason.strip()):
        raise Invalid(fields={"reason": "请写明冲正的原因。"})
    if len(reason) > LONGEST_REASON:
        raise Invalid(fields={"reason": f"原因最多{LONGEST_REASON}字，请写得短一些。"})
    settlement = obtain(Settlement.objects.select_related("visit"), actor, pk=settlement_id)
    SETTLEMENT.move(settlement, "reverse", actor=actor, at=at, data={"reason": reason})
    entries = [pk for pk in (settlement.money_entry_id, settlement.time_entry_id) if pk]
    if entries:
        reverse_all(actor=actor, at=at, entry_ids=entries, memo=f"冲正：{reason}")
    VISIT.move(settlement.visit, "unsettle", actor=actor, at=at)
    return settlement


def _waiting(area_code: str, limit: int) -> tuple[list[int], int]:
    """Return the visits to be settled next, the oldest first, and how many wait in all.

    What has been tried and could not be paid comes last, so that it keeps nobody else waiting.
    """
    accepted = Visit.objects.filter(within(area_code), state=VisitState.ACCEPTED)
    had = Settlement.objects.filter(visit=OuterRef("pk"))
    found: list[int] = []
    total = 0
    for part in (
        accepted.filter(~Exists(had)),
        accepted.filter(Exists(had), ~Exists(had.filter(state=SettlementState.REVERSED))),
    ):
        rows = part.order_by("appointment__day", "pk").annotate(count=Window(Count("*"))).values_list("pk", "count")
        chosen = list(rows[: max(limit - len(found), 1)])
        total += chosen[0][1] if chosen else 0
        found += [pk for pk, _ in chosen][: limit - len(found)]
    return found, total


def _settle_alone(visit_id: int, *, actor: Actor, at: datetime) -> Settlement | None:
    """Settle one visit, with journal rows of its own; None if it is not, or no longer, accepted."""
    verdicts = Verdicts([visit_id], actor=actor, at=at)
    if not verdicts.all:
        return None
    _journal_opened(verdicts.all, verdicts, actor=actor, at=at)
    entries = post_verdicts(verdicts, actor=actor, at=at)
    keep(verdicts, entries, runs={}, at=at)
    settlement = Settlement.objects.select_related("visit").get(pk=verdicts.all[0].number)
    if verdicts.paid:
        data = {"visit": visit_id, "payable": settlement.payable_fen, "minutes": settlement.paid_minutes}
        SETTLEMENT.move(settlement, "settle", actor=actor, at=at, changes={"settled_at": at}, data=data)
        VISIT.move(settlement.visit, "settle", actor=actor, at=at)
    return settlement


def _settle_together(verdicts: Verdicts, *, actor: Actor, at: datetime) -> None:
    """Settle a batch: a run for each community, and the journal tells of runs; what cannot be paid is told by itself."""
    _journal_opened([one for one in verdicts.all if one.blocked_by], verdicts, actor=actor, at=at)
    entries = post_verdicts(verdicts, actor=actor, at=at)
    groups = by_community(verdicts.paid)
    runs = lay_runs(groups, entries, at=at)
    keep(verdicts, entries, runs={area_code: run.pk for area_code, run in runs.items()}, at=at)
    for area_code, group in groups.items():
        run, numbers = runs[area_code], [one.number for one in group]
        known = [one.number for one in group if not verdicts.is_fresh(one)]
        SETTLEMENT.move_ids(
            Settlement, known, "settle", source=SettlementState.DUE, about=run, actor=actor, at=at,
            laid=len(group) - len(known), changes={"settled_at": at},
            data={
                "first": min(numbers), "last": max(numbers), "payable": run.payable_fen, "minutes": run.paid_minutes,
                "digest": run.digest,
            },
        )  # fmt: skip
        VISIT.move_ids(
            Visit, [one.case.visit for one in group], "settle", source=VisitState.ACCEPTED, about=run, actor=actor, at=at
        )  # fmt: skip


def _journal_opened(chosen: Sequence[Verdict], verdicts: Verdicts, *, actor: Actor, at: datetime) -> None:
    """Tell of the settlements that begin as due, each by itself."""
    acts = [
        Act("settlement.open", "settlement", one.number, one.case.area_code, actor, at,
            {"to": SettlementState.DUE, "visit": one.case.visit, "blocked_by": one.blocked_by})
        for one in chosen if verdicts.is_fresh(one)
    ]  # fmt: skip
    if acts:
        record_all(acts)
