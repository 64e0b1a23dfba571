"""Read the time bank: banks and accounts, one's own page, requests and gifts, and the way of one coin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.presets.models import Preset
from wushe.foundation.scope import covering, obtain, visible, within
from wushe.ledgers.models import LotLeg, LotShare
from wushe.ledgers.provenance import standing, way_of, whereabouts
from wushe.ledgers.selectors import Statement, statement_of_code
from wushe.registers.people.finding import matching
from wushe.registers.people.models import Person

from .banks import bank_at
from .gifts import Heir, may_receive, relatives
from .models import Bank, Earning, Gift, HelpRequest, Holding, Partner, ReceivedWire, Seal, SentWire
from .requests import person_of
from .rules import Rules, rules_of
from .states import RequestState

REGIONS = (("11", "北京"), ("3201", "南京"), ("31", "上海"), ("510117", "成都郫都"))
MOST_OPEN, MOST_LINES = 50, 60


@dataclass(frozen=True, slots=True)
class Coin:
    """One lot: where it came from, every move of it, and where its parts stand now."""

    earning: Earning
    way: Sequence[LotLeg]
    stands: Sequence[LotShare]
    helped: HelpRequest | None


@dataclass(frozen=True, slots=True)
class Mine:
    """What a volunteer or a resident sees of the own time."""

    person: Person
    bank: Bank | None
    holding: Holding | None
    rules: Rules | None
    statement: Statement | None
    restricted: int
    asked: Sequence[HelpRequest]
    taken: Sequence[HelpRequest]
    gifts: Sequence[Gift]
    earnings: Sequence[Earning]

    @property
    def balance(self) -> int:
        """Return the minutes on the account."""
        return self.holding.account.balance if self.holding else 0


def banks_for(*, actor: Actor) -> list[Bank]:
    """Return the banks of the actor's area and of those around it."""
    actor.require("time_bank:view")
    near = within(actor.area_code) | covering(actor.area_code) if actor.area_code else Q()
    return list(Bank.objects.filter(near).order_by("-code"))


def bank_for(*, actor: Actor, bank_id: int | None = None) -> Bank | None:
    """Return the bank that was asked for, or the nearest; raise NotFound for one that is not the actor's."""
    banks = banks_for(actor=actor)
    if bank_id is None:
        return banks[0] if banks else None
    for bank in banks:
        if bank.pk == bank_id:
            return bank
    raise NotFound


def holdings(*, actor: Actor, bank: Bank, text: str = "") -> QuerySet[Holding]:
    """Return the accounts of a bank within the actor's scope, found by number, name or telephone."""
    actor.require("time_bank:view")
    rows = visible(Holding.objects.filter(bank=bank), actor).select_related("person", "account")
    if text := text.strip():
        people = Person.objects.filter(matching(text) or Q(pk=None))
        rows = rows.filter(Q(number__iexact=text) | Q(person__in=people))
    return rows


def holding_in_scope(*, actor: Actor, holding_id: int) -> Holding:
    """Return an account; raise NotFound outside the actor's scope."""
    actor.require("time_bank:view")
    return obtain(Holding.objects.select_related("person", "account", "bank"), actor, pk=holding_id)


def statement_of(holding: Holding, *, limit: int = MOST_LINES) -> Statement | None:
    """Return the statement of an account that the caller has seen within scope."""
    return statement_of_code(code=holding.account.code, limit=limit)


def lots_on(holding: Holding) -> Sequence[LotShare]:
    """Return the lots that stand on an account, the next to be spent first."""
    return list(standing(account_id=holding.account_id).select_related("lot__earning")[:MOST_LINES])


