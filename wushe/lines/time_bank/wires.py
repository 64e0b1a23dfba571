"""Between banks: time leaves one bank and enters the other once, whatever the line between them does.

The sender takes the time off the account and signs a message; it stays in transit until the other side's signed answer
comes back. The receiver credits a message once and answers the same each time it is asked. Nobody gives time back on
mere silence: only a signed refusal does that.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound, SecondPerson
from wushe.foundation.journal.services import record
from wushe.foundation.protected import Sealed
from wushe.foundation.quantities import show_minutes
from wushe.foundation.scope import obtain
from wushe.ledgers.lots import Issue, issue_all, move, move_on, parts_of, reverse
from wushe.ledgers.models import AccountKind, LedgerUnit, Lot
from wushe.ledgers.services import open_account

from .banks import KEY_KIND, books, free_minutes
from .models import Bank, Earning, Holding, Partner, ReceivedWire, SentWire
from .states import ReceivedState, SentState, Source
from .workflow import RECEIVED_WIRE, SENT_WIRE

CREDITED, DECLINED = "credited", "declined"


class NotSigned(Conflict):
    """The text was not signed by the bank that it names, or was changed."""

    message = "签名不符：这份报文不是对方银行发出的，或已被改动。"


class OtherBody(Conflict):
    """The number is known with another content."""

    message = "这个编号已收到过另一份内容，没有入账。"


class UnknownBank(Invalid):
    """Nobody has registered and confirmed the bank that a text names."""

    message = "发报文的银行还没有登记，或登记后还没有另一位工作人员核对。请先到“往来行”办理。"


@domain_call("time_bank:decide")
def file_partner(*, actor: Actor, at: datetime, bank_id: int, code: str, name: str, public_key: str) -> Partner:
    """Register another bank with its public key; a second person confirms it. Raises Invalid for a key that is none."""
    bank = _bank(actor, bank_id)
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    except ValueError:
        raise Invalid(fields={"public_key": "公钥应为64位十六进制数。"}) from None
    if code == bank.code:
        raise Invalid(fields={"code": "不能把本行登记为往来行。"})
    if known := Partner.objects.filter(bank=bank, code=code).first():
        if known.public_key != public_key:
            raise OtherBody
        return known
    account = open_account(
        actor=actor, at=at, code=f"tb:{bank.pk}:with:{code}", title=f"{bank.name} 与{name}往来"[:80], unit=LedgerUnit.MINUTE,
        kind=AccountKind.TIME_CLEARING, area_code=bank.area_code, may_go_below=True, by_lot=True,
    )  # fmt: skip
    partner = Partner.objects.create(
        bank=bank, code=code, name=name.strip()[:60], public_key=public_key, account=account, filed_by=actor.user_id
    )
    record(kind="time_bank.partner", subject=partner, actor=actor, at=at, data={"bank": bank.code, "code": code})
    return partner


@domain_call("time_bank:decide")
def confirm_partner(*, actor: Actor, at: datetime, partner_id: int) -> Partner:
    """Confirm another bank's key as a second person; raise NotFound, SecondPerson."""
    partner = Partner.objects.select_related("bank").filter(pk=partner_id).first()
    if partner is None:
        raise NotFound
    _bank(actor, partner.bank_id)
    if partner.filed_by == actor.user_id:
        raise SecondPerson
    if partner.confirmed_by is None:
        partner.confirmed_by = actor.user_id
        partner.save(update_fields=["confirmed_by"])
        data = {"bank": partner.bank.code, "code": partner.code}
        record(kind="time_bank.partner_confirm", subject=partner, actor=actor, at=at, data=data)
    return partner


@domain_call("time_bank:file")
def send(
    *, actor: Actor, at: datetime, holding_id: int, partner_id: int, holder_number: str, minutes: int | None,
    uid: str,
) -> SentWire:  # fmt: skip
    """Take time off an account for another bank and sign the message; the same number again returns what it made.

    Without minutes all goes that may, as for somebody who moves away.

    Raises NotFound, Invalid for an amount that is not there, OtherBody for a number used for something else.
    """
    holding = obtain(Holding.objects.select_related("account", "bank", "person"), actor, pk=holding_id)
    partner = Partner.objects.filter(pk=partner_id, bank=holding.bank, confirmed_by__isnull=False).first()
    if partner is None:
        raise NotFound
    if known := SentWire.objects.filter(uid=uid).first():
        if (known.holding_id, known.partner_id) != (holding.pk, partner.pk) or minutes not in (None, known.minutes):
            raise OtherBody
        return known
    free = free_minutes(holding)
    minutes = free if minutes is None else minutes
    if not 0 < minutes <= free:
        raise Invalid(fields={"minutes": f"能转的时间有 {show_minutes(free)}，团队时间只能捐赠。"})
    transit = books(holding.bank)["transit"]
    entry = move(actor=actor, at=at, key=f"time_wire:{uid}", memo=f"转往{partner.name}"[:120],
                 source_id=holding.account_id, targets=[(transit, minutes)])  # fmt: skip
    body = {
        "kind": "time", "uid": uid, "from": holding.bank.code, "to": partner.code, "holder": holder_number.strip()[:20],
        "minutes": minutes, "lots": _told(entry.pk, transit),
    }  # fmt: skip
    wire = SentWire(
        uid=uid, bank=holding.bank, partner=partner, person=holding.person, holding=holding, minutes=minutes, entry=entry,
        message=_signed(holding.bank, body), filed_by=actor.user_id, at=at, area_code=holding.area_code,
    )  # fmt: skip
    SENT_WIRE.start(wire, event="send", actor=actor, at=at, data={"uid": uid, "minutes": minutes})
    return wire


