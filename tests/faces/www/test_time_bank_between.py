"""The pages between banks: a file goes out, a file comes in, a second person credits, and an empty account is closed."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import people
from tests.factories.cast import client_of, world
from tests.factories.places import TODAY
from tests.factories.time_bank import bank, earned
from wushe.ledgers.selectors import faults
from wushe.lines.time_bank.models import Gift, Holding, Partner, ReceivedWire, SentWire
from wushe.lines.time_bank.wires import signed_with
from wushe.registers.people.models import Person, Relation

pytestmark = pytest.mark.django_db
KEY = Ed25519PrivateKey.generate()


@pytest.fixture
def here():
    it = world()
    bank()
    it.holding = earned(it.elder, 300)
    desk, chief = client_of("social_worker"), client_of("district_manager")
    about = {"code": "110101", "name": "东城时间银行", "public_key": KEY.public_key().public_bytes_raw().hex()}
    assert desk.post(reverse("time_bank:file_partner"), about).status_code == 302
    partner = Partner.objects.get()
    desk.post(reverse("time_bank:confirm_partner", args=[partner.pk]))
    assert Partner.objects.get().confirmed_by is None  # the same person
    chief.post(reverse("time_bank:confirm_partner", args=[partner.pk]))
    assert Partner.objects.get().confirmed_by is not None
    return it


def file_of(body):
    return {"file": SimpleUploadedFile("a.json", signed_with(KEY, body).encode())}


def balance(holding):
    holding.account.refresh_from_db()
    return holding.account.balance


def test_somebody_moves_away(here):
    desk, send = client_of("social_worker"), reverse("time_bank:send", args=[here.holding.pk])
    filled = {"partner": Partner.objects.get().pk, "holder_number": "SJ9", "client_key": "k1"}
    assert desk.post(send, filled | {"minutes": "5.5"}).status_code == 422
    assert (SentWire.objects.count(), balance(here.holding)) == (0, 300)
    for _ in range(2):  # a second press of the same form
        assert desk.post(send, filled | {"everything": "on"}).status_code == 302
    wire = SentWire.objects.get()
    assert (wire.minutes, balance(here.holding)) == (300, 0)
    told = desk.get(reverse("time_bank:wire_message", args=[wire.pk]))
    assert json.loads(told.content)["body"]["minutes"] == 300
    close = reverse("time_bank:close_account", args=[here.holding.pk])
    desk.post(close)
    assert Holding.objects.get(pk=here.holding.pk).closed_on is None  # it is on its way
    answer = {
        "kind": "answer",
        "uid": wire.uid,
        "by": "110101",
        "to": wire.bank.code,
        "minutes": 300,
        "verdict": "credited",
    }
    take = reverse("time_bank:take_file")
    page = desk.post(take, {"words": signed_with(Ed25519PrivateKey.generate(), answer)})
    assert (page.status_code, SentWire.objects.get().state) == (422, "sent")
    assert "签名不符" in page.content.decode()
    assert desk.post(take, file_of(answer)).status_code == 302
    assert SentWire.objects.get().state == "confirmed"
    desk.post(close)
    assert Holding.objects.get(pk=here.holding.pk).closed_on is not None
    assert faults() == []


def test_time_comes_in_and_a_second_person_credits_it(here):
    desk, chief = client_of("social_worker"), client_of("district_manager")
    body = {"kind": "time", "uid": "u1", "from": "110101", "to": here.holding.bank.code, "holder": here.holding.number,
            "minutes": 90, "lots": [{"origin": "x", "born_on": "2026-01-05", "minutes": 90}]}  # fmt: skip
    take = reverse("time_bank:take_file")
    for _ in range(2):
        assert desk.post(take, file_of(body)).status_code == 302
    wire = ReceivedWire.objects.get()
    decide = reverse("time_bank:decide_wire", args=[wire.pk])
    assert desk.post(decide, {"answer": "credit"}).status_code == 409
    assert balance(here.holding) == 300
    for _ in range(2):
        assert chief.post(decide, {"answer": "credit"}).status_code == 302
    assert balance(here.holding) == 390
    answer = json.loads(desk.get(reverse("time_bank:wire_answer", args=[wire.pk])).content)["body"]
    assert (answer["verdict"], answer["minutes"]) == ("credited", 90)
    for nothing in ("", "[" * 5000, "{}", '{"body": {"kind": "time", "from": "\\ud800"}, "signature": "00"}'):
        assert desk.post(take, {"words": nothing}).status_code == 422
    assert faults() == []


def test_the_time_of_somebody_who_died_goes_to_a_relative(here):
    daughter = people.person("周小梅")
    people.relation(here.elder, daughter, Relation.Kind.CHILD)
    desk, inherit = client_of("social_worker"), reverse("time_bank:inherit", args=[here.holding.pk])
    filled = {"heir": daughter.pk, "client_key": "h1"}
    assert desk.post(inherit, filled).status_code == 422  # the register says that she lives
    assert Gift.objects.count() == 0
    Person.objects.filter(pk=here.elder.pk).update(died_on=TODAY)
    assert desk.post(inherit, filled).status_code == 302
    gift = Gift.objects.get()
    assert (gift.kind, gift.minutes, gift.state) == ("inheritance", 300, "filed")
