"""Words point to services by the catalogue's own words, and likely repetitions are found."""

import json
from datetime import timedelta

import pytest

from tests.factories import needs
from tests.factories.cast import actor_of, world
from tests.factories.catalogue import reference_data
from tests.factories.places import DATA, NOON, TODAY
from wushe.chain.needs.selectors import likely_duplicates
from wushe.chain.needs.services import close_need
from wushe.chain.needs.triage.advice import suggest_items
from wushe.chain.needs.triage.ranking import suggest
from wushe.chain.needs.triage.reading import pairs, similarity
from wushe.registers.catalogue.models import Item

pytestmark = pytest.mark.django_db


def item(code: str, name: str, *keywords: str) -> Item:
    return Item(code=code, name=name, plain="", keywords=list(keywords))


BATH, HAIR, FOOT = item("A", "助浴", "洗澡"), item("B", "理发", "剪头发"), item("C", "泡脚", "洗脚")


def test_a_spoken_keyword_wins_and_is_shown() -> None:
    first = suggest("好久没洗澡了，头发也长", [BATH, HAIR, FOOT])[0]
    assert (first.item, first.words) == (BATH, ("洗澡",))


def test_an_interrupted_keyword_speaks_too() -> None:
    assert suggest("晚上想洗一下脚", [BATH, HAIR, FOOT])[0].item is FOOT


@pytest.mark.parametrize("text", ["", "。。。", "好", "hello there"])
def test_words_that_say_nothing_suggest_nothing(text: str) -> None:
    assert suggest(text, [BATH, HAIR, FOOT]) == []


def test_pairs_do_not_cross_a_comma() -> None:
    assert pairs("洗头 理发") == {"洗头", "理发"}
    assert similarity("洗头，理发", "理发。洗头") == 1.0
    assert similarity("洗头", "") == 0.0


def test_the_sample_sentences_find_their_service() -> None:
    """Of the 301 invented sentences at least nineteen in twenty find their service among the first three."""
    reference_data()
    items = list(Item.objects.filter(edition__number=2))
    rows = json.loads((DATA / "demo/guangan/utterances.json").read_text(encoding="utf-8"))["utterances"]
    hits = [row["item"] in {s.item.code for s in suggest(row["text"], items)} for row in rows]
    assert len(hits) == 301
    assert sum(hits) / len(hits) >= 0.95


def test_suggestions_come_from_the_edition_in_force() -> None:
    reference_data()
    names = [s.item.name for s in suggest_items(words="想请人上门洗澡，好久没洗澡了", day=TODAY)]
    assert names[0] == "上门助浴"
    assert len(names) <= 3


def test_a_repetition_is_found_by_service_or_by_words() -> None:
    here = world()
    cleaned = needs.triaged(here.elder, words="屋里没人打扫，灰厚得很")
    needs.recorded(here.daughter, "屋里没人打扫，灰厚得很")
    again = needs.recorded(here.elder, "想请人来打扫卫生", at=NOON + timedelta(days=3))
    assert [(d.need.pk, d.why) for d in likely_duplicates(need=again, at=NOON)] == [
        (cleaned.pk, "同一位居民、同一项服务（日常打扫）")
    ]
    other = needs.recorded(here.elder, "头发长了，想剪头发", at=NOON + timedelta(days=3))
    assert likely_duplicates(need=other, at=NOON) == []


def test_what_is_long_ago_or_closed_is_no_repetition() -> None:
    here = world()
    first = needs.recorded(here.elder, "药吃完了，走不动，帮忙拿药")
    late = needs.recorded(here.elder, "药吃完了，走不动，帮忙拿药", at=NOON + timedelta(days=31))
    soon = needs.recorded(here.elder, "药吃完了，走不动，帮忙拿药", at=NOON + timedelta(days=29))
    assert likely_duplicates(need=late, at=NOON) == []
    assert [d.need.pk for d in likely_duplicates(need=soon, at=NOON)] == [late.pk, first.pk]
    close_need(actor=actor_of("social_worker"), at=NOON, need_id=late.pk, reason="x")
    assert [d.need.pk for d in likely_duplicates(need=soon, at=NOON)] == [first.pk]
