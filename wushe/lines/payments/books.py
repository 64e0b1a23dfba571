"""The accounts of payments, opened when first needed: what is under way to the bank, the bank, suspense, charges."""

from datetime import datetime

from wushe.foundation.actor import Actor
from wushe.foundation.errors import Conflict
from wushe.foundation.scope import DISTRICT
from wushe.ledgers.models import Account, AccountKind, LedgerUnit
from wushe.ledgers.services import open_account

_BELOW = {AccountKind.BANK, AccountKind.SUSPENSE, AccountKind.BANK_CHARGE}


class NotTheDistrict(Conflict):
    """Payments are made by the district, which keeps the account at the bank."""

    message = "付款由区一级办理，请用区一级的账号。"


def district_of(actor: Actor) -> str:
    """Return the district for which the actor pays; raise NotTheDistrict for a smaller or larger area."""
    if len(actor.area_code) != DISTRICT:
        raise NotTheDistrict
    return actor.area_code


def book_of(kind: AccountKind, district: str, *, actor: Actor, at: datetime) -> Account:
    """Return the account of a kind in a district.

    The bank's balance is below zero by what has come in through it; suspense is so while money went out unexplained.
    """
    return open_account(
        actor=actor, at=at, code=f"{kind}:{district}", title=kind.label, unit=LedgerUnit.FEN, kind=kind,
        area_code=district, may_go_below=kind in _BELOW,
    )  # fmt: skip


def residents_of(district: str, *, actor: Actor, at: datetime) -> Account:
    """Return the account of what residents owe of their own share."""
    return open_account(
        actor=actor, at=at, code=f"outside:residents:{district}", title="服务对象自付", unit=LedgerUnit.FEN,
        kind=AccountKind.OWN_SHARE, area_code=district, may_go_below=True,
    )  # fmt: skip


def held_account(name: str, organisation_id: int) -> Account | None:
    """Return the `payable` or `holdback` account of an organisation, held until the transaction ends."""
    return Account.objects.select_for_update().filter(code=f"{name}:{organisation_id}").first()
