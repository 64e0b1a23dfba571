"""Events arrive signed, in order, at least once: through failures, a slow receiver, a redirect and a lost worker."""

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from pytest_django import Settings

from tests.factories import needs, orders
from tests.factories.cast import World, actor_of, user_of, world
from tests.factories.places import DISTRICT, NOON
from tests.foundation.webhooks.receiver import Receiver, dripping, receiving, silent, status
from wushe.chain.needs.services import close_need, record_need
from wushe.foundation.jobs.execution import work_off
from wushe.foundation.jobs.models import Job, Outcome
from wushe.foundation.webhooks import posting
from wushe.foundation.webhooks.collecting import collect
from wushe.foundation.webhooks.models import Delivery, DeliveryState, Subscription
from wushe.foundation.webhooks.sending import PAUSES, TRIES, send, tidy, wake
from wushe.foundation.webhooks.services import resume_subscription, send_again, stop_subscription, subscribe

pytestmark = pytest.mark.django_db
KINDS = ["need.record", "need.close", "need.triage", "order.accept"]


@pytest.fixture
def w() -> World:
    return world()


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.WEBHOOKS_INSIDE = True
    with receiving() as one:
        yield one


def subscribed(receiver: Receiver, who: str = "social_worker", kinds: list[str] = KINDS) -> tuple[Subscription, str]:
    user_of(who).grants.filter(area_code="").update(area_code=DISTRICT)
    return subscribe(
        actor=actor_of("account_admin"), at=NOON, grant_id=user_of(who).grants.get().pk, name="区级平台",
        url=receiver.url, kinds=kinds,
    )  # fmt: skip


def recorded(w: World, words: str = "想找人打扫卫生") -> int:
    made = record_need(
        actor=actor_of("social_worker"), at=NOON, person_id=w.elder.pk, channel="phone", words=words
    )  # fmt: skip
    return made.pk


def round_(at: datetime = NOON) -> None:
    """Do what a worker does in a round, until nothing is left to do at this time."""
    while collect(at=at) + wake(at=at) + work_off(clock=lambda: at, limit=20):
        pass


def subjects(receiver: Receiver) -> list[str]:
    return [json.loads(body)["subject"] for _, body in receiver.came]


def test_an_event_arrives_signed_and_without_personal_data(w: World, receiver: Receiver) -> None:
    _, secret = subscribed(receiver)
    number = recorded(w, "王桂芳家里，电话13908260001")
    round_()
    ((headers, body),) = receiver.came
    event = json.loads(body)
    assert headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert (event["specversion"], event["type"], event["subject"]) == ("1.0", "cn.wushe.need.record", f"need/{number}")
    assert event["id"] == headers["webhook-id"]
    assert event["data"] == {
        "kind": "need.record", "subject_kind": "need", "subject_id": number, "area_code": w.elder.area_code,
        "role": "social_worker", "to": "recorded", "channel": "phone",
    }  # fmt: skip
    assert "王" not in body.decode()
    assert "1390826" not in body.decode()
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = hmac.new(b64decode(secret.removeprefix("whsec_")), signed, sha256).digest()
    assert headers["webhook-signature"] == f"v1,{b64encode(mac).decode()}"
    assert int(headers["webhook-timestamp"]) == int(NOON.timestamp())


def test_words_of_a_refusal_stay_in_the_house(w: World, receiver: Receiver) -> None:
    subscribed(receiver)
    close_need(actor=actor_of("social_worker"), at=NOON, need_id=recorded(w), reason="王桂芳说不用了")
    round_()
    assert [json.loads(body)["data"].get("to") for _, body in receiver.came] == ["recorded", "closed"]
    assert all("reason" not in body.decode() and "王桂芳" not in body.decode() for _, body in receiver.came)


def test_failures_are_tried_again_and_nothing_overtakes(w: World, receiver: Receiver) -> None:
    one, _ = subscribed(receiver)
    first, second = recorded(w), recorded(w)
    receiver.plan(500, 503)
    round_()
    assert subjects(receiver) == [f"need/{first}"]
    head, behind = Delivery.objects.order_by("pk")
    assert (head.attempts, head.status, head.fault) == (1, 500, "对方应答 500")
    assert behind.attempts == 0
    round_(NOON + timedelta(seconds=PAUSES[0] - 2))
    assert len(receiver.came) == 1
    second_try = NOON + timedelta(seconds=PAUSES[0] + 2)
    round_(second_try)
    round_(second_try + timedelta(seconds=PAUSES[1] + 2))
    assert subjects(receiver) == [f"need/{first}"] * 3 + [f"need/{second}"]
    ids = [headers["webhook-id"] for headers, _ in receiver.came]
    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DELIVERED}
    one.refresh_from_db()
    assert one.stopped_at is None


def test_a_silent_and_a_dripping_receiver_are_left(
    w: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting.post, "__kwdefaults__", {"seconds": 0.4})
    subscribed(receiver)
    recorded(w)
    receiver.plan(silent(1.5), dripping(3.0))
    round_()
    round_(NOON + timedelta(minutes=1))
    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.status) == (2, None)
    assert delivery.fault == "对方没有在规定时间内应答"
    assert delivery.milliseconds is not None
    assert delivery.milliseconds < 1500


