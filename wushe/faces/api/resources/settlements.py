"""Settlements: what each accepted visit came to; corrected by reversal. Statements by month."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema

from wushe.chain.settlement import services
from wushe.chain.settlement.models import Settlement, SettlementState
from wushe.chain.settlement.selectors import (
    SettlementFilter,
    find_settlements,
    month_statement,
    one_settlement,
)
from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import AreaCode, Body, Day, Id, WithReason, Words
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging

router = Resource("结算")


class SettlementShown(Schema):
    """What one visit came to."""

    id: int
    visit_id: int
    organisation_id: int | None
    area_code: str
    state: str
    ordered_minutes: int
    actual_minutes: int
    paid_minutes: int
    payable_fen: int
    subsidy_fen: int
    charity_fen: int
    own_fen: int
    hold_fen: int
    money_entry_id: int | None
    time_entry_id: int | None
    blocked_by: str
    settled_at: datetime | None


class MonthLineShown(Schema):
    """One item of a monthly statement."""

    item: str
    visits: int
    minutes: int
    payable_fen: int
    subsidy_fen: int
    charity_fen: int
    own_fen: int
    hold_fen: int


class MonthStatementShown(Schema):
    """What an organisation did in a month and what it comes to."""

    organisation_id: int
    organisation_name: str
    first: date
    last: date
    lines: list[MonthLineShown]
    total: MonthLineShown
    due: int
    reversed: int


class BatchShown(Schema):
    """What came of settling an area."""

    settled: int
    blocked: int
    left: int


class SettlementQuery(Schema):
    """What the list is narrowed to."""

    state: SettlementState | None = None
    organisation_id: Id | None = None
    first: Day | None = None
    last: Day | None = None
    text: Words = ""


class MonthQuery(Schema):
    """Which month, by any of its days; the present one without."""

    month: Day | None = None


class AreaToSettle(Body):
    """The area whose accepted visits are settled."""

    area_code: AreaCode


@router.lists("/settlements", "settlement:view", item=SettlementShown, name="settlement_list", summary="结算单")
def settlements(request: ApiRequest, where: Query[SettlementQuery], paging: Query[Paging]) -> QuerySet[Settlement]:
    """List the settlements that match."""
    asked = SettlementFilter(
        state=where.state or "", text=where.text, organisation_id=where.organisation_id, first=where.first,
        last=where.last,
    )  # fmt: skip
    return find_settlements(actor=request.actor, where=asked)


@router.reads(
    "/settlements/{settlement_id}", "settlement:view", gives=SettlementShown, name="settlement", summary="一张结算单"
)
def settlement(request: ApiRequest, settlement_id: Id) -> Settlement:
    """Show one settlement."""
    return one_settlement(actor=request.actor, settlement_id=settlement_id)


@router.reads(
    "/statements/{organisation_id}",
    "settlement:view",
    gives=MonthStatementShown,
    name="month_statement",
    summary="机构月结单",
)
def statement(request: ApiRequest, organisation_id: Id, where: Query[MonthQuery]) -> dict[str, Any]:
    """Say what an organisation is owed for the visits of a month."""
    month = (where.month or timezone.localdate()).replace(day=1)
    found = month_statement(actor=request.actor, organisation_id=organisation_id, month=month)
    names = MonthLineShown.model_fields
    return {
        "organisation_id": found.organisation.pk, "organisation_name": found.organisation.name,
        "first": found.first, "last": found.last, "due": found.due, "reversed": found.reversed,
        "lines": [{name: getattr(line, name) for name in names} for line in found.lines],
        "total": {name: getattr(found.total, name) for name in names},
    }  # fmt: skip


@router.acts(
    "/visits/{visit_id}/settle", "settlement:settle", gives=SettlementShown, name="visit_settle", summary="结算一次上门"
)
def settle(request: ApiRequest, visit_id: Id) -> Settlement:
    """Settle an accepted visit; what cannot be paid stays due and says why."""
    return services.settle(actor=request.actor, at=timezone.now(), visit_id=visit_id)


@router.acts(
    "/settlement-batches", "settlement:settle", gives=BatchShown, name="settlement_batch", summary="结算一个辖区"
)
def batch(request: ApiRequest, body: AreaToSettle) -> Any:
    """Settle the accepted visits of an area, oldest first."""
    found = services.settle_all(actor=request.actor, at=timezone.now(), area_code=body.area_code)
    return {name: getattr(found, name) for name in BatchShown.model_fields}


@router.acts(
    "/settlements/{settlement_id}/reverse",
    "settlement:reverse",
    gives=SettlementShown,
    name="settlement_reverse",
    summary="冲正",
)
def reverse(request: ApiRequest, settlement_id: Id, body: WithReason) -> Settlement:
    """Take a settlement back; the visit can then be settled anew."""
    return services.reverse(
        actor=request.actor, at=timezone.now(), settlement_id=settlement_id, reason=body.reason
    )  # fmt: skip
