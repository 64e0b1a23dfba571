"""Goods from the giver to who uses them: what is in stock is the sum of its movements, and each piece keeps its origin."""

from datetime import timedelta

import pytest

from tests.factories import goods, people, registers
from tests.factories.cast import World, actor_of, world
from tests.factories.ledgers import faults_of_many
from tests.factories.places import COMMUNITY, NOON, OTHER_COMMUNITY, TODAY
from tests.factories.visits import photo
from wushe.chain.visits.pictures import PictureRefused
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, SecondPerson
from wushe.foundation.workflow import MoveNotAllowed
from wushe.ledgers.models import LotLeg
from wushe.ledgers.provenance import lot_faults
from wushe.lines.goods import counting, handing, recalling, writing_off
from wushe.lines.goods.models import Article, Batch, Handout, HandoutProof, Position, RecallContact, Shelf, WriteOff
from wushe.lines.goods.receiving import (
    AlreadyUsed,
    inspect_goods,
    move_goods,
    receive_goods,
    refuse_goods,
    reverse_receipt,
)
from wushe.lines.goods.shelves import NotInStock, first_expiring

pytestmark = pytest.mark.django_db
SOON, LATER = TODAY + timedelta(days=20), TODAY + timedelta(days=200)


@pytest.fixture
def place() -> World:
    return world()


@pytest.fixture(autouse=True)
def whole() -> object:
    """After each test the books are whole: entries sum to zero, every piece stands in one place and has its origin."""
    yield
    assert (faults_of_many(), lot_faults()) == ([], [])


