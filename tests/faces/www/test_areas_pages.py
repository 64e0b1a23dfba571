"""The pages of areas: the tree, where an old code leads, and how an area is reorganised."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.cast import World, client_of, world
from tests.factories.places import COMMUNITY, NEXT_COMMUNITY, STREET, TODAY
from wushe.registers.areas.models import Area
from wushe.registers.areas.selectors import area_at
from wushe.registers.people.models import Person

pytestmark = pytest.mark.django_db
EAST, WEST = STREET + "090", STREET + "091"


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def manager(here: World) -> Client:
    return client_of("district_manager")


def at(name: str, code: str = COMMUNITY) -> str:
    return reverse(f"areas:{name}", args=[Area.objects.filter(area_code=code).latest("valid_from").pk])


def split(manager: Client, **changes: str) -> object:
    values = {
        "on": "2026-09-01",
        "sure": "on",
        "code_1": EAST,
        "name_1": "翠屏东社区",
        "code_2": WEST,
        "name_2": "翠屏西社区",
    } | changes
    return manager.post(at("split"), values)


def test_the_tree_and_where_an_old_code_leads(here: World, manager: Client) -> None:
    assert "浓洄街道" in manager.get("/areas/").text
    page = manager.get(f"/areas/?code={STREET}").text
    assert "翠屏路社区" in page
    split(manager)
    page = manager.get(f"/areas/?code={STREET}&find={COMMUNITY}").text
    for words in ("翠屏东社区", "翠屏西社区", "已停用", "现在是"):
        assert words in page
    assert "从来没有登记过" in manager.get("/areas/?find=990000000000").text
    assert "代码只有数字" in manager.get("/areas/?find=abc").text
    assert "日期不对" in manager.get(f"/areas/?find={COMMUNITY}&since=x").text


def test_a_split_that_will_not_do_keeps_what_was_typed(here: World, manager: Client) -> None:
    answer = manager.post(
        at("split"),
        {"on": "2026-09-01", "sure": "on", "code_1": EAST, "name_1": "翠屏东社区", "code_2": EAST, "name_2": "西"},
    )
    assert answer.status_code == 422
    assert "翠屏东社区" in answer.text
    assert area_at(code=COMMUNITY, on=TODAY) is not None


def test_residents_of_a_split_community_are_placed(here: World, manager: Client) -> None:
    split(manager)
    page = manager.get(at("area")).text
    assert "等待归入的居民" in page
    assert "王桂芳" in page
    assert manager.post(at("place"), {"into_code": EAST}).status_code == 422
    manager.post(at("place"), {"into_code": EAST, "person_ids": [here.elder.pk]})
    assert Person.objects.get(pk=here.elder.pk).area_code == EAST


def test_add_rename_and_merge(here: World, manager: Client) -> None:
    manager.post(at("add"), {"code": COMMUNITY + "001", "name": "幸福里", "valid_from": "2026-09-01"})
    assert "幸福里" in manager.get(f"/areas/?code={COMMUNITY}").text
    manager.post(at("rename"), {"name": "翠屏新社区", "on": "2026-09-01"})
    renamed = area_at(code=COMMUNITY, on=TODAY)
    assert renamed is not None
    assert renamed.name == "翠屏新社区"
    other = Area.objects.get(area_code=NEXT_COMMUNITY)
    unsure = manager.post(at("merge"), {"on": "2026-09-02", "area_ids": [other.pk]})
    assert (unsure.status_code, "请先核对" in unsure.text) == (422, True)
    assert Area.objects.get(pk=other.pk).valid_until is None
    answer = manager.post(at("merge"), {"on": "2026-09-02", "area_ids": [other.pk], "sure": "on"}, follow=True)
    assert "已合并" in answer.text
    assert Person.objects.get(pk=here.daughter.pk).area_code == COMMUNITY
    assert Area.objects.get(pk=other.pk).valid_until == date(2026, 9, 2)


def test_who_may_not_edit_sees_the_history_alone(here: World) -> None:
    worker = client_of("social_worker")
    page = worker.get(at("area")).text
    assert "来历和去向" in page
    assert "拆分" not in page
    assert worker.post(at("split")).status_code == 403
