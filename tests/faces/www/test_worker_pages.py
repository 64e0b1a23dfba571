"""The carer's phone: own visits only, records taken once, refusals in words, pictures behind the permission."""

import json
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import visits
from tests.factories.cast import client_of, world
from tests.factories.visits import photo
from wushe.chain.visits.models import Evidence, Visit, VisitState
from wushe.foundation.journal.models import JournalEntry

pytestmark = pytest.mark.django_db

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def here():
    return world()


def minute_now():
    now = timezone.localtime()
    return now.hour * 60 + now.minute


@pytest.fixture
def appointment(here):
    """Return an appointment of the carer for today, about now."""
    return visits.planned(here.elder, here.carer, day=timezone.localdate(), start=max(0, min(1300, minute_now())))


def send(client, appointment, kind, **fields):
    given = {"kind": kind, "client_id": str(uuid4()), "device_at": timezone.now().isoformat()} | fields
    headers = {} if given.pop("plain", False) else JSON
    return client.post(reverse("worker:record", args=[appointment.pk]), given, **headers)


def picture(content, name="photo.jpg"):
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def test_today_shows_own_visits_with_masked_names(here, appointment):
    page = client_of("carer").get(reverse("worker:today"))
    assert page.status_code == 200
    text = page.content.decode()
    assert "王**" in text
    assert "王桂芳" not in text
    assert reverse("worker:visit", args=[appointment.pk]) in text
    other = client_of("second_carer").get(reverse("worker:today"))
    assert reverse("worker:visit", args=[appointment.pk]) not in other.content.decode()


@pytest.mark.parametrize("page", ["today", "week", "past", "hours", "me", "home"])
def test_every_page_opens_for_who_performs_visits_alone(here, page):
    address = reverse(f"worker:{page}")
    assert client_of("carer").get(address).status_code == 200
    assert client_of("volunteer").get(address).status_code == 200
    for name in ("verifier", "settlement_clerk", "dispatcher", "organisation_a", "elder", "account_admin"):
        assert client_of(name).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_another_carers_visit_does_not_exist(here, appointment):
    client = client_of("second_carer")
    assert client.get(reverse("worker:visit", args=[appointment.pk])).status_code == 404
    assert client.post(reverse("worker:door", args=[appointment.pk])).status_code == 404
    assert send(client, appointment, "sign_in").status_code == 404
    assert not Visit.objects.exists()


def test_address_and_telephone_are_shown_on_request_and_journalled(here, appointment):
    client = client_of("carer")
    page = client.get(reverse("worker:visit", args=[appointment.pk])).content.decode()
    address = here.elder.household.address.reveal()
    assert address not in page
    shown = client.post(reverse("worker:door", args=[appointment.pk])).content.decode()
    assert address in shown
    assert here.elder.phone.reveal() in shown
    row = JournalEntry.objects.get(kind="appointment.reveal_door")
    assert row.subject_id == appointment.pk
    assert address not in json.dumps(row.data, ensure_ascii=False)


def test_the_door_of_a_distant_day_stays_closed(here):
    later = visits.planned(here.elder, here.carer, day=timezone.localdate() + timedelta(days=3))
    answer = client_of("carer").post(reverse("worker:door", args=[later.pk]))
    assert answer.status_code == 409
    assert here.elder.household.address.reveal() not in answer.content.decode()


def test_a_whole_visit_by_records_each_sent_twice(here, appointment):
    client = client_of("carer")
    for kind, more in (("sign_in", {"longitude": "106.64", "latitude": "30.47", "accuracy": "12.6"}),
                       ("sign_out", {"note": "一切都好"})):  # fmt: skip
        fields = {"client_id": str(uuid4()), "device_at": timezone.now().isoformat(), **more}
        for _ in range(2):
            assert send(client, appointment, kind, **fields).status_code == 200
    visit = Visit.objects.get(appointment=appointment)
    assert (visit.state, visit.start_accuracy, visit.note) == (VisitState.ENDED, 13, "一切都好")
    assert JournalEntry.objects.filter(kind__in=["visit.start", "visit.end"]).count() == 2


def test_a_photo_before_the_sign_in_is_told_to_wait(here, appointment):
    answer = send(client_of("carer"), appointment, "evidence", evidence_kind="arrival", photo=picture(photo()))
    assert (answer.status_code, answer.json()["code"]) == (409, "NotSignedIn")


