"""Gifts: time passes to relatives with proof from the register, to the common pool, to heirs, and from the pool.

What goes to another person is approved by a second person; a donation needs nobody, and cannot be taken back.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.scope import obtain
from wushe.ledgers.lots import Which, move
from wushe.ledgers.models import Account
from wushe.registers.people.models import Person, Relation

from .banks import bank_at, books, free_minutes, held_or_opened, hold_person, holding_of, own_holding, set_closed
from .earning import issue
from .models import Earning, Gift, Holding
from .requests import person_of
from .rules import RELATIVES, Rules, are_relatives, rules_of
from .states import GiftKind, GiftState, Source
from .workflow import GIFT

LONGEST = 100
_WORDS = {GiftKind.RELATIVE: "direct_relative", GiftKind.FRIEND: "friend"}


class SamePerson(Conflict):
    """Who filed a gift does not approve it."""

    message = "提出的人不能自己审核，请由另一位工作人员审核。"


@dataclass(frozen=True, slots=True)
class Heir:
    """Somebody to whom a person may give: who, and what the register says they are to each other."""

    person: Person
    bond: str


@domain_call("time_bank:own")
def donate(*, actor: Actor, at: datetime, minutes: int, client_key: str) -> Gift:
    """Give time to the common pool, the hours of a group first. It happens at once and is not taken back.

    Raises AccountClosed, Invalid for an amount that is not there; the same key again returns the gift it made.
    """
    person = hold_person(person_of(actor).pk)
    if known := Gift.objects.filter(person=person, client_key=client_key).first():
        return known
    holding = own_holding(person)
    if not 0 < minutes <= holding.account.balance:
        raise Invalid(fields={"minutes": f"请填 1 到 {holding.account.balance} 之间的分钟数。"})
    gift = _draft(holding, GiftKind.DONATION, None, minutes, client_key, actor=actor, at=at)
    GIFT.start(gift, event="file", actor=actor, at=at, data={"minutes": minutes})
    entry = move(
        actor=actor, at=at, key=f"time_gift:{gift.pk}", memo="捐给公益池", source_id=holding.account_id,
        targets=[(books(holding.bank)["pool"], minutes)], which=Which.RESTRICTED_FIRST,
    )  # fmt: skip
    GIFT.move(gift, "approve", actor=actor, at=at, changes={"entry": entry, "decided_at": at})
    return gift


@domain_call("time_bank:own")
def give(*, actor: Actor, at: datetime, receiver_id: int, minutes: int, client_key: str) -> Gift:
    """Ask that time pass to a relative; a person of the bank approves it.

    Raises AccountClosed, Invalid for a receiver who is no relative on record, an amount that is not there, or more
    gifts in a day than the rules allow; the same key again returns the gift it made.
    """
    person = hold_person(person_of(actor).pk)
    if known := Gift.objects.filter(person=person, client_key=client_key).first():
        return known
    holding, today = own_holding(person), timezone.localdate(at)
    rules = rules_of(area_code=holding.bank.area_code, on=today)
    heir = next((one for one in may_receive(person, rules) if one.person.pk == receiver_id), None)
    if heir is None:
        raise Invalid(fields={"receiver": "登记册里没有这层亲属关系，或本地规定不能转给家人。请先到社区登记亲属关系。"})
    if not 0 < minutes <= holding.account.balance:
        raise Invalid(fields={"minutes": f"请填 1 到 {holding.account.balance} 之间的分钟数。"})
    filed = Gift.objects.filter(person=person, filed_on=today, kind__in=list(_WORDS)).exclude(
        state__in=[GiftState.WITHDRAWN, GiftState.REFUSED]
    )
    if filed.count() >= rules["transfer.per_day"]:
        raise Invalid(fields={"": f"每天最多转让{rules['transfer.per_day']}次，请明天再来。"})
    gift = _draft(holding, GiftKind.RELATIVE, heir, minutes, client_key, actor=actor, at=at)
    GIFT.start(gift, event="file", actor=actor, at=at, data={"minutes": minutes})
    return gift


@domain_call("time_bank:file")
def file_inheritance(*, actor: Actor, at: datetime, holding_id: int, heir_id: int, client_key: str) -> Gift:
    """File that the time of somebody who died pass to a relative: all that may pass; group hours go to the pool.

    Raises NotFound, Invalid if the person lives, the heir is no relative on record, or nothing is left.
    """
    holding = obtain(Holding.objects.select_related("account", "bank", "person"), actor, pk=holding_id)
    if known := Gift.objects.filter(person=holding.person, client_key=client_key).first():
        return known
    if holding.person.died_on is None:
        raise Invalid(fields={"": "登记册上这位居民健在，不能办理继承。"})
    heir = next((one for one in relatives(holding.person) if one.person.pk == heir_id), None)
    if heir is None:
        raise Invalid(fields={"heir": "登记册里没有这层亲属关系，请先到社区登记。"})
    if holding.account.balance <= 0:
        raise Invalid(fields={"": "账户里没有剩余的时间。"})
    gift = _draft(holding, GiftKind.INHERITANCE, heir, holding.account.balance, client_key, actor=actor, at=at)
    GIFT.start(gift, event="file", actor=actor, at=at, data={"minutes": gift.minutes})
    return gift


@domain_call("time_bank:file")
def file_pool_gift(*, actor: Actor, at: datetime, person_id: int, minutes: int, proof: str, client_key: str) -> Gift:
    """File that time be given to a key elder: from the pool as far as it goes, else granted by the special fund.

    Raises NotFound, NoBank as Invalid, Invalid for a person who is not eligible, or an amount above the preset.
    """
    person = obtain(Person, actor, pk=person_id)
    if known := Gift.objects.filter(receiver=person, client_key=client_key).first():
        return known
    bank = bank_at(person.area_code)
    if bank is None:
        raise Invalid(fields={"": "本地还没有开办时间银行。"})
    rules = rules_of(area_code=bank.area_code, on=timezone.localdate(at))
    if not rules.may_be_granted(person):
        raise Invalid(fields={"person": "登记册显示不符合重点老人条件（高龄空巢独居，或困难失能空巢独居）。"})
    if not 0 < minutes <= rules["grant.minutes"]:
        raise Invalid(fields={"minutes": f"每次请填 1 到 {rules['grant.minutes']} 分钟。"})
    gift = Gift(
        bank=bank, receiver=person, kind=GiftKind.POOL, minutes=minutes, proof=proof.strip()[:LONGEST], area_code=person.area_code,
        filed_by=actor.user_id, filed_at=at, filed_on=timezone.localdate(at), client_key=client_key,
    )  # fmt: skip
    GIFT.start(gift, event="file", actor=actor, at=at, data={"minutes": minutes})
    return gift


@domain_call("time_bank:decide")
def approve(*, actor: Actor, at: datetime, gift_id: int, answer: str = "") -> Gift:
    """Approve a gift as a second person; the relation is looked up again.

    Raises NotFound, SamePerson, MoveNotAllowed, Invalid if the relation no longer stands, InsufficientBalance.
    """
    gift = obtain(Gift.objects.select_related("bank", "person", "receiver"), actor, pk=gift_id)
    if gift.filed_by == actor.user_id:
        raise SamePerson
    GIFT.edge(gift.state, "approve")
    receiver = hold_person(gift.receiver_id or 0)
    target = held_or_opened(person=receiver, bank=gift.bank, actor=actor, at=at)
    if gift.kind == GiftKind.POOL:
        entry_id = _from_pool(gift, target, actor=actor, at=at)
    else:
        entry_id = _from_person(gift, target, actor=actor, at=at)
    changes = {"entry_id": entry_id, "decided_by": actor.user_id, "decided_at": at, "answer": answer.strip()[:LONGEST]}
    GIFT.move(gift, "approve", actor=actor, at=at, changes=changes, data={"minutes": gift.minutes})
    return gift


@domain_call("time_bank:decide")
def refuse(*, actor: Actor, at: datetime, gift_id: int, answer: str) -> Gift:
    """Refuse a gift with a reason; raise NotFound, Invalid, MoveNotAllowed."""
    gift = obtain(Gift, actor, pk=gift_id)
    if not (words := answer.strip()):
        raise Invalid(fields={"answer": "请写明不通过的原因。"})
    changes = {"decided_by": actor.user_id, "decided_at": at, "answer": words[:LONGEST]}
    GIFT.move(gift, "refuse", actor=actor, at=at, changes=changes)
    return gift


@domain_call("time_bank:own")
def withdraw(*, actor: Actor, at: datetime, gift_id: int) -> Gift:
    """Take back a gift that nobody has approved yet; raise NotFound, MoveNotAllowed."""
    gift = obtain(Gift, actor, pk=gift_id)
    GIFT.move(gift, "withdraw", actor=actor, at=at)
    return gift


def relatives(person: Person) -> list[Heir]:
    """Return the close relatives of a person on record, living ones."""
    bonds = Relation.objects.filter(Q(person=person) | Q(relative=person), kind__in=RELATIVES)
    found: dict[int, Heir] = {}
    for bond in bonds.select_related("person", "relative").order_by("pk"):
        other = bond.relative if bond.person_id == person.pk else bond.person
        words = bond.get_kind_display() if bond.person_id == person.pk else f"本人是其{bond.get_kind_display()}"
        if other.died_on is None and other.merged_into_id is None:
            found.setdefault(other.pk, Heir(other, words))
    return list(found.values())


def may_receive(person: Person, rules: Rules) -> list[Heir]:
    """Return to whom a person may give under the rules of the bank."""
    return relatives(person) if "direct_relative" in rules["transfer.to"] else []


def _draft(
    holding: Holding, kind: GiftKind, heir: Heir | None, minutes: int, key: str, *, actor: Actor, at: datetime
) -> Gift:
    return Gift(
        bank=holding.bank, person=holding.person, receiver=heir.person if heir else None, kind=kind, minutes=minutes,
        proof=f"登记册：{heir.bond}" if heir else "", area_code=holding.area_code, filed_by=actor.user_id, filed_at=at,
        filed_on=timezone.localdate(at), client_key=key,
    )  # fmt: skip


def _from_person(gift: Gift, target: Holding, *, actor: Actor, at: datetime) -> int:
    """Move the giver's free time; of somebody who died the rest goes to the pool and the account is closed."""
    assert gift.person is not None
    if not are_relatives(gift.person.pk, [target.person_id]):
        raise Invalid(fields={"": "登记册里这层亲属关系已不存在，不能通过。"})
    source = holding_of(gift.person, gift.bank)
    if source is None:
        raise NotFound
    free = free_minutes(source) if gift.kind == GiftKind.INHERITANCE else gift.minutes
    entry = None
    if free:
        entry = move(actor=actor, at=at, key=f"time_gift:{gift.pk}", memo=GiftKind(gift.kind).label,
                     source_id=source.account_id, targets=[(target.account_id, free)])  # fmt: skip
    if gift.kind == GiftKind.INHERITANCE:
        source.account.refresh_from_db(fields=["balance"])
        if rest := source.account.balance:
            last = move(actor=actor, at=at, key=f"time_gift:{gift.pk}:rest", memo="团队时间转入公益池", which=Which.ALL,
                        source_id=source.account_id, targets=[(books(gift.bank)["pool"], rest)])  # fmt: skip
            entry = entry or last
        set_closed(source, timezone.localdate(at), actor=actor, at=at)
    assert entry is not None
    return entry.pk


def _from_pool(gift: Gift, target: Holding, *, actor: Actor, at: datetime) -> int:
    """Give from the common pool if it holds enough; otherwise the special fund grants a new lot."""
    own = books(gift.bank)
    if Account.objects.get(pk=own["pool"]).balance >= gift.minutes:
        return move(actor=actor, at=at, key=f"time_gift:{gift.pk}", memo="公益池赠予", source_id=own["pool"],
                    targets=[(target.account_id, gift.minutes)], which=Which.ALL).pk  # fmt: skip
    earning = Earning(
        origin=f"{Source.GRANT}:{gift.pk}", source=Source.GRANT, ref=gift.pk, bank=gift.bank, person=target.person,
        area_code=target.area_code, title="专项赠予", started_at=at, ended_at=at, served=0, issued=gift.minutes,
    )  # fmt: skip
    earning.lot = issue(
        bank=gift.bank, earning=earning, kept=gift.minutes, account_id=target.account_id, restricted=False, actor=actor,
        at=at, source_id=own["granted"],
    )  # fmt: skip
    earning.save(force_insert=True)
    return earning.lot.entry_id
