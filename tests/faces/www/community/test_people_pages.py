"""The register of residents at the desk: masks, the look behind them, registration, tags, relatives."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import people
from tests.factories.cast import World, client_of, world
from tests.factories.places import COMMUNITY
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.desk.models import BulkChange
from wushe.registers.people.models import Person, Relation, Tag

pytestmark = pytest.mark.django_db
REGISTER = "/community/people/"


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def worker(here: World) -> Client:
    return client_of("social_worker")


def names(answer: Any) -> list[str]:
    return [cells[0].text for _, _, cells in answer.context["rows"]]


def form(**changes: str) -> dict[str, str]:
    born = date(1951, 4, 5)
    return {
        "name": "邓小琴", "sex": "F", "born_on": "1951-04-05", "area_code": COMMUNITY, "phone": "13908261111",
        "id_number": people.id_number(born_on=born, sex="F", serial=77), "address": "幸福巷7号", **changes,
    }  # fmt: skip


def test_pages_show_masks_only(here: World, worker: Client) -> None:
    url = reverse("community:person", args=[here.elder.pk])
    for page in (worker.get(REGISTER), worker.get(url)):
        for sealed in (here.elder.phone, here.elder.id_number):
            assert sealed.reveal() not in page.text
    assert str(here.elder.phone) in worker.get(url).text


def test_a_look_behind_a_mask_asks_why_and_is_kept(here: World, worker: Client) -> None:
    url = reverse("community:reveal", args=[here.elder.pk])
    assert worker.post(url, {"field": "phone", "reason": ""}).status_code == 422
    assert not JournalEntry.objects.filter(kind="person.reveal").exists()
    whole = worker.post(url, {"field": "phone", "reason": "contact"})
    part = worker.post(url, {"field": "phone", "reason": "contact"}, headers={"HX-Request": "true"})
    for answer in (whole, part):
        assert here.elder.phone.reveal() in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    assert "<html" not in part.text
    assert JournalEntry.objects.filter(kind="person.reveal").count() == 2
    assert worker.get(url).status_code == 405


def test_a_resident_is_registered_and_goes_on_to_the_need(here: World, worker: Client) -> None:
    answer = worker.post(f"{REGISTER}new/", form(then="need"))
    person = Person.objects.get(name="邓小琴")
    assert answer.headers["Location"] == reverse("community:record_need", args=[person.pk])


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": ""}, "name"), ({"born_on": "1951-13-40"}, "born_on"), ({"phone": "123"}, "phone"),
     ({"id_number": "511602195104050000"}, "id_number"), ({"area_code": "511602002001"}, "area_code")],
)  # fmt: skip
def test_a_fault_keeps_what_was_typed(here: World, worker: Client, changes: dict[str, str], field: str) -> None:
    answer = worker.post(f"{REGISTER}new/", form(**changes))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "幸福巷7号" in answer.text
    assert not Person.objects.filter(name="邓小琴").exists()


def test_a_second_press_registers_nobody_twice(here: World, worker: Client) -> None:
    for _ in range(2):
        worker.post(f"{REGISTER}new/", form(client_key="k", id_number=""))
    assert Person.objects.filter(name="邓小琴").count() == 1


def test_an_empty_protected_box_leaves_what_is_on_record(here: World, worker: Client) -> None:
    url = reverse("community:edit_person", args=[here.elder.pk])
    before = here.elder.phone.reveal()
    values = {"name": "王桂芬", "sex": "F", "born_on": "1944-02-11", "area_code": COMMUNITY, "ability_level": "2"}
    assert worker.post(url, values).status_code == 302
    after = Person.objects.get(pk=here.elder.pk)
    assert (after.name, after.initials, after.phone.reveal(), after.ability_level) == ("王桂芬", "wgf", before, 2)


def test_tags_begin_and_end(here: World, worker: Client) -> None:
    url = reverse("community:add_tag", args=[here.daughter.pk])
    missing = worker.post(url, {"tag_code": "dibao", "starts_on": "2026-09-01", "evidence": ""})
    assert list(missing.context["form"].errors) == ["evidence"]
    worker.post(url, {"tag_code": "dibao", "starts_on": "2026-09-01", "evidence": "低保证"})
    tag = Tag.objects.get(person=here.daughter)
    worker.post(reverse("community:end_tag", args=[here.daughter.pk, tag.pk]))
    tag.refresh_from_db()
    assert tag.ends_on is not None


def test_a_relative_is_found_and_named(here: World, worker: Client) -> None:
    son = people.person("王强", sex="M", born_on=date(1972, 1, 1))
    url = reverse("community:add_relative", args=[here.elder.pk])
    assert "王强" in worker.post(url, {"q": "王强"}).text
    worker.post(url, {"relative": son.pk, "kind": "child", "may_act": "on"})
    assert Relation.objects.get(relative=son).may_act
    assert worker.post(url, {"relative": here.far_elder.pk, "kind": "child"}).status_code == 404


def test_the_list_searches_filters_and_exports(here: World, worker: Client) -> None:
    assert names(worker.post(REGISTER, {"q": "wgf"})) == ["王桂芳"]
    page = worker.get(f"{REGISTER}?tag=living_alone")
    assert names(page) == ["王桂芳"]
    assert "独居（1）" in page.text
    assert "没有符合条件的记录" in worker.post(REGISTER, {"q": "查无此人"}).text
    file = reverse("registers:export", args=["people"])
    text = worker.post(file, {"tag": "living_alone", "format": "csv"}).content.decode("utf-8-sig")
    assert "王桂芳" in text
    assert here.elder.phone.reveal() not in text
    assert JournalEntry.objects.get(kind="export.take").data["rows"] == 1


def test_a_tag_is_given_to_many_and_taken_back(here: World, worker: Client) -> None:
    url, both = reverse("registers:bulk", args=["people", "tag"]), [here.elder.pk, here.daughter.pk]
    values = {
        "rows": [*both, here.far_elder.pk],
        "tag_code": "dibao",
        "starts_on": "2026-09-01",
        "evidence": "低保名册",
    }
    preview = worker.post(url, {**values, "step": "preview"})
    assert preview.text.count("<strong>最低生活保障</strong>") == 2
    assert not Tag.objects.filter(kind__code="dibao").exists()
    worker.post(url, {**values, "step": "do"})
    assert sorted(Tag.objects.filter(kind__code="dibao", ends_on=None).values_list("person_id", flat=True)) == sorted(
        both
    )
    worker.post(reverse("registers:undo", args=[BulkChange.objects.get().pk]))
    assert not Tag.objects.filter(kind__code="dibao", ends_on=None).exists()
    assert Tag.objects.filter(kind__code="dibao").count() == 2, "the journal's acts stay true: it was given and ended"


def test_the_list_is_not_that_of_an_organisation(here: World) -> None:
    manager = client_of("organisation_a")
    assert manager.get(REGISTER).status_code == 403
    file = manager.post(reverse("registers:export", args=["people"]), {"format": "csv"})
    assert "王桂芳" not in file.content.decode("utf-8-sig")


def test_the_list_costs_the_same_at_any_length(here: World, worker: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            worker.get(REGISTER)
        return len(queries)

    cost()
    first = cost()
    for number in range(10):
        people.person(f"李{number}珍", tags=("dibao",))
    assert cost() == first <= 10
