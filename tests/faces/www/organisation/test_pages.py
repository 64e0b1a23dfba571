"""The organisation's desk: offers answered once, orders in hand, its own day and people, nobody else's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import dispatch, orders
from tests.factories.cast import World, client_of, world
from wushe.chain.dispatch.models import Appointment
from wushe.chain.orders.models import Offer, Order

pytestmark = pytest.mark.django_db


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> World:
    """Eight in the morning: an offer to both organisations, and an order in A's hands."""
    now = timezone.localtime().replace(hour=8, minute=0, second=0, microsecond=0)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    w = world()
    orders.sent(w.elder, w.organisation, w.second_organisation, starts_on=now.date(), at=now)
    orders.accepted(w.daughter, w.organisation, starts_on=now.date(), at=now - timedelta(hours=1))
    return w


def offered() -> Order:
    return Order.objects.get(state="sent")


PAGES: dict[str, Callable[[], str]] = {
    "home": lambda: reverse("organisation:home"),
    "orders": lambda: reverse("organisation:orders"),
    "order": lambda: reverse("organisation:order", args=[offered().pk]),
    "refuse": lambda: reverse("organisation:refuse", args=[offered().pk]),
    "dispatch": lambda: reverse("organisation:dispatch"),
    "list": lambda: f"{reverse('organisation:dispatch')}?view=list",
    "workers": lambda: reverse("organisation:workers"),
    "absence": lambda: reverse("organisation:absence"),
    "visits": lambda: reverse("organisation:visits"),
    "settlement": lambda: reverse("organisation:settlement"),
    "accepted order": lambda: reverse("organisation:order", args=[Order.objects.get(state="accepted").pk]),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_for_the_manager_and_nobody_else(today: World, name: str) -> None:
    address = PAGES[name]()
    client = client_of("organisation_a")
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) <= 8 + 3, [q["sql"][:90] for q in queries]
    for who in ("dispatcher", "carer", "elder", "auditor"):
        assert client_of(who).get(address).status_code == 403


def test_the_first_to_accept_has_it_and_a_double_click_does_no_harm(today: World) -> None:
    order = offered()
    accept = reverse("organisation:accept", args=[order.pk])
    first, second = client_of("organisation_a"), client_of("organisation_b")
    for _ in range(2):
        assert first.post(accept)["Location"] == reverse("organisation:order", args=[order.pk])
    lost = second.post(accept, follow=True)
    assert "别的机构接走" in lost.content.decode()
    order.refresh_from_db()
    assert order.organisation_id == today.organisation.pk
    assert Offer.objects.filter(order=order, answer="accepted").count() == 1


def test_an_order_shows_only_the_organisations_own_offer(today: World) -> None:
    page = client_of("organisation_a").get(PAGES["order"]()).content.decode()
    assert today.organisation.name in page
    assert today.second_organisation.name not in page
    assert "王桂芳" not in page.split("订单内容")[0]


def test_a_refusal_needs_a_reason(today: World) -> None:
    client, order = client_of("organisation_a"), offered()
    assert client.post(PAGES["refuse"](), {"reason": " "}).status_code == 422
    assert client.post(PAGES["refuse"](), {"reason": "没有会助浴的人"}).status_code == 302
    assert Offer.objects.get(order=order, organisation=today.organisation).reason == "没有会助浴的人"


def test_an_order_is_given_back_with_a_reason(today: World) -> None:
    client, order = client_of("organisation_a"), Order.objects.get(state="accepted")
    address = reverse("organisation:withdraw", args=[order.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client_of("organisation_b").post(address, {"reason": "别家的"}).status_code == 404
    client.post(address, {"reason": "护理员离职"})
    order.refresh_from_db()
    assert order.state == "placed"


def test_an_absence_of_ones_own_people_is_reported(today: World) -> None:
    client, day = client_of("organisation_a"), str(timezone.localdate())
    values = {"reason": "sick", "starts_on": day, "ends_on": day}
    foreign = client.post(PAGES["absence"](), {**values, "worker": today.third_carer.pk})
    assert foreign.status_code == 422
    assert client.post(PAGES["absence"](), {**values, "worker": today.carer.pk}).status_code == 302
    assert today.carer.absences.count() == 1


def test_what_belongs_to_another_is_not_found(today: World) -> None:
    mine = Order.objects.get(state="accepted")
    other = client_of("organisation_b")
    assert other.get(reverse("organisation:order", args=[mine.pk])).status_code == 404
    assert other.get(reverse("organisation:appeal", args=[1])).status_code == 404


def test_the_order_s_page_leads_from_nobody_to_a_person_and_to_the_report(today: World) -> None:
    """接单 → 派人 → 上报: each visit of the order offers the one thing that can be done with it."""
    order = Order.objects.get(state="accepted")
    row = dispatch.opened(order, until=timezone.localdate())[0]
    client, address = client_of("organisation_a"), reverse("organisation:order", args=[order.pk])
    change = reverse("organisation:change", args=[row.pk])
    assert f'href="{change}">派人' in client.get(address).content.decode()
    sent = {"worker": today.carer.pk, "start": order.window_start, "lock": "on"}
    assert client.post(change, sent).status_code == 302
    assert f'href="{change}">改派' in client.get(address).content.decode()
    Appointment.objects.filter(pk=row.pk).update(planned_start=6 * 60)
    report = reverse("organisation:report", args=[row.pk])
    assert report in client.get(address).content.decode()
    refused = client.post(report, {"started": "07:00", "ended": "06:00", "note": "洗了被子", "reason": "手机没电"})
    assert refused.status_code == 422
    assert "洗了被子" in refused.content.decode()
    assert client.post(report, {"started": "²:00", "ended": "06:0²"}).status_code == 422
    told = {"started": "06:00", "ended": "07:30", "note": "洗了被子", "reason": "手机没电", "client_key": "once"}
    for _ in range(2):
        assert client.post(report, told).url == address
    page = client.get(address).content.decode()
    assert "洗了被子" in page
    assert "机构补报：手机没电" in page
    assert report not in page
