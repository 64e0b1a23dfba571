"""Earning: verified work alone brings time in, once, and only what the rules of the place allow."""

from datetime import date, timedelta

import pytest

from tests.factories import people, visits
from tests.factories.cast import actor_of, world
from tests.factories.places import NOON, OTHER_STREET, TODAY
from tests.factories.time_bank import asked, bank, earned, neighbour, volunteer, work
from wushe.chain.settlement.models import Settlement
from wushe.chain.settlement.services import reverse as reverse_settlement
from wushe.chain.settlement.services import settle, settle_all
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import NotAllowed
from wushe.foundation.jobs.execution import work_off
from wushe.foundation.jobs.models import Job
from wushe.foundation.journal.delivery import begin_at_end, deliver
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.journal.services import Act, record_all
from wushe.foundation.presets.models import Preset
from wushe.ledgers.models import Account
from wushe.ledgers.provenance import lot_faults, standing
from wushe.ledgers.selectors import faults
from wushe.lines.time_bank.banks import PricedByItem, books, holding_of
from wushe.lines.time_bank.earning import credit, take_back
from wushe.lines.time_bank.events import bring_in_a_settled_visit, bring_in_part
from wushe.lines.time_bank.models import Earning, HelpRequest, Holding
from wushe.registers.people.models import Relation
from wushe.registers.workforce.models import Worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def opened():
    world()
    return bank()


def stands(code):
    return Account.objects.get(code=code).balance


def minutes_of(person):
    held = holding_of(person, bank())
    return held.account.balance if held else None


def rule(key, value, region="511602"):
    known = Preset.objects.filter(key=f"time_bank.{key}").first()
    Preset.objects.create(
        key=known.key, region=region, title=known.title, value=value, unit=known.unit, effective_from=date(2026, 1, 2),
        source="试验", certainty="X",
    )  # fmt: skip


def test_verified_work_brings_time_in_once():
    sun = volunteer()
    one = work(sun, minutes=90)
    first, again = (credit(actor=SYSTEM, at=NOON, work=one) for _ in range(2))
    assert first.pk == again.pk
    assert (first.issued, first.donated, first.why, minutes_of(sun)) == (90, 0, "", 90)
    assert stands(f"tb:{bank().pk}:earned") == -90
    assert [share.lot.origin for share in standing(account_id=holding_of(sun, bank()).account_id)] == [
        f"tb:{one.origin}"
    ]
    assert (faults(), lot_faults()) == ([], [])


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"minutes": 29}, "不足30分钟不计"),
        ({"beneficiary_ids": "self"}, "为自己服务不计"),
        ({"beneficiary_ids": "mother"}, "为直系亲属或配偶服务不计"),
    ],
)
def test_what_does_not_count_is_recorded_with_the_reason(fields, why):
    sun, mother = volunteer(), neighbour("孙母")
    people.relation(mother, sun, Relation.Kind.CHILD)
    if "beneficiary_ids" in fields:
        fields = {"beneficiary_ids": (sun.pk if fields["beneficiary_ids"] == "self" else mother.pk,)}
    earning = credit(actor=SYSTEM, at=NOON, work=work(sun, **fields))
    assert (earning.issued, earning.lot, earning.why, minutes_of(sun)) == (0, None, why, None)
    assert Holding.objects.count() == 0


def test_minors_earn_honour_only():
    child = volunteer(born_on=TODAY - timedelta(days=17 * 365))
    earning = credit(actor=SYSTEM, at=NOON, work=work(child))
    assert (earning.issued, earning.why) == (0, "未满18周岁，只记荣誉")


@pytest.mark.parametrize(("start", "issued"), [(540, 0), (599, 0), (659, 0), (660, 60), (480, 60)])
def test_nobody_is_in_two_places(start, issued):
    sun = volunteer()
    credit(actor=SYSTEM, at=NOON, work=work(sun, minutes=120, start=540))
    earning = credit(actor=SYSTEM, at=NOON, work=work(sun, minutes=60, start=start))
    assert (earning.issued, earning.why) == (issued, "" if issued else "与本人另一次服务时间重叠")


