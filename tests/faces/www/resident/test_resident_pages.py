"""The resident's page: three taps, for oneself or for a parent; who comes; what one thinks of it."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import catalogue, needs, visits
from tests.factories.cast import CAST, World, actor_of, client_of, world
from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.chain.needs.models import Channel, Need, NeedState
from wushe.chain.orders.models import CancelRequest, Order, OrderState
from wushe.chain.visits.models import Rating, Visit, VisitState
from wushe.faces.www.resident.choices import KINDS, whens
from wushe.faces.www.resident.urls import urlpatterns
from wushe.registers.catalogue.models import Item

pytestmark = pytest.mark.django_db
HOME = "/resident/"


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def elder(here: World) -> Client:
    return client_of("elder")


def visited(here: World, *, ended: bool = True) -> Visit:
    """Return a visit to the elder that has taken place today."""
    now = timezone.now()
    order = Order.objects.create(
        need=needs.linked(here.elder, here.organisation), person=here.elder, item=catalogue.item(),
        organisation=here.organisation, area_code=here.elder.area_code, state=OrderState.ACCEPTED, visits_ordered=2,
        starts_on=timezone.localdate(), window_start=480, window_end=600, minutes=60, price_fen=0, placed_at=now,
        accepted_at=now,
    )  # fmt: skip
    appointment = Appointment.objects.create(
        order=order, number=1, area_code=order.area_code, day=timezone.localdate(), window_start=480, window_end=600,
        minutes=60, state=AppointmentState.KEPT, worker=here.carer, planned_start=500,
    )  # fmt: skip
    Appointment.objects.create(
        order=order, number=2, area_code=order.area_code, day=timezone.localdate() + timedelta(days=1),
        window_start=480, window_end=600, minutes=60, state=AppointmentState.CONFIRMED, worker=here.carer,
        planned_start=555,
    )  # fmt: skip
    end: dict[str, datetime | int | None] = {"ended_at": now, "minutes": 60} if ended else {}
    return Visit.objects.create(
        appointment=appointment, worker=here.carer, area_code=order.area_code, started_at=now, start_received_at=now,
        state=VisitState.ENDED if ended else VisitState.STARTED, **end,
    )  # fmt: skip


def test_help_in_three_taps(here: World, elder: Client) -> None:
    assert "/resident/order/" in elder.get(HOME).text
    first = f"/resident/order/bath/?for={here.elder.pk}"
    assert first in elder.get("/resident/order/").text
    second = f"/resident/order/bath/tomorrow-am/?for={here.elder.pk}"
    assert second in elder.get(first).text
    page = elder.get(second)
    said = {"for": here.elder.pk, "client_key": page.context["form"]["client_key"].value(), "more": "三楼没电梯"}
    for _ in range(2):
        answer = elder.post("/resident/order/bath/tomorrow-am/", said)
    need = Need.objects.get()
    assert answer.headers["Location"] == reverse("resident:need", args=[need.pk])
    assert (need.channel, need.wanted_from, need.wanted_until) == (Channel.SELF_ORDER, 480, 720)
    assert need.wanted_on == timezone.localdate() + timedelta(days=1)
    assert need.words.endswith("三楼没电梯")
    assert "收到了，社区正在看" in elder.get(answer.headers["Location"]).text


def test_the_daughter_asks_for_her_mother_and_for_no_one_else(here: World) -> None:
    daughter = client_of("daughter")
    assert "王桂芳" in daughter.get("/resident/order/").text
    daughter.post("/resident/order/meal/any/", {"for": here.elder.pk})
    need = Need.objects.get()
    assert (need.person, need.channel) == (here.elder, Channel.ON_BEHALF)
    assert daughter.post("/resident/order/meal/any/", {"for": here.far_elder.pk}).status_code == 404
    assert client_of("elder").get(f"/resident/order/?for={here.daughter.pk}").status_code == 404


@pytest.mark.parametrize("kind", [kind.code for kind in KINDS if kind.words])
def test_the_words_of_each_kind_point_to_a_service(kind: str) -> None:
    from wushe.chain.needs.triage.ranking import suggest

    catalogue.reference_data()
    words = next(one.words for one in KINDS if one.code == kind)
    assert suggest(words, Item.objects.filter(edition__number=2))


def test_other_things_need_words(here: World, elder: Client) -> None:
    empty = elder.post("/resident/order/other/any/", {"for": here.elder.pk, "more": ""})
    assert empty.status_code == 422
    assert "请写下您需要什么" in empty.text
    assert not Need.objects.exists()
    elder.post("/resident/order/other/any/", {"for": here.elder.pk, "more": "楼道灯坏了"})
    assert Need.objects.get().words == "楼道灯坏了"


def test_addresses_that_name_nothing(here: World, elder: Client) -> None:
    assert elder.get("/resident/order/nonsense/").status_code == 404
    assert elder.get("/resident/order/bath/never/").status_code == 404


def test_one_takes_back_what_is_not_yet_served(here: World, elder: Client) -> None:
    need = needs.recorded(here.elder)
    url = reverse("resident:need", args=[need.pk])
    assert "不需要了" in elder.get(url).text
    assert "还没有定人上门，马上就能取消" in elder.get(f"{url}cancel/").text
    elder.post(f"{url}cancel/")
    need.refresh_from_db()
    assert need.state == NeedState.CLOSED
    again = elder.post(f"{url}cancel/")
    assert again.status_code == 422
    assert "已经办完或者结束了" in again.text
    assert client_of("far_elder").get(url).status_code == 404
    assert client_of("far_elder").post(f"{url}cancel/").status_code == 404


def test_what_is_promised_is_taken_back_through_the_centre(here: World) -> None:
    """The daughter asks with the reason, the dispatcher answers, and the daughter reads it in plain words."""
    need = visits.planned(here.elder, here.carer, start=23 * 60, visits=2, day=timezone.localdate()).order.need
    daughter, dispatcher = client_of("daughter"), client_of("dispatcher")
    url = reverse("resident:need", args=[need.pk])
    page = daughter.get(f"{url}cancel/").text
    assert "23:00，周敏来" in page
    refused = daughter.post(f"{url}cancel/", {"more": "妈妈要去我那里住"})
    assert refused.status_code == 422
    assert "妈妈要去我那里住" in refused.text
    assert "请点一个原因" in refused.text
    daughter.post(f"{url}cancel/", {"why": "那天不在家", "more": "妈妈要去我那里住"})
    assert "调度中心正在处理" in daughter.get(url).text
    desk = dispatcher.get(reverse("community:cancellations")).text
    assert "那天不在家，妈妈要去我那里住" in desk
    request = CancelRequest.objects.get()
    keep = reverse("community:keep_order", args=[request.pk])
    silent = dispatcher.post(keep, {"note": ""})
    assert silent.status_code == 422
    assert "请写明和居民怎么说定的" in silent.text
    dispatcher.post(keep, {"note": "改到下周再来"})
    assert "改到下周再来" in daughter.get(url).text
    daughter.post(f"{url}cancel/", {"why": "时间不合适"})
    for _ in range(2):
        asked = CancelRequest.objects.latest("pk")
        assert dispatcher.post(reverse("community:grant_cancel", args=[asked.pk])).status_code == 302
    assert "已经结束" in daughter.get(url).text
    need.refresh_from_db()
    assert (need.state, need.orders.get().state) == ("closed", "cancelled")


def test_who_comes_and_when(here: World, elder: Client) -> None:
    visited(here)
    assert "09:15" in elder.get(HOME).text
    page = elder.get("/resident/mine/").text
    assert "明天" in page
    assert "周敏" in page
    assert "周敏" in client_of("daughter").get("/resident/mine/").text
    assert "周敏" not in client_of("far_elder").get("/resident/mine/").text


def test_a_visit_is_rated_once(here: World, elder: Client) -> None:
    visit = visited(here)
    url = reverse("resident:rate", args=[visit.pk])
    assert url in elder.get("/resident/rate/").text
    none = elder.post(url, {"comment": "来得准时"})
    assert none.status_code == 422
    assert "来得准时" in none.text
    elder.post(url, {"score": "5", "comment": "来得准时"})
    assert elder.post(url, {"score": "1"}).status_code == 422
    assert Rating.objects.get().score == 5
    assert client_of("far_elder").get(url).status_code == 404
    assert "都打过分了" in elder.get("/resident/rate/").text


def test_a_visit_under_way_is_not_yet_rated(here: World, elder: Client) -> None:
    visit = visited(here, ended=False)
    assert elder.get(reverse("resident:rate", args=[visit.pk])).status_code == 404


# The pages of activities stand in the table of rights alone.
OWN_CARE = [pattern for pattern in urlpatterns if "pk" not in pattern.pattern.converters]


@pytest.mark.parametrize("pattern", OWN_CARE, ids=lambda pattern: pattern.name)
def test_only_residents_enter(here: World, pattern) -> None:  # type: ignore[no-untyped-def]
    samples = {"kind": "bath", "when": "any", "need_id": needs.recorded(here.elder).pk, "visit_id": visited(here).pk}
    url = reverse(f"resident:{pattern.name}", kwargs={key: samples[key] for key in pattern.pattern.converters})
    for who in CAST:
        client = client_of(who)
        answer = client.post(url) if pattern.name == "cancel" else client.get(url)
        if actor_of(who).role_code != "resident":
            assert answer.status_code == 403, who
        elif who == "elder":
            assert answer.status_code == (302 if pattern.name == "cancel" else 200)


def test_whens_are_days_to_come() -> None:
    today = timezone.localdate()
    assert all(when.day is None or when.day >= today for when in whens(today))
