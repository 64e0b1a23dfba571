"""Read goods: what waits for somebody, the way of a lot from its giver to who has it, counts, write-offs, recalls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from wushe.foundation.access.selectors import names_of_accounts
from wushe.foundation.actor import Actor
from wushe.foundation.counting import capped_counts
from wushe.foundation.errors import NotFound
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import obtain, visible
from wushe.ledgers.models import Lot
from wushe.ledgers.provenance import way_of
from wushe.registers.areas.selectors import places_of
from wushe.registers.people.models import Person, TagKind

from .models import Batch, Handout, HandoutProof, Position, Recall, RecallContact, Shelf, StockCount, WriteOff
from .recalling import recalls_seen
from .register import soon, with_numbers
from .shelves import usable
from .states import BatchState, ContactState, CountState, HandoutState, RecallState, WriteOffState

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a lot: what happened, how much of it, who did it, and for whom."""

    at: datetime
    what: str
    quantity: int
    who: str
    handout: Handout | None


def waiting(*, actor: Actor, on: date) -> dict[str, int]:
    """Return what waits for somebody within the actor's scope; raise NotAllowed without `goods:view`."""
    actor.require("goods:view")
    stock = with_numbers(visible(Position.objects.all(), actor)).filter(free__gt=0)
    handouts = visible(Handout.objects.all(), actor)
    return capped_counts({
        "to_inspect": visible(Position.objects.filter(batch__state=BatchState.WAITING), actor),
        "soon": stock.filter(batch__expires_on__range=(on, soon(on))),
        "expired": stock.filter(batch__expires_on__lt=on),
        "promised": handouts.filter(state=HandoutState.PROMISED),
        "late": handouts.filter(state=HandoutState.LENT, due_on__lt=on),
        "counts": visible(StockCount.objects.filter(state=CountState.COUNTED), actor),
        "write_offs": visible(WriteOff.objects.filter(state=WriteOffState.ASKED), actor),
        "recalls": visible(RecallContact.objects.filter(state__in=[ContactState.TO_TELL, ContactState.TOLD]), actor),
    })  # fmt: skip


def position_of(*, actor: Actor, position_id: int) -> Position:
    """Return a batch at a place with its numbers; raise NotAllowed, NotFound."""
    actor.require("goods:view")
    rows = Position.objects.select_related(
        "batch__article", "batch__donor", "batch__lot", "shelf__facility", "shelf__article"
    )
    position: Position = obtain(with_numbers(rows), actor, pk=position_id)
    return position


def elsewhere(position: Position, *, actor: Actor) -> list[Position]:
    """Return where else within the actor's scope the same batch lies."""
    rows = with_numbers(visible(Position.objects.filter(batch=position.batch_id), actor)).exclude(pk=position.pk)
    return list(rows.select_related("shelf__facility").order_by("pk"))


def story_of(batch: Batch) -> list[Step]:
    """Return every move of a batch in the order in which it happened, with the household it went to."""
    if batch.lot_id is None:
        return []
    legs = [leg for leg in way_of(lot_id=batch.lot_id) if leg.amount > 0]
    entries = [leg.entry_id for leg in legs]
    handouts = Handout.objects.filter(Q(hold_entry__in=entries) | Q(out_entry__in=entries)).select_related("recipient")
    of_entry: dict[int | None, Handout] = {}
    for handout in handouts:
        of_entry |= {handout.hold_entry_id: handout, handout.out_entry_id: handout}
    names = names_of_accounts({leg.entry.actor_id for leg in legs})
    return [
        Step(leg.entry.at, leg.entry.memo, leg.amount, names.get(leg.entry.actor_id, ""), of_entry.get(leg.entry_id))
        for leg in legs
    ]


def lots_of(handout: Handout) -> list[tuple[Batch, int]]:
    """Return from which batches the goods of a household come."""
    entry_id = handout.out_entry_id or handout.hold_entry_id
    lots = Lot.objects.filter(legs__entry=entry_id, legs__amount__gt=0).select_related("batch__donor").distinct()
    amounts = {leg.lot_id: leg.amount for lot in lots for leg in lot.legs.filter(entry=entry_id, amount__gt=0)}
    return [(lot.batch, amounts[lot.pk]) for lot in lots]


def handout_of(*, actor: Actor, handout_id: int) -> Handout:
    """Return goods for a household; raise NotAllowed, NotFound."""
    actor.require("goods:view")
    rows = Handout.objects.select_related("shelf__article", "shelf__facility", "recipient", "distribution", "need")
    return obtain(rows, actor, pk=handout_id)


