"""Calendars hold what their owner is to know and no more, in the form that telephones read."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import dispatch, orders, people, visits
from tests.factories.cast import World, actor_of, world
from tests.factories.places import NOON, TODAY
from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.faces.api.icalendar import respectfully
from wushe.foundation.tokens.models import Token
from wushe.foundation.tokens.services import close_feed, open_feed

pytestmark = pytest.mark.django_db
NINE = 9 * 60


@pytest.fixture
def w(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    return world()


def feed_of(name: str) -> str:
    _, secret = open_feed(actor=actor_of(name), at=NOON)
    return f"/api/v1/calendars/{secret}.ics"


def read(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return answer.content.decode()


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_a_worker_reads_for_whom_and_where(w: World) -> None:
    one = visits.planned(w.elder, w.carer, start=NINE)
    lines = unfolded(read(feed_of("carer")))
    assert f"UID:appointment-{one.pk}@wushe" in lines
    assert "DTSTART:20260914T010000Z" in lines
    assert f"SUMMARY:{one.order.item.name} 王奶奶" in lines
    assert "STATUS:CONFIRMED" in lines
    assert any(line.startswith("LOCATION:") and "社区" in line for line in lines)


def test_nobody_s_name_or_number_stands_in_it(w: World) -> None:
    visits.planned(w.elder, w.carer, start=NINE)
    for owner in ("carer", "elder", "daughter"):
        text = "\n".join(unfolded(read(feed_of(owner))))
        assert "王桂芳" not in text
        assert w.elder.phone.reveal() not in text
        assert w.elder.household is not None
        assert w.elder.household.address.reveal() not in text


def test_a_resident_and_who_acts_for_them_read_their_own(w: World) -> None:
    one = visits.planned(w.elder, w.carer, start=NINE)
    visits.planned(people.person("陈素芬"), w.second_carer, start=NINE)
    for owner in ("elder", "daughter"):
        assert re.findall(r"UID:(\S+)", read(feed_of(owner))) == [f"appointment-{one.pk}@wushe"]
    assert "康乐居家养老服务中心" in "".join(unfolded(read(feed_of("elder"))))


def test_a_time_that_is_not_settled_is_tentative(w: World) -> None:
    dispatch.opened(orders.accepted(w.elder, w.organisation), until=TODAY)
    assert "STATUS:TENTATIVE" in unfolded(read(feed_of("elder")))


def test_missed_and_far_days_are_left_out(w: World) -> None:
    missed = visits.planned(w.elder, w.carer, start=NINE)
    Appointment.objects.filter(pk=missed.pk).update(state=AppointmentState.MISSED)
    old = visits.planned(w.elder, w.carer, start=NINE)
    Appointment.objects.filter(pk=old.pk).update(day=TODAY - timedelta(days=15))
    assert "BEGIN:VEVENT" not in read(feed_of("carer"))


def test_the_form_of_rfc_5545(w: World) -> None:
    visits.planned(w.elder, w.carer, start=NINE)
    text = read(feed_of("carer"))
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    lines = unfolded(text)
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//wushe//appointments//ZH"]
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    event = lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT")]
    assert {line.partition(":")[0] for line in event} >= {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS"}


def test_an_address_that_was_closed_or_never_was_looks_the_same(w: World) -> None:
    path = feed_of("carer")
    close_feed(actor=actor_of("carer"), at=NOON)
    closed, never = Client().get(path), Client().get("/api/v1/calendars/wushe_never.ics")
    assert closed.status_code == never.status_code == 404
    assert closed.content == never.content


def test_a_feed_writes_once_a_day_and_is_limited(w: World) -> None:
    path = feed_of("carer")
    read(path)
    assert Token.objects.get().last_used_on == TODAY
    Token.objects.update(per_minute=1)
    assert Client().get(path).status_code == 429


def test_no_secret_stands_in_a_log(w: World, caplog: pytest.LogCaptureFixture) -> None:
    path = feed_of("carer")
    Token.objects.update(per_minute=1)
    assert [Client().get(path).status_code for _ in range(2)] == [200, 429]
    Token.objects.update(revoked_at=NOON)
    assert Client().get(path).status_code == 404
    assert caplog.records == []


def test_how_people_are_called(w: World) -> None:
    young = people.person("李强", sex="M", born_on=TODAY.replace(year=1990))
    old = people.person("赵德", sex="M", born_on=TODAY.replace(year=1950))
    assert [respectfully(one, on=TODAY) for one in (w.elder, w.daughter, young, old)] == [
        "王奶奶", "王女士", "李先生", "赵爷爷"
    ]  # fmt: skip