def test_a_day_holds_no_more_than_the_preset():
    sun = volunteer()
    credit(actor=SYSTEM, at=NOON, work=work(sun, minutes=420, start=420))
    earning = credit(actor=SYSTEM, at=NOON, work=work(sun, minutes=120, start=900))
    assert (earning.issued, earning.why, minutes_of(sun)) == (60, "超过每天480分钟的上限", 480)


def test_what_exceeds_the_cap_goes_to_the_pool():
    rule("store.cap", 100)
    sun = volunteer()
    earning = credit(actor=SYSTEM, at=NOON, work=work(sun, minutes=130))
    assert (earning.issued, earning.donated, minutes_of(sun)) == (130, 30, 100)
    assert stands(f"tb:{bank().pk}:pool") == 30
    later = credit(actor=SYSTEM, at=NOON, work=work(sun, minutes=60, start=900))
    assert (later.donated, minutes_of(sun), stands(f"tb:{bank().pk}:pool")) == (60, 100, 90)
    assert lot_faults() == []


def test_hours_of_a_group_are_for_donation_only():
    sun = volunteer()
    credit(actor=SYSTEM, at=NOON, work=work(sun, group=True))
    assert [share.lot.restricted for share in standing(account_id=holding_of(sun, bank()).account_id)] == [True]


def test_without_a_bank_nothing_happens():
    far = people.person("远方人", area_code=f"{OTHER_STREET[:4]}01001001", born_on=date(1970, 1, 1))
    assert credit(actor=SYSTEM, at=NOON, work=work(far)) is None
    assert Earning.objects.count() == 0


def test_nobody_but_the_system_issues():
    sun = volunteer()
    with pytest.raises(NotAllowed):
        credit(actor=actor_of("district_manager"), at=NOON, work=work(sun))
    assert Earning.objects.count() == 0


def settled_visit(w, worker):
    visit = visits.ended(visits.planned(w.elder, worker, organisation=w.organisation), evidence=True)
    visits.budget_line(visit.appointment.order, fen=100_000, carrier=w.organisation)
    visits.accepted(visit, verifier=actor_of("verifier"))
    return settle(actor=actor_of("settlement_clerk"), at=NOON, visit_id=visit.pk)


def test_a_settled_visit_of_a_volunteer_comes_in_by_itself():
    w, sun = world(), volunteer()
    settled = settled_visit(w, Worker.objects.get(person=sun))
    deliver(), deliver()
    earning = Earning.objects.get()
    assert (earning.source, earning.ref, earning.person, earning.issued) == (
        "visit",
        settled.visit_id,
        sun,
        settled.paid_minutes,
    )
    assert minutes_of(sun) == settled.paid_minutes


def test_a_paid_carer_earns_nothing():
    w = world()
    settled_visit(w, w.carer)
    deliver()
    assert Earning.objects.count() == 0


def test_a_reversed_settlement_is_taken_back_and_a_new_one_comes_in():
    w, sun = world(), volunteer()
    settled = settled_visit(w, Worker.objects.get(person=sun))
    deliver()
    clerk = actor_of("settlement_clerk")
    reverse_settlement(actor=clerk, at=NOON + timedelta(hours=1), settlement_id=settled.pk, reason="金额有误")
    deliver()
    assert (minutes_of(sun), Earning.objects.get().taken_back_at is None) == (0, False)
    again = settle(actor=clerk, at=NOON + timedelta(hours=2), visit_id=settled.visit_id)
    deliver()
    assert (minutes_of(sun), Earning.objects.count()) == (again.paid_minutes, 2)
    assert lot_faults() == []


