"""Pairs: who may stand by whom, a look-in in two taps, nobody home goes to the needs queue, an end with a reason (F59)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tests.factories import people
from tests.factories.cast import World, actor_of, client_of, world
from tests.factories.due_visits import pair, plan
from tests.factories.places import NOON, OTHER_COMMUNITY, TODAY
from tests.factories.volunteering import helper
from wushe.chain.needs.models import Need
from wushe.foundation.access.models import User
from wushe.foundation.errors import Invalid, NotFound
from wushe.foundation.journal.delivery import begin_at_end, deliver
from wushe.practice.due_visits.models import NoAnswer, Pair
from wushe.practice.due_visits.pair_register import standing_of_pair
from wushe.practice.due_visits.pairing import candidates_for, own_pairs
from wushe.practice.due_visits.pairs import Paired, PairOver, end_pair, look_in, note_look_in, update_pair
from wushe.registers.people.deaths import record_death
from wushe.registers.people.models import Person

pytestmark = pytest.mark.django_db
DESK = "social_worker"
YOUNGER = date(1966, 5, 1)


@pytest.fixture(autouse=True)
def here() -> World:
    return world()


@pytest.fixture
def neighbour() -> Person:
    return people.person("邻居张姐", born_on=YOUNGER)


def test_who_may_stand_by_whom(here: World, neighbour: Person) -> None:
    made = pair(here.elder, neighbour)
    assert (made.state, made.due_on, made.owner_name) == ("standing", TODAY + timedelta(days=7), "陈社工")
    with pytest.raises(Paired):
        pair(here.elder, neighbour)
    refused = [
        (people.person("小明", born_on=TODAY - timedelta(days=13 * 365)), {}, "要年满18周岁"),
        (people.person("更老的人", born_on=date(1920, 1, 1)), {}, "低龄帮高龄"),
        (people.person("没登记的人", born_on=YOUNGER), {"kind": "volunteer"}, "没有登记为志愿者"),
        (here.elder, {}, "不能和自己结对"),
        (neighbour, {"interval_days": 0}, "请填1到92天"),
    ]
    for who, fields, said in refused:
        with pytest.raises(Invalid, match=said):
            pair(here.elder, who, **fields)
    for n in range(4):
        pair(people.person(f"老人{n}"), neighbour)
    with pytest.raises(Invalid, match="已经结对5户"):
        pair(people.person("再一位老人"), neighbour)
    with pytest.raises(NotFound):
        pair(here.elder, people.person("外街的人", area_code=OTHER_COMMUNITY, born_on=YOUNGER))
    with transaction.atomic(), pytest.raises(IntegrityError):
        Pair.objects.filter(pk=made.pk).update(state="ended")


def test_the_next_look_in_follows_from_the_last_and_a_late_one_bears_two_names(here: World, neighbour: Person) -> None:
    made = pair(here.elder, neighbour)
    at = NOON + timedelta(days=9)  # a week, and a fifth of it as grace
    late = TODAY + timedelta(days=9)
    assert [str(standing_of_pair(made, day).label) for day in (TODAY, TODAY + timedelta(days=7), late)] == [
        "未到期", "该联系了", "逾期2天",
    ]  # fmt: skip
    listed = client_of(DESK).get(reverse("registers:pairs")).content.decode()
    assert "邻居张姐" in listed
    assert "陈社工" in listed
    note_look_in(actor=actor_of(DESK), at=at, pair_id=made.pk, finding="called")
    made.refresh_from_db()
    assert (made.seen_on, made.due_on) == (late, late + timedelta(days=7))
    update_pair(actor=actor_of(DESK), at=at, pair_id=made.pk, changes={"interval_days": 3})
    made.refresh_from_db()
    assert made.due_on == late + timedelta(days=3)


def test_two_taps_on_the_phone_and_no_answer_is_a_need_at_once(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    visited = plan(here.elder)
    volunteer, own = helper("李大姐", born_on=YOUNGER)
    made = pair(here.elder, volunteer.person, kind="volunteer")
    _, stranger = helper("外人")
    phone = Client()
    phone.force_login(User.objects.get(pk=own.user_id))
    assert "王桂芳" in phone.get(reverse("due_visits:mine")).content.decode()
    page = reverse("due_visits:look_in", args=[made.pk])
    assert phone.post(page, {"finding": "help"}).status_code == 422  # what is wanted has to be said
    assert phone.post(page, {"finding": "seen", "client_key": "once"}).status_code == 302
    assert phone.post(page, {"finding": "seen", "client_key": "once"}).status_code == 302
    assert made.look_ins.count() == 1
    visited.refresh_from_db()
    assert visited.seen_on == TODAY  # the pair's look-in is a visit of the rules
    assert not Need.objects.exists()
    said = look_in(actor=own, at=NOON, pair_id=made.pk, finding="no_answer", note="门锁着，灯亮着")
    need = Need.objects.get(pk=said.need_id)
    assert (need.person_id, need.state, need.channel) == (here.elder.pk, "recorded", "due_visit")
    assert "联系不上本人" in need.words
    assert "李大姐" in need.words
    assert "门锁着" in need.words
    look_in(actor=own, at=NOON, pair_id=made.pk, finding="no_answer")
    assert NoAnswer.objects.get().plan == visited  # twice in a day: the search begins
    assert "联系不上本人" in client_of(DESK).get(reverse("community:needs")).content.decode()
    assert own_pairs(actor=stranger) == []
    with pytest.raises(NotFound):
        look_in(actor=stranger, at=NOON, pair_id=made.pk, finding="seen")


def test_an_end_has_a_reason_and_a_death_ends_both_sides(here: World, neighbour: Person) -> None:
    made, other = pair(here.elder, neighbour), pair(people.person("另一位老人"), neighbour)
    with pytest.raises(Invalid, match="为什么结束"):
        end_pair(actor=actor_of(DESK), at=NOON, pair_id=made.pk, reason="")
    end_pair(actor=actor_of(DESK), at=NOON, pair_id=made.pk, reason="care")
    with pytest.raises(PairOver):
        note_look_in(actor=actor_of(DESK), at=NOON, pair_id=made.pk, finding="seen")
    begin_at_end()
    record_death(actor=actor_of(DESK), at=NOON, person_id=neighbour.pk, died_on=TODAY)
    deliver()
    other.refresh_from_db()
    assert (other.state, other.end_reason) == ("ended", "died")
    assert pair(here.elder, people.person("新来的邻居", born_on=YOUNGER)).state == "standing"


def test_the_least_burdened_are_proposed_with_reasons_and_no_relatives(here: World) -> None:
    busy, _ = helper("忙的志愿者", born_on=YOUNGER)
    helper("闲的志愿者", born_on=YOUNGER)
    helper("小志愿者", born_on=TODAY - timedelta(days=15 * 365))
    daughter = here.daughter
    pair(people.person("别的老人"), busy.person, kind="volunteer")
    found = candidates_for(actor=actor_of(DESK), person=here.elder, on=TODAY)
    names = [one.person.name for one in found]
    assert names.index("闲的志愿者") < names.index("忙的志愿者")
    assert not {"小志愿者", here.elder.name, daughter.name} & set(names)
    reasons = {one.person.name: one.reasons for one in found}
    assert "还没有结对" in reasons["闲的志愿者"]
    assert "已结对1户" in reasons["忙的志愿者"]
