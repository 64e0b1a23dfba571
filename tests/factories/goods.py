"""Goods in every state: articles on shelves, batches with expiry, shares promised, handed over and lent."""

from datetime import date, timedelta
from itertools import count

from tests.factories import people, registers
from tests.factories.cast import World, actor_of
from tests.factories.places import COMMUNITY, NOON, TODAY
from tests.factories.visits import photo
from wushe.foundation.access.models import Grant, User
from wushe.foundation.access.selectors import actor_for
from wushe.foundation.actor import Actor
from wushe.lines.goods.counting import begin_count
from wushe.lines.goods.handing import give_one, hand_over
from wushe.lines.goods.models import Batch, Handout, Position, Shelf
from wushe.lines.goods.recalling import start_recall
from wushe.lines.goods.receiving import inspect_goods, receive_goods
from wushe.lines.goods.states import ArticleKind, Proof, Source
from wushe.lines.goods.writing_off import ask_write_off
from wushe.registers.facilities.models import Facility, FacilityKind
from wushe.registers.people.models import Person

_serial = count(1)
OIL = {"title": "玉米油（5升）", "kind": ArticleKind.FOOD, "unit": "桶"}
MONITOR = {"title": "看护通", "kind": ArticleKind.DEVICE, "unit": "台", "lent": True}


def store(name: str = "翠屏路社区爱心仓库", **fields: object) -> Facility:
    """Return the place where goods are kept."""
    found = Facility.objects.filter(name=name).first()
    return found or registers.facility(
        name, **{"kind": FacilityKind.COMMUNITY_STATION, "functions": ["charity"], **fields}
    )


def waiting(quantity: int = 10, *, at_store: Facility | None = None, **fields: object) -> Batch:
    """Return a batch that has arrived and waits for inspection."""
    values = {**OIL, "source": Source.DONATED, "received_on": TODAY - timedelta(days=10), **fields}
    return receive_goods(
        actor=actor_of("charity_officer"), at=NOON, facility_id=(at_store or store()).pk, quantity=quantity, **values  # type: ignore[arg-type]
    )  # fmt: skip


def stocked(quantity: int = 10, *, expires_on: date | None = None, **fields: object) -> Batch:
    """Return a batch in stock."""
    made = waiting(quantity, expires_on=expires_on, **fields)
    return inspect_goods(actor=actor_of("charity_officer"), at=NOON, batch_id=made.pk, accepted=quantity)


def shelf_of(batch: Batch) -> Shelf:
    """Return the card on which a batch stood first."""
    return Shelf.objects.get(facility=batch.facility_id, article=batch.article_id)


def position_of(batch: Batch) -> Position:
    """Return the line of a batch where it stood first."""
    return Position.objects.get(batch=batch, shelf=shelf_of(batch))


def numbers(shelf: Shelf) -> tuple[int, int, int, int, int]:
    """Return what stands on a card: free, promised, lent, given out, set apart."""
    shelf = Shelf.objects.select_related("stock", "held", "lent", "out", "blocked").get(pk=shelf.pk)
    return tuple(one.balance for one in (shelf.stock, shelf.held, shelf.lent, shelf.out, shelf.blocked))  # type: ignore[return-value]


def promised(batch: Batch, person: Person | None = None, *, quantity: int = 1) -> Handout:
    """Return goods promised to a resident."""
    return give_one(
        actor=actor_of("social_worker"), at=NOON, shelf_id=shelf_of(batch).pk,
        person_id=(person or people.person(f"居民{next(_serial)}")).pk, quantity=quantity, reason="家里刚遭了火灾",
    )  # fmt: skip


def handed(batch: Batch, person: Person | None = None, *, quantity: int = 1) -> Handout:
    """Return goods that a resident has."""
    return hand_over(
        actor=actor_of("community_worker"), at=NOON, handout_id=promised(batch, person, quantity=quantity).pk,
        taken_by="本人", kind=Proof.SIGNATURE, content=photo(),
    )  # fmt: skip


def colleague(name: str = "second_keeper", role_code: str = "community_worker", area_code: str = COMMUNITY) -> Actor:
    """Return a second person at the same place."""
    user, fresh = User.objects.get_or_create(username=name, defaults={"name": name})
    if fresh:
        Grant.objects.create(user=user, role_code=role_code, area_code=area_code, valid_from=TODAY)
    actor = actor_for(user=user, on=TODAY)
    assert actor is not None
    return actor


def one_of_each(w: World) -> dict[str, int | str]:
    """Return one of each thing of goods in the first community, and those of an organisation's own store."""
    own = store("康乐服务站仓库", operator=w.organisation)
    things: dict[str, int | str] = {}
    for place, whose in ((store(), ""), (own, ":organisation_manager")):
        batch = stocked(
            20,
            at_store=place,
            expires_on=TODAY + timedelta(days=12),
            maker_batch="B1",
            unit_value_fen=6500,
            value_basis="发票",
        )
        promised(batch)
        asked = ask_write_off(
            actor=actor_of("charity_officer"), at=NOON, position_id=position_of(batch).pk, quantity=1, reason="damaged",
            note="瓶口破损",
        )  # fmt: skip
        spoiled = stocked(5, at_store=place, title="奶粉", kind=ArticleKind.FOOD, unit="罐", maker_batch="N1")
        waits = promised(batch, w.elder, quantity=2)
        taken = handed(spoiled, w.elder)
        count = begin_count(actor=actor_of("charity_officer"), at=NOON, facility_id=place.pk)
        things |= {
            f"goods_position{whose}": position_of(batch).pk, f"handout{whose}": waits.pk, f"write_off{whose}": asked.pk,
            f"stock_count{whose}": count.pk, f"goods_proof{whose}": taken.proofs.earliest("pk").pk,
        }  # fmt: skip
    waiting(4)
    handed(stocked(2, **MONITOR))
    recall = start_recall(
        actor=actor_of("charity_officer"),
        at=NOON,
        batch_id=spoiled.pk,
        reason="抽检不合格",
        advice="停止食用，送回社区",
    )
    contacts = {one.handout.shelf.facility_id: one.pk for one in recall.contacts.select_related("handout__shelf")}
    things["recall_contact"], things["recall_contact:organisation_manager"] = contacts[store().pk], contacts[own.pk]
    return {**things, "recall": recall.pk}
