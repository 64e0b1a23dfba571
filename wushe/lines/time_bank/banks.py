"""Banks and accounts: one bank per region, one account per person, and the bank's own accounts of the ledger."""

from datetime import date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.journal.services import record
from wushe.foundation.protected import Sealed
from wushe.foundation.scope import covering, covers, obtain
from wushe.ledgers.models import Account, AccountKind, LedgerUnit
from wushe.ledgers.services import open_account
from wushe.registers.people.models import Person

from .models import Bank, Holding
from .rules import rules_of

KEY_KIND = "time_bank_key"
_BOOKS = {
    "earned": ("服务发行", AccountKind.TIME_EARNED, True),
    "granted": ("专项赠予", AccountKind.TIME_GRANTED, True),
    "held": ("预留", AccountKind.TIME_HELD, False),
    "redeemed": ("已兑换", AccountKind.TIME_REDEEMED, False),
    "pool": ("公益池", AccountKind.TIME_POOL, False),
    "transit": ("在途", AccountKind.TIME_TRANSIT, False),
}


class NoBank(Conflict):
    """The place has no time bank."""

    message = "本地还没有开办时间银行。"


class PricedByItem(Conflict):
    """Where a service has a price of its own, minutes would be booked wrongly."""

    message = "当地的规则按服务项目计价，本平台目前只能按分钟记账，时间银行在这里不能开办，也不能再存、再换。"


class AccountClosed(Conflict):
    """The person has no open account."""

    message = "没有可用的时间银行账户。"


@domain_call("time_bank:manage")
def open_bank(*, actor: Actor, at: datetime, area_code: str, name: str) -> Bank:
    """Open the bank of a region with its own accounts and keys, or return the one that stands.

    Raises NotFound for an area outside the actor's own, Invalid without a name, PricedByItem.
    """
    if not covers(actor, area_code):
        raise NotFound
    if known := Bank.objects.filter(code=area_code).first():
        return known
    if rules_of(area_code=area_code, on=timezone.localdate(at)).by_item:
        raise PricedByItem
    if not name.strip():
        raise Invalid(fields={"name": "请填写时间银行的名称。"})
    key = Ed25519PrivateKey.generate()
    bank = Bank.objects.create(
        area_code=area_code, code=area_code, name=name.strip()[:60], opened_on=timezone.localdate(at),
        public_key=key.public_key().public_bytes_raw().hex(),
        private_key=Sealed.seal(key.private_bytes_raw().hex(), KEY_KIND).token,
    )  # fmt: skip
    for role, (title, kind, below) in _BOOKS.items():
        open_account(
            actor=actor, at=at, code=f"tb:{bank.pk}:{role}", title=f"{bank.name} {title}"[:80], kind=kind,
            unit=LedgerUnit.MINUTE, area_code=area_code, may_go_below=below, by_lot=True,
        )  # fmt: skip
    record(kind="time_bank.open", subject=bank, actor=actor, at=at, data={"code": bank.code})
    return bank


@domain_call("time_bank:manage")
def set_reserve(*, actor: Actor, at: datetime, bank_id: int, fen: int, note: str) -> Bank:
    """Say how much money stands behind the bank, and where it comes from; raise NotFound, Invalid without a source."""
    bank = obtain(Bank, actor, pk=bank_id)
    if fen < 0:
        raise Invalid(fields={"fen": "准备金不能小于零。"})
    if not note.strip():
        raise Invalid(fields={"note": "请写明准备金的来源，例如哪一份批文。"})
    bank.reserve_fen, bank.reserve_note = fen, note.strip()[:120]
    bank.save(update_fields=["reserve_fen", "reserve_note"])
    record(kind="time_bank.reserve", subject=bank, actor=actor, at=at, data={"fen": fen})
    return bank


def bank_at(area_code: str) -> Bank | None:
    """Return the bank of the smallest region that covers a place."""
    return Bank.objects.filter(covering(area_code)).order_by("-code").first()


def books(bank: Bank) -> dict[str, int]:
    """Return the bank's own accounts by what they stand for."""
    start = f"tb:{bank.pk}:"
    codes = [f"{start}{role}" for role in _BOOKS]
    return {
        code.removeprefix(start): pk for code, pk in Account.objects.filter(code__in=codes).values_list("code", "pk")
    }


def holding_of(person: Person, bank: Bank) -> Holding | None:
    """Return a person's open account with a bank."""
    return Holding.objects.filter(bank=bank, person=person, closed_on=None).select_related("account", "bank").first()


def own_holding(person: Person) -> Holding:
    """Return a person's open account wherever it is; raise AccountClosed if there is none."""
    held = Holding.objects.filter(person=person, closed_on=None).select_related("account", "bank", "person")
    if (found := held.order_by("-pk").first()) is None:
        raise AccountClosed
    return found


def held_or_opened(*, person: Person, bank: Bank, actor: Actor, at: datetime) -> Holding:
    """Return the person's account, opened if there is none. The caller holds the person."""
    if found := holding_of(person, bank):
        return found
    serial = Holding.objects.filter(bank=bank, person=person).count()
    account = open_account(
        actor=actor, at=at, code=f"tb:{bank.pk}:person:{person.pk}:{serial}", title=f"{bank.name} 个人账户"[:80],
        kind=AccountKind.TIME_PERSON, unit=LedgerUnit.MINUTE, area_code=person.area_code, by_lot=True,
    )  # fmt: skip
    holding = Holding.objects.create(
        bank=bank, person=person, account=account, area_code=person.area_code, number=f"SJ{account.pk:08d}",
        opened_on=timezone.localdate(at), demonstration=person.demonstration,
    )  # fmt: skip
    record(kind="time_bank.open_account", subject=holding, actor=actor, at=at, data={"number": holding.number})
    return holding


def free_minutes(holding: Holding) -> int:
    """Return how much of an account may go to other people: all but the hours of a group."""
    return sum(share.left for share in holding.account.shares.filter(left__gt=0, lot__restricted=False))


def set_closed(holding: Holding, on: date | None, *, actor: Actor, at: datetime) -> None:
    """Close an account on a day, or open it again without one."""
    holding.closed_on = on
    holding.save(update_fields=["closed_on"])
    kind = "time_bank.close_account" if on else "time_bank.reopen_account"
    record(kind=kind, subject=holding, actor=actor, at=at, data={"number": holding.number})


def hold_person(person_id: int) -> Person:
    """Return a person held until the transaction ends: what one act uses of a day or a cap is seen by the next."""
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound
    return person
