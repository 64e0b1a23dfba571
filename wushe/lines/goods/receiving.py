"""Goods come in: written down at the door, inspected and valued, and only then in stock; moved on as the same lots."""

from datetime import date, datetime
from secrets import token_urlsafe
from typing import Any

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain
from wushe.ledgers import lots
from wushe.ledgers.lots import Issue, issue_all, move_parts
from wushe.ledgers.models import Entry
from wushe.ledgers.postings import InsufficientBalance
from wushe.registers.donors.models import Donor

from .models import Batch, Position
from .shelves import NotInStock, article_for, given_account, left_on, position_of, shelf_at, store_for
from .states import BatchState, Source
from .workflow import BATCH

MOST_PIECES = 1_000_000  # slips of the keyboard, not policies
MOST_FEN = 100_000_000_00


class AlreadyUsed(Conflict):
    """Of what was given out or moved, the receipt cannot be taken back."""

    message = "这批物资已经有发放、预留或调拨，不能冲正入库，请先冲正那些步骤。"


@domain_call("goods:keep")
def receive_goods(
    *,
    actor: Actor,
    at: datetime,
    facility_id: int,
    quantity: int,
    source: str,
    received_on: date,
    article_id: int | None = None,
    title: str = "",
    kind: str = "",
    unit: str = "",
    lent: bool = False,
    client_key: str = "",
    **told: Any,
) -> Batch:
    """Write down what arrived, once for a client key; it waits for inspection and is not in stock yet.

    `told` is what else is known: donor_id, supplier, reference, maker_batch, expires_on, unit_value_fen, value_basis,
    wishes. Raises NotFound for a place or donor out of scope, Invalid beside each field at fault.
    """
    on = timezone.localdate(at)
    facility = store_for(actor, facility_id, on=on)
    donor_id = told.pop("donor_id", None)
    batch = Batch(
        facility=facility, area_code=facility.area_code, source=source, arrived=quantity, received_on=received_on,
        received_by=actor.user_id, donor=obtain(Donor.objects.filter(ended_on=None), actor, pk=donor_id) if donor_id else None,
        **{name: value.strip() if isinstance(value, str) else value for name, value in told.items()},
    )  # fmt: skip
    if faults := _faults_of(batch, on):
        raise Invalid(fields=faults)
    body = {"facility": facility.pk, "article": article_id or title, "quantity": quantity, "source": source}

    def effect() -> dict[str, Any]:
        batch.article = article_for(facility, article_id=article_id, title=title, kind=kind, unit=unit, lent=lent)
        return {"batch": _arrive(batch, actor=actor, at=at).pk}

    answer = once(actor=actor, at=at, key=client_key, call="goods.receive", body=body, effect=effect)
    return Batch.objects.select_related("article").get(pk=answer["batch"])


def _arrive(batch: Batch, *, actor: Actor, at: datetime) -> Batch:
    last = Batch.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    batch.number = f"W{batch.received_on:%Y%m%d}-{last + 1:05d}"
    BATCH.start(batch, event="receive", actor=actor, at=at, data={"source": batch.source, "quantity": batch.arrived})
    shelf = shelf_at(actor=actor, at=at, facility=batch.facility, article=batch.article)
    position_of(batch, shelf)
    return batch


def _faults_of(batch: Batch, on: date) -> dict[str, str]:
    checks = {
        "quantity": (0 < batch.arrived <= MOST_PIECES, "请填写数量，至少为1。"),
        "source": (batch.source in set(Source.values) - {Source.FOUND}, "请选择来源。"),
        "received_on": (batch.received_on <= on, "到货日期不能晚于今天。"),
        "supplier": (
            batch.source == Source.DONATED or bool(batch.supplier), "采购和拨付的物资请写明供货或拨付单位。",
        ),
        "expires_on": (
            batch.expires_on is None or batch.expires_on >= batch.received_on, "已经过了保质期，不能收下。",
        ),
        "unit_value": (0 <= (batch.unit_value_fen or 0) <= MOST_FEN, "估值不对，请以元为单位填写。"),
        "value_basis": (
            batch.unit_value_fen is None or bool(batch.value_basis), "请写明估值依据：发票、市场价或捐赠方声明。",
        ),
    }  # fmt: skip
    lengths = {"supplier": 80, "reference": 60, "maker_batch": 40, "value_basis": 80, "wishes": 200}
    faults = {field: words for field, (right, words) in checks.items() if not right}
    return faults | {
        name: f"请写在{most}个字以内。" for name, most in lengths.items() if len(getattr(batch, name)) > most
    }


@domain_call("goods:keep")
def inspect_goods(*, actor: Actor, at: datetime, batch_id: int, accepted: int, inspection: str = "") -> Batch:
    """Take what is usable into stock; the rest is left with who brought it, and said so.

    Raises NotFound, Invalid, MoveNotAllowed for a batch that was inspected before.
    """
    batch = _batch_for(actor, batch_id)
    if not 0 < accepted <= batch.arrived:
        raise Invalid(fields={"accepted": f"合格数量应在1到{batch.arrived}之间；都不合格请选“验收未通过”。"})
    if accepted < batch.arrived and not inspection.strip():
        raise Invalid(fields={"inspection": "有不合格的，请写明情况。"})
    if len(inspection.strip()) > 200:
        raise Invalid(fields={"inspection": "请写在200个字以内。"})
    changes = {
        "accepted": accepted, "inspected_at": at, "inspected_by": actor.user_id, "inspection": inspection.strip(),
        "lot": _stock(batch, accepted, actor=actor, at=at),
    }  # fmt: skip
    BATCH.move(batch, "accept", actor=actor, at=at, changes=changes, data={"accepted": accepted})
    return batch


