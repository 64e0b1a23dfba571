"""The life of a resident on their page: moving, death, consents, reviews, households; and the history of it."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import people
from tests.factories.cast import World, client_of, world
from tests.factories.places import COMMUNITY, NEXT_COMMUNITY, OTHER_COMMUNITY
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.people.households import household_at
from wushe.registers.people.models import Consent, Person, Relation, Tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def worker(here: World) -> Client:
    return client_of("social_worker")


def at(name: str, *args: int) -> str:
    return reverse(f"community:{name}", args=args)


def test_move_leave_and_come_back(here: World, worker: Client) -> None:
    pk = here.elder.pk
    refused = worker.post(at("move_person", pk), {"area_code": "", "address": "民生路3号", "moved_on": ""})
    assert refused.status_code == 422
    assert "民生路3号" in refused.text
    worker.post(at("move_person", pk), {"area_code": NEXT_COMMUNITY, "address": "民生路3号", "moved_on": "2026-09-10"})
    assert Person.objects.get(pk=pk).area_code == NEXT_COMMUNITY
    assert "居民迁移" in worker.get(at("person", pk)).text
    worker.post(at("leave_person", pk), {"left_on": "2026-09-11"})
    page = worker.get(at("person", pk)).text
    assert "已迁出" in page
    assert "登记去世" not in page
    worker.post(at("return_person", pk), {"area_code": COMMUNITY, "address": "", "moved_on": "2026-09-12"})
    assert Person.objects.get(pk=pk).moved_out_on is None
    handed = worker.post(at("move_person", pk), {"area_code": OTHER_COMMUNITY, "moved_on": "2026-09-13"})
    assert handed.headers["Location"] == at("people")
    assert worker.get(at("person", pk)).status_code == 404


def test_a_death_and_its_correction(here: World, worker: Client) -> None:
    pk = here.elder.pk
    assert worker.post(at("death", pk), {"died_on": "2999-01-01"}).status_code == 422
    worker.post(at("death", pk), {"died_on": "2026-09-10"})
    page = worker.get(at("person", pk)).text
    assert "2026年9月10日去世" in page
    assert "登记错了，更正" in page
    worker.post(at("retract_death", pk))
    assert Person.objects.get(pk=pk).died_on is None


def test_consents_are_given_and_withdrawn_on_the_page(here: World, worker: Client) -> None:
    pk = here.elder.pk
    values = {"purpose": "photo", "notice_version": "2026-1", "given_by_id": str(here.daughter.pk)}
    assert worker.post(at("add_consent", pk), {**values, "given_by_id": "999"}).status_code == 422
    worker.post(at("add_consent", pk), values)
    page = worker.get(at("person", pk)).text
    assert "服务过程拍照存证" in page
    assert "由王丽同意" in page
    assert worker.post(at("withdraw_consent", pk), {"purpose": "x"}).status_code == 422
    worker.post(at("withdraw_consent", pk), {"purpose": "photo"})
    assert Consent.objects.get().withdrawn_at is not None


def test_a_child_is_not_offered_to_agree(here: World, worker: Client) -> None:
    child = people.person("小宝", born_on=date(2016, 9, 14), sex="M")
    people.relation(child, here.daughter, Relation.Kind.GUARDIAN)
    page = worker.get(at("add_consent", child.pk)).text
    assert "小宝（本人）" not in page
    assert "王丽（监护人）" in page
    assert "儿童2026-1" in page


def test_reviews_are_listed_done_and_exported(here: World, worker: Client) -> None:
    assert "没有到期的标签" in worker.get(at("reviews")).text
    tag = Tag.objects.get(person=here.elder, kind__code="living_alone")
    Tag.objects.filter(pk=tag.pk).update(review_on=date(2026, 9, 1))
    page = worker.get(at("reviews") + "?when=late&tag=living_alone").text
    assert "王桂芳" in page
    assert "王桂芳" not in worker.get(at("reviews") + "?when=soon").text
    assert "王桂芳" not in client_of("stranger").get(at("reviews")).text
    file = worker.post(reverse("community:export_reviews"), {"when": "late"}).content.decode("utf-8-sig")
    assert "王桂芳" in file
    assert JournalEntry.objects.get(kind="export.take").data["filters"] == {"when": "late"}
    url = at("review", here.elder.pk, tag.pk)
    assert worker.post(url, {"holds": "1", "evidence": ""}).status_code == 422
    worker.post(url, {"holds": "1", "evidence": "再次入户"})
    assert Tag.objects.get(pk=tag.pk).evidence == "再次入户"


def test_relatives_are_shown_from_both_sides_and_struck_out(here: World, worker: Client) -> None:
    relation = Relation.objects.get(person=here.elder, relative=here.daughter)
    assert "登记在别人名下" in worker.get(at("person", here.daughter.pk)).text
    worker.post(at("end_relative", here.elder.pk, relation.pk))
    assert not Relation.objects.filter(pk=relation.pk).exists()
    assert "登记在别人名下" not in worker.get(at("person", here.daughter.pk)).text


def test_a_household_is_split_and_joined(here: World, worker: Client) -> None:
    son = people.person("王强", sex="M", born_on=date(1968, 5, 1), home=here.elder.household)
    home = here.elder.household_id or 0
    values = {"member_ids": [son.pk], "area_code": NEXT_COMMUNITY, "address": "民生路3号"}
    refused = worker.post(at("split_household", home), {**values, "member_ids": []})
    assert refused.status_code == 422
    assert "民生路3号" in refused.text
    worker.post(at("split_household", home), values)
    new = household_at(NEXT_COMMUNITY, "民生路3号")
    assert "王强" in worker.get(at("household", new.pk)).text
    found = worker.post(at("join_household", home), {"q": "王强"}).text
    assert "全户并过来" in found
    assert worker.post(at("join_other", home), {"other": str(home)}).status_code == 422
    worker.post(at("join_other", home), {"other": str(new.pk)})
    assert Person.objects.get(pk=son.pk).household_id == home
    assert "这一户现在没有人住" in worker.get(at("household", new.pk)).text
