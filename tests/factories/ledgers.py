"""Accounts for tests."""

from datetime import UTC, date, datetime

from django.db import connection

from wushe.foundation.actor import SYSTEM
from wushe.ledgers import services
from wushe.ledgers.lots import Issue, issue_all
from wushe.ledgers.models import Account, AccountKind, LedgerUnit, Lot
from wushe.ledgers.selectors import Fault, faults

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def an_account(
    code: str, *, outside: bool = False, unit: str = LedgerUnit.FEN, area_code: str = "511602001"
) -> Account:
    """Open an account; an outside one may go below zero."""
    return services.open_account(
        actor=SYSTEM, at=NOON, code=code, title=f"账户{code}", unit=unit, area_code=area_code,
        kind=AccountKind.OUTSIDE if outside else AccountKind.BUDGET_LINE, may_go_below=outside,
    )  # fmt: skip


def funded(code: str, fen: int) -> Account:
    """Open an account that holds so much."""
    source, account = an_account("outside", outside=True), an_account(code)
    services.post(actor=SYSTEM, at=NOON, key=f"fund:{code}", memo="拨入", legs=[(source.pk, -fen), (account.pk, fen)])
    account.refresh_from_db()
    return account


def faults_of_many() -> list[Fault]:
    """Return the faults of books that were filled in this very transaction, whose sizes PostgreSQL cannot know yet."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE ledgers_account, ledgers_entry, ledgers_leg")
    return faults()


def lot_account(code: str, *, outside: bool = False, unit: str = LedgerUnit.MINUTE) -> Account:
    """Open an account kept by lot; an outside one may go below zero."""
    return services.open_account(
        actor=SYSTEM, at=NOON, code=code, title=f"账户{code}", unit=unit, area_code="511602001", by_lot=True,
        kind=AccountKind.TIME_EARNED if outside else AccountKind.TIME_PERSON, may_go_below=outside,
    )  # fmt: skip


def coins(
    origin: str, account: Account, amount: int, *, born_on: date = date(2026, 5, 1), restricted: bool = False
) -> Lot:
    """Issue a lot to an account."""
    source = lot_account("earned", outside=True, unit=account.unit)
    issue = Issue(origin, "服务", source.pk, ((account.pk, amount),), born_on, restricted)
    return issue_all(actor=SYSTEM, at=NOON, issues=[issue])[0]
