"""Requests for help: held when taken, settled when confirmed, released otherwise; every step once."""

from datetime import timedelta

import pytest

from tests.factories import people
from tests.factories.cast import actor_of, world
from tests.factories.places import NOON, TODAY
from tests.factories.time_bank import acting, asked, bank, done, earned, neighbour, volunteer
from tests.lines.time_bank.test_earning import rule
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.workflow import MoveNotAllowed
from wushe.ledgers.models import Account, Entry
from wushe.ledgers.provenance import lot_faults, standing
from wushe.ledgers.selectors import faults
from wushe.lines.time_bank import requests
from wushe.lines.time_bank.banks import AccountClosed, holding_of, own_holding
from wushe.lines.time_bank.models import Earning, HelpRequest
from wushe.lines.time_bank.requests import NotForYou, TooEarly
from wushe.registers.people.models import Person, Relation
from wushe.registers.volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    """王奶奶 with ten hours saved, and a volunteer."""
    w = world()
    bank()
    earned(w.elder, 600)
    return w.elder, volunteer()


def books():
    start = f"tb:{bank().pk}:"
    kept = Account.objects.filter(code__startswith=start).exclude(code__contains="person")
    return {a.code.removeprefix(start): a.balance for a in kept if a.balance}


def minutes_of(person):
    held = holding_of(person, bank())
    return held.account.balance if held else None


def whole():
    return (faults(), lot_faults()) == ([], [])


def test_asking_moves_nothing(pair):
    elder, _ = pair
    request = asked(elder, minutes=90)
    assert (request.state, request.hold, minutes_of(elder), books()) == ("asked", None, 600, {"earned": -600})


def test_taking_holds_the_oldest_time(pair):
    elder, helper = pair
    oldest = next(share.lot.origin for share in standing(account_id=own_holding(elder).account_id))
    request = requests.take(actor=acting(helper), at=NOON, request_id=asked(elder, minutes=90).pk)
    assert (request.state, minutes_of(elder), books()) == ("held", 510, {"earned": -600, "held": 90})
    assert [leg.lot.origin for leg in request.hold.lot_legs.filter(amount__gt=0)] == [oldest]


def test_confirming_retires_the_time_and_brings_in_the_helper_s(pair):
    elder, helper = pair
    request = done(asked(elder, minutes=90), helper, minutes=90)
    assert (request.state, request.confirm_by - request.ended_at) == ("done", timedelta(hours=72))
    requests.confirm(actor=acting(elder), at=NOON + timedelta(hours=3), request_id=request.pk)
    assert (minutes_of(elder), minutes_of(helper), books()) == (510, 90, {"earned": -690, "redeemed": 90})
    earning = Earning.objects.get(person=helper)
    assert (earning.source, earning.ref, earning.issued) == ("request", request.pk, 90)
    assert whole()


def test_a_short_visit_costs_what_it_lasted(pair):
    elder, helper = pair
    request = done(asked(elder, minutes=90), helper, minutes=40)
    requests.confirm(actor=acting(elder), at=NOON + timedelta(hours=3), request_id=request.pk)
    assert (minutes_of(elder), minutes_of(helper), books()) == (560, 40, {"earned": -640, "redeemed": 40})


def test_a_long_visit_costs_what_was_agreed(pair):
    elder, helper = pair
    request = done(asked(elder, minutes=60), helper, minutes=200)
    requests.confirm(actor=acting(elder), at=NOON + timedelta(hours=5), request_id=request.pk)
    assert (minutes_of(elder), minutes_of(helper)) == (540, 60)


def test_it_is_confirmed_once(pair):
    elder, helper = pair
    request = done(asked(elder), helper)
    later = NOON + timedelta(days=4)
    requests.confirm(actor=acting(elder), at=later, request_id=request.pk)
    with pytest.raises(MoveNotAllowed):
        requests.confirm(actor=acting(elder), at=later, request_id=request.pk)
    assert requests.confirm_due(actor=SYSTEM, at=later) == 0
    assert (minutes_of(elder), minutes_of(helper)) == (540, 60)