def _stock(batch: Batch, accepted: int, *, actor: Actor, at: datetime) -> Any:
    """Make the lot of a batch in the books."""
    BATCH.edge(batch.state, "accept")
    source = given_account(actor=actor, at=at, area_code=batch.area_code)
    shelf = shelf_at(actor=actor, at=at, facility=batch.facility, article=batch.article)
    issue = Issue(
        f"goods:{batch.pk}", f"入库 {batch.number}", source.pk, ((shelf.stock_id, accepted),), batch.received_on
    )
    return issue_all(actor=actor, at=at, issues=[issue])[0]


@domain_call("goods:keep")
def refuse_goods(*, actor: Actor, at: datetime, batch_id: int, reason: str) -> Batch:
    """Send a batch back that did not pass; raise NotFound, Invalid without a reason, MoveNotAllowed."""
    batch = _batch_for(actor, batch_id)
    changes = {"inspected_at": at, "inspected_by": actor.user_id, "inspection": written(reason)}
    BATCH.move(batch, "refuse", actor=actor, at=at, changes=changes)
    return batch


@domain_call("goods:keep")
def reverse_receipt(*, actor: Actor, at: datetime, batch_id: int, reason: str) -> Batch:
    """Take a receipt back that was wrong, by the mirror image of its entry; raise NotFound, Invalid, AlreadyUsed."""
    batch = _batch_for(actor, batch_id)
    BATCH.edge(batch.state, "reverse")
    assert batch.lot is not None
    try:
        lots.reverse(actor=actor, at=at, entry_id=batch.lot.entry_id, memo=f"冲正入库 {batch.number}")
    except InsufficientBalance:
        raise AlreadyUsed from None
    BATCH.move(batch, "reverse", actor=actor, at=at, data={"reason": written(reason)})
    return batch


@domain_call("goods:keep")
def move_goods(*, actor: Actor, at: datetime, position_id: int, facility_id: int, quantity: int) -> Entry:
    """Take part of a batch to another place; it stays the same lot.

    Raises NotFound, Invalid, NotInStock, Conflict for a batch that is not in stock.
    """
    position = position_for(actor, position_id)
    target = store_for(actor, facility_id, on=timezone.localdate(at))
    batch, shelf = position.batch, position.shelf
    if target.pk == shelf.facility_id:
        raise Invalid(fields={"facility_id": "已经在这里了，请选择另一个地方。"})
    if batch.state != BatchState.STOCKED:
        raise Conflict("这批物资现在不能调拨。")
    if quantity < 1:
        raise Invalid(fields={"quantity": "请填写数量，至少为1。"})
    there = shelf_at(actor=actor, at=at, facility=target, article=batch.article)
    entry = take(
        position, quantity, actor=actor, at=at, target_id=there.stock_id,
        key=f"goods:move:{token_urlsafe(12)}", memo=f"调拨到{target.name}"[:120],
    )  # fmt: skip
    position_of(batch, there)
    data = {"from": shelf.facility_id, "to": target.pk, "quantity": quantity}
    record(kind="goods_batch.move", subject=batch, actor=actor, at=at, data=data)
    return entry


def take(
    position: Position, quantity: int, *, actor: Actor, at: datetime, target_id: int, key: str, memo: str
) -> Entry:
    """Move so much of one batch from the free stock of its place to another account; raise NotInStock."""
    batch, shelf = position.batch, position.shelf
    try:
        return move_parts(
            actor=actor, at=at, key=key, memo=memo, source_id=shelf.stock_id, target_id=target_id,
            parts=[(batch.lot_id or 0, quantity)],
        )  # fmt: skip
    except InsufficientBalance:
        left = left_on(shelf.stock_id, batch.lot_id)
        raise NotInStock(left=left, unit=batch.article.unit) from None


def position_for(actor: Actor, position_id: int) -> Position:
    """Return a batch at a place of the actor's scope; raise NotFound."""
    rows = Position.objects.select_related("batch__article", "batch__lot", "shelf__facility", "shelf__article")
    return obtain(rows, actor, pk=position_id)


def _batch_for(actor: Actor, batch_id: int) -> Batch:
    return obtain(Batch.objects.select_related("article", "facility", "lot"), actor, pk=batch_id)


def written(reason: str) -> str:
    """Return a reason; raise Invalid for none or a very long one."""
    if not reason.strip() or len(reason.strip()) > 200:
        raise Invalid(fields={"reason": "请写明原因（200字以内）。"})
    return reason.strip()


def found_goods(*, actor: Actor, at: datetime, position: Position, quantity: int) -> Batch:
    """Take into stock what a count found beyond the books: a batch of its own, of the same article and expiry."""
    origin = position.batch
    batch = Batch(
        facility=position.shelf.facility, area_code=position.area_code, article=origin.article, source=Source.FOUND,
        donor=origin.donor, supplier=origin.supplier, maker_batch=origin.maker_batch, expires_on=origin.expires_on,
        arrived=quantity, unit_value_fen=origin.unit_value_fen, value_basis=origin.value_basis,
        received_on=timezone.localdate(at), received_by=actor.user_id,
    )  # fmt: skip
    _arrive(batch, actor=actor, at=at)
    return inspect_goods(actor=actor, at=at, batch_id=batch.pk, accepted=quantity, inspection="盘点时多出")
