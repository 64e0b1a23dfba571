"""Between banks: whatever the line does, time is in one bank, in transit, or in the other; never twice, never nowhere."""

import json
from datetime import date

import pytest

from tests.factories import people
from tests.factories.cast import world
from tests.factories.places import NOON
from tests.factories.time_bank import bank, earned, volunteer
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.errors import Invalid, NotFound, SecondPerson
from wushe.foundation.workflow import MoveNotAllowed
from wushe.ledgers.models import Account
from wushe.ledgers.provenance import lot_faults
from wushe.ledgers.selectors import faults
from wushe.lines.time_bank import wires
from wushe.lines.time_bank.banks import PricedByItem, books, open_bank, own_holding
from wushe.lines.time_bank.earning import Work, credit
from wushe.lines.time_bank.models import Bank, Earning, ReceivedWire, SentWire
from wushe.lines.time_bank.wires import NotSigned, OtherBody
from wushe.registers.people.models import Person

pytestmark = pytest.mark.django_db
FAR, FAR_COMMUNITY = "110101", "110101001001"


class Line:
    """Two banks that trust each other, each with two people who act, and somebody who moves away."""

    def __init__(self):
        world()
        self.home = bank()
        chief = self.at("", "district_manager", 90)
        self.far = open_bank(actor=chief, at=NOON, area_code=FAR, name="东城时间银行")
        self.here, self.there = self._trust(self.home, self.far), self._trust(self.far, self.home)
        mover = volunteer()
        self.holding = earned(mover, 600)
        arrived = people.person("孙立新户", area_code=FAR_COMMUNITY)
        Person.objects.filter(pk=arrived.pk).update(born_on=mover.born_on)
        begun = NOON.replace(day=1)
        credit(
            actor=SYSTEM, at=NOON, work=Work("hours", -1, arrived.pk, begun, begun.replace(hour=5), 60, "迁入后服务")
        )
        self.arrived = own_holding(arrived)

    @staticmethod
    def at(area, role, number):
        return Actor(user_id=number, name="工作人员", role_code=role, area_code=area)

    def _trust(self, mine, other):
        partner = wires.file_partner(
            actor=self.at(mine.area_code, "social_worker", 1), at=NOON, bank_id=mine.pk, code=other.code, name=other.name,
            public_key=other.public_key,
        )  # fmt: skip
        return wires.confirm_partner(actor=self.at(mine.area_code, "social_worker", 2), at=NOON, partner_id=partner.pk)

    def send(self, *, minutes=300, uid="w1"):
        return wires.send(
            actor=self.at(self.home.area_code, "social_worker", 1), at=NOON, holding_id=self.holding.pk,
            partner_id=self.here.pk, holder_number=self.arrived.number, minutes=minutes, uid=uid,
        )  # fmt: skip

    def receive(self, message):
        return wires.receive(actor=self.at(FAR, "social_worker", 3), at=NOON, bank_id=self.far.pk, message=message)

    def credit(self, wire, number=4):
        return wires.credit_wire(actor=self.at(FAR, "social_worker", number), at=NOON, wire_id=wire.pk)

    def decline(self, wire):
        return wires.decline_wire(actor=self.at(FAR, "social_worker", 4), at=NOON, wire_id=wire.pk)

    def answer(self, text):
        return wires.take_answer(
            actor=self.at(self.home.area_code, "social_worker", 1), at=NOON, bank_id=self.home.pk, answer=text
        )

    def stands(self):
        """Return what is here, on the way, and there."""
        for one in (self.holding, self.arrived):
            one.account.refresh_from_db()
        transit = Account.objects.get(pk=books(self.home)["transit"]).balance
        return self.holding.account.balance, transit, self.arrived.account.balance

    def clearing(self):
        return [Account.objects.get(pk=partner.account_id).balance for partner in (self.here, self.there)]


@pytest.fixture
def line():
    return Line()


def whole():
    return (faults(), lot_faults()) == ([], [])


def test_time_passes_from_bank_to_bank_with_its_origins(line):
    assert line.stands() == (600, 0, 60)
    sent = line.send()
    assert line.stands() == (300, 300, 60)
    received = line.receive(sent.message)
    assert line.stands() == (300, 300, 60)
    credited = line.credit(received)
    assert line.stands() == (300, 300, 360)
    line.answer(credited.answer)
    assert (line.stands(), line.clearing()) == ((300, 0, 360), [300, -300])
    told = [lot["origin"] for lot in json.loads(sent.message)["body"]["lots"]]
    kept = list(Earning.objects.filter(source="wire").order_by("pk").values_list("why", flat=True))
    assert kept == [f"对方来源：{line.home.code} {origin}" for origin in told]
    assert "孙立" not in sent.message
    assert whole()


def test_each_step_may_be_repeated_after_a_broken_line(line):
    """After every step the line breaks: nobody knows whether it arrived, so everything is done again from the start."""
    sent = line.send()
    assert line.send().pk == sent.pk
    received = line.receive(sent.message)
    assert line.receive(line.send().message).pk == received.pk
    first = line.credit(received)
    again = line.credit(line.receive(line.send().message))
    assert (again.pk, again.answer) == (first.pk, first.answer)
    done = line.answer(first.answer)
    assert line.answer(line.credit(line.receive(line.send().message)).answer).pk == done.pk
    assert (line.stands(), line.clearing()) == ((300, 0, 360), [300, -300])
    assert (SentWire.objects.count(), ReceivedWire.objects.count()) == (1, 1)
    assert whole()


