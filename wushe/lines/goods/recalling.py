"""A recall finds every lot at every place and every household that got some of it, and follows each to its end."""

from collections import defaultdict
from datetime import datetime

from django.db.models import QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.scope import DISTRICT, covering, covers, obtain, within
from wushe.ledgers.lots import move_parts
from wushe.ledgers.models import LotLeg, LotShare

from .handing import promised_from, put_back
from .models import Batch, Handout, Recall, RecallContact, Shelf
from .receiving import written
from .states import BatchState, ContactState, HandoutState
from .workflow import BATCH, CONTACT, HANDOUT, RECALL

_UNDER_WAY = (ContactState.TO_TELL, ContactState.TOLD)


@domain_call("goods:recall")
def start_recall(*, actor: Actor, at: datetime, batch_id: int, reason: str, advice: str) -> Recall:
    """Call back a batch, and all of the same maker's batch in the district, whoever gave it.

    What is on shelves is set apart at once, what is promised is withdrawn, and each household that got some is
    listed. Raises NotFound, Invalid, Conflict if it is recalled already.
    """
    first = obtain(Batch.objects.select_related("article"), actor, pk=batch_id)
    if not advice.strip() or len(advice.strip()) > 200:
        raise Invalid(fields={"advice": "请写明请居民怎么做（200字以内），例如：停止食用，送回领取地点。"})
    if not may_recall(actor, first):
        raise NotFound
    batches = _same_batch(first)
    if not batches:
        raise Conflict("这批物资不在使用中，不能召回。")
    recall = Recall(
        article=first.article, area_code=first.area_code[:DISTRICT], maker_batch=first.maker_batch,
        reason=written(reason), advice=advice.strip(), started_at=at, started_by=actor.user_id,
    )  # fmt: skip
    RECALL.start(recall, event="start", actor=actor, at=at, data={"batches": len(batches)})
    recall.batches.set(batches)
    _empty_shelves(recall, batches, actor=actor, at=at)
    _list_households(recall, batches, actor=actor, at=at)
    return recall


def may_recall(actor: Actor, batch: Batch) -> bool:
    """Say whether the actor stands for the whole district, which a recall goes through."""
    return covers(actor, batch.area_code[:DISTRICT])


def _same_batch(first: Batch) -> list[Batch]:
    rows = Batch.objects.filter(state=BatchState.STOCKED, article=first.article)
    same = rows.filter(maker_batch=first.maker_batch) if first.maker_batch else rows.filter(pk=first.pk)
    return list(same.order_by("pk"))


def _empty_shelves(recall: Recall, batches: list[Batch], *, actor: Actor, at: datetime) -> None:
    """Withdraw what is promised and set apart what is free, at every place."""
    lots = [batch.lot_id for batch in batches if batch.lot_id]
    shelves = list(Shelf.objects.filter(positions__batch__in=batches).distinct().order_by("pk"))
    for handout in promised_from([shelf.pk for shelf in shelves], lot_ids=lots):
        put_back(handout, f"召回：{recall.reason}"[:200], actor=actor, at=at)
    for shelf in shelves:
        shares = LotShare.objects.filter(account=shelf.stock_id, lot__in=lots, left__gt=0).order_by("lot_id")
        if parts := list(shares.values_list("lot_id", "left")):
            move_parts(
                actor=actor, at=at, key=f"goods:recall:{recall.pk}:{shelf.pk}", memo="召回停用",
                source_id=shelf.stock_id, target_id=shelf.blocked_id, parts=parts,
            )  # fmt: skip
    BATCH.move_all(batches, "recall", actor=actor, at=at)


def _list_households(recall: Recall, batches: list[Batch], *, actor: Actor, at: datetime) -> None:
    """List each household that has, or had, goods of these lots."""
    lots = [batch.lot_id for batch in batches]
    legs = LotLeg.objects.filter(lot__in=lots, amount__gt=0, entry__goods_handout__isnull=False)
    got: dict[int, int] = defaultdict(int)
    for handout_id, amount in legs.values_list("entry__goods_handout", "amount"):
        got[handout_id] += amount
    for handout in Handout.objects.filter(pk__in=got).exclude(state=HandoutState.RETURNED).order_by("pk"):
        contact = RecallContact(recall=recall, handout=handout, quantity=got[handout.pk])
        CONTACT.start(contact, event="list", actor=actor, at=at, data={"handout": handout.pk})