def coin(*, actor: Actor, lot_id: int) -> Coin:
    """Follow one coin; raise NotFound if its origin lies outside the actor's scope."""
    actor.require("time_bank:view")
    seen = Earning.objects.select_related("person", "lot__entry", "bank")
    earning = obtain(seen, actor, lot_id=lot_id)
    helped = HelpRequest.objects.filter(pk=earning.ref).first() if earning.source == "request" else None
    return Coin(earning, _with_holders(way_of(lot_id=lot_id)), _with_holders(whereabouts(lot_id=lot_id)), helped)


def requests_for(*, actor: Actor, state: str = "", text: str = "") -> QuerySet[HelpRequest]:
    """Return the requests within the actor's scope."""
    actor.require("time_bank:view")
    rows = visible(HelpRequest.objects.all(), actor).select_related("person", "for_person", "helper", "bank")
    if state:
        rows = rows.filter(state=state)
    if text := text.strip():
        people = Person.objects.filter(matching(text) or Q(pk=None))
        rows = rows.filter(Q(person__in=people) | Q(helper__in=people) | Q(words__icontains=text))
    return rows


def request_for(*, actor: Actor, request_id: int) -> HelpRequest:
    """Return a request within the actor's scope."""
    return obtain(requests_for(actor=actor), actor, pk=request_id)


def gifts_for(*, actor: Actor, state: str = "") -> QuerySet[Gift]:
    """Return the gifts within the actor's scope."""
    actor.require("time_bank:view")
    rows = visible(Gift.objects.all(), actor).select_related("person", "receiver", "bank")
    return rows.filter(state=state) if state else rows


def gift_for(*, actor: Actor, gift_id: int) -> Gift:
    """Return a gift within the actor's scope."""
    return obtain(gifts_for(actor=actor), actor, pk=gift_id)


def earnings_for(*, actor: Actor, bank: Bank, only_refused: bool = False) -> QuerySet[Earning]:
    """Return what came in, or what of verified work was not let in and why, within the actor's scope."""
    actor.require("time_bank:view")
    rows = visible(Earning.objects.filter(bank=bank), actor).select_related("person", "lot")
    return rows.filter(Q(issued=0) | Q(recall_wanted=True)) if only_refused else rows


def seals_of(*, actor: Actor, bank: Bank) -> QuerySet[Seal]:
    """Return the sealed days of a bank, newest first."""
    actor.require("time_bank:view")
    return Seal.objects.filter(bank=bank).order_by("-day")


def partners_of(*, actor: Actor, bank: Bank) -> QuerySet[Partner]:
    """Return the banks with which a bank of the actor's place exchanges time."""
    actor.require("time_bank:view")
    return Partner.objects.filter(bank=bank).select_related("account").order_by("code")


def sent_for(*, actor: Actor, bank: Bank) -> QuerySet[SentWire]:
    """Return what a bank has sent from accounts within the actor's scope, newest first."""
    actor.require("time_bank:view")
    rows = visible(SentWire.objects.filter(bank=bank), actor)
    return rows.select_related("partner", "holding__person", "bank").order_by("-pk")


def received_for(*, actor: Actor, bank: Bank) -> QuerySet[ReceivedWire]:
    """Return what other banks have sent to a bank of the actor's place, newest first."""
    actor.require("time_bank:view")
    rows = ReceivedWire.objects.filter(bank=bank).select_related("partner", "holding__person", "bank")
    return rows.order_by("-pk")


def sent_wire(*, actor: Actor, wire_id: int) -> SentWire:
    """Return one transfer that was sent; raise NotFound outside the actor's scope."""
    actor.require("time_bank:view")
    return obtain(SentWire.objects.select_related("partner", "holding__person", "bank"), actor, pk=wire_id)


def received_wire(*, actor: Actor, wire_id: int) -> ReceivedWire:
    """Return one transfer that was received by a bank of the actor's place; raise NotFound otherwise."""
    found = ReceivedWire.objects.filter(pk=wire_id, bank__in=banks_for(actor=actor))
    if (wire := found.select_related("partner", "holding__person", "bank").first()) is None:
        raise NotFound
    return wire