def test_without_scripts_the_answer_is_a_page_and_nothing_typed_is_lost(here, appointment):
    client = client_of("carer")
    done = send(client, appointment, "sign_in", plain=True, device_at="")
    assert (done.status_code, done.url) == (302, reverse("worker:visit", args=[appointment.pk]))
    refused = send(client, appointment, "sign_out", plain=True, note="好" * 301)
    assert refused.status_code == 422
    assert "好" * 301 in refused.content.decode()
    assert Visit.objects.get().state == VisitState.STARTED


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "空的"), (b"<html>", "不是可用的照片"), (b"\xff\xd8\xff" + b"0" * (20 * 1024 * 1024), "超过10MB")],
    ids=["empty", "a web page", "20 megabytes"],
)
def test_bad_uploads_get_a_message(here, appointment, content, says):
    client = client_of("carer")
    send(client, appointment, "sign_in")
    answer = send(client, appointment, "evidence", evidence_kind="arrival", photo=picture(content))
    assert answer.status_code == 422
    assert says in answer.json()["message"]
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{"kind": "dance"}, {"client_id": "7"}, {"device_at": "yesterday"}, {"longitude": "east"}, {"accuracy": "-5"},
     {"longitude": "nan", "latitude": "30"}, {"longitude": "1e400", "latitude": "30"}],
)  # fmt: skip
def test_senseless_records_are_refused(here, appointment, fields):
    given = {"kind": "sign_in"} | fields
    answer = send(client_of("carer"), appointment, **given)
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert not Visit.objects.exists()


def test_pictures_are_served_to_those_in_scope_alone(here, appointment):
    client = client_of("carer")
    send(client, appointment, "sign_in")
    assert send(client, appointment, "evidence", evidence_kind="arrival", photo=picture(photo())).status_code == 200
    address = reverse("worker:evidence", args=[Evidence.objects.get().pk])
    shown = client.get(address)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert "sandbox" in shown["Content-Security-Policy"]
    assert shown.content[:3] == b"\xff\xd8\xff"
    expected = {"verifier": 200, "organisation_a": 200, "second_carer": 404, "organisation_b": 404, "stranger": 404,
                "elder": 404, "account_admin": 403}  # fmt: skip
    for name, status in expected.items():
        assert client_of(name).get(address).status_code == status, name
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("page", ["today", "week", "past"])
def test_lists_cost_the_same_at_any_length(here, page, django_assert_max_num_queries):
    day = timezone.localdate()
    for number in range(6):
        offset = {"today": 0, "week": 1, "past": -1}[page]
        row = visits.planned(here.elder, here.carer, day=day + timedelta(days=offset), start=480 + number * 70)
        if page == "past":
            visits.ended(row, evidence=True)
    client = client_of("carer")
    with django_assert_max_num_queries(8):
        assert client.get(reverse(f"worker:{page}")).content.decode().count("visit-card-link") == 6


def test_the_service_worker_is_a_script_at_the_address_it_serves(client):
    answer = client.get(reverse("worker:service_worker"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/javascript")
    assert reverse("worker:offline") in answer.content.decode()
    assert client.get(reverse("worker:offline")).status_code == 200


def test_a_photo_in_pieces_is_kept_once_and_only_whole(here, appointment):
    client, content, number = client_of("carer"), photo(size=(1200, 900)), str(uuid4())
    send(client, appointment, "sign_in", longitude="106.632", latitude="30.456", accuracy="20")
    where = reverse("worker:pieces", args=[number])
    said = {
        "client_id": number, "evidence_kind": "arrival", "photo_size": len(content),
        "photo_digest": sha256(content).hexdigest(),
    }  # fmt: skip
    half = len(content) // 2
    pieces = (
        (0, content[:half], half),
        (0, content[:half], half),
        (len(content), b"x", half),
        (half, content[half:], len(content)),
    )
    for offset, piece, there in pieces:
        early = send(client, appointment, "evidence", **said)
        assert (early.status_code, early.json()["code"]) == (409, "PiecesMissing")
        assert client.post(where, {"offset": offset, "piece": picture(piece)}).json() == {"offset": there}
        assert client.get(where).json() == {"offset": there}
    assert client_of("second_carer").get(where).json() == {"offset": 0}
    assert [send(client, appointment, "evidence", **said).status_code for _ in range(2)] == [200, 409]
    assert Evidence.objects.count() == 1
    assert client.get(where).json() == {"offset": 0}
    for wrong in ({}, {"offset": "-1", "piece": picture(b"x")}, {"offset": 10 * 1024 * 1024, "piece": picture(b"x")}):
        assert client.post(where, wrong).status_code == 422
