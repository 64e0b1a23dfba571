"""The pages of tickets: what is shown, what is hidden, and each thing that can be done about two records."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.cast import World, client_of, world
from tests.factories.duplicates import ticket_about
from tests.factories.places import OTHER_COMMUNITY
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.duplicates.models import Ticket
from wushe.registers.people.models import Person

pytestmark = pytest.mark.django_db
LIST = "/duplicates/"


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def worker(here: World) -> Client:
    return client_of("social_worker")


def address(name: str, ticket: Ticket) -> str:
    return reverse(f"duplicates:{name}", args=[ticket.pk])


def test_the_list_is_searched_narrowed_and_exported(here: World, worker: Client) -> None:
    assert "没有这样的重复记录" in worker.get(LIST).text
    ticket = ticket_about(here.elder)
    page = worker.get(LIST)
    assert "王桂芳" in page.text
    assert "姓名相同、出生日期相同、电话相同" in page.text
    assert "王桂芳" not in worker.get(f"{LIST}?state=merged").text
    assert "王桂芳" in worker.get(f"{LIST}?grade=2").text
    assert "王桂芳" not in worker.get(f"{LIST}?grade=1").text
    assert "找到 1 件" in worker.post(LIST, {"q": "wgf", "state": "open"}).text
    assert "没有这样的重复记录" in worker.post(LIST, {"q": "不存在", "state": "open"}).text
    file = worker.post(reverse("duplicates:export"), {"state": "open"})
    assert file.content.decode("utf-8-sig").splitlines()[1].startswith(f"{ticket.pk},{ticket.first_id},王桂芳,")
    assert JournalEntry.objects.get(kind="export.take").data["rows"] == 1


def test_a_list_costs_the_same_however_long_it_is(here: World, worker: Client) -> None:
    ticket_about(here.elder)
    with CaptureQueriesContext(connection) as few:
        worker.get(LIST)
    ticket_about(here.daughter)
    ticket_about(here.far_elder)
    with CaptureQueriesContext(connection) as more:
        worker.get(LIST)
    assert len(more) == len(few)


def test_both_records_are_shown_masked_and_merged_with_what_was_chosen(here: World, worker: Client) -> None:
    ticket = ticket_about(here.elder, telephone="13800001234")
    page = worker.get(address("ticket", ticket)).text
    assert "138****1234" in page
    assert "13800001234" not in page
    assert "名下的记录" in page
    answer = worker.post(address("merge", ticket), {"phone": "second", "reason": "入户核实"}, follow=True)
    assert "可以在这一页撤销" in answer.text
    assert Person.objects.get(pk=here.elder.pk).phone.reveal() == "13800001234"
    gone = worker.get(reverse("community:person", args=[ticket.second_id]))
    assert gone.headers["Location"] == reverse("community:person", args=[here.elder.pk])
    person = worker.get(gone.headers["Location"]).text
    assert f"（原记录 {ticket.second_id}）" in person
    worker.post(address("unmerge", ticket))
    assert Person.objects.get(pk=here.elder.pk).phone.reveal() != "13800001234"
    assert worker.get(reverse("community:person", args=[ticket.second_id])).status_code == 200


def test_a_choice_that_cannot_be_stands_beside_its_field(here: World, worker: Client) -> None:
    ticket = ticket_about(here.elder, sex="M")
    answer = worker.post(address("merge", ticket), {"sex": "second", "reason": "试试"})
    assert answer.status_code == 422
    assert "选的几项对不上" in answer.text
    assert "试试" in answer.text
    assert Ticket.objects.get(pk=ticket.pk).state == "open"


def test_keep_apart_and_take_up_again(here: World, worker: Client) -> None:
    ticket = ticket_about(here.elder)
    refused = worker.post(address("apart", ticket), {"reason": ""})
    assert refused.status_code == 422
    assert "请写明为什么不是同一人" in refused.text
    worker.post(address("apart", ticket), {"reason": "姐妹两人"})
    assert "姐妹两人" in worker.get(address("ticket", ticket)).text
    worker.post(address("reopen", ticket))
    assert Ticket.objects.get(pk=ticket.pk).state == "open"


def test_ask_the_other_desk_and_let_it_answer(here: World, worker: Client) -> None:
    ticket = ticket_about(here.elder, area_code=OTHER_COMMUNITY, telephone="13800001234")
    page = worker.get(address("ticket", ticket)).text
    assert "王**" in page
    assert "138****1234" not in page
    assert "是同一人，合并" not in page
    assert "北辰街道" in page
    refused = worker.post(address("ask", ticket), {"area_code": OTHER_COMMUNITY, "question": ""})
    assert refused.status_code == 422
    worker.post(address("ask", ticket), {"area_code": OTHER_COMMUNITY, "question": "是不是搬去的？"})
    other = client_of("stranger")
    assert "是不是搬去的？" in other.get(address("ticket", ticket)).text
    assert "王**" in other.get(f"{LIST}?state=mine").text
    assert other.post(address("answer", ticket), {"answer": ""}).status_code == 422
    other.post(address("answer", ticket), {"answer": "same", "words": "上个月搬走的"})
    page = worker.get(address("ticket", ticket)).text
    assert "上个月搬走的" in page
    assert "是同一人，合并" in page
    worker.post(address("merge", ticket))
    assert Ticket.objects.get(pk=ticket.pk).state == "merged"