def heirs_of(*, actor: Actor, holding: Holding) -> list[Heir]:
    """Return who may inherit an account that the caller has seen within scope."""
    actor.require("time_bank:file")
    return relatives(holding.person)


def mine(*, actor: Actor, on: date) -> Mine:
    """Return the own time of a volunteer or a resident; raise NotAllowed for others."""
    actor.require("time_bank:own")
    person = person_of(actor)
    own = Holding.objects.filter(person=person, closed_on=None).select_related("account", "bank", "person")
    holding = own.order_by("-pk").first()
    bank = holding.bank if holding else bank_at(person.area_code)
    shares = standing(account_id=holding.account_id) if holding else LotShare.objects.none()
    requests = HelpRequest.objects.select_related("person", "for_person", "helper").order_by("-pk")
    return Mine(
        person=person, bank=bank, holding=holding,
        rules=rules_of(area_code=bank.area_code, on=on) if bank else None,
        statement=statement_of(holding) if holding else None,
        restricted=sum(share.left for share in shares if share.lot.restricted),
        asked=list(requests.filter(person=person)[:10]), taken=list(requests.filter(helper=person)[:10]),
        gifts=list(Gift.objects.filter(person=person).select_related("receiver").order_by("-pk")[:10]),
        earnings=list(Earning.objects.filter(person=person, issued=0).order_by("-pk")[:5]),
    )  # fmt: skip


def own_request(*, actor: Actor, request_id: int) -> HelpRequest:
    """Return a request that one has made or taken; raise NotFound otherwise."""
    actor.require("time_bank:own")
    person = person_of(actor)
    rows = HelpRequest.objects.select_related("person", "for_person", "helper", "bank")
    found = rows.filter(Q(person=person) | Q(helper=person), pk=request_id).first()
    if found is None:
        raise NotFound
    return found


def open_near(*, actor: Actor, on: date) -> list[HelpRequest]:
    """Return the requests that wait for somebody in the bank of the actor, those of the own community first."""
    actor.require("time_bank:own")
    person = person_of(actor)
    bank = bank_at(person.area_code)
    rows = HelpRequest.objects.filter(bank=bank, state=RequestState.ASKED, day__gte=on).exclude(person=person)
    found = list(rows.exclude(for_person=person).select_related("for_person").order_by("day", "start")[:MOST_OPEN])
    return sorted(found, key=lambda one: one.community_code != person.community_code)


def heirs(*, actor: Actor, on: date) -> list[Heir]:
    """Return to whom one may give time under the rules of one's bank."""
    seen = mine(actor=actor, on=on)
    return may_receive(seen.person, seen.rules) if seen.rules else []


def own_holding_of(*, actor: Actor) -> Holding:
    """Return the own account; raise NotFound without one."""
    actor.require("time_bank:own")
    own = Holding.objects.filter(person=person_of(actor), closed_on=None).select_related("account", "bank")
    if (found := own.order_by("-pk").first()) is None:
        raise NotFound
    return found


def compared(*, on: date, own_region: str = "") -> list[tuple[str, str, list[Preset | None]]]:
    """Return each rule with its value in the four cities and, if asked for, at home: (key, title, rows or None)."""
    regions = [code for code, _ in REGIONS] + ([own_region] if own_region else [])
    sets = [rules_of(area_code=region, on=on).rows for region in regions]
    keys = sorted({key for rows in sets for key in rows})
    first = {key: next(rows[key] for rows in sets if key in rows) for key in keys}
    return [(key, first[key].title, [rows.get(key) for rows in sets]) for key in keys]


def _with_holders(rows: Sequence[Any]) -> Sequence[Any]:
    """Give each row whose account is a person's the number of that account."""
    accounts = {row.account_id for row in rows}
    numbers = {h.account_id: h for h in Holding.objects.filter(account__in=accounts).select_related("person")}
    for row in rows:
        row.holder = numbers.get(row.account_id)
    return rows