@domain_call("goods:keep")
def tell(*, actor: Actor, at: datetime, contact_id: int, note: str = "") -> RecallContact:
    """Write down that a household was told; raise NotFound, Invalid, MoveNotAllowed."""
    contact = contact_for(actor, contact_id)
    changes = {"told_at": at, "told_by": actor.user_id, "note": _note(note)}
    CONTACT.move(contact, "tell", actor=actor, at=at, changes=changes)
    return contact


@domain_call("goods:keep")
def bring_back(*, actor: Actor, at: datetime, contact_id: int, quantity: int, note: str = "") -> RecallContact:
    """Take recalled goods back from a household; they are set apart. Raises NotFound, Invalid, MoveNotAllowed."""
    contact = contact_for(actor, contact_id)
    if not 1 <= quantity <= contact.quantity:
        raise Invalid(fields={"quantity": f"收回数量应在1到{contact.quantity}之间。"})
    handout, shelf = contact.handout, contact.handout.shelf
    lent = handout.state == HandoutState.LENT
    CONTACT.move(
        contact, "bring_back", actor=actor, at=at, changes={"brought_back": quantity, "note": _note(note)},
        data={"quantity": quantity},
    )  # fmt: skip
    move_parts(
        actor=actor, at=at, key=f"goods:recalled:{contact.pk}", memo="召回收回",
        source_id=shelf.lent_id if lent else shelf.out_id, target_id=shelf.blocked_id, parts=_parts(contact, quantity),
    )  # fmt: skip
    if lent and quantity == handout.quantity:
        HANDOUT.move(handout, "give_back", actor=actor, at=at, changes={"returned_at": at, "note": "召回收回"})
    return contact


def _parts(contact: RecallContact, quantity: int) -> list[tuple[int, int]]:
    """Return which recalled lots make up what was brought back."""
    lots = contact.recall.batches.values("lot")
    legs = LotLeg.objects.filter(entry=contact.handout.out_entry_id, lot__in=lots, amount__gt=0).order_by("lot_id")
    parts = []
    for lot_id, amount in legs.values_list("lot_id", "amount"):
        if taken := min(amount, quantity):
            parts.append((lot_id, taken))
            quantity -= taken
    return parts


@domain_call("goods:keep")
def used_up(*, actor: Actor, at: datetime, contact_id: int, note: str = "") -> RecallContact:
    """Write down that a household has used the goods up; raise NotFound, Invalid, MoveNotAllowed."""
    return _ended(actor, at, contact_id, "used_up", note)


@domain_call("goods:keep")
def unreached(*, actor: Actor, at: datetime, contact_id: int, note: str) -> RecallContact:
    """Write down that a household cannot be reached, and what was tried; raise NotFound, Invalid, MoveNotAllowed."""
    if not note.strip():
        raise Invalid(fields={"note": "请写明怎样联系过。"})
    return _ended(actor, at, contact_id, "unreached", note)


def _ended(actor: Actor, at: datetime, contact_id: int, event: str, note: str) -> RecallContact:
    contact = contact_for(actor, contact_id)
    CONTACT.move(contact, event, actor=actor, at=at, changes={"note": _note(note)})
    return contact


@domain_call("goods:recall")
def close_recall(*, actor: Actor, at: datetime, recall_id: int) -> Recall:
    """End a recall when it is known of each household what became of the goods; raise NotFound, Conflict."""
    recall = recalls_seen(actor).filter(pk=recall_id).first()
    if recall is None:
        raise NotFound
    if left := recall.contacts.filter(state__in=_UNDER_WAY).count():
        raise Conflict(f"还有{left}户没有结果，不能结束召回。")
    RECALL.move(recall, "close", actor=actor, at=at, changes={"closed_at": at})
    return recall


def recalls_seen(actor: Actor) -> QuerySet[Recall]:
    """Return the recalls that the actor has to know: those of their district, and for an organisation all of them.

    A recall names no household; those are found within scope alone.
    """
    rows = Recall.objects.select_related("article")
    return rows.filter(covering(actor.area_code) | within(actor.area_code)) if actor.area_code else rows


def contact_for(actor: Actor, contact_id: int) -> RecallContact:
    """Return one household of a recall within the actor's scope; raise NotFound."""
    rows = RecallContact.objects.select_related("recall", "handout__shelf", "handout__recipient")
    return obtain(rows, actor, pk=contact_id)


def _note(note: str) -> str:
    if len(note.strip()) > 200:
        raise Invalid(fields={"note": "请写在200个字以内。"})
    return note.strip()