def proof_of(*, actor: Actor, proof_id: int) -> HandoutProof:
    """Return the picture of a hand-over within scope; raise NotAllowed, NotFound."""
    actor.require("goods:view")
    return obtain(HandoutProof, actor, pk=proof_id)


def shelves_with_stock(*, actor: Actor, on: date) -> list[tuple[Shelf, int]]:
    """Return the cards within scope from which something may be given out, and how much; raise NotAllowed."""
    actor.require("goods:view")
    rows = visible(Shelf.objects.filter(stock__balance__gt=0), actor).select_related("article", "facility")
    found = [
        (shelf, sum(share.left for share in usable(shelf, on=on))) for shelf in rows.order_by("article__title", "pk")
    ]
    return [(shelf, left) for shelf, left in found if left]


def categories(*, area_code: str, on: date) -> list[tuple[str, str]]:
    """Return the categories that have points, the most first, with their titles."""
    points = preset("goods.points", area_code=area_code, on=on)
    titles = dict(TagKind.objects.filter(code__in=points).values_list("code", "title"))
    ordered = sorted((code for code in points if code in titles), key=lambda code: (-points[code], code))
    return [(code, f"{titles[code]}（{points[code]}分）") for code in ordered]


def people_named(*, actor: Actor, text: str) -> list[Person]:
    """Return up to two residents of the actor's scope with exactly this name."""
    actor.require("goods:allocate")
    return list(visible(Person.objects.filter(name=text.strip(), died_on=None), actor)[:2])


def find_counts(*, actor: Actor, state: str = "", text: str = "") -> QuerySet[StockCount]:
    """Return stock counts, newest first; raise NotAllowed without `goods:view`."""
    return _found(StockCount.objects.select_related("facility"), actor, state, Q(facility__name__contains=text.strip()))


def find_write_offs(*, actor: Actor, state: str = "", text: str = "") -> QuerySet[WriteOff]:
    """Return write-offs, newest first; raise NotAllowed without `goods:view`."""
    rows = WriteOff.objects.select_related("position__batch__article", "position__shelf__facility")
    text = text.strip()
    named = Q(position__batch__article__title__contains=text) | Q(position__batch__number__contains=text)
    return _found(rows, actor, state, named | Q(note__contains=text))


def find_recalls(*, actor: Actor, state: str = "", text: str = "") -> QuerySet[Recall]:
    """Return the recalls that concern the actor's place, newest first; raise NotAllowed without `goods:view`."""
    actor.require("goods:view")
    rows = recalls_seen(actor)
    rows = rows.filter(state=state) if state else rows
    text = text.strip()
    return rows.filter(Q(article__title__contains=text) | Q(maker_batch__contains=text)).order_by("-pk")


def _found(rows: "QuerySet[M]", actor: Actor, state: str, named: Q) -> "QuerySet[M]":
    actor.require("goods:view")
    rows = visible(rows, actor).filter(named)
    return (rows.filter(state=state) if state else rows).order_by("-pk")


def count_of(*, actor: Actor, count_id: int) -> StockCount:
    """Return a stock count; raise NotAllowed, NotFound."""
    return _one(find_counts(actor=actor), count_id)


def lines_of(count: StockCount) -> list[Any]:
    """Return the lines of a count sheet, by article and expiry."""
    lines = count.lines.select_related("position__batch__article", "position__shelf")
    return list(lines.order_by("position__batch__article__title", "position__batch__expires_on", "pk"))


def write_off_of(*, actor: Actor, write_off_id: int) -> WriteOff:
    """Return a write-off; raise NotAllowed, NotFound."""
    return _one(find_write_offs(actor=actor), write_off_id)


def recall_of(*, actor: Actor, recall_id: int) -> Recall:
    """Return a recall; raise NotAllowed, NotFound."""
    return _one(find_recalls(actor=actor), recall_id)


def contacts_of(recall: Recall, *, actor: Actor) -> QuerySet[RecallContact]:
    """Return the households of a recall within the actor's scope."""
    rows = visible(RecallContact.objects.filter(recall=recall), actor)
    return rows.select_related("handout__recipient", "handout__shelf__facility")


def _one(rows: "QuerySet[M]", pk: int) -> M:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def places(*, actor: Actor, on: date) -> Sequence[tuple[str, str]]:
    """Return the places of the actor among whose residents goods may be given out."""
    return [(area.area_code, area.name) for area in places_of(actor=actor, on=on)]


def open_recalls(*, actor: Actor) -> list[Recall]:
    """Return the recalls under way, for the head of the pages."""
    return list(find_recalls(actor=actor, state=RecallState.OPEN)[:5])
