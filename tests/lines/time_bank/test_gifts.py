"""Gifts: to relatives with proof and a second person, to the common pool, to heirs, and from the pool to key elders."""

from datetime import date

import pytest

from tests.factories import people
from tests.factories.cast import actor_of, world
from tests.factories.places import NOON, TODAY
from tests.factories.time_bank import acting, bank, earned, neighbour, volunteer, work
from tests.lines.time_bank.test_earning import rule
from tests.lines.time_bank.test_requests import books, minutes_of, whole
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Invalid, NotAllowed
from wushe.foundation.workflow import MoveNotAllowed
from wushe.ledgers.postings import InsufficientBalance
from wushe.ledgers.provenance import standing
from wushe.lines.time_bank import gifts
from wushe.lines.time_bank.banks import own_holding
from wushe.lines.time_bank.earning import credit
from wushe.lines.time_bank.gifts import SamePerson
from wushe.lines.time_bank.models import Earning, Gift, Holding
from wushe.registers.people.models import Person, Relation

pytestmark = pytest.mark.django_db


@pytest.fixture
def family():
    """A volunteer of 62 with twenty hours, and his mother."""
    world(), bank()
    son, mother = volunteer(), people.person("李桂兰", born_on=date(1942, 1, 1))
    people.relation(mother, son, Relation.Kind.CHILD)
    earned(son, 1200)
    return son, mother


def given(son, mother, minutes=600, key="g"):
    return gifts.give(actor=acting(son), at=NOON, receiver_id=mother.pk, minutes=minutes, client_key=key)


def approved(gift, who="social_worker"):
    return gifts.approve(actor=actor_of(who), at=NOON, gift_id=gift.pk)


def test_ten_hours_for_the_mother(family):
    son, mother = family
    gift = given(son, mother)
    assert (gift.state, gift.proof, minutes_of(son), minutes_of(mother)) == (
        "filed",
        "登记册：本人是其子女",
        1200,
        None,
    )
    oldest = [s.lot.origin for s in standing(account_id=own_holding(son).account_id)][:3]
    approved(gift)
    assert (minutes_of(son), minutes_of(mother)) == (600, 600)
    assert [s.lot.origin for s in standing(account_id=own_holding(mother).account_id)] == oldest
    assert whole()


def test_it_is_approved_once(family):
    gift = given(*family)
    approved(gift)
    with pytest.raises(MoveNotAllowed):
        approved(gift)
    assert minutes_of(family[1]) == 600


def test_the_same_key_gives_once(family):
    assert given(*family).pk == given(*family).pk
    assert Gift.objects.count() == 1


def test_a_stranger_is_not_given_to(family):
    with pytest.raises(Invalid) as refusal:
        given(family[0], neighbour())
    assert list(refusal.value.fields) == ["receiver"]


def test_a_bond_that_has_ended_is_found_at_approval(family):
    gift = given(*family)
    Relation.objects.all().delete()
    with pytest.raises(Invalid):
        approved(gift)
    assert (Gift.objects.get().state, minutes_of(family[0])) == ("filed", 1200)


@pytest.mark.parametrize("minutes", [0, -60, 1201])
def test_no_more_than_there_is(family, minutes):
    with pytest.raises(Invalid) as refusal:
        given(*family, minutes=minutes)
    assert list(refusal.value.fields) == ["minutes"]


def test_once_a_day(family):
    given(*family, minutes=60)
    with pytest.raises(Invalid, match="每天最多转让1次"):
        given(*family, minutes=60, key="second")


def test_where_only_donation_is_allowed(family):
    rule("transfer.to", ["platform"])
    with pytest.raises(Invalid):
        given(*family)


def test_a_withdrawn_gift_moves_nothing_and_frees_the_day(family):
    son, mother = family
    gift = given(son, mother)
    gifts.withdraw(actor=acting(son), at=NOON, gift_id=gift.pk)
    with pytest.raises(MoveNotAllowed):
        approved(gift)
    given(son, mother, key="again")
    assert minutes_of(son) == 1200


def test_a_refused_gift_moves_nothing(family):
    gift = given(*family)
    with pytest.raises(Invalid):
        gifts.refuse(actor=actor_of("social_worker"), at=NOON, gift_id=gift.pk, answer=" ")
    gifts.refuse(actor=actor_of("social_worker"), at=NOON, gift_id=gift.pk, answer="关系证明不清")
    assert (Gift.objects.get().state, minutes_of(family[0])) == ("refused", 1200)


