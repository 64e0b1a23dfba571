"""Each decision of the desk is kept beside what was offered, counted, and learnt from."""

from datetime import timedelta

import pytest

from tests.factories import catalogue, needs
from tests.factories.cast import World, actor_of, world
from tests.factories.places import NOON, TODAY
from wushe.chain.needs.models import TriageChoice, TriageLesson, Urgency
from wushe.chain.needs.triage.advice import suggest_items
from wushe.chain.needs.triage.learning import NOTHING_LEARNT, learn, lesson_of
from wushe.chain.needs.triage.ranking import suggest
from wushe.chain.needs.triage.teaching import agreement, refit_triage
from wushe.foundation.actor import SYSTEM
from wushe.registers.catalogue.models import Item

pytestmark = pytest.mark.django_db

STRANGE = "老猫把瓦踩烂了"


@pytest.fixture
def here() -> World:
    return world()


def test_a_choice_is_kept_beside_what_was_offered(here: World) -> None:
    followed = needs.triaged(here.elder, words="屋里脏得很，没人打扫")
    other = needs.triaged(here.elder, words="头发长了想剪剪", urgency=Urgency.DAY)
    first, second = TriageChoice.objects.order_by("pk")
    assert (first.need, first.rank, first.offered[0], first.lesson) == (followed, 1, catalogue.CLEANING, None)
    assert (second.need, second.rank, second.urgency_offered, second.urgency) == (other, 0, Urgency.WEEK, Urgency.DAY)
    told = agreement(actor=actor_of("social_worker"), at=NOON, days=90)
    assert (told.choices, told.first, told.among_three, told.urgency_same, told.urgency_raised) == (2, 1, 1, 1, 1)
    assert agreement(actor=actor_of("stranger"), at=NOON, days=90).choices == 0
    assert agreement(actor=actor_of("social_worker"), at=NOON + timedelta(days=91), days=90).choices == 0


def test_what_the_desk_chose_is_offered_the_next_time(here: World) -> None:
    for _ in range(3):
        needs.triaged(here.elder, words=STRANGE, item="H502-03")
        needs.triaged(here.elder, words="屋里没人打扫")
    before = [one.item.code for one in suggest_items(words=STRANGE, day=TODAY)]
    assert "H502-03" not in before[:1]
    lesson = refit_triage(actor=SYSTEM, at=NOON)
    assert lesson is not None
    assert (lesson.examples, lesson.counts["services"]) == (6, {"H502-03": 3, catalogue.CLEANING: 3})
    assert suggest_items(words=STRANGE, day=TODAY)[0].item.code == "H502-03"
    assert refit_triage(actor=SYSTEM, at=NOON) is None
    assert TriageLesson.objects.count() == 1


def test_a_stretch_of_one_need_alone_is_forgotten() -> None:
    lesson = learn([("王桂芳家漏雨", "A"), ("屋顶漏雨", "A"), ("想理发", "B")])
    assert "漏雨" in lesson.stretches
    assert "桂芳" not in lesson.stretches
    assert lesson_of(lesson.as_data()).scores({"漏雨"}) == lesson.scores({"漏雨"})


def test_learning_adds_and_never_silences() -> None:
    items = [
        Item(code="A", name="助浴", plain="", keywords=["洗澡"]),
        Item(code="B", name="理发", plain="", keywords=[]),
    ]
    taught = learn([("猫叫", "B"), ("猫闹", "B"), ("洗脸", "A")])
    assert [one.item.code for one in suggest("洗澡", items, lesson=taught)] == ["A"]
    assert suggest("洗澡", items, lesson=NOTHING_LEARNT)[0].score <= suggest("洗澡", items, lesson=taught)[0].score