@domain_call("time_bank:file")
def receive(*, actor: Actor, at: datetime, bank_id: int, message: str) -> ReceivedWire:
    """Keep a message of another bank, once by its number; nothing is credited yet.

    Raises UnknownBank, NotSigned, OtherBody, and Invalid for a text that is no message or does not add up.
    """
    bank = _bank(actor, bank_id)
    partner, body = _read(bank, message, kind="time", sender="from")
    if body.get("to") != bank.code or not _adds_up(body):
        raise Invalid("这份报文不是发给本行的，或内容不完整、各批次之和与总数不符。")
    if known := ReceivedWire.objects.filter(partner=partner, uid=body["uid"]).first():
        if known.message != message:
            raise OtherBody
        return known
    wire = ReceivedWire(
        uid=body["uid"], bank=bank, partner=partner, minutes=body["minutes"], message=message, filed_by=actor.user_id,
        holder_number=str(body["holder"])[:20], at=at, area_code=bank.area_code,
    )  # fmt: skip
    RECEIVED_WIRE.start(wire, event="receive", actor=actor, at=at, data={"uid": wire.uid, "minutes": wire.minutes})
    return wire


@domain_call("time_bank:decide")
def credit_wire(*, actor: Actor, at: datetime, wire_id: int) -> ReceivedWire:
    """Credit what another bank has sent, as a second person, and sign the answer; asked again, answer the same.

    Raises NotFound, SecondPerson, Invalid for an account that is not this bank's, MoveNotAllowed if it was declined.
    """
    wire = _received(actor, wire_id)
    if wire.state == ReceivedState.CREDITED:
        return wire
    if wire.filed_by == actor.user_id:
        raise SecondPerson
    holding = (
        Holding.objects.filter(bank=wire.bank, number=wire.holder_number, closed_on=None)
        .select_related("account", "person")
        .first()
    )
    if holding is None:
        raise Invalid("本行没有这个户号，请核对后拒收，让对方退回。")
    body = json.loads(wire.message)["body"]
    answer = _signed(wire.bank, _answer_to(wire, CREDITED))
    changes = {"holding": holding, "answer": answer, "decided_by": actor.user_id}
    RECEIVED_WIRE.move(wire, "credit", actor=actor, at=at, changes=changes, data={"uid": wire.uid})
    lots = issue_all(actor=actor, at=at, issues=[
        Issue(origin=f"tb:wire:{wire.pk}:{n}", memo=f"{wire.partner.name}转入"[:120], source_id=wire.partner.account_id,
              targets=((holding.account_id, int(lot["minutes"])),), born_on=date.fromisoformat(lot["born_on"]))
        for n, lot in enumerate(body["lots"])
    ])  # fmt: skip
    _remember(wire, holding, lots, body["lots"], at)
    return wire


@domain_call("time_bank:decide")
def decline_wire(*, actor: Actor, at: datetime, wire_id: int) -> ReceivedWire:
    """Refuse what another bank has sent and sign the refusal; asked again, answer the same."""
    wire = _received(actor, wire_id)
    if wire.state == ReceivedState.DECLINED:
        return wire
    if wire.filed_by == actor.user_id:
        raise SecondPerson
    answer = _signed(wire.bank, _answer_to(wire, DECLINED))
    changes = {"answer": answer, "decided_by": actor.user_id}
    RECEIVED_WIRE.move(wire, "decline", actor=actor, at=at, changes=changes, data={"uid": wire.uid})
    return wire


@domain_call("time_bank:file")
def take_answer(*, actor: Actor, at: datetime, bank_id: int, answer: str) -> SentWire:
    """Take the other side's signed answer: what was credited there leaves the bank, what was refused goes back.

    The same answer again changes nothing. Raises UnknownBank, NotSigned, Invalid, MoveNotAllowed for the opposite.
    """
    bank = _bank(actor, bank_id)
    partner, body = _read(bank, answer, kind="answer", sender="by")
    wire = (
        SentWire.objects.select_related("bank", "partner")
        .filter(bank=bank, partner=partner, uid=str(body.get("uid")))
        .first()
    )
    if wire is None:
        raise Invalid("本行没有转出过这一笔，请核对是不是收错了文件。")
    if body.get("minutes") != wire.minutes or body.get("verdict") not in (CREDITED, DECLINED):
        raise Invalid("回执的内容与转出的不符。")
    target = SentState.CONFIRMED if body["verdict"] == CREDITED else SentState.RETURNED
    if wire.state == target:
        return wire
    event = "confirm" if target == SentState.CONFIRMED else "give_back"
    SENT_WIRE.move(wire, event, actor=actor, at=at, changes={"answer": answer}, data={"uid": wire.uid})
    if event == "confirm":
        move_on(actor=actor, at=at, key=f"time_wire:{wire.uid}:out", memo=f"{partner.name}已入账"[:120],
                entry_id=wire.entry_id, source_id=books(bank)["transit"], targets=[(partner.account_id, wire.minutes)])  # fmt: skip
    else:
        reverse(actor=actor, at=at, entry_id=wire.entry_id, memo=f"{partner.name}拒收，退回"[:120])
    return wire


