"""The dispatch centre's pages: they open, stay within eight queries, and keep others out."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import orders
from tests.factories.cast import World, client_of, world
from tests.factories.places import STREET
from wushe.chain.dispatch.models import Appointment, Plan
from wushe.chain.dispatch.services import propose_plan
from wushe.chain.orders.models import Order
from wushe.foundation.actor import Actor
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.workforce.models import Absence

pytestmark = pytest.mark.django_db

DISPATCHER = Actor(user_id=1, name="", role_code="dispatcher", area_code="511602")


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> World:
    """A day of the present, seen at eight in the morning: one visit planned, one open, one order in the pool."""
    now = timezone.localtime().replace(hour=8, minute=0, second=0, microsecond=0)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    w = world()
    day = now.date()
    first = orders.accepted(w.elder, w.organisation, starts_on=day, at=now - timedelta(hours=1))
    opened = _opened(first, now)
    Appointment.objects.filter(pk=opened.pk).update(state="confirmed", worker=w.carer, planned_start=560)
    _opened(orders.accepted(w.daughter, w.organisation, starts_on=day, at=now - timedelta(hours=1)), now)
    orders.placed(w.elder, starts_on=day, at=now)
    return w


def _opened(order: Order, now: object) -> Appointment:
    from django.db import transaction

    from wushe.chain.dispatch.appointments import due_in, open_due
    from wushe.foundation.actor import SYSTEM

    with transaction.atomic():
        open_due(orders=due_in("").filter(pk=order.pk), actor=SYSTEM, at=now, until=now.date())  # type: ignore[arg-type,attr-defined]
    return Appointment.objects.filter(order=order).earliest("pk")


def planned() -> Appointment:
    return Appointment.objects.get(state="confirmed")


PAGES: dict[str, Callable[[], str]] = {
    "home": lambda: reverse("centre:home"),
    "board": lambda: f"{reverse('centre:dispatch')}?area={STREET}",
    "list": lambda: f"{reverse('centre:dispatch')}?area={STREET}&view=list",
    "map": lambda: f"{reverse('centre:dispatch')}?area={STREET}&view=map",
    "orders": lambda: f"{reverse('centre:orders')}?q=王桂芳&state=accepted",
    "pool": lambda: reverse("centre:pool"),
    "order": lambda: reverse("centre:order", args=[Order.objects.earliest("pk").pk]),
    "send": lambda: reverse("centre:send", args=[Order.objects.get(state="placed").pk]),
    "appointment": lambda: reverse("centre:appointment", args=[planned().pk]),
    "change": lambda: reverse("centre:change", args=[planned().pk]),
    "visits": lambda: reverse("centre:visits"),
    "workers": lambda: reverse("centre:workers"),
    "worker": lambda: reverse("centre:worker", args=[planned().worker_id]),
    "absence": lambda: reverse("centre:absence"),
}
LISTS = ("home", "orders", "pool", "visits", "workers")
SHELL = 3  # session, account, grants


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_for_the_dispatcher(today: World, name: str) -> None:
    response = client_of("dispatcher").get(PAGES[name]())
    assert response.status_code == 200
    assert "调度" in response.content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_few_queries(today: World, name: str) -> None:
    client = client_of("dispatcher")
    client.get(PAGES[name]())
    with CaptureQueriesContext(connection) as queries:
        client.get(PAGES[name]())
    assert len(queries) <= 8 + SHELL, [q["sql"][:90] for q in queries]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["carer", "elder", "organisation_a"])
def test_others_are_kept_out(today: World, name: str, who: str) -> None:
    assert client_of(who).get(PAGES[name]()).status_code == 403


@pytest.mark.parametrize("name", ["order", "send", "appointment", "worker"])
def test_another_street_finds_nothing(today: World, name: str) -> None:
    assert client_of("stranger").get(PAGES[name]()).status_code in {403, 404}
    assert client_of("stranger").get(PAGES["appointment"]()).status_code == 404


def test_a_plan_is_proposed_looked_at_compared_and_confirmed(today: World) -> None:
    client = client_of("dispatcher")
    asked = {"area": STREET, "day": str(timezone.localdate()), "seconds": "2"}
    first = client.post(reverse("centre:propose"), asked)
    plan = Plan.objects.get()
    assert first["Location"] == reverse("centre:plan", args=[plan.pk])
    page = client.get(first["Location"]).content.decode()
    assert "确认发布" in page
    assert "王丽" in page
    other = propose_plan(
        actor=DISPATCHER, at=timezone.now(), area_code=STREET, day=timezone.localdate(), seed=7, seconds=1
    )
    compared = client.get(reverse("centre:compare", args=[plan.pk, other.pk])).content.decode()
    assert "两个方案的人员和时间完全一样" in compared or "影响：" in compared
    again = client.post(reverse("centre:replay", args=[plan.pk]), follow=True).content.decode()
    assert "结果和保存的方案完全一样" in again
    document = client.get(reverse("centre:plan_file", args=[plan.pk]))
    assert document.json()["seed"] == plan.seed
    done = client.post(reverse("centre:confirm", args=[plan.pk]))
    assert done.status_code == 302
    assert set(Appointment.objects.values_list("state", flat=True)) == {"confirmed"}
    again = client.post(reverse("centre:confirm", args=[plan.pk]))
    assert again.status_code == 409


def test_a_sick_call_leads_to_a_named_list_of_changes(today: World) -> None:
    client = client_of("dispatcher")
    worker = planned().worker
    day = str(timezone.localdate())
    bad = client.post(
        reverse("centre:absence"), {"worker": worker.pk, "reason": "sick", "starts_on": day, "ends_on": ""}
    )
    assert bad.status_code == 422
    assert "请选择结束日期" in bad.content.decode()
    assert f'name="worker" value="{worker.pk}"' in bad.content.decode()
    found = client.get(reverse("centre:absence"), {"q": worker.person.name[:1]}).content.decode()
    assert f"?worker={worker.pk}" in found
    assert "没有查到" in client.get(reverse("centre:absence"), {"q": "无此人"}).content.decode()
    good = {"worker": worker.pk, "reason": "sick", "starts_on": day, "ends_on": day}
    told = client.post(reverse("centre:absence"), good, follow=True)
    assert "1 次服务没有人" in told.content.decode()
    assert Absence.objects.count() == 1
    mended = client.post(reverse("centre:mend"), {"area": STREET, "day": day}, follow=True)
    page = mended.content.decode()
    assert "只改动下面这些安排" in page
    assert "周敏当天生病" in page
    assert "吴芳" in page


def test_a_change_by_hand_shows_its_consequences_first(today: World) -> None:
    client = client_of("dispatcher")
    row = planned()
    address = reverse("centre:change", args=[row.pk])
    assert client.get(f"{address}?worker=999999").status_code == 422
    shown = client.get(f"{address}?to={today.second_carer.pk}").content.decode()
    assert "没有冲突" in shown
    assert Appointment.objects.get(pk=row.pk).worker_id == today.carer.pk
    early = client.post(address, {"worker": today.second_carer.pk, "start": 481, "reason": ""})
    assert early.status_code == 422
    assert "早于约定的最早上门时间" in early.content.decode()
    assert client.post(address, {"worker": today.second_carer.pk, "start": 560, "lock": "on"}).status_code == 302
    changed = Appointment.objects.get(pk=row.pk)
    assert (changed.worker_id, changed.planned_start, changed.locked) == (today.second_carer.pk, 560, True)


def test_a_visit_is_locked_and_freed(today: World) -> None:
    client, row = client_of("dispatcher"), planned()
    client.post(reverse("centre:lock", args=[row.pk]), {"locked": "1"})
    assert planned().locked
    client.post(reverse("centre:lock", args=[row.pk]), {"locked": "0"})
    assert not planned().locked


def test_an_order_is_sent_and_cancelled(today: World) -> None:
    client = client_of("dispatcher")
    order = Order.objects.get(state="placed")
    empty = client.post(reverse("centre:send", args=[order.pk]), {})
    assert empty.status_code == 422
    assert "请至少选择一家机构" in empty.content.decode()
    client.post(reverse("centre:send", args=[order.pk]), {"organisation_ids": [today.organisation.pk]})
    order.refresh_from_db()
    assert order.state == "sent"
    assert client.post(reverse("centre:cancel", args=[order.pk]), {"reason": " "}).status_code == 422
    client.post(reverse("centre:cancel", args=[order.pk]), {"reason": "老人住院"})
    order.refresh_from_db()
    assert order.state == "cancelled"


def test_orders_are_exported_as_an_act(today: World) -> None:
    client = client_of("dispatcher")
    assert client.get(reverse("centre:export_orders")).status_code == 405
    response = client.post(reverse("centre:export_orders"), {"format": "xlsx", "state": "accepted", "q": "王桂芳"})
    assert response["Content-Type"].startswith("application/vnd.openxmlformats")
    entry = JournalEntry.objects.get(kind="export.take")
    assert (entry.data["list"], entry.data["rows"]) == ("orders", 1)
    assert entry.data["filters"] == {"state": "accepted"}, "whom somebody searched for stays out of the journal"


def test_addresses_that_make_no_sense_show_the_day_all_the_same(today: World) -> None:
    client = client_of("dispatcher")
    for query in (
        "day=2026-13-99",
        "day=x",
        "area=<>",
        "organisation=9999999999999",
        "organisation=²",
        "kind=pope",
        "view=3d",
        "area=110101",
    ):
        assert client.get(f"{reverse('centre:dispatch')}?{query}").status_code == 200
    for query in ("after=x", "before=99999999999999999999", "state=zzz", "q=" + "长" * 300):
        assert client.get(f"{reverse('centre:orders')}?{query}").status_code == 200
