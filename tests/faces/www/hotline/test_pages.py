"""The hotline desk: from the call to the call-back, the list with its filters and file, the board, rates and topics."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import hotline
from tests.factories.cast import World, client_of, world
from tests.factories.places import COMMUNITY
from wushe.foundation.journal.models import JournalEntry
from wushe.practice.hotline.models import HotlineOrder, MonthlyTopic, OrderState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here() -> World:
    return world()


@pytest.fixture
def worker() -> Client:
    return client_of("social_worker")


CALL = {
    "words": "3栋楼道灯坏了，老人摔倒了", "kind": "help", "topic": "works", "area_code": COMMUNITY, "urgency": "week",
    "caller_phone": "13800001234", "place": "3栋", "client_key": "once",
}  # fmt: skip


def test_from_the_call_to_the_call_back(worker: Client) -> None:
    for _ in range(2):
        answer = worker.post(reverse("hotline:receive"), CALL)
    order = HotlineOrder.objects.get()
    at = reverse("hotline:order", args=[order.pk])
    assert answer.headers["Location"] == at
    page = worker.get(at)
    assert "请看看紧急程度选得对不对" in page.text
    assert "138****1234" in page.text
    assert "13800001234" not in page.text
    assert "13800001234" in worker.post(f"{at}reveal/").text
    steps = [
        (worker, "assign", {"unit": "翠屏路社区", "owner_name": "刘社区"}),
        (worker, "contact", {"note": "说清了"}),
        (worker, "helper", {"unit": "供电所", "task": "换灯"}),
        (worker, "report", {"report": "换好了"}),
        (worker, "answer", {"answer": "灯换好了"}),
        (client_of("verifier"), "call", {"reached": "yes", "solved": "yes", "satisfaction": "satisfied"}),
    ]
    for client, act, sent in steps:
        if act == "report":
            sent["helper_id"] = str(order.helpers.get().pk)
        assert client.post(f"{at}{act}/", sent).status_code == 302, act
    order.refresh_from_db()
    assert (order.state, order.owner_name, order.call.solved) == (OrderState.CLOSED, "刘社区", True)
    assert [entry.kind for entry in JournalEntry.objects.filter(subject_kind="hotlineorder").order_by("id")][
        -1
    ] == "hotline_order.close"


def test_what_is_wrong_stands_beside_the_field_and_stays_typed(worker: Client) -> None:
    answer = worker.post(reverse("hotline:receive"), {**CALL, "caller_phone": "12", "topic": ""})
    assert answer.status_code == 422
    assert "请选择类别。" in answer.text
    assert "老人摔倒了" in answer.text
    answer = worker.post(reverse("hotline:receive"), {**CALL, "caller_phone": "12"})
    assert "电话号码不对" in answer.text
    assert not HotlineOrder.objects.exists()
    order = hotline.received()
    answer = worker.post(reverse("hotline:assign", args=[order.pk]), {"unit": "物业", "owner_name": ""})
    assert answer.status_code == 422
    assert "请写明责任人姓名" in answer.text
    assert 'value="物业"' in answer.text


def test_the_street_decides_on_the_page(worker: Client) -> None:
    order = hotline.assigned(at=timezone.now())
    at = reverse("hotline:order", args=[order.pk])
    street = client_of("street_manager")
    until = timezone.localdate() + timedelta(days=20)
    assert worker.post(f"{at}extend/", {"until": until.isoformat(), "reason": "等配件"}).status_code == 302
    assert worker.post(f"{at}decide_extension/", {"agreed": "yes", "decision": "同意"}).status_code == 403
    assert street.post(f"{at}decide_extension/", {"agreed": "yes", "decision": "同意"}).status_code == 302
    order.refresh_from_db()
    assert timezone.localdate(order.due_at) == until
    assert worker.post(f"{at}dispute/", {"reason": "归物业"}).status_code == 302
    assert street.post(f"{at}decide_dispute/", {"agreed": "no", "decision": "属地负责"}).status_code == 302
    assert "属地负责" in worker.get(at).text
    assert worker.post(f"{at}dispute/", {"reason": "再退"}).status_code == 422
    order.refresh_from_db()
    assert (order.state, order.returnable) == (OrderState.ASSIGNED, False)


def test_the_list_is_narrowed_searched_and_taken_as_a_file(worker: Client) -> None:
    hotline.received("楼下烧烤摊油烟呛人", topic="environment")
    other = hotline.assigned("夜里跳舞声音大", topic="noise")
    shown = worker.get(reverse("hotline:hotline"), {"topic": "noise"}).context["rows"]
    assert [row["order"] for row in shown] == [other]
    found = worker.post(reverse("hotline:hotline"), {"q": "油烟"})
    assert [row["order"].topic for row in found.context["rows"]] == ["environment"]
    assert worker.post(reverse("hotline:hotline"), {"topic": "noise"}).headers["Location"].endswith("?topic=noise")
    file = worker.post(reverse("hotline:export"), {"topic": "noise", "format": "csv"})
    lines = file.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "夜里跳舞声音大" in lines[1]
    assert JournalEntry.objects.filter(kind__startswith="list", data__list="hotline").count() <= 1
    assert "没有符合条件的工单" in worker.post(reverse("hotline:hotline"), {"q": "火星"}).text
    assert client_of("stranger").get(reverse("hotline:hotline")).context["rows"] == []


def test_the_board_names_who_is_late(worker: Client) -> None:
    assert "没有逾期的" in worker.get(reverse("hotline:overdue")).text
    hotline.assigned(at=timezone.now() - timedelta(days=9))
    page = worker.get(reverse("hotline:overdue"))
    assert [(owner, len(rows)) for owner, rows in page.context["owners"]] == [(("刘社区", "翠屏路社区"), 1)]


def test_rates_and_topics(worker: Client) -> None:
    assert "这段时间没有工单" in worker.get(reverse("hotline:rates")).text
    for _ in range(3):
        hotline.closed(at=timezone.now() - timedelta(days=2))
    [(row, place)] = worker.get(reverse("hotline:rates")).context["rows"]
    assert (row.orders, row.raw.solution.percent, place) == (3, 100.0, "翠屏路社区")
    assert "日期不对" in worker.get(reverse("hotline:rates"), {"first": "x"}).text
    file = worker.post(reverse("hotline:export_rates"), {"format": "csv"}).content.decode("utf-8-sig")
    assert "翠屏路社区,3,0,100.00,100.00,100.00,100.00" in file
    sent = {
        "area_code": COMMUNITY,
        "topic": "environment",
        "title": "楼道堆物",
        "measures": "每周清",
        "owner_name": "李",
        "due_on": timezone.localdate().isoformat(),
    }
    assert worker.post(reverse("hotline:topics"), sent).status_code == 403
    street = client_of("street_manager")
    assert street.post(reverse("hotline:topics"), {**sent, "owner_name": ""}).status_code == 422
    assert not MonthlyTopic.objects.exists()
    assert street.post(reverse("hotline:topics"), sent).status_code == 302
    assert MonthlyTopic.objects.get().orders.count() == 3
    assert "涉及 3 件" in worker.get(reverse("hotline:topics")).text


def test_lists_cost_the_same_at_any_length(worker: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    hotline.assigned()
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            worker.get(reverse("hotline:hotline"))
        counts.append(len(seen))
        for _ in range(3):
            hotline.assigned()
    assert counts[0] == counts[1]


def test_a_table_of_the_city_is_taken_over(worker: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    table = "工单号,诉求内容,社区\nB-1,路灯不亮,翠屏路社区\nB-2,,翠屏路社区\n".encode()
    answer = worker.post(reverse("hotline:import"), {"file": SimpleUploadedFile("a.csv", table)})
    assert "新收 1 件" in answer.text
    assert "第 3 行：请写下诉求内容。" in answer.text
    assert HotlineOrder.objects.get().number == "B-1"
    assert worker.post(reverse("hotline:import"), {"file": SimpleUploadedFile("a.csv", b"x")}).status_code == 422
    assert worker.get(reverse("hotline:import_template")).status_code == 200