def test_hours_of_a_group_are_not_given_but_donated(family):
    son, mother = family
    credit(actor=SYSTEM, at=NOON, work=work(son, group=True, minutes=60))
    with pytest.raises(InsufficientBalance):
        approved(given(son, mother, minutes=1260))
    gifts.donate(actor=acting(son), at=NOON, minutes=90, client_key="d")
    assert (minutes_of(son), books()["pool"]) == (1170, 90)
    assert all(not s.lot.restricted for s in standing(account_id=own_holding(son).account_id))
    assert whole()


def test_a_donation_happens_once_and_at_once(family):
    son, _ = family
    for _ in range(2):
        gifts.donate(actor=acting(son), at=NOON, minutes=90, client_key="d")
    assert (minutes_of(son), books()["pool"], Gift.objects.get().state) == (1110, 90, "done")
    with pytest.raises(Invalid):
        gifts.donate(actor=acting(son), at=NOON, minutes=1111, client_key="more")


def test_an_heir_inherits_and_the_account_is_closed(family):
    son, mother = family
    credit(actor=SYSTEM, at=NOON, work=work(son, group=True, minutes=60))
    holding = own_holding(son)
    clerk = actor_of("community_worker")
    with pytest.raises(Invalid, match="健在"):
        gifts.file_inheritance(actor=clerk, at=NOON, holding_id=holding.pk, heir_id=mother.pk, client_key="i")
    Person.objects.filter(pk=son.pk).update(died_on=TODAY)
    gift = gifts.file_inheritance(actor=clerk, at=NOON, holding_id=holding.pk, heir_id=mother.pk, client_key="i")
    approved(gift)
    assert (minutes_of(mother), books()["pool"], minutes_of(son)) == (1200, 60, None)
    assert Holding.objects.get(pk=holding.pk).closed_on == TODAY
    assert whole()


def key_elder():
    elder = people.person("赵玉珍", born_on=date(1940, 1, 1))
    people.tag(elder, "living_alone")
    return elder


def filed(elder, minutes=300, key="p"):
    clerk = actor_of("community_worker")
    return gifts.file_pool_gift(
        actor=clerk, at=NOON, person_id=elder.pk, minutes=minutes, proof="入户核实", client_key=key
    )


def test_the_special_fund_grants_a_key_elder(family):
    elder = key_elder()
    approved(filed(elder))
    assert (minutes_of(elder), books()) == (300, {"earned": -1200, "granted": -300})
    assert Earning.objects.get(person=elder).source == "grant"
    assert whole()


def test_the_pool_comes_before_the_fund(family):
    son, _ = family
    gifts.donate(actor=acting(son), at=NOON, minutes=400, client_key="d")
    elder = key_elder()
    approved(filed(elder))
    assert (minutes_of(elder), books()) == (300, {"earned": -1200, "pool": 100})


@pytest.mark.parametrize(("born", "tags", "eligible"), [
    (date(1946, 9, 14), ("living_alone",), True), (date(1946, 9, 15), ("living_alone",), False),
    (date(1940, 1, 1), (), False), (date(1960, 1, 1), ("empty_nest", "dibao", "disability_2"), True),
    (date(1960, 1, 1), ("empty_nest", "dibao"), False), (date(1960, 1, 1), ("empty_nest", "disability_2"), False),
])  # fmt: skip
def test_who_is_a_key_elder(family, born, tags, eligible):
    elder = people.person("赵玉珍", born_on=born)
    for tag in tags:
        people.tag(elder, tag)
    if eligible:
        assert filed(elder).state == "filed"
    else:
        with pytest.raises(Invalid, match="重点老人"):
            filed(elder)


def test_the_second_person_is_another(family):
    elder = key_elder()
    social = actor_of("social_worker")
    gift = gifts.file_pool_gift(actor=social, at=NOON, person_id=elder.pk, minutes=60, proof="", client_key="p")
    with pytest.raises(SamePerson):
        gifts.approve(actor=social, at=NOON, gift_id=gift.pk)
    with pytest.raises(NotAllowed):
        gifts.approve(actor=actor_of("community_worker"), at=NOON, gift_id=gift.pk)
    assert minutes_of(elder) is None
    approved(gift, "district_manager")
    assert minutes_of(elder) == 60


def test_no_more_is_granted_than_the_preset(family):
    with pytest.raises(Invalid) as refusal:
        filed(key_elder(), minutes=601)
    assert list(refusal.value.fields) == ["minutes"]
