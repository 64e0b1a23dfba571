"""The time bank of the demonstration: opened before the history, filled by its volunteers, with help under way today."""

from datetime import date, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db.models import Q

from wushe.chain.settlement.models import Settlement, SettlementState
from wushe.foundation.access.models import Grant
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.calls import domain_call
from wushe.lines.time_bank import wires
from wushe.lines.time_bank.banks import open_bank, set_reserve
from wushe.lines.time_bank.earning import Work, credit
from wushe.lines.time_bank.events import UNPAID, work_of
from wushe.lines.time_bank.gifts import approve, donate, file_pool_gift, give, relatives
from wushe.lines.time_bank.models import Bank, HelpRequest, Holding
from wushe.lines.time_bank.requests import ask, confirm, dispute, sign_in, sign_out, take
from wushe.lines.time_bank.seals import seal_day
from wushe.lines.time_bank.states import HelpKind, Source
from wushe.registers.people.models import Person, Relation
from wushe.registers.volunteers.models import Volunteer
from wushe.registers.workforce.models import Worker, WorkerKind

from .source import World

DISTRICT = "511602"
MOST_VISITS, ELDERS, DAYS = 30, 8, 12
_TITLES = ("社区助餐点帮忙", "陪老人散步", "教老人用手机", "小区清洁日", "图书角值班")


def load_time_bank(world: World) -> int:
    """Open the bank and let people save, ask, help and give; return how many accounts there are."""
    begun = world.now - timedelta(days=200)
    manager = Actor(user_id=0, name="区民政局", role_code="district_manager", area_code=DISTRICT)
    bank = open_bank(actor=manager, at=begun, area_code=DISTRICT, name="广安区时间银行（演示）")
    set_reserve(actor=manager, at=begun, bank_id=bank.pk, fen=5_000_000, note="区级福彩公益金（演示）")
    _save(world)
    _exchange(world)
    _give(world)
    _exchange_with_another_bank(world, bank)
    for back in (2, 1):
        seal_day(actor=SYSTEM, at=world.now - timedelta(days=back - 1), day=world.today - timedelta(days=back))
    Bank.objects.update(demonstration=True)
    return Holding.objects.count()


@domain_call("time_bank:issue")
def _bring_in(*, actor: Actor, at: datetime, works: list[Work]) -> None:
    """Bring in many pieces of work as one act."""
    for work in works:
        credit(actor=actor, at=work.ended_at + timedelta(hours=6), work=work)


def _save(world: World) -> None:
    """Bring in settled visits of volunteers, and hours of activities of younger years of some elders."""
    settled = Settlement.objects.filter(state=SettlementState.SETTLED, visit__worker__kind__in=UNPAID).select_related(
        "visit__worker", "visit__appointment__order__item"
    )
    works = [work for one in settled.order_by("-pk")[:MOST_VISITS] if (work := work_of(one))]
    savers = [*_elders(world), *(worker.person for worker in _helpers()), *_visitors()]
    for place, person in enumerate(savers):
        for day in range(DAYS if place < ELDERS else 4):
            start = world.moment(world.today - timedelta(days=170 - 7 * day), 14 * 60)
            works.append(Work(
                source=Source.HOURS, ref=-(1000 * (place + 1) + day), person_id=person.pk, started_at=start,
                ended_at=start + timedelta(minutes=90), minutes=90, title=_TITLES[(place + day) % len(_TITLES)],
                group=day % 7 == 6,
            ))  # fmt: skip
    works.sort(key=lambda work: work.ended_at)
    _bring_in(actor=SYSTEM, at=world.now, works=works)


def _exchange(world: World) -> None:
    """Let elders ask: some were helped, one objects, one is being helped, others wait."""
    helpers = _helpers()
    kinds = list(HelpKind)
    for place, elder in enumerate(_elders(world)):
        day = world.today - timedelta(days=8 - place) if place < 5 else world.today + timedelta(days=place - 4)
        asked = _ask(world, elder, kinds[place % len(kinds)], day, f"demo-ask-{place}")
        if place < 5 and helpers:
            _help(world, asked, helpers[place % len(helpers)], objects=place == 4)


def _ask(world: World, elder: Person, kind: HelpKind, day: date, key: str) -> HelpRequest:
    at = world.moment(day, 8 * 60) if day <= world.today else world.now
    return ask(
        actor=_resident(elder),
        at=at,
        kind=kind,
        day=day,
        start=15 * 60,
        minutes=60,
        words="请提前打个电话",
        client_key=key,
    )


def _help(world: World, asked: HelpRequest, helper: Worker, *, objects: bool) -> None:
    """Take a request, do it, and let the elder confirm or object."""
    who = Actor(user_id=0, name=helper.person.name, role_code="volunteer", holder_id=helper.pk)
    start = world.moment(asked.day, 15 * 60)
    take(actor=who, at=start - timedelta(hours=5), request_id=asked.pk)
    sign_in(actor=who, at=start, request_id=asked.pk)
    sign_out(actor=who, at=start + timedelta(minutes=55), request_id=asked.pk)
    elder = _resident(asked.person)
    if objects:
        dispute(actor=elder, at=start + timedelta(hours=2), request_id=asked.pk, reason="只来了半个小时")
    else:
        confirm(actor=elder, at=start + timedelta(hours=2), request_id=asked.pk)