@pytest.mark.parametrize("steps", range(4))
def test_when_the_line_stays_dead_nothing_is_minted(line, steps):
    sent = line.send() if steps > 0 else None
    received = line.receive(sent.message) if steps > 1 else None
    if steps > 2:
        line.credit(received)
    here, transit, there = line.stands()
    in_doubt = 300 if steps > 2 else 0
    assert here + transit + there == 660 + in_doubt
    # What is in doubt stands on both sides of the line, and nobody can spend the half that is in transit.
    assert transit == (300 if steps else 0)
    assert whole()


@pytest.mark.parametrize(
    "change",
    [{"minutes": 60}, {"lots": []}, {"lots": [{"origin": "x", "born_on": "2026-01-01", "minutes": -1}]}, {"uid": 7}],
)
def test_a_signed_message_that_does_not_add_up_is_refused(line, change):
    body = json.loads(line.send().message)["body"] | change
    with pytest.raises(Invalid):
        line.receive(wires._signed(line.home, body))
    assert (ReceivedWire.objects.count(), line.stands()) == (0, (300, 300, 60))


def test_hours_of_a_group_do_not_leave_the_bank(line):
    earned(line.holding.person, 60, first=date(2026, 6, 1), group=True)
    with pytest.raises(Invalid):
        line.send(minutes=601)
    assert line.stands() == (660, 0, 60)
    line.send(minutes=600)
    assert line.stands() == (60, 600, 60)


def test_a_refusal_sends_it_back_once(line):
    sent = line.send()
    refused = line.decline(line.receive(sent.message))
    for _ in range(2):
        line.answer(refused.answer)
    assert (line.stands(), line.clearing()) == ((600, 0, 60), [0, 0])
    with pytest.raises(MoveNotAllowed):
        line.credit(ReceivedWire.objects.get())
    assert whole()


def test_what_was_credited_is_not_refused_any_more(line):
    sent = line.send()
    credited = line.credit(line.receive(sent.message))
    with pytest.raises(MoveNotAllowed):
        line.decline(ReceivedWire.objects.get())
    line.answer(credited.answer)
    forged = json.loads(credited.answer)
    forged["body"]["verdict"] = "declined"
    with pytest.raises(NotSigned):
        line.answer(json.dumps(forged))
    assert line.stands() == (300, 0, 360)


@pytest.mark.parametrize("change", [{"minutes": 3000}, {"holder": "SJ00000001"}, {"uid": "w2"}, {"lots": []}])
def test_a_changed_message_is_refused(line, change):
    message = json.loads(line.send().message)
    message["body"] |= change
    with pytest.raises(NotSigned):
        line.receive(json.dumps(message))
    assert ReceivedWire.objects.count() == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1]",
        '{"body": {}, "signature": "zz"}',
        '{"body": {"kind": "time", "from": "110101"}, "signature": "00"}',
    ],
)
def test_what_is_no_message_is_refused(line, text):
    with pytest.raises((Invalid, NotSigned, NotFound)):
        line.receive(text)
    assert ReceivedWire.objects.count() == 0


def test_a_message_for_another_bank_is_refused(line):
    sent = line.send()
    with pytest.raises((Invalid, NotFound)):
        wires.receive(
            actor=line.at(line.home.area_code, "social_worker", 3), at=NOON, bank_id=line.home.pk, message=sent.message
        )


def test_one_number_stands_for_one_transfer(line):
    line.send()
    with pytest.raises(OtherBody):
        line.send(minutes=60)
    assert line.stands() == (300, 300, 60)


def test_no_more_is_sent_than_there_is(line):
    for minutes in (0, 601):
        with pytest.raises(Invalid):
            line.send(minutes=minutes)
    assert line.stands() == (600, 0, 60)


def test_a_second_person_credits(line):
    received = line.receive(line.send().message)
    with pytest.raises(SecondPerson):
        line.credit(received, number=3)
    assert line.stands() == (300, 300, 60)


def test_a_key_that_one_person_filed_is_not_trusted(line):
    stranger = wires.file_partner(
        actor=line.at(line.home.area_code, "social_worker", 1), at=NOON, bank_id=line.home.pk, code="31", name="上海",
        public_key=line.far.public_key,
    )  # fmt: skip
    with pytest.raises(SecondPerson):
        wires.confirm_partner(actor=line.at(line.home.area_code, "social_worker", 1), at=NOON, partner_id=stranger.pk)
    with pytest.raises(NotFound):
        wires.send(actor=line.at(line.home.area_code, "social_worker", 1), at=NOON, holding_id=line.holding.pk,
                   partner_id=stranger.pk, holder_number="SJ1", minutes=60, uid="w9")  # fmt: skip


def test_an_unknown_account_is_not_credited(line):
    line.arrived.number = "SJ99999999"
    received = line.receive(line.send().message)
    with pytest.raises(Invalid, match="没有这个户号"):
        line.credit(received)
    assert ReceivedWire.objects.get().state == "received"


def test_no_bank_opens_where_services_have_prices_of_their_own():
    """郫都 books by item; minutes would be wrong there."""
    world()
    with pytest.raises(PricedByItem):
        open_bank(actor=Line.at("", "district_manager", 90), at=NOON, area_code="510117", name="郫都时间银行")
    assert not Bank.objects.exists()
