"""A time bank for tests: opened, with volunteers who have earned and elders who may ask."""

from datetime import date, datetime, timedelta
from itertools import count

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.factories import people, workforce
from tests.factories.cast import World, actor_of
from tests.factories.places import DISTRICT, NOON, TODAY
from tests.factories.visits import clock
from wushe.foundation.actor import SYSTEM, Actor
from wushe.lines.time_bank import wires
from wushe.lines.time_bank.banks import open_bank as open_through_service
from wushe.lines.time_bank.banks import own_holding
from wushe.lines.time_bank.earning import Work, credit
from wushe.lines.time_bank.gifts import give
from wushe.lines.time_bank.models import Bank, Earning, HelpRequest, Holding
from wushe.lines.time_bank.requests import ask, dispute, sign_in, sign_out, take
from wushe.lines.time_bank.seals import seal_day
from wushe.registers.people.models import Person, Relation
from wushe.registers.volunteers.models import Volunteer
from wushe.registers.workforce.models import Worker

_serial = count(1)


def bank() -> Bank:
    """Return the bank of the district, opened on first use."""
    manager = actor_of("district_manager")
    return open_through_service(actor=manager, at=NOON, area_code=DISTRICT, name="广安区时间银行")


def work(
    person: Person, *, minutes: int = 120, start: int = 540, day: date = TODAY - timedelta(days=30), **fields: object
) -> Work:
    """Return a piece of verified work."""
    begun = clock(start, day=day)
    given: dict[str, object] = {
        "source": "hours", "ref": next(_serial), "person_id": person.pk, "started_at": begun, "minutes": minutes,
        "ended_at": begun + timedelta(minutes=minutes), "title": "陪老人散步",
    }  # fmt: skip
    return Work(**{**given, **fields})  # type: ignore[arg-type]


def earned(
    person: Person, minutes: int, *, at: datetime = NOON, first: date = date(2026, 3, 2), **fields: object
) -> Holding:
    """Let a person earn so many minutes, four hours a day."""
    day = first
    while minutes > 0:
        part = min(240, minutes)
        made = credit(actor=SYSTEM, at=at, work=work(person, minutes=part, day=day, **fields))
        assert isinstance(made, Earning)
        minutes, day = minutes - part, day + timedelta(days=1)
    return own_holding(person)


def volunteer(name: str = "孙立", *, born_on: date = date(1964, 5, 5)) -> Person:
    """Return a volunteer of 62."""
    found = Volunteer.objects.filter(person__name=name).first() or workforce.volunteer(name)
    Person.objects.filter(pk=found.person_id).update(born_on=born_on)
    return Person.objects.get(pk=found.person_id)


def acting(person: Person) -> Actor:
    """Return the person as an actor: a volunteer if registered with a post, otherwise a resident."""
    worker = Worker.objects.filter(person=person).first()
    role, holder = ("volunteer", worker.pk) if worker else ("resident", person.pk)
    return Actor(user_id=800_000 + person.pk, name=person.name, role_code=role, holder_id=holder)


def asked(person: Person, *, minutes: int = 60, start: int = 600, day: date = TODAY, **fields: object) -> HelpRequest:
    """Return a request of a person who has time saved."""
    return ask(
        actor=acting(person), at=NOON, kind="company", day=day, start=start, minutes=minutes, words="陪我去医院",
        client_key=f"k{next(_serial)}", **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def done(request: HelpRequest, helper: Person, *, minutes: int = 60, at: datetime = NOON) -> HelpRequest:
    """Take a request, do it and sign out."""
    who = acting(helper)
    take(actor=who, at=at, request_id=request.pk)
    sign_in(actor=who, at=at, request_id=request.pk)
    return sign_out(actor=who, at=at + timedelta(minutes=minutes), request_id=request.pk)


def elder_with(w: World, minutes: int) -> Person:
    """Return 王奶奶 with so much time saved in younger years."""
    earned(w.elder, minutes)
    return w.elder


def neighbour(name: str = "周素珍", **fields: object) -> Person:
    """Return another resident of 70."""
    return people.person(name, born_on=date(1956, 1, 1), **fields)  # type: ignore[arg-type]


def one_of_each(w: World) -> dict[str, int]:
    """Return an account, a coin, requests and gifts of 翠屏路社区, and a sealed day."""
    bank()
    helper = Person.objects.get(name="孙立")
    mother = people.person("李桂兰", born_on=date(1950, 2, 1))
    people.relation(mother, helper, Relation.Kind.CHILD)
    elders, helpers = earned(w.elder, 600), earned(helper, 300, first=date(2026, 4, 1))
    seal_day(actor=SYSTEM, at=NOON, day=TODAY - timedelta(days=1))
    waiting = done(asked(w.elder, start=600), helper)
    disputed = done(asked(w.elder, start=780), helper)
    dispute(actor=acting(w.elder), at=NOON, request_id=disputed.pk, reason="只来了半小时")
    asked(neighbour_with(300), start=900)
    gift = give(actor=acting(helper), at=NOON, receiver_id=mother.pk, minutes=120, client_key="to-mother")
    lot = Earning.objects.filter(person=helper).earliest("pk").lot_id
    return wires_of_each(elders) | {
        "holding": elders.pk, "coin": lot or 0, "time_request": waiting.pk, "disputed_request": disputed.pk,
        "time_gift": gift.pk, "helper_holding": helpers.pk,
    }  # fmt: skip


def neighbour_with(minutes: int) -> Person:
    """Return another resident of 70 who has time saved."""
    person = neighbour("周秀英")
    earned(person, minutes)
    return person


def wires_of_each(holding: Holding) -> dict[str, int]:
    """Return a trusted bank and one to be confirmed, a transfer that was sent, one that waits, and an answered one."""
    clerk, second = (Actor(user_id=n, name="柜员", role_code="social_worker", area_code=DISTRICT) for n in (701, 702))
    key, bank_id = Ed25519PrivateKey.generate(), holding.bank_id
    about = {"bank_id": bank_id, "public_key": key.public_key().public_bytes_raw().hex()}
    trusted = wires.file_partner(actor=clerk, at=NOON, code="110101", name="东城时间银行", **about)
    waiting = wires.file_partner(actor=clerk, at=NOON, code="310101", name="黄浦时间银行", **about)
    wires.confirm_partner(actor=second, at=NOON, partner_id=trusted.pk)
    sent = wires.send(
        actor=clerk,
        at=NOON,
        holding_id=holding.pk,
        partner_id=trusted.pk,
        holder_number="SJ00000009",
        minutes=60,
        uid="out-1",
    )

    def came(uid: str) -> int:
        lots = [{"origin": "tb:hours:1", "born_on": "2026-01-05", "minutes": 90}]
        body = {"kind": "time", "uid": uid, "from": "110101", "to": holding.bank.code, "holder": holding.number,
                "minutes": 90, "lots": lots}  # fmt: skip
        return wires.receive(actor=clerk, at=NOON, bank_id=bank_id, message=wires.signed_with(key, body)).pk

    declined = came("in-2")
    wires.decline_wire(actor=second, at=NOON, wire_id=declined)
    return {"partner": waiting.pk, "sent_wire": sent.pk, "received_wire": came("in-1"), "answered_wire": declined}
