"""The desks in the browser: what is shown is what is exported, searches leave no trace, forms refuse beside the field."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import organisations, people, registers
from tests.factories.cast import World, actor_of, client_of, world
from tests.factories.needs import resource
from tests.factories.places import COMMUNITY, NEXT_COMMUNITY, NOON, STREET, TODAY
from wushe.faces.www.registers.desk import desks
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.communities.models import Term
from wushe.registers.desk.models import SavedView
from wushe.registers.organisations.models import Organisation
from wushe.registers.organisations.services import update_organisation
from wushe.registers.volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
LIST = "/registers/organisations/"


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def worker(here: World) -> Client:
    return client_of("social_worker")


def cells(answer: HttpResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def shown(answer: Any) -> list[list[str]]:
    return [[cell.text for cell in line] for _, _, line in answer.context["rows"]]


def test_a_filter_is_kept_in_the_address_and_its_counts_add_up(here: World, worker: Client) -> None:
    organisations.organisation("四级机构", grade="4A")
    answer = worker.get(f"{LIST}?grade=4A")
    assert [line[0] for line in shown(answer)] == ["四级机构"]
    assert "4A（1）" in answer.text
    assert "不认识" in worker.get(f"{LIST}?grade=9A").text
    assert worker.post(LIST, {"grade": "4A", "q": " "}).headers["Location"] == f"{LIST}?grade=4A"


def test_what_is_searched_never_stands_in_an_address(here: World, worker: Client) -> None:
    answer = worker.post("/registers/volunteers/", {"q": "孙立"})
    assert [line[0] for line in shown(answer)] == ["孙立"]
    assert "q=" not in answer.text
    assert "没有符合条件" in worker.post("/registers/volunteers/", {"q": "绝无此人"}).text


def test_the_file_is_what_is_shown_and_is_journalled(here: World, worker: Client) -> None:
    organisations.organisation("=危险机构", grade="4A")
    organisations.organisation("安全机构", grade="4A")
    page = worker.get(f"{LIST}?grade=4A&sort=-name&wide=1")
    rows = cells(worker.post(f"{LIST}export/", {"grade": "4A", "sort": "-name", "wide": "1", "format": "csv"}))
    assert rows[0] == [column.label for column in page.context["columns"]]
    on_page = [[text.replace("—", "") for text in line] for line in shown(page)]
    assert [[cell.removeprefix("'") for cell in row] for row in rows[1:]] == on_page
    assert {row[0] for row in rows[1:]} == {"'=危险机构", "安全机构"}  # a formula is made plain text
    entry = JournalEntry.objects.get(kind="export.take")
    assert entry.data == {"list": "organisations", "rows": 2, "filters": {"grade": "4A", "sort": "-name"}}
    narrow = cells(worker.post(f"{LIST}export/", {"q": "安全", "format": "csv"}))
    assert [row[0] for row in narrow[1:]] == ["安全机构"]
    assert len(narrow[0]) < len(rows[0])
    assert "安全" not in str(JournalEntry.objects.filter(kind="export.take").last().data)  # type: ignore[union-attr]


def test_a_view_is_kept_shared_and_dropped(here: World, worker: Client) -> None:
    answer = worker.post(f"{LIST}views/", {"name": "四A", "grade": "4A", "shared": "1"})
    assert answer.headers["Location"] == f"{LIST}?grade=4A"
    assert "四A" in client_of("street_manager").get(LIST).text
    refused = worker.post(f"{LIST}views/", {"name": "", "grade": "4A"})
    assert refused.status_code == 422
    assert "请给视图起个名字" in refused.text
    worker.post(reverse("registers:drop_view", args=[SavedView.objects.get().pk]))
    assert not SavedView.objects.exists()


def test_many_rows_are_asked_previewed_done_and_undone(here: World, worker: Client) -> None:
    Organisation.objects.update(standing="mobilised")
    url, rows = f"{LIST}bulk/standing/", [here.organisation.pk, here.second_organisation.pk]
    asked = worker.post(url, {"rows": rows})
    assert "调整为" in asked.text
    assert worker.post(url, {"rows": rows, "step": "preview", "standing": ""}).status_code == 422
    preview = worker.post(url, {"rows": rows, "step": "preview", "standing": "filed"})
    assert preview.text.count("<strong>备案</strong>") == 2
    assert not Organisation.objects.filter(standing="filed").exists()
    done = worker.post(url, {"rows": rows, "step": "do", "standing": "filed"})
    assert Organisation.objects.filter(standing="filed").count() == 2
    notice = worker.get(done.headers["Location"])
    assert "可以撤回" in notice.text
    worker.post(reverse("registers:undo", args=[notice.context["done"].pk]))
    assert not Organisation.objects.filter(standing="filed").exists()
    assert "可以撤回" not in worker.get(done.headers["Location"]).text


def test_all_that_the_filters_hold_can_be_meant(here: World, worker: Client) -> None:
    organisations.organisation("四级机构", grade="4A")
    preview = worker.post(f"{LIST}bulk/hub/", {"all": "1", "grade": "4A"})
    assert [name for name, _ in preview.context["lines"]] == ["四级机构"]
    assert worker.post(f"{LIST}bulk/hub/", {}).status_code == 422


def test_an_edit_changes_what_differs_and_tells_who_did_what(here: World, worker: Client) -> None:
    url = reverse("registers:edit", args=["organisations", here.organisation.pk])
    sent = filled(worker.get(url))
    assert worker.post(url, {**sent, "grade": "4A"}).status_code == 302
    assert JournalEntry.objects.get(kind="organisation.update").data == {"changes": {"grade": ["", "4A"]}}
    page = worker.get(reverse("registers:organisation", args=[here.organisation.pk])).text
    assert "修改组织资料" in page
    assert "陈社工" in page
    assert "评估等级" in page
    wrong = worker.post(url, {**filled(worker.get(url)), "uscc": "X", "name": "改了名"})
    assert wrong.status_code == 422
    assert list(wrong.context["form"].errors) == ["uscc"]
    assert "改了名" in wrong.text


def test_a_change_in_between_is_noticed_once(here: World, worker: Client) -> None:
    url = reverse("registers:edit", args=["organisations", here.organisation.pk])
    sent = filled(worker.get(url))
    pk, other = here.organisation.pk, actor_of("district_manager")
    update_organisation(actor=other, at=NOON, organisation_id=pk, changes={"hub": True})
    refused = worker.post(url, {**sent, "grade": "4A"})
    assert refused.status_code == 422
    assert "被别人修改过" in refused.text
    again = {**sent, "grade": "4A", "hub": "on", "seen": refused.context["form"].data["seen"]}
    assert worker.post(url, again).status_code == 302
    row = Organisation.objects.get(pk=pk)
    assert (row.grade, row.hub) == ("4A", True)


def filled(answer: Any) -> dict[str, Any]:
    """Return what a browser would send of a form that is left as it is."""
    form = answer.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False, "")}


NEW: dict[str, tuple[str, dict[str, Any]]] = {
    "organisations": ("social_worker", {"name": "新机构", "kind": "community_group", "standing": "filed", "area_code": STREET}),
    "teams": ("community_worker", {"name": "新队伍", "kind": "community", "area_code": COMMUNITY}),
    "posts": ("community_worker", {"title": "新岗位", "area_code": COMMUNITY, "places": "2", "weekdays": ["1", "3"],
                                   "shift_start": "09:00", "shift_end": "10:30", "open_from": "2026-09-01"}),
    "facilities": ("community_worker", {"name": "新助餐点", "kind": "meal_point", "area_code": COMMUNITY, "weekdays": ["1"],
                                        "functions": ["meal"], "star": "2", "opened_on": "2026-01-01"}),
    "communities": ("social_worker", {"area_code": NEXT_COMMUNITY, "residents": "300"}),
    "seats": ("community_worker", {"kind": "grid_worker", "area_code": COMMUNITY, "since": "2026-01-01"}),
    "donors": ("charity_officer", {"name": "刘善良", "kind": "person", "area_code": STREET}),
    "resources": ("charity_officer", {"kind": "goods", "title": "棉被", "area_code": STREET, "quantity": "5", "unit": "床",
                                      "available_from": "2026-01-01"}),
    "volunteers": ("community_worker", {"area_code": COMMUNITY}),
    "social_workers": ("social_worker", {"area_code": COMMUNITY, "starts_on": "2026-01-01"}),
    "households": ("social_worker", {"area_code": COMMUNITY, "address": "民生路8号"}),
}  # fmt: skip


@pytest.mark.parametrize("code", NEW)
def test_a_row_is_entered_at_its_desk(here: World, code: str) -> None:
    desk = desks()[code]
    who, values = NEW[code]
    browser, url = client_of(who), reverse("registers:new", args=[code])
    if code == "resources":
        values = values | {"owner_id": here.charity.pk}
    if code == "social_workers":
        values = values | {"organisation_id": here.organisation.pk}
    if desk.person:
        found = browser.post(url, {"q": "周敏" if code == "volunteers" else "吴芳"}).text
        pk = (here.carer if code == "volunteers" else here.second_carer).person_id
        assert f"?person={pk}" in found
        url += f"?person={pk}"
    before = desk.register.model._default_manager.count()
    refused = browser.post(url, dict.fromkeys(values, ""))
    assert refused.status_code == 422
    assert desk.register.model._default_manager.count() == before
    answer = browser.post(url, {**values, "client_key": "k"})
    assert answer.status_code == 302, answer.context and answer.context["form"].errors
    page = browser.get(answer.headers["Location"])
    assert page.status_code == 200
    assert page.context["history"]
    assert browser.get(desk.address).status_code == 200


ACTS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("facilities", "facility", "add_room", {"name": "301室", "use": "bedroom", "beds": "3", "taken": "1"}),
    ("facilities", "facility", "close", {"closed_on": "2026-09-14"}),
    (
        "social_workers",
        "social_worker",
        "learn",
        {"kind": "education", "title": "老年社工", "on": "2026-09-01", "minutes": "6.5"},
    ),
    ("social_workers", "social_worker", "end", {"ends_on": "2026-09-14"}),
    ("volunteers", "volunteer", "skill", {"skill": "barber", "level": "2", "trained_on": "2026-05-01"}),
    ("volunteers", "volunteer", "leave", {"left_on": "2026-09-14"}),
    ("teams", "team", "end", {"ended_on": "2026-09-14"}),
    ("seats", "seat", "vacate", {"ends_on": "2026-09-14"}),
    ("donors", "donor", "end", {"ended_on": "2026-09-14"}),
    ("resources", "resource", "add", {"quantity": "3"}),
    ("resources", "resource", "withdraw", {}),
]


def test_something_is_done_to_a_row(here: World, worker: Client) -> None:
    things = registers.one_of_each(here) | {"resource": resource(here.charity).pk}
    for code, thing, act, values in ACTS:
        url = reverse("registers:act", args=[code, things[thing], act])
        assert worker.get(url).status_code == 200
        if values:
            assert worker.post(url, dict.fromkeys(values, "x")).status_code == 422
        before = JournalEntry.objects.count()
        answer = worker.post(url, values)
        assert answer.status_code == 302, answer.context and answer.context["form"].errors
        assert JournalEntry.objects.count() == before + 1


def test_a_post_is_filled_and_a_seat_taken_by_whom_one_finds(here: World, worker: Client) -> None:
    post, seat = registers.post(), registers.seat()
    url = reverse("registers:act", args=["posts", post.pk, "fill"])
    assert worker.post(url, {"volunteer_id": here.volunteer.pk, "starts_on": "2026-09-14"}).status_code == 302
    assert worker.get(reverse("registers:volunteer", args=[here.volunteer.pk])).text.count("助餐点帮手") == 1
    leave = reverse("registers:act", args=["posts", post.pk, "vacate"]) + f"?part={post.holders.get().pk}"
    assert worker.get(leave).context["form"]["holder_id"].value() == post.holders.get().pk
    take = reverse("registers:act", args=["seats", seat.pk, "take"])
    assert "王桂芳" in worker.post(take, {"q": "wgf"}).text
    assert worker.post(f"{take}?person={here.elder.pk}", {"starts_on": "2026-09-14"}).status_code == 302
    assert Term.objects.get().person == here.elder
    assert worker.get(f"{take}?person={here.far_elder.pk}").status_code == 404


def test_an_empty_register_says_what_to_do(here: World, worker: Client) -> None:
    text = worker.get("/registers/teams/").text
    assert "这本台账还是空的" in text
    assert "成立队伍" in text
    assert "成立队伍" not in client_of("auditor").get("/registers/teams/").text


def test_a_minor_names_a_guardian_beside_the_field(here: World, worker: Client) -> None:
    child = people.person("王小明", sex="M", born_on=TODAY.replace(year=2014))
    url = reverse("registers:new", args=["volunteers"]) + f"?person={child.pk}"
    refused = worker.post(url, {"area_code": COMMUNITY})
    assert list(refused.context["form"].errors) == ["guardian_id"]
    assert not Volunteer.objects.filter(person=child).exists()


@pytest.mark.parametrize("code", desks())
def test_a_page_asks_at_most_ten_times(here: World, worker: Client, code: str) -> None:
    registers.one_of_each(here)
    worker.get(desks()[code].address)
    with CaptureQueriesContext(connection) as queries:
        answer = worker.get(desks()[code].address)
    assert answer.status_code == 200
    assert len(queries) <= 10