def _give(world: World) -> None:
    """Donate, file a gift to a relative that waits, and give time to a key elder."""
    for place, worker in enumerate(_helpers()[:6]):
        who = Actor(user_id=900_000 + worker.pk, name=worker.person.name, role_code="volunteer", holder_id=worker.pk)
        holding = Holding.objects.filter(person=worker.person).select_related("account").first()
        if holding is None or holding.account.balance < 240:
            continue
        donate(actor=who, at=world.now - timedelta(days=6), minutes=60, client_key=f"demo-donate-{place}")
        if family := relatives(worker.person):
            give(actor=who, at=world.now, receiver_id=family[0].person.pk, minutes=120, client_key=f"demo-give-{place}")
    clerk = Actor(user_id=900_001, name="社区", role_code="community_worker", area_code=DISTRICT)
    decider = Actor(user_id=900_002, name="街道", role_code="street_manager", area_code=DISTRICT)
    key_elder = Person.objects.filter(
        area_code__startswith=DISTRICT, tags__kind__code="living_alone", tags__ends_on=None, died_on=None,
        born_on__lt=world.today.replace(year=world.today.year - 82, day=1),
    ).order_by("pk").first()  # fmt: skip
    if key_elder:
        at = world.now - timedelta(days=3)
        gift = file_pool_gift(
            actor=clerk, at=at, person_id=key_elder.pk, minutes=120, proof="入户核实：独居高龄", client_key="demo-grant"
        )
        approve(actor=decider, at=at, gift_id=gift.pk)


def _exchange_with_another_bank(world: World, bank: Bank) -> None:
    """Trust an invented bank: send it the time of somebody who moves away, and get two transfers, one still to be looked at."""
    clerk, second = (
        Actor(user_id=900_010 + n, name="柜员", role_code="social_worker", area_code=DISTRICT) for n in (1, 2)
    )
    key, at = Ed25519PrivateKey.generate(), world.now - timedelta(hours=5)
    partner = wires.file_partner(
        actor=clerk, at=at, bank_id=bank.pk, code="511623", name="邻水县时间银行（演示）",
        public_key=key.public_key().public_bytes_raw().hex(),
    )  # fmt: skip
    wires.confirm_partner(actor=second, at=at, partner_id=partner.pk)
    holdings = list(Holding.objects.filter(bank=bank, account__balance__gte=180).order_by("pk")[:3])
    for place, holding in enumerate(holdings):
        uid = f"demo-wire-{place}"
        if place == 0:
            wires.send(actor=clerk, at=at, holding_id=holding.pk, partner_id=partner.pk, holder_number="SJ00004711",
                       minutes=120, uid=uid)  # fmt: skip
            continue
        lots = [{"origin": f"tb:hours:{place}", "born_on": str(world.today - timedelta(days=90)), "minutes": 90}]
        body = {"kind": "time", "uid": uid, "from": partner.code, "to": bank.code, "holder": holding.number, "minutes": 90,
                "lots": lots}  # fmt: skip
        wire = wires.receive(actor=clerk, at=at, bank_id=bank.pk, message=wires.signed_with(key, body))
        if place == 1:
            wires.credit_wire(actor=second, at=at, wire_id=wire.pk)


def _elders(world: World) -> list[Person]:
    """Return elders who have somebody who may act for them, as the log-in of the resident shows one."""
    born = world.today.replace(year=world.today.year - 66, day=1)
    acted_for = Relation.objects.filter(may_act=True, person__died_on=None, person__born_on__lt=born)
    ids = list(dict.fromkeys(acted_for.order_by("pk").values_list("person_id", flat=True)))[:ELDERS]
    return list(Person.objects.filter(pk__in=ids).order_by("pk"))


def _visitors() -> list[Person]:
    """Return the people whose log-ins a visitor can try, so that their own pages are not empty."""
    workers = Worker.objects.filter(person__in=[one.person_id for one in _helpers()]).values("person_id")
    grants = Grant.objects.filter(user__username__in=["zhiyuan", "jumin"])
    posts = Worker.objects.filter(pk__in=grants.filter(role_code="volunteer").values("holder_id")).values("person_id")
    own = grants.filter(role_code="resident").values("holder_id")
    return list(Person.objects.filter(Q(pk__in=own) | Q(pk__in=posts)).exclude(pk__in=workers).order_by("pk"))


def _helpers() -> list[Worker]:
    """Return registered volunteers who take visits."""
    registered = Volunteer.objects.filter(left_on=None).values("person_id")
    workers = Worker.objects.filter(kind=WorkerKind.VOLUNTEER, person__in=registered).select_related("person")
    return list(workers.order_by("pk")[:12])


def _resident(person: Person) -> Actor:
    return Actor(user_id=0, name=person.name, role_code="resident", area_code=person.area_code, holder_id=person.pk)