def _bank(actor: Actor, bank_id: int) -> Bank:
    """Return the bank of the actor's own area; raise NotFound otherwise."""
    bank = Bank.objects.filter(pk=bank_id).first()
    if bank is None or not (actor.area_code.startswith(bank.area_code) or bank.area_code.startswith(actor.area_code)):
        raise NotFound
    return bank


def _received(actor: Actor, wire_id: int) -> ReceivedWire:
    wire = ReceivedWire.objects.select_for_update().select_related("bank", "partner").filter(pk=wire_id).first()
    if wire is None:
        raise NotFound
    _bank(actor, wire.bank_id)
    return wire


def _signed(bank: Bank, body: Mapping[str, Any]) -> str:
    """Return a text of a body with this bank's signature; the same body gives the same text."""
    return signed_with(
        Ed25519PrivateKey.from_private_bytes(bytes.fromhex(Sealed(bank.private_key, KEY_KIND).reveal())), body
    )


def signed_with(key: Ed25519PrivateKey, body: Mapping[str, Any]) -> str:
    """Return the text that a bank with this key sends for a body."""
    return json.dumps({"body": body, "signature": key.sign(_bytes(body)).hex()}, ensure_ascii=False, sort_keys=True)


def _read(bank: Bank, text: str, *, kind: str, sender: str) -> tuple[Partner, dict[str, Any]]:
    """Return who signed a text and its body."""
    try:
        outer = json.loads(text)
        body, signature = dict(outer["body"]), bytes.fromhex(outer["signature"])
        code, signed = str(body[sender]), _bytes(body)
        if body["kind"] != kind or not code.isprintable():
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Invalid("这不是时间银行的报文，请检查文件是否完整。") from None
    partner = Partner.objects.filter(bank=bank, code=code, confirmed_by__isnull=False).first()
    if partner is None:
        raise UnknownBank
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(partner.public_key)).verify(signature, signed)
    except InvalidSignature:
        raise NotSigned from None
    return partner, body


def _adds_up(body: Mapping[str, Any]) -> bool:
    """Say whether a message has all its parts, and lots, each with its day and origin, that make up its minutes."""
    try:
        named = [body["uid"], body["holder"], *(lot["origin"] for lot in body["lots"])]
        days = [date.fromisoformat(lot["born_on"]) for lot in body["lots"]]
        parts = [lot["minutes"] for lot in body["lots"]]
    except (KeyError, TypeError, ValueError):
        return False
    whole = all(isinstance(part, int) and part > 0 for part in [body.get("minutes"), *parts])
    words = all(isinstance(word, str) and word.isprintable() and word for word in named)
    return bool(days) and whole and words and sum(parts) == body["minutes"]


def kind_of(text: str) -> str:
    """Return what a text from another bank is, "time" or "answer"; "" for anything else. Nothing is checked yet."""
    try:
        kind = json.loads(text)["body"]["kind"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return kind if kind in ("time", "answer") else ""


def _bytes(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _answer_to(wire: ReceivedWire, verdict: str) -> dict[str, Any]:
    return {
        "kind": "answer",
        "uid": wire.uid,
        "by": wire.bank.code,
        "to": wire.partner.code,
        "minutes": wire.minutes,
        "verdict": verdict,
    }


def _told(entry_id: int, account_id: int) -> list[dict[str, Any]]:
    """Return the lots of an entry as the other bank is told: day, minutes and origin, no names."""
    parts = parts_of(entry_id=entry_id, account_id=account_id)
    lots = Lot.objects.in_bulk([lot for lot, _ in parts])
    return [
        {"origin": lots[lot].origin, "born_on": lots[lot].born_on.isoformat(), "minutes": minutes}
        for lot, minutes in parts
    ]


def _remember(wire: ReceivedWire, holding: Holding, lots: list[Lot], told: list[dict[str, Any]], at: datetime) -> None:
    """Keep where each lot came from, so that a coin can be walked back to the other bank's own origin."""
    for lot, said in zip(lots, told, strict=True):
        origin = f"{wire.partner.code} {said['origin']}"
        Earning.objects.create(
            origin=f"{Source.WIRE}:{lot.pk}", source=Source.WIRE, ref=wire.pk, bank=wire.bank, person=holding.person, lot=lot,
            area_code=holding.area_code, title=f"{wire.partner.name}转入"[:60], started_at=at, ended_at=at, served=0,
            issued=lot.amount, why=f"对方来源：{origin}"[:120],
        )  # fmt: skip
