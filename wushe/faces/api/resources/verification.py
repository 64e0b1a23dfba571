"""Verification: what the rules found, what people decided, and what those served said on the telephone."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema

from wushe.chain.verification import call_backs as calling
from wushe.chain.verification import services
from wushe.chain.verification.models import CallBack, CallBackState, Check, PickedFor
from wushe.chain.verification.selectors import check_of, error_rate, find_call_backs, find_checks, one_call_back
from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import Body, Day, Done, Id, WithReason, Words
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Page, Paging

router = Resource("核验")


class CheckShown(Schema):
    """The check of one visit."""

    id: int
    visit_id: int
    area_code: str
    state: str
    findings: list[dict[str, Any]]
    score: int
    picked_for: str
    random_sample: bool
    opened_at: datetime
    decided_at: datetime | None
    decided_by: int | None
    reason: str
    appeal: str


class CallBackShown(Schema):
    """A telephone call to the person served."""

    id: int
    visit_id: int
    area_code: str
    picked_for: str
    state: str
    due_at: datetime
    tries: int
    came: bool | None
    satisfied: bool | None
    comment: str
    called_at: datetime | None


class RateShown(Schema):
    """The rate of refused visits in the random sample, with its 95 % interval."""

    errors: int
    looked_at: int
    rate: float
    low: float
    high: float


class CheckQuery(Schema):
    """Which checks."""

    tab: Literal["picked", "clean", "rejected", "accepted"] = "picked"
    picked_for: PickedFor | None = None
    text: Words = ""


class CallBackQuery(Schema):
    """Which calls."""

    state: CallBackState = CallBackState.DUE
    text: Words = ""


class Period(Schema):
    """From a day to a day, both included."""

    first: Day
    last: Day


class Remark(Body):
    """What is to be said about an acceptance."""

    reason: Words = ""


class CleanVisits(Body):
    """Visits without suspicion."""

    visit_ids: list[Id]


class Call(Body):
    """What came of a call."""

    reached: bool
    came: bool | None = None
    satisfied: bool | None = None
    comment: Words = ""


@router.reads("/checks", "verification:view", gives=Page[CheckShown], name="check_list", summary="核验单")
def checks(request: ApiRequest, where: Query[CheckQuery], paging: Query[Paging]) -> dict[str, Any]:
    """List checks: waiting ones with the most suspicious first, decided ones with the latest first."""
    after = None
    if paging.after:
        last = find_checks(actor=request.actor, tab=where.tab).filter(pk=paging.after).first()
        after = (last.score, last.pk) if last else (0, paging.after)
    rows = find_checks(
        actor=request.actor, tab=where.tab, text=where.text, picked_for=where.picked_for or "", after=after
    )
    found = list(rows[: paging.limit + 1])
    items = found[: paging.limit]
    return {"items": items, "next": items[-1].pk if len(found) > paging.limit else None}


@router.reads("/visits/{visit_id}/check", "verification:view", gives=CheckShown, name="check", summary="一次上门的核验")
def check(request: ApiRequest, visit_id: Id) -> Check:
    """Show the check of a visit."""
    return check_of(actor=request.actor, visit_id=visit_id)


@router.reads("/error-rate", "verification:view", gives=RateShown, name="error_rate", summary="随机抽查的差错率")
def rate(request: ApiRequest, where: Query[Period]) -> Any:
    """Return the rate of errors among the visits that chance picked in a period."""
    found = error_rate(actor=request.actor, first=where.first, last=where.last)
    return {name: getattr(found, name) for name in RateShown.model_fields}


@router.acts(
    "/visits/{visit_id}/accept", "verification:decide", gives=CheckShown, name="visit_accept", summary="核验通过"
)
def accept(request: ApiRequest, visit_id: Id, body: Remark) -> Check:
    """Accept a visit: it counts for its order and can be settled."""
    return services.accept_visit(actor=request.actor, at=timezone.now(), visit_id=visit_id, reason=body.reason)


@router.acts(
    "/visits/{visit_id}/reject", "verification:decide", gives=CheckShown, name="visit_reject", summary="核验不通过"
)
def reject(request: ApiRequest, visit_id: Id, body: WithReason) -> Check:
    """Refuse a visit, with the reason."""
    return services.reject_visit(actor=request.actor, at=timezone.now(), visit_id=visit_id, reason=body.reason)


@router.acts("/visits/{visit_id}/appeal", "verification:appeal", gives=CheckShown, name="visit_appeal", summary="申诉")
def appeal(request: ApiRequest, visit_id: Id, body: WithReason) -> Check:
    """Ask for a second decision on a refused visit of the organisation."""
    return services.appeal_visit(actor=request.actor, at=timezone.now(), visit_id=visit_id, reason=body.reason)


@router.acts(
    "/checks/accept-clean", "verification:decide", gives=Done, name="check_accept_clean", summary="无疑点的一并通过"
)
def accept_clean(request: ApiRequest, body: CleanVisits) -> dict[str, int]:
    """Accept visits without suspicion, all or none."""
    return {"count": services.accept_clean(actor=request.actor, at=timezone.now(), visit_ids=body.visit_ids)}


@router.lists("/call-backs", "verification:call_back", item=CallBackShown, name="call_back_list", summary="回访")
def call_backs(request: ApiRequest, where: Query[CallBackQuery], paging: Query[Paging]) -> QuerySet[CallBack]:
    """List the calls of a state."""
    return find_call_backs(actor=request.actor, state=where.state, text=where.text)


@router.reads(
    "/call-backs/{call_back_id}", "verification:call_back", gives=CallBackShown, name="call_back", summary="一次回访"
)
def call_back(request: ApiRequest, call_back_id: Id) -> CallBack:
    """Show one call."""
    return one_call_back(actor=request.actor, call_back_id=call_back_id)


@router.acts(
    "/call-backs/{call_back_id}/record", "verification:call_back", gives=CallBackShown, name="call_back_record",
    summary="记录回访",
)  # fmt: skip
def record(request: ApiRequest, call_back_id: Id, body: Call) -> CallBack:
    """Write down a call."""
    return calling.record_call(actor=request.actor, at=timezone.now(), call_back_id=call_back_id, **body.dict())