def test_a_redirect_is_not_followed(w: World, receiver: Receiver) -> None:
    subscribed(receiver)
    recorded(w)
    with receiving() as elsewhere:
        receiver.plan(status(307, Location=elsewhere.url))
        round_()
        assert elsewhere.came == []
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status) == (DeliveryState.WAITING, 307)
    assert delivery.fault.startswith("对方要求改到别的地址")


def test_a_receiver_that_is_gone_stops_the_subscription_and_nothing_is_lost(w: World, receiver: Receiver) -> None:
    one, _ = subscribed(receiver)
    first = recorded(w)
    receiver.plan(410)
    round_()
    one.refresh_from_db()
    assert (one.stopped_at, one.stop_reason) == (NOON, "对方应答 410")
    second = recorded(w)
    later = NOON + timedelta(hours=3)
    round_(later)
    assert subjects(receiver) == [f"need/{first}"]
    resume_subscription(actor=actor_of("account_admin"), at=later, subscription_id=one.pk)
    round_(later)
    assert subjects(receiver) == [f"need/{first}", f"need/{first}", f"need/{second}"]


def test_after_the_last_try_it_stops(w: World, receiver: Receiver) -> None:
    one, _ = subscribed(receiver)
    recorded(w)
    receiver.plan(*[500] * TRIES)
    at = NOON
    for pause in (*PAUSES, 0):
        round_(at)
        at += timedelta(seconds=pause + 5)
    one.refresh_from_db()
    assert len(receiver.came) == TRIES
    assert one.stop_reason == "对方应答 500"
    assert Delivery.objects.get().state == DeliveryState.WAITING


def test_a_lost_worker_sends_again(w: World, receiver: Receiver) -> None:
    """A worker that dies after sending has noted nothing: the event is sent again, with the same id."""
    subscribed(receiver)
    recorded(w)
    collect(at=NOON)
    wake(at=NOON)
    delivery = Delivery.objects.get()
    effect = send(at=NOON, delivery_id=delivery.pk, attempt=0)
    assert effect is not None
    assert len(receiver.came) == 1
    round_()
    assert len(receiver.came) == 2
    assert receiver.came[0][0]["webhook-id"] == receiver.came[1][0]["webhook-id"]
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_a_job_that_was_given_up_blocks_nobody(w: World, receiver: Receiver) -> None:
    subscribed(receiver)
    recorded(w)
    collect(at=NOON)
    wake(at=NOON)
    Job.objects.filter(name="webhooks.send").update(outcome=Outcome.FAILED, ended_at=NOON)
    round_()
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_rows_are_read_once(w: World, receiver: Receiver) -> None:
    subscribed(receiver)
    recorded(w)
    assert collect(at=NOON) > 0
    memory: dict[int, int] = {}
    assert collect(at=NOON, read=memory) == 0
    assert Delivery.objects.count() == 1
    round_()
    round_()
    assert len(receiver.came) == 1


def test_what_stood_before_is_not_told(w: World, receiver: Receiver) -> None:
    recorded(w)
    subscribed(receiver)
    round_()
    assert receiver.came == []


@pytest.mark.parametrize(
    ("who", "told"),
    [("social_worker", True), ("stranger", False), ("district_manager", True), ("organisation_b", False)],
)
def test_only_what_the_grant_may_see(w: World, receiver: Receiver, who: str, told: bool) -> None:
    kinds = ["order.accept"] if who.startswith("organisation") else ["need.record"]
    subscribed(receiver, who, kinds)
    recorded(w)
    needs.recorded(w.elder)
    orders.accepted(w.elder, w.organisation)
    round_()
    assert bool(receiver.came) is told


def test_an_organisation_hears_of_its_own_orders(w: World, receiver: Receiver) -> None:
    subscribed(receiver, "organisation_a", ["order.accept"])
    order = orders.accepted(w.elder, w.organisation)
    orders.accepted(w.elder, w.second_organisation)
    round_()
    assert subjects(receiver) == [f"order/{order.pk}"]


def test_an_ended_grant_hears_nothing_more(w: World, receiver: Receiver) -> None:
    subscribed(receiver, "district_manager")
    user_of("district_manager").grants.update(valid_until=NOON.date() - timedelta(days=1))
    needs.recorded(w.elder)
    round_()
    assert receiver.came == []


def test_stopped_waits_and_sent_again_repeats(w: World, receiver: Receiver) -> None:
    one, _ = subscribed(receiver)
    admin = actor_of("account_admin")
    recorded(w)
    round_()
    send_again(actor=admin, at=NOON, delivery_id=Delivery.objects.get().pk)
    stop_subscription(actor=admin, at=NOON, subscription_id=one.pk)
    round_()
    assert len(receiver.came) == 1
    resume_subscription(actor=admin, at=NOON, subscription_id=one.pk)
    round_()
    assert [headers["webhook-id"] for headers, _ in receiver.came] == [receiver.came[0][0]["webhook-id"]] * 2


def test_tidying_forgets_what_arrived_long_ago(w: World, receiver: Receiver) -> None:
    one, _ = subscribed(receiver)
    recorded(w)
    round_()
    assert tidy(at=NOON + timedelta(days=59)) == {"ended": 0, "forgotten": 0}
    assert tidy(at=NOON + timedelta(days=61)) == {"ended": 0, "forgotten": 1}
    stop_subscription(actor=actor_of("account_admin"), at=NOON, subscription_id=one.pk)
    assert tidy(at=NOON + timedelta(days=31))["ended"] == 1