def test_silence_confirms_after_the_window(pair):
    elder, helper = pair
    request = done(asked(elder), helper)
    before = request.confirm_by - timedelta(seconds=1)
    assert requests.confirm_due(actor=SYSTEM, at=before) == 0
    assert requests.confirm_due(actor=SYSTEM, at=request.confirm_by) == 1
    assert (minutes_of(elder), minutes_of(helper)) == (540, 60)


@pytest.mark.parametrize("taken", [False, True])
def test_cancelling_frees_the_time(pair, taken):
    elder, helper = pair
    request = asked(elder)
    if taken:
        requests.take(actor=acting(helper), at=NOON, request_id=request.pk)
    requests.cancel(actor=acting(elder), at=NOON, request_id=request.pk, reason="女儿来了")
    assert (minutes_of(elder), books()) == (600, {"earned": -600})
    assert whole()


def test_after_the_help_began_nobody_cancels(pair):
    elder, helper = pair
    request = done(asked(elder), helper)
    with pytest.raises(MoveNotAllowed):
        requests.cancel(actor=acting(elder), at=NOON, request_id=request.pk)
    assert minutes_of(elder) == 540


def test_a_helper_steps_back_and_another_takes_it(pair):
    elder, helper = pair
    request = asked(elder)
    requests.take(actor=acting(helper), at=NOON, request_id=request.pk)
    requests.step_back(actor=acting(helper), at=NOON, request_id=request.pk)
    assert (minutes_of(elder), books()) == (600, {"earned": -600})
    other = volunteer("钱途")
    again = requests.take(actor=acting(other), at=NOON, request_id=request.pk)
    assert (again.helper, again.takes, minutes_of(elder)) == (other, 2, 540)
    assert whole()


@pytest.mark.parametrize(
    ("pay", "minutes", "elder_left", "helper_has"), [(True, 20, 580, None), (True, 45, 555, 45), (False, 0, 600, None)]
)
def test_a_dispute_is_decided(pair, pay, minutes, elder_left, helper_has):
    elder, helper = pair
    request = done(asked(elder), helper)
    requests.dispute(actor=acting(elder), at=NOON, request_id=request.pk, reason="只来了半小时")
    assert requests.confirm_due(actor=SYSTEM, at=NOON + timedelta(days=30)) == 0
    requests.decide_dispute(
        actor=actor_of("social_worker"), at=NOON, request_id=request.pk, pay=pay, minutes=minutes, reason="电话核实"
    )
    assert (minutes_of(elder), minutes_of(helper)) == (elder_left, helper_has)
    assert whole()


