"""Two accounts of one person become one, and two again if the records are parted."""

from datetime import timedelta

import pytest

from tests.factories import people
from tests.factories.cast import world
from tests.factories.places import NOON
from tests.factories.time_bank import acting, asked, bank, earned, volunteer
from wushe.foundation.actor import SYSTEM
from wushe.ledgers.provenance import lot_faults
from wushe.ledgers.selectors import faults
from wushe.lines.time_bank.gifts import donate
from wushe.lines.time_bank.joining import join_accounts, part_accounts
from wushe.lines.time_bank.models import Holding
from wushe.lines.time_bank.requests import cancel, take
from wushe.registers.people.models import Person

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def balances(*holdings: Holding) -> list[tuple[int, bool]]:
    rows = Holding.objects.filter(pk__in=[one.pk for one in holdings]).order_by("pk")
    return [(row.account.balance, row.closed_on is None) for row in rows]


def test_the_second_account_joins_the_first_once_its_help_has_ended():
    here = world()
    bank()
    first, second = here.elder, people.person("王秀兰", born_on=here.elder.born_on)
    kept, other = earned(first, 300), earned(second, 240)
    request = asked(second, minutes=60)
    take(actor=acting(volunteer()), at=NOON, request_id=request.pk)
    Person.objects.filter(pk=second.pk).update(merged_into=first)

    assert join_accounts(actor=SYSTEM, at=NOON) == 0  # help is under way
    assert balances(kept, other) == [(300, True), (180, True)]
    request.person, who = first, acting(first)
    request.save(update_fields=["person"])
    cancel(actor=who, at=NOON, request_id=request.pk)
    assert join_accounts(actor=SYSTEM, at=NOON) == 1
    assert join_accounts(actor=SYSTEM, at=NOON) == 0
    assert balances(kept, other) == [(540, True), (0, False)]

    Person.with_merged.filter(pk=second.pk).update(merged_into=None)
    assert part_accounts(actor=SYSTEM, at=LATER, person_id=second.pk) == 1
    assert balances(kept, other) == [(300, True), (240, True)]
    assert (faults(), lot_faults()) == ([], [])


def test_time_that_was_spent_since_stays_where_it_was_spent():
    here = world()
    bank()
    second = people.person("王秀兰", born_on=here.elder.born_on)
    kept, other = earned(here.elder, 120), earned(second, 240)
    Person.objects.filter(pk=second.pk).update(merged_into=here.elder)
    join_accounts(actor=SYSTEM, at=NOON)
    donate(actor=acting(here.elder), at=NOON, minutes=300, client_key="all")
    assert part_accounts(actor=SYSTEM, at=LATER, person_id=second.pk) == 0
    assert balances(kept, other) == [(60, True), (0, False)]
    assert (faults(), lot_faults()) == ([], [])
