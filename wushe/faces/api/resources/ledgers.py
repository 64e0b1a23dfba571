"""The books: accounts, their statements, and the trial balance. They are read here and never written."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from ninja import Query, Schema
from pydantic import Field

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import Id, Moment, Words
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging
from wushe.ledgers.models import Account, AccountKind
from wushe.ledgers.selectors import accounts, statement, trial_balance

router = Resource("账本")


class AccountShown(Schema):
    """One account."""

    id: int
    code: str
    title: str
    unit: str
    kind: str
    area_code: str
    organisation_ref: int | None
    balance: int


class EntryLineShown(Schema):
    """One side of an entry, with the balance after it."""

    entry_id: int
    at: datetime
    memo: str
    amount: int
    balance_after: int


class AccountStatementShown(Schema):
    """An account over a period, newest line first."""

    account: AccountShown
    opening: int
    closing: int
    more: bool
    lines: list[EntryLineShown]


class TrialRowShown(Schema):
    """One kind of account in one unit."""

    unit: str
    kind: str
    accounts: int
    debit: int
    credit: int
    balance: int


class AccountQuery(Schema):
    """What the list is narrowed to."""

    kind: AccountKind | None = None
    text: Words = ""


class AccountPeriod(Schema):
    """From when to when, and at most how many lines."""

    since: Moment | None = None
    until: Moment | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 200


@router.lists("/accounts", "ledgers:view", item=AccountShown, name="account_list", summary="账户")
def account_list(request: ApiRequest, where: Query[AccountQuery], paging: Query[Paging]) -> QuerySet[Account]:
    """List the accounts."""
    return accounts(actor=request.actor, kind=where.kind or "", text=where.text)


@router.reads(
    "/accounts/{account_id}/statement",
    "ledgers:view",
    gives=AccountStatementShown,
    name="account_statement",
    summary="对账单",
)
def account_statement(request: ApiRequest, account_id: Id, where: Query[AccountPeriod]) -> dict[str, Any]:
    """Show what came in and went out of an account."""
    found = statement(
        actor=request.actor, account_id=account_id, since=where.since, until=where.until, limit=where.limit
    )
    return {
        "account": found.account, "opening": found.opening, "closing": found.closing, "more": found.more,
        "lines": [_line(leg) for leg in found.lines],
    }  # fmt: skip


@router.reads("/trial-balance", "ledgers:view", gives=list[TrialRowShown], name="trial_balance", summary="试算平衡")
def balance(request: ApiRequest) -> list[dict[str, Any]]:
    """Return debits, credits and balances by unit and kind."""
    rows = trial_balance(actor=request.actor)
    return [{name: getattr(row, name) for name in TrialRowShown.model_fields} for row in rows]


def _line(leg: Any) -> dict[str, Any]:
    return {
        "entry_id": leg.entry_id, "at": leg.entry.at, "memo": leg.entry.memo, "amount": leg.amount,
        "balance_after": leg.balance_after,
    }  # fmt: skip