def test_who_is_no_judge_decides_nothing(pair):
    elder, helper = pair
    request = done(asked(elder), helper)
    requests.dispute(actor=acting(elder), at=NOON, request_id=request.pk, reason="只来了半小时")
    for actor, refusal in ((actor_of("community_worker"), NotAllowed), (acting(helper), NotAllowed)):
        with pytest.raises(refusal):
            requests.decide_dispute(actor=actor, at=NOON, request_id=request.pk, pay=True, minutes=60, reason="x")
    with pytest.raises(Invalid):
        requests.decide_dispute(
            actor=actor_of("social_worker"), at=NOON, request_id=request.pk, pay=True, minutes=61, reason="x"
        )
    assert books() == {"earned": -600, "held": 60}


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"minutes": 29}, "minutes"), ({"minutes": 481}, "minutes"), ({"minutes": 480, "start": 961}, "start"),
        ({"day": TODAY - timedelta(days=1)}, "day"), ({"day": TODAY + timedelta(days=61)}, "day"),
        ({"for_spouse": True}, "for_spouse"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(pair, fields, where):
    with pytest.raises(Invalid) as refusal:
        asked(pair[0], **fields)
    assert list(refusal.value.fields) == [where]
    assert HelpRequest.objects.count() == 0


def test_no_more_is_asked_than_is_saved(pair):
    elder, _ = pair
    rule("redeem.month_max", 6000)
    asked(elder, minutes=300)
    asked(elder, minutes=300, start=960)
    with pytest.raises(Invalid) as refusal:
        asked(elder, minutes=30)
    assert "还剩 0 分钟" in refusal.value.fields["minutes"]


def test_no_more_is_asked_in_a_month_than_the_preset(pair):
    elder, _ = pair
    rule("redeem.month_max", 120)
    asked(elder, minutes=90)
    with pytest.raises(Invalid) as refusal:
        asked(elder, minutes=60)
    assert "还能用 30 分钟" in refusal.value.fields["minutes"]


def test_the_young_save_and_do_not_redeem():
    world(), bank()
    young = volunteer(born_on=TODAY - timedelta(days=59 * 366))
    earned(young, 240)
    with pytest.raises(Invalid, match="年满60周岁"):
        asked(young)


def test_a_spouse_is_helped_where_the_region_allows(pair):
    elder, _ = pair
    husband = neighbour("王大爷")
    people.relation(elder, husband, Relation.Kind.SPOUSE)
    rule("redeem.for", ["self", "spouse"])
    request = asked(elder, for_spouse=True)
    assert (request.person, request.for_person) == (elder, husband)


def test_without_an_account_nobody_asks():
    w = world()
    bank()
    with pytest.raises(AccountClosed):
        asked(w.elder)


def test_the_same_key_asks_once(pair):
    elder, _ = pair
    given = {
        "actor": acting(elder),
        "at": NOON,
        "kind": "company",
        "day": TODAY,
        "start": 600,
        "minutes": 60,
        "words": "",
        "client_key": "same",
    }
    assert requests.ask(**given).pk == requests.ask(**given).pk
    assert HelpRequest.objects.count() == 1


def test_whom_the_rules_keep_from_helping(pair):
    elder, helper = pair
    request = asked(elder)
    son, child, passer = (
        volunteer("王建国"),
        volunteer("小明", born_on=TODAY - timedelta(days=16 * 365)),
        volunteer("路人"),
    )
    people.relation(elder, son, Relation.Kind.CHILD)
    Volunteer.objects.filter(person=passer).update(left_on=TODAY)
    for person, words in ((son, "亲属"), (child, "18周岁"), (passer, "登记为志愿者")):
        with pytest.raises(NotForYou, match=words):
            requests.take(actor=acting(person), at=NOON, request_id=request.pk)
    Person.objects.filter(pk=helper.pk).update(area_code="110101001001")
    with pytest.raises(NotFound):
        requests.take(actor=acting(helper), at=NOON, request_id=request.pk)
    assert (HelpRequest.objects.get().state, minutes_of(elder)) == ("asked", 600)


def test_nobody_takes_two_at_once(pair):
    elder, helper = pair
    requests.take(actor=acting(helper), at=NOON, request_id=asked(elder, start=600, minutes=60).pk)
    with pytest.raises(NotForYou, match="另一个求助"):
        requests.take(actor=acting(helper), at=NOON, request_id=asked(elder, start=630, minutes=60).pk)
    requests.take(actor=acting(helper), at=NOON, request_id=asked(elder, start=660, minutes=60).pk)
    assert minutes_of(elder) == 480


def test_of_two_helpers_one_is_first(pair):
    elder, helper = pair
    request, other = asked(elder), volunteer("钱途")
    requests.take(actor=acting(helper), at=NOON, request_id=request.pk)
    with pytest.raises(MoveNotAllowed):
        requests.take(actor=acting(other), at=NOON, request_id=request.pk)
    assert (minutes_of(elder), Entry.objects.filter(key__contains=":hold:").count()) == (540, 1)


def test_nobody_signs_in_before_the_day(pair):
    elder, helper = pair
    request = asked(elder, day=TODAY + timedelta(days=1))
    requests.take(actor=acting(helper), at=NOON, request_id=request.pk)
    with pytest.raises(TooEarly):
        requests.sign_in(actor=acting(helper), at=NOON, request_id=request.pk)


def test_others_requests_are_not_found(pair):
    elder, helper = pair
    request = done(asked(elder), helper)
    for act in (requests.confirm, requests.cancel):
        with pytest.raises(NotFound):
            act(actor=acting(neighbour()), at=NOON, request_id=request.pk)
    with pytest.raises(NotFound):
        requests.sign_out(actor=acting(elder), at=NOON, request_id=request.pk)
