"""Statements: what is settled is listed for each organisation, disputed line by line or agreed, and then paid."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from wushe.chain.settlement.models import Settlement, SettlementState
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import preset
from wushe.foundation.refusals import refusals_noted
from wushe.foundation.scope import obtain, within
from wushe.ledgers.models import Account

from .books import district_of
from .models import Dispute, Statement, StatementLine
from .states import DisputeState, LineKind, StatementKind, StatementState
from .workflow import STATEMENT

OPEN_DISPUTES = (DisputeState.OPEN, DisputeState.ANSWERED)
SUMS = ("payable_fen", "subsidy_fen", "charity_fen", "own_fen", "hold_fen", "net_fen")
_BATCH = 500


class NothingToList(Conflict):
    """No settlement waits for a statement."""

    message = "这个月没有新的已结算服务，不用生成对账单。"


class StillDisputed(Conflict):
    """A statement with an open dispute is not agreed."""

    message = "还有异议没有办完，办完再确认对账单。"


@refusals_noted("pay_statement")
@domain_call("payments:prepare")
def issue_statements(*, actor: Actor, at: datetime, month: date) -> list[Statement]:
    """List for each organisation what was settled up to the end of a month and stands on no statement yet.

    What was paid and reversed since is taken back on the new statement. Raises NotTheDistrict, Invalid for a month
    that has not ended, NothingToList.
    """
    district, first = district_of(actor), month.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if last >= timezone.localdate(at):
        raise Invalid(fields={"month": "这个月还没有过完，月底以后再生成对账单。"})
    _hold_organisations(district)
    lines: dict[int, list[StatementLine]] = defaultdict(list)
    for organisation_id, line in (*_earned(district, last), *_taken_back(district)):
        lines[organisation_id].append(line)
    if not lines:
        raise NothingToList
    return [_issue(district, key, first, lines[key], actor=actor, at=at) for key in sorted(lines)]


@refusals_noted("pay_statement", "statement_id")
@domain_call("payments:agree")
def agree_statement(*, actor: Actor, at: datetime, statement_id: int) -> Statement:
    """Agree to a statement, as the organisation; raise NotFound, MoveNotAllowed, StillDisputed."""
    statement = obtain(Statement.objects.select_for_update(), actor, pk=statement_id)
    STATEMENT.edge(statement.state, "agree")
    if disputes_of(statement).exists():
        raise StillDisputed
    put_right(statement, actor=actor, at=at)
    STATEMENT.move(
        statement, "agree", actor=actor, at=at, changes={"agreed_by": actor.user_id, "agreed_at": at},
        data={"net": statement.net_fen},
    )  # fmt: skip
    return statement


@domain_call("jobs:run")
def agree_silent(*, actor: Actor, at: datetime) -> int:
    """Agree every statement whose days have passed without an open dispute; return how many."""
    late = Statement.objects.select_for_update().filter(
        state=StatementState.ISSUED, agree_by__lt=timezone.localdate(at)
    )
    waiting = [one for one in late.order_by("pk") if not disputes_of(one).exists()]
    for statement in waiting:
        put_right(statement, actor=actor, at=at)
        STATEMENT.move(statement, "agree", actor=actor, at=at, changes={"agreed_at": at}, data={"silent": True})
    return len(waiting)


def disputes_of(statement: Statement) -> QuerySet[Dispute]:
    """Return the open disputes of a statement."""
    return Dispute.objects.filter(line__statement=statement, state__in=OPEN_DISPUTES)


def put_right(statement: Statement, *, actor: Actor, at: datetime) -> None:
    """Leave out the lines whose settlement was reversed before they were paid, and add the sums anew."""
    wrong = statement.lines.filter(
        kind=LineKind.EARNED, counts=True, settlement__state=SettlementState.REVERSED
    ).exclude(settlement__pay_lines__kind=LineKind.TAKEN_BACK)
    gone = list(wrong.values_list("pk", flat=True))
    if not gone:
        return
    StatementLine.objects.filter(pk__in=gone).update(counts=False)
    before = statement.net_fen
    add_up(statement)
    data = {"lines": len(gone), "net_before": before, "net": statement.net_fen}
    record(kind="pay_statement.put_right", subject=statement, actor=actor, at=at, data=data)


def add_up(statement: Statement) -> None:
    """Write the sums of the lines that count on their statement."""
    sums = statement.lines.filter(counts=True).aggregate(
        lines_count=Count("pk"), **{name: Coalesce(Sum(name), 0) for name in SUMS}
    )
    Statement.objects.filter(pk=statement.pk).update(**sums)
    for name, value in sums.items():
        setattr(statement, name, value)


def _hold_organisations(district: str) -> None:
    """Let one clerk at a time list what is owed in a district."""
    waiting = Settlement.objects.filter(within(district), state=SettlementState.SETTLED)
    codes = [f"payable:{pk}" for pk in waiting.order_by().values_list("organisation_id", flat=True).distinct()]
    list(Account.objects.select_for_update().filter(code__in=codes).order_by("pk").values_list("pk"))


def _earned(district: str, last: date) -> Iterable[tuple[int, StatementLine]]:
    """Yield what was settled up to a day and stands on no statement."""
    rows = Settlement.objects.filter(
        within(district), state=SettlementState.SETTLED, visit__appointment__day__lte=last,
        organisation__isnull=False, payable_fen__gt=0,
    ).exclude(pay_lines__kind=LineKind.EARNED)  # fmt: skip
    kept: dict[date, bool] = {}
    for row in rows.annotate(day=F("visit__appointment__day")).order_by("pk").iterator(chunk_size=2000):
        assert row.organisation_id is not None
        if row.day not in kept:
            kept[row.day] = preset("payments.own_share.kept", area_code=district, on=row.day)
        yield row.organisation_id, _line(row, LineKind.EARNED, own_kept=kept[row.day])


def _taken_back(district: str) -> Iterable[tuple[int, StatementLine]]:
    """Yield what was paid, or is being paid, and was reversed since."""
    paid = StatementLine.objects.filter(
        within(district, path="statement"), kind=LineKind.EARNED, counts=True,
        settlement__state=SettlementState.REVERSED,
        statement__state__in=[StatementState.PAYING, StatementState.PAID],
    ).exclude(settlement__pay_lines__kind=LineKind.TAKEN_BACK)  # fmt: skip
    for line in paid.select_related("settlement", "statement").order_by("pk"):
        sums = {name: -getattr(line, name) for name in SUMS}
        back = StatementLine(settlement=line.settlement, kind=LineKind.TAKEN_BACK, **sums)
        yield line.statement.organisation_id, back


def _line(row: Settlement, kind: str, *, own_kept: bool) -> StatementLine:
    """Return the line of a settlement; an own share that the organisation takes itself is not paid once more."""
    net = row.payable_fen - row.hold_fen - (row.own_fen if own_kept else 0)
    return StatementLine(
        settlement=row, kind=kind, payable_fen=row.payable_fen, subsidy_fen=row.subsidy_fen,
        charity_fen=row.charity_fen, own_fen=row.own_fen, hold_fen=row.hold_fen, net_fen=net,
    )  # fmt: skip


def _issue(
    district: str, organisation_id: int, month: date, lines: Sequence[StatementLine], *, actor: Actor, at: datetime
) -> Statement:
    earlier = Statement.objects.filter(
        organisation=organisation_id, area_code=district, kind=StatementKind.MONTH, month=month
    )
    statement = Statement(
        organisation_id=organisation_id, area_code=district, month=month, number=earlier.count() + 1, issued_at=at,
        agree_by=agree_by(district, at), lines_count=len(lines),
        **{name: sum(getattr(line, name) for line in lines) for name in SUMS},
    )  # fmt: skip
    STATEMENT.start(statement, event="issue", actor=actor, at=at, data={"lines": len(lines), "net": statement.net_fen})
    for line in lines:
        line.statement = statement
    StatementLine.objects.bulk_create(lines, batch_size=_BATCH)
    return statement


def agree_by(district: str, at: datetime) -> date:
    """Return until when an organisation may dispute a statement of today."""
    today = timezone.localdate(at)
    return today + timedelta(days=int(preset("settlement.public_notice.days", area_code=district, on=today)))


def waiting_for(district: str, organisation_id: int | None = None) -> QuerySet[Statement]:
    """Return the agreed statements of a district that no payment takes up."""
    rows = Statement.objects.filter(state=StatementState.AGREED, area_code=district)
    return rows.filter(organisation=organisation_id) if organisation_id else rows
