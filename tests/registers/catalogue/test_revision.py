"""A revision adds, withdraws and maps services; nothing of it holds before its first day, and every old item resolves."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories.cast import actor_of, client_of, world
from tests.factories.catalogue import BATH, CLEANING, HAIRCUT, item
from tests.factories.places import NOON, TODAY
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.catalogue import selectors
from wushe.registers.catalogue.models import Edition, Item, ItemMapping
from wushe.registers.catalogue.revision import add_item, begin_revision, change_draft
from wushe.registers.catalogue.services import EditionPublished, publish_edition
from wushe.registers.catalogue.succession import drop_item, map_item, restore_item, withdrawn

pytestmark = pytest.mark.django_db
FIRST = date(2027, 1, 1)
NEW = {
    "category": "个人生活照料", "subcategory": "助浴", "name": "上门泡脚", "unit": "visit", "minutes": 40, "price_fen": 3000,
    "responsible_party": "market", "performers": ["paid_carer"], "skills": ["elder_care"], "keywords": ["泡脚"],
}  # fmt: skip


@pytest.fixture
def draft() -> Edition:
    world()
    return begin_revision(
        actor=editor(), at=NOON, title="目录（第三版）", effective_from=FIRST, source="民政局〔2026〕9号"
    )


def editor() -> Any:
    return actor_of("district_manager")


def added(draft: Edition, code: str = "H102-09", **changed: Any) -> Item:
    return add_item(actor=editor(), at=NOON, number=draft.number, code=code, content={**NEW, **changed})


def dropped(draft: Edition, code: str) -> Item:
    drop_item(actor=editor(), at=NOON, item_id=draft.items.get(code=code).pk)
    return item(code)


def mapped(draft: Edition, old: Item, *new: Item) -> list[ItemMapping]:
    return map_item(
        actor=editor(), at=NOON, number=draft.number, old_item_id=old.pk, successor_ids=[one.pk for one in new]
    )


def test_a_new_service_holds_from_the_first_day_of_its_edition(draft: Edition) -> None:
    fresh = added(draft, "h102-09")
    assert (fresh.code, fresh.minutes, fresh.performers) == ("H102-09", 40, ["paid_carer"])
    publish_edition(actor=editor(), at=NOON, edition_id=draft.pk)
    before, after = (selectors.items_on(day=day).filter(code="H102-09") for day in (FIRST - timedelta(days=1), FIRST))
    assert (before.exists(), after.exists()) == (False, True)
    [change] = selectors.diff(old=Edition.objects.get(number=2), new=draft)
    assert (change.kind, change.code) == ("new", "H102-09")
    assert JournalEntry.objects.get(kind="item.add").data["code"] == "H102-09"


@pytest.mark.parametrize(
    ("code", "changed", "field"),
    [(BATH, {}, "code"), ("泡脚", {}, "code"), ("", {}, "code"), ("H102-09", {"name": "脚"}, "name"),
     ("H102-09", {"category": " "}, "category"), ("H102-09", {"unit": "bucket"}, "unit"),
     ("H102-09", {"minutes": 2000}, "minutes"), ("H102-09", {"price_fen": -1}, "price_fen"),
     ("H102-09", {"responsible_party": "nobody"}, "responsible_party"), ("H102-09", {"keywords": ["词"] * 21}, "keywords")],
)  # fmt: skip
def test_a_service_with_a_fault_is_not_added(draft: Edition, code: str, changed: dict[str, Any], field: str) -> None:
    before = draft.items.count()
    with pytest.raises(Invalid) as refusal:
        added(draft, code, **changed)
    assert list(refusal.value.fields) == [field]
    assert draft.items.count() == before


def test_a_withdrawn_service_resolves_to_what_takes_its_place(draft: Edition) -> None:
    old = dropped(draft, CLEANING)
    assert [one.code for one in withdrawn(draft=draft)] == [CLEANING]
    assert [one.change for one in selectors.fate_of(item=old, drafts=True)] == ["retired"]
    fresh = added(draft)
    rows = mapped(draft, old, fresh, draft.items.get(code=HAIRCUT))
    assert {row.change for row in rows} == {"replaced"}
    assert selectors.fate_of(item=old) == [], "a draft says nothing to the public"
    assert selectors.resolve(item=old, day=FIRST) == [old], "nor does it change what an item is"
    publish_edition(actor=editor(), at=NOON, edition_id=draft.pk)
    assert {one.code for one in selectors.resolve(item=old, day=FIRST)} == {"H102-09", HAIRCUT}
    assert selectors.resolve(item=old, day=TODAY) == [old]


def test_a_service_withdrawn_without_a_successor_resolves_to_nothing(draft: Edition) -> None:
    old = dropped(draft, CLEANING)
    mapped(draft, old, draft.items.get(code=HAIRCUT))
    mapped(draft, old)
    publish_edition(actor=editor(), at=NOON, edition_id=draft.pk)
    assert selectors.resolve(item=old, day=FIRST) == []
    assert [one.new for one in selectors.fate_of(item=old)] == [None]


def test_a_service_under_another_code_is_renamed(draft: Edition) -> None:
    old = dropped(draft, CLEANING)
    kept = {name: getattr(old, name) for name in ("category", "subcategory", "plain", "unit", "minutes", "skills",
            "performers", "two_people", "price_fen", "photos", "signature", "responsible_party", "keywords")}  # fmt: skip
    fresh = add_item(actor=editor(), at=NOON, number=draft.number, code="H501-99", content={**kept, "name": "居室清洁"})
    [row] = mapped(draft, old, fresh)
    assert row.change == "renamed"


def test_dropping_a_successor_leaves_no_old_item_without_a_word(draft: Edition) -> None:
    old = dropped(draft, CLEANING)
    fresh = added(draft)
    mapped(draft, old, fresh)
    drop_item(actor=editor(), at=NOON, item_id=fresh.pk)
    assert [one.change for one in ItemMapping.objects.filter(old=old)] == ["retired"]


def test_what_was_withdrawn_by_mistake_comes_back_as_it_was(draft: Edition) -> None:
    old = dropped(draft, CLEANING)
    back = restore_item(actor=editor(), at=NOON, number=draft.number, old_item_id=old.pk)
    assert (back.code, back.price_fen, back.edition_id) == (old.code, old.price_fen, draft.pk)
    assert not ItemMapping.objects.filter(old=old).exists()
    assert selectors.diff(old=old.edition, new=draft) == []
    with pytest.raises(Conflict):
        restore_item(actor=editor(), at=NOON, number=draft.number, old_item_id=old.pk)
    with pytest.raises(Conflict):
        mapped(draft, old)


def test_the_first_day_of_a_draft_is_moved(draft: Edition) -> None:
    head = {
        "actor": editor(),
        "at": NOON,
        "number": draft.number,
        "title": "目录（第三版）",
        "source": "民政局〔2026〕10号",
    }
    change_draft(effective_from=date(2027, 7, 1), **head)
    with pytest.raises(Invalid) as refusal:
        change_draft(effective_from=date(2026, 1, 1), **head)
    assert list(refusal.value.fields) == ["effective_from"]
    publish_edition(actor=editor(), at=NOON, edition_id=draft.pk)
    numbers = [selectors.edition_on(day=day) for day in (date(2027, 6, 30), date(2027, 7, 1))]
    assert [edition and edition.number for edition in numbers] == [2, 3]
    with pytest.raises(EditionPublished):
        change_draft(effective_from=date(2027, 8, 1), **head)


def test_a_published_edition_takes_nothing_and_others_may_not(draft: Edition) -> None:
    old = dropped(draft, CLEANING)
    with pytest.raises(Invalid):
        map_item(actor=editor(), at=NOON, number=3, old_item_id=old.pk, successor_ids=[old.pk])
    with pytest.raises(NotFound):
        mapped(draft, draft.items.get(code=HAIRCUT))
    with pytest.raises(NotAllowed):
        add_item(actor=actor_of("community_worker"), at=NOON, number=3, code="H1-1", content=NEW)
    publish_edition(actor=editor(), at=NOON, edition_id=draft.pk)
    for act in (lambda: added(draft), lambda: mapped(draft, old),
                lambda: restore_item(actor=editor(), at=NOON, number=3, old_item_id=old.pk)):  # fmt: skip
        with pytest.raises(EditionPublished):
            act()


def test_the_pages_add_withdraw_map_and_show_it(draft: Edition) -> None:
    client = client_of("district_manager")
    posted = {"code": "H102-09", "category": "个人生活照料", "subcategory": "助浴", "name": "上门泡脚", "unit": "visit",
              "minutes": "40", "price": "30.00", "photos": "1", "responsible_party": "market", "keywords": "泡脚、烫脚",
              "performers": ["paid_carer"], "skills": ["elder_care"]}  # fmt: skip
    bad = client.post("/catalogue/edition/3/add/", {**posted, "code": BATH, "price": "三十"})
    assert bad.status_code == 422
    assert "上门泡脚" in bad.content.decode()
    assert "泡脚、烫脚" in bad.content.decode()
    assert client.post("/catalogue/edition/3/add/", posted).status_code == 302
    fresh = Item.objects.get(code="H102-09")
    assert (fresh.price_fen, fresh.keywords, fresh.skills) == (3000, ["泡脚", "烫脚"], ["elder_care"])
    old = item(CLEANING)
    client.post(f"/catalogue/item/{draft.items.get(code=CLEANING).pk}/drop/")
    shown = client.get("/catalogue/diff/2/3/").content.decode()
    assert "没有替代" in shown
    address = f"/catalogue/edition/3/became/{old.pk}/"
    assert address in shown
    assert client.post(address, {"successor_ids": [fresh.pk]}).url == "/catalogue/diff/2/3/"
    shown = client.get("/catalogue/diff/2/3/").content.decode()
    assert f"替代 {old.name}" in shown
    assert "没有替代" not in shown
    assert (
        client.post("/catalogue/edition/3/head/", {"title": "", "effective_from": "明年", "source": "x"}).status_code
        == 422
    )
    assert client.post(f"/catalogue/edition/3/restore/{old.pk}/").status_code == 302
    assert draft.items.filter(code=CLEANING).exists()