def test_what_arrives_is_in_stock_only_after_inspection(place: World) -> None:
    batch = goods.waiting(12, expires_on=LATER, unit_value_fen=6500, value_basis="超市同款价格")
    shelf = goods.shelf_of(batch)
    assert (batch.state, goods.numbers(shelf)) == ("waiting", (0, 0, 0, 0, 0))
    with pytest.raises(Invalid, match="有不合格的，请写明情况。"):
        inspect_goods(actor=actor_of("charity_officer"), at=NOON, batch_id=batch.pk, accepted=10)
    inspect_goods(actor=actor_of("charity_officer"), at=NOON, batch_id=batch.pk, accepted=10, inspection="两桶漏油")
    assert goods.numbers(shelf) == (10, 0, 0, 0, 0)
    with pytest.raises(MoveNotAllowed):
        inspect_goods(actor=actor_of("charity_officer"), at=NOON, batch_id=batch.pk, accepted=12)
    again = goods.waiting(3)
    refuse_goods(actor=actor_of("charity_officer"), at=NOON, batch_id=again.pk, reason="没有生产日期")
    assert (goods.numbers(shelf), Article.objects.count()) == ((10, 0, 0, 0, 0), 1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"quantity": 0}, "quantity"),
        ({"received_on": TODAY + timedelta(days=1)}, "received_on"),
        ({"expires_on": TODAY - timedelta(days=11)}, "expires_on"),
        ({"source": "bought"}, "supplier"),
        ({"unit_value_fen": 100}, "value_basis"),
        ({"title": ""}, "title"),
        ({"unit": ""}, "unit"),
    ],
)
def test_bad_input_is_named_beside_its_field(place: World, given: dict, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        goods.waiting(**given)
    assert (list(refusal.value.fields), Batch.objects.count()) == ([field], 0)


def test_a_receipt_is_sent_once_and_reversed_only_untouched(place: World) -> None:
    first, again = (goods.waiting(5, client_key="k1") for _ in range(2))
    assert (first.pk, Batch.objects.count()) == (again.pk, 1)
    officer = actor_of("charity_officer")
    inspect_goods(actor=officer, at=NOON, batch_id=first.pk, accepted=5)
    held = goods.promised(first)
    with pytest.raises(AlreadyUsed):
        reverse_receipt(actor=officer, at=NOON, batch_id=first.pk, reason="登记错了")
    assert Batch.objects.get(pk=first.pk).state == "stocked"
    handing.withdraw(actor=actor_of("community_worker"), at=NOON, handout_id=held.pk, reason="住院了")
    reverse_receipt(actor=officer, at=NOON, batch_id=first.pk, reason="登记错了")
    assert (Batch.objects.get(pk=first.pk).state, goods.numbers(goods.shelf_of(first))) == ("reversed", (0, 0, 0, 0, 0))


def test_what_expires_first_goes_first_and_nothing_expired_goes(place: World) -> None:
    never = goods.stocked(2)
    late, soon = goods.stocked(3, expires_on=LATER), goods.stocked(3, expires_on=SOON)
    shelf = goods.shelf_of(never)
    lots = {batch.pk: Batch.objects.get(pk=batch.pk).lot_id for batch in (never, late, soon)}
    assert first_expiring(shelf, 7, on=TODAY) == [(lots[soon.pk], 3), (lots[late.pk], 3), (lots[never.pk], 1)]
    assert first_expiring(shelf, 4, on=SOON + timedelta(days=1)) == [(lots[late.pk], 3), (lots[never.pk], 1)]
    with pytest.raises(NotInStock, match="现在能用的只有5桶"):
        first_expiring(shelf, 6, on=SOON + timedelta(days=1))
    waits = goods.promised(soon, quantity=3)
    with pytest.raises(handing.CannotBeUsed):
        handing.hand_over(
            actor=actor_of("community_worker"), at=NOON + timedelta(days=21), handout_id=waits.pk, taken_by="本人",
            kind="signature", content=photo(),
        )  # fmt: skip
    assert (Handout.objects.get(pk=waits.pk).state, HandoutProof.objects.count()) == ("promised", 0)


def test_a_hand_over_needs_a_picture_and_is_corrected_by_reversal(place: World) -> None:
    batch = goods.stocked(4)
    shelf, waits = goods.shelf_of(batch), goods.promised(batch, place.elder, quantity=2)
    worker = actor_of("community_worker")
    assert goods.numbers(shelf) == (2, 2, 0, 0, 0)

    def hand(content: bytes) -> Handout:
        return handing.hand_over(
            actor=worker, at=NOON, handout_id=waits.pk, taken_by="女儿代领", kind="photo", content=content
        )

    with pytest.raises(PictureRefused):
        hand(b"")
    hand(photo())
    assert goods.numbers(shelf) == (0 + 2, 0, 0, 2, 0)
    with pytest.raises(MoveNotAllowed):
        hand(photo())
    handing.undo_hand_over(actor=worker, at=NOON, handout_id=waits.pk, reason="点错了人")
    assert (goods.numbers(shelf), Handout.objects.get(pk=waits.pk).state) == ((2, 2, 0, 0, 0), "promised")
    hand(photo())
    handing_out = Handout.objects.get(pk=waits.pk)
    assert (goods.numbers(shelf), handing_out.taken_by, handing_out.times_undone) == ((2, 0, 0, 2, 0), "女儿代领", 1)
    lots = LotLeg.objects.filter(entry=handing_out.out_entry, amount__gt=0).values_list("lot__batch", "amount")
    assert list(lots) == [(batch.pk, 2)]


def test_what_is_lent_comes_back_whole_or_broken(place: World) -> None:
    batch = goods.stocked(2, **goods.MONITOR)
    shelf, worker = goods.shelf_of(batch), actor_of("community_worker")
    first, second = goods.handed(batch, place.elder), goods.handed(batch)
    assert (first.state, first.due_on, goods.numbers(shelf)) == ("lent", TODAY + timedelta(days=90), (0, 0, 2, 0, 0))
    handing.take_back(actor=worker, at=NOON, handout_id=first.pk, usable=True)
    with pytest.raises(Invalid, match="请写明哪里坏了"):
        handing.take_back(actor=worker, at=NOON, handout_id=second.pk, usable=False)
    handing.take_back(actor=worker, at=NOON, handout_id=second.pk, usable=False, note="屏幕碎了")
    assert goods.numbers(shelf) == (1, 0, 0, 0, 1)


def test_goods_move_to_another_place_as_the_same_lot(place: World) -> None:
    batch = goods.stocked(9)
    other = registers.facility("翠屏路老年食堂")
    position = goods.position_of(batch)
    officer = actor_of("charity_officer")
    move_goods(actor=officer, at=NOON, position_id=position.pk, facility_id=other.pk, quantity=4)
    there = Position.objects.exclude(pk=position.pk).get()
    assert (there.batch_id, goods.numbers(position.shelf), goods.numbers(there.shelf)) == (
        batch.pk, (5, 0, 0, 0, 0), (4, 0, 0, 0, 0),
    )  # fmt: skip
    with pytest.raises(NotInStock, match="只有5桶"):
        move_goods(actor=officer, at=NOON, position_id=position.pk, facility_id=other.pk, quantity=6)


def test_a_write_off_takes_two(place: World) -> None:
    batch = goods.stocked(6)
    shelf, worker = goods.shelf_of(batch), actor_of("community_worker")
    asking = {"actor": worker, "at": NOON, "position_id": goods.position_of(batch).pk, "reason": "damaged"}
    asked = writing_off.ask_write_off(quantity=2, note="受潮结块", **asking)
    kept = writing_off.ask_write_off(quantity=1, note="瓶口破了", **asking)
    assert goods.numbers(shelf) == (3, 0, 0, 0, 3)
    with pytest.raises(SecondPerson):
        writing_off.agree_write_off(actor=worker, at=NOON, write_off_id=asked.pk)
    second = goods.colleague()
    writing_off.agree_write_off(actor=second, at=NOON, write_off_id=asked.pk)
    writing_off.refuse_write_off(actor=second, at=NOON, write_off_id=kept.pk, answer="擦一擦还能用")
    assert goods.numbers(shelf) == (4, 0, 0, 0, 0)
    assert list(WriteOff.objects.order_by("pk").values_list("state", flat=True)) == ["done", "refused"]
    with pytest.raises(NotInStock):
        writing_off.ask_write_off(quantity=1, note="已经停用的", set_apart=True, **asking)


def test_a_count_is_booked_by_another_and_only_if_nothing_moved(place: World) -> None:
    oil, books = goods.stocked(10, expires_on=LATER), goods.stocked(30, title="绘本", kind="books", unit="册")
    worker, second = actor_of("community_worker"), goods.colleague()
    count = counting.begin_count(actor=worker, at=NOON, facility_id=goods.store().pk)
    with pytest.raises(Conflict, match="还有一次盘点没有结束"):
        counting.begin_count(actor=worker, at=NOON, facility_id=goods.store().pk)
    lines = {line.position.batch_id: line for line in count.lines.all()}
    with pytest.raises(Invalid) as refusal:
        counting.write_count(actor=worker, at=NOON, count_id=count.pk, found={lines[oil.pk].pk: 8})
    assert list(refusal.value.fields) == [f"line_{lines[books.pk].pk}"]
    found = {lines[oil.pk].pk: 8, lines[books.pk].pk: 33}
    counting.write_count(actor=worker, at=NOON, count_id=count.pk, found=found)
    with pytest.raises(SecondPerson):
        counting.book_count(actor=worker, at=NOON, count_id=count.pk)
    waits = goods.handed(oil)
    with pytest.raises(Conflict, match="在盘点以后有进出"):
        counting.book_count(actor=second, at=NOON, count_id=count.pk)
    assert goods.numbers(goods.shelf_of(oil)) == (9, 0, 0, 1, 0)
    counting.count_again(actor=second, at=NOON, count_id=count.pk)
    found = {line.pk: 8 if line.position.batch_id == oil.pk else 33 for line in count.lines.all()}
    counting.write_count(actor=worker, at=NOON, count_id=count.pk, found=found)
    counting.book_count(actor=second, at=NOON, count_id=count.pk)
    assert (goods.numbers(goods.shelf_of(oil)), goods.numbers(goods.shelf_of(books))) == (
        (8, 0, 0, 1, 0), (33, 0, 0, 0, 0),
    )  # fmt: skip
    assert list(Batch.objects.filter(source="found").values_list("arrived", "state")) == [(3, "stocked")]
    assert Handout.objects.get(pk=waits.pk).state == "handed"


def test_a_recall_finds_every_lot_and_every_household(place: World) -> None:
    maker = {"maker_batch": "20260801A", "expires_on": LATER}
    here, far = (
        goods.stocked(6, **maker),
        goods.stocked(5, at_store=goods.store("北辰街道仓库", area_code=OTHER_COMMUNITY), **maker),
    )
    other = goods.stocked(4, maker_batch="20260702B", expires_on=LATER)
    eaten, waits = goods.handed(here, place.elder, quantity=2), goods.promised(here)
    officer, worker = actor_of("charity_officer"), actor_of("community_worker")
    recall = recalling.start_recall(
        actor=officer, at=NOON, batch_id=far.pk, reason="抽检不合格", advice="停止食用，送回社区"
    )
    assert set(recall.batches.values_list("pk", flat=True)) == {here.pk, far.pk}
    assert goods.numbers(goods.shelf_of(here)) == (4, 0, 0, 2, 4)
    assert goods.numbers(goods.shelf_of(far)) == (0, 0, 0, 0, 5)
    assert Handout.objects.get(pk=waits.pk).state == "withdrawn"
    contact = RecallContact.objects.get()
    assert (contact.handout_id, contact.quantity) == (eaten.pk, 2)
    with pytest.raises(Conflict, match="还有1户没有结果"):
        recalling.close_recall(actor=officer, at=NOON, recall_id=recall.pk)
    recalling.tell(actor=worker, at=NOON, contact_id=contact.pk)
    with pytest.raises(Invalid, match="1到2之间"):
        recalling.bring_back(actor=worker, at=NOON, contact_id=contact.pk, quantity=3)
    recalling.bring_back(actor=worker, at=NOON, contact_id=contact.pk, quantity=1, note="另一桶吃完了")
    assert goods.numbers(goods.shelf_of(here)) == (4, 0, 0, 1, 5)
    recalling.close_recall(actor=officer, at=NOON, recall_id=recall.pk)
    assert Batch.objects.get(pk=other.pk).state == "stocked"


def test_a_stranger_finds_nothing_and_a_right_is_asked(place: World) -> None:
    batch = goods.stocked(3)
    waits, stranger = goods.promised(batch), actor_of("stranger")
    with pytest.raises(NotFound):
        handing.withdraw(actor=stranger, at=NOON, handout_id=waits.pk, reason="没有来")
    with pytest.raises(NotFound):
        receive_goods(
            actor=stranger, at=NOON, facility_id=goods.store().pk, quantity=1, source="donated", received_on=TODAY,
            **goods.OIL,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        recalling.start_recall(actor=actor_of("community_worker"), at=NOON, batch_id=batch.pk, reason="x", advice="y")
    with pytest.raises(NotAllowed):
        handing.withdraw(actor=actor_of("auditor"), at=NOON, handout_id=waits.pk, reason="x")
    assert (goods.numbers(goods.shelf_of(batch)), Shelf.objects.count()) == ((2, 1, 0, 0, 0), 1)
    assert people.person("新居民").area_code == COMMUNITY
