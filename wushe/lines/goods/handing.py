"""Goods leave the shelf: promised to one household, handed over with a signature or a photo; what was lent comes back."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from wushe.chain.visits.pictures import Picture, prepared
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import obtain
from wushe.ledgers import lots
from wushe.ledgers.models import LotLeg
from wushe.ledgers.services import hold_accounts
from wushe.registers.people.models import Person

from .models import Distribution, Handout, HandoutProof, Shelf
from .receiving import written
from .shelves import first_expiring
from .states import BatchState, HandoutState, Proof
from .workflow import HANDOUT

MOST_AT_ONCE = 1000


class CannotBeUsed(Conflict):
    """Since the promise the goods have expired or were recalled."""

    message = "其中有过期或召回的物资，不能发放：请撤回这一份，再重新分配。"


@domain_call("goods:keep")
def promise(
    *, actor: Actor, at: datetime, shelf: Shelf, recipient: Person, quantity: int, why: str,
    distribution: Distribution | None = None, need_id: int | None = None, rank: int = 0,
) -> Handout:  # fmt: skip
    """Set the first expiring goods of a card apart for a household; raise NotInStock.

    The card is held while it is looked at: of two who want the last piece one gets it and the other is told.
    """
    hold_accounts([shelf.stock_id, shelf.held_id])
    parts = first_expiring(shelf, quantity, on=timezone.localdate(at))
    entry = lots.move_parts(
        actor=actor, at=at, key=f"goods:hold:{token_urlsafe(12)}", memo="分配给居民", source_id=shelf.stock_id,
        target_id=shelf.held_id, parts=parts,
    )  # fmt: skip
    handout = Handout(
        shelf=shelf, area_code=shelf.area_code, distribution=distribution, recipient=recipient, need_id=need_id,
        quantity=quantity, rank=rank, why=why[:300], promised_at=at, promised_by=actor.user_id, hold_entry=entry,
    )  # fmt: skip
    HANDOUT.start(handout, event="promise", actor=actor, at=at, data={"quantity": quantity})
    return handout


@domain_call("goods:allocate")
def give_one(
    *, actor: Actor, at: datetime, shelf_id: int, person_id: int, quantity: int, reason: str, client_key: str = ""
) -> Handout:
    """Promise goods to one resident outside a distribution, and say why; raise NotFound, Invalid, NotInStock."""
    shelf = obtain(Shelf.objects.select_related("article"), actor, pk=shelf_id)
    recipient = obtain(Person.objects.filter(died_on=None), actor, pk=person_id)
    if not 1 <= quantity <= MOST_AT_ONCE:
        raise Invalid(fields={"quantity": f"数量应在1到{MOST_AT_ONCE}之间。"})
    why = f"单独发放：{written(reason)}"

    def effect() -> dict[str, Any]:
        made = promise(actor=actor, at=at, shelf=shelf, recipient=recipient, quantity=quantity, why=why)
        return {"handout": made.pk}

    body = {"shelf": shelf.pk, "person": recipient.pk, "quantity": quantity}
    answer = once(actor=actor, at=at, key=client_key, call="goods.give_one", body=body, effect=effect)
    return Handout.objects.get(pk=answer["handout"])


def hand_over(
    *, actor: Actor, at: datetime, handout_id: int, taken_by: str, kind: str, content: bytes, note: str = ""
) -> Handout:
    """Hand the goods over, shown by a signature or a photo; what is lent has a day by which it comes back.

    Raises NotAllowed, NotFound, Invalid, PictureRefused, CannotBeUsed, MoveNotAllowed.
    """
    actor.require("goods:keep")
    handout_for(actor, handout_id)
    if kind not in Proof.values:
        raise Invalid(fields={"kind": "请选择凭证：签收单照片，或领取时的照片。"})
    # Drawn anew before the transaction: no writer waits for the decoding of a picture.
    picture = prepared(content)
    return _hand_over(
        actor=actor, at=at, handout_id=handout_id, taken_by=taken_by, kind=kind, picture=picture, note=note
    )


@domain_call("goods:keep")
def _hand_over(
    *, actor: Actor, at: datetime, handout_id: int, taken_by: str, kind: str, picture: Picture, note: str
) -> Handout:
    handout = handout_for(actor, handout_id)
    shelf, on = handout.shelf, timezone.localdate(at)
    if not taken_by.strip() or len(taken_by.strip()) > 60 or len(note.strip()) > 200:
        raise Invalid(fields={"taken_by": "请写明是谁领的：本人，或代领人和关系（60字以内）。"})
    lent = shelf.article.lent
    HANDOUT.edge(handout.state, "lend" if lent else "hand")
    _check_usable(handout, on)
    entry = lots.move_on(
        actor=actor, at=at, key=f"goods:out:{handout.pk}:{handout.times_undone}", memo="借给居民" if lent else "居民领取",
        entry_id=handout.hold_entry_id, source_id=shelf.held_id,
        targets=((shelf.lent_id if lent else shelf.out_id, handout.quantity),),
    )  # fmt: skip
    days = preset("goods.lend.days", area_code=handout.area_code, on=on) if lent else 0
    changes = {
        "handed_at": at, "handed_by": actor.user_id, "taken_by": taken_by.strip(), "note": note.strip(),
        "out_entry": entry, "due_on": on + timedelta(days=days) if lent else None,
    }  # fmt: skip
    HANDOUT.move(handout, "lend" if lent else "hand", actor=actor, at=at, changes=changes)
    _keep_proof(handout, kind, picture, actor=actor, at=at)
    return handout


def _check_usable(handout: Handout, on: date) -> None:
    """Raise CannotBeUsed if a batch of the promise has expired or is recalled."""
    legs = LotLeg.objects.filter(entry=handout.hold_entry_id, amount__gt=0).select_related("lot__batch")
    for leg in legs:
        batch = leg.lot.batch
        expired = batch.expires_on is not None and batch.expires_on < on
        if batch.state != BatchState.STOCKED or expired:
            raise CannotBeUsed


def _keep_proof(handout: Handout, kind: str, picture: Picture, *, actor: Actor, at: datetime) -> None:
    proof = HandoutProof(handout=handout, kind=kind, digest=picture.digest, taken_at=at, taken_by=actor.user_id)
    proof.file.save(f"{picture.digest[:24]}.jpg", ContentFile(picture.content), save=False)
    try:
        proof.save(force_insert=True)
    except Exception:
        # Whatever refused the row, its file is not kept.
        with suppress(OSError):
            proof.file.delete(save=False)
        raise


@domain_call("goods:keep")
def withdraw(*, actor: Actor, at: datetime, handout_id: int, reason: str) -> Handout:
    """Put what was not fetched back into the free stock; raise NotFound, Invalid, MoveNotAllowed."""
    return put_back(handout_for(actor, handout_id), written(reason), actor=actor, at=at)


def put_back(handout: Handout, reason: str, *, actor: Actor, at: datetime) -> Handout:
    """Undo a promise; its lots stand in the free stock again."""
    HANDOUT.move(handout, "withdraw", actor=actor, at=at, changes={"note": reason})
    lots.reverse(actor=actor, at=at, entry_id=handout.hold_entry_id, memo="撤回分配")
    return handout


@domain_call("goods:keep")
def undo_hand_over(*, actor: Actor, at: datetime, handout_id: int, reason: str) -> Handout:
    """Take a hand-over back that was written down wrongly, by the mirror image of its entry; it waits again.

    Raises NotFound, Invalid, MoveNotAllowed, InsufficientBalance if the goods have gone on since.
    """
    handout = handout_for(actor, handout_id)
    entry_id, why = handout.out_entry_id, written(reason)
    changes = {
        "out_entry": None, "handed_at": None, "handed_by": None, "due_on": None, "times_undone": handout.times_undone + 1,
        "note": f"冲正：{why}"[:200],
    }  # fmt: skip
    HANDOUT.move(handout, "undo", actor=actor, at=at, changes=changes, data={"reason": why})
    lots.reverse(actor=actor, at=at, entry_id=entry_id or 0, memo="冲正发放")
    return handout


@domain_call("goods:keep")
def take_back(*, actor: Actor, at: datetime, handout_id: int, usable: bool, note: str = "") -> Handout:
    """Take a lent thing back: into the free stock, or set apart if it is broken; raise NotFound, Invalid, MoveNotAllowed."""
    handout = handout_for(actor, handout_id)
    if len(note.strip()) > 200 or (not usable and not note.strip()):
        raise Invalid(fields={"note": "不能再用的，请写明哪里坏了（200字以内）。"})
    HANDOUT.move(handout, "give_back", actor=actor, at=at, changes={"returned_at": at, "note": note.strip()})
    shelf = handout.shelf
    lots.move_on(
        actor=actor, at=at, key=f"goods:back:{handout.pk}", memo="归还" if usable else "归还，已损坏",
        entry_id=handout.out_entry_id or 0, source_id=shelf.lent_id,
        targets=((shelf.stock_id if usable else shelf.blocked_id, handout.quantity),),
    )  # fmt: skip
    return handout


def handout_for(actor: Actor, handout_id: int) -> Handout:
    """Return goods for a household within the actor's scope; raise NotFound."""
    rows = Handout.objects.select_related("shelf__article", "shelf__facility", "recipient", "distribution")
    return obtain(rows, actor, pk=handout_id)


def promised_from(shelf_ids: list[int], *, lot_ids: list[int]) -> list[Handout]:
    """Return what is promised but not fetched yet out of these lots."""
    entries = LotLeg.objects.filter(lot__in=lot_ids, amount__gt=0).values("entry")
    rows = Handout.objects.filter(shelf__in=shelf_ids, state=HandoutState.PROMISED, hold_entry__in=entries)
    return list(rows.select_related("shelf").order_by("pk"))