def test_a_run_of_visits_comes_in_part_by_part_and_what_was_reversed_meanwhile_does_not(monkeypatch):
    monkeypatch.setattr("wushe.chain.settlement.runs._PART", 1)
    w, sun = world(), volunteer()
    rows = [
        visits.ended(visits.planned(w.elder, one, organisation=w.organisation, start=start), evidence=True)
        for one, start in ((Worker.objects.get(person=sun), 480), (w.carer, 600), (Worker.objects.get(person=sun), 720))
    ]
    for visit in rows:
        visits.budget_line(visit.appointment.order, fen=100_000, carrier=w.organisation)
        visits.accepted(visit, verifier=actor_of("verifier"))
    begin_at_end()
    clerk = actor_of("settlement_clerk")
    assert settle_all(actor=clerk, at=NOON, area_code="511602").settled == 3
    reverse_settlement(actor=clerk, at=NOON, settlement_id=Settlement.objects.get(visit=rows[0]).pk, reason="金额有误")
    deliver(), deliver()
    assert Earning.objects.count() == 0
    bring_in_a_settled_visit(JournalEntry.objects.get(kind="settlement.settle"))
    assert work_off(clock=lambda: NOON + timedelta(hours=1), limit=20) == Job.objects.count()
    settled = Settlement.objects.get(visit=rows[2])
    assert (Earning.objects.get().ref, minutes_of(sun)) == (rows[2].pk, settled.paid_minutes)
    bring_in_part(at=NOON, settlements=list(Settlement.objects.values_list("pk", flat=True)))
    assert (Earning.objects.count(), minutes_of(sun), lot_faults()) == (1, settled.paid_minutes, [])


def test_what_was_spent_is_not_taken_back_but_marked():
    sun = volunteer()
    one = work(sun, minutes=120)
    credit(actor=SYSTEM, at=NOON, work=one)
    holding = holding_of(sun, bank())
    from wushe.ledgers.lots import move

    move(
        actor=SYSTEM,
        at=NOON,
        key="spent",
        memo="",
        source_id=holding.account_id,
        targets=[(books(bank())["redeemed"], 30)],
    )
    earning = take_back(actor=SYSTEM, at=NOON, source=one.source, ref=one.ref)
    assert (earning.recall_wanted, earning.taken_back_at, minutes_of(sun)) == (True, None, 90)
    assert lot_faults() == []


def told(person, *, at=NOON, kind="volunteering.hours", record=7, team=None):
    begun = visits.clock(540, day=TODAY - timedelta(days=2))
    data = {
        "record": record, "person": person.pk, "minutes": 90, "team": team, "started_at": begun.isoformat(),
        "ended_at": (begun + timedelta(minutes=90)).isoformat(),
    }  # fmt: skip
    record_all([Act(kind, "hourrecord", record, person.area_code, SYSTEM, at, data)])


def test_hours_of_a_post_come_in_by_their_event():
    sun = volunteer()
    told(sun, team=3)
    deliver(), deliver()
    earning = Earning.objects.get()
    assert (earning.source, earning.issued, earning.group, minutes_of(sun)) == ("hours", 90, True, 90)


def test_struck_hours_go_back_and_counted_again_come_in_again():
    sun = volunteer()
    told(sun)
    deliver()
    told(sun, at=NOON + timedelta(minutes=1), kind="volunteering.hours_back")
    deliver()
    assert minutes_of(sun) == 0
    told(sun, at=NOON + timedelta(minutes=2))
    deliver(), deliver()
    assert (minutes_of(sun), Earning.objects.count()) == (90, 2)


def test_hours_struck_before_they_were_read_never_come_in():
    sun = volunteer()
    told(sun)
    told(sun, at=NOON + timedelta(minutes=1), kind="volunteering.hours_back")
    deliver()
    assert Earning.objects.count() == 0


def test_many_days_make_many_lots():
    sun = volunteer()
    assert earned(sun, 600).account.balance == 600
    assert standing(account_id=holding_of(sun, bank()).account_id).count() == 3


def test_nothing_is_booked_in_minutes_once_the_place_prices_by_item():
    """郫都 prices by item: a bank that stood before keeps what it has, and books nothing that would be wrong."""
    sun = volunteer()
    credit(actor=SYSTEM, at=NOON, work=work(sun, minutes=90))
    rule("earn.unit", "item")
    later = credit(actor=SYSTEM, at=NOON, work=work(sun, minutes=60, start=900))
    assert (later.issued, later.why) == (0, "当地已改为按服务项目计价，不能按分钟计入")
    assert minutes_of(sun) == 90
    with pytest.raises(PricedByItem):
        asked(sun)
    assert not HelpRequest.objects.exists()
