"""Two settlement workers at once: every visit is settled once, every fen and minute posted once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.factories import visits
from tests.factories.cast import actor_of, world
from tests.factories.places import DISTRICT
from tests.factories.visits import clock
from wushe.chain.settlement import services
from wushe.chain.settlement.models import Settlement
from wushe.chain.visits.models import Visit, VisitState
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Conflict
from wushe.foundation.journal.models import Lane
from wushe.ledgers.models import Account
from wushe.ledgers.selectors import faults

pytestmark = pytest.mark.django_db(transaction=True)

VISITS = 8


@pytest.fixture
def accepted(transactional_db):
    """Return accepted visits of one person, all paid from lines with enough money."""
    for pk in range(1, 17):
        Lane.objects.get_or_create(pk=pk)
    here = world()
    verifier = actor_of("verifier")
    rows = []
    for number in range(VISITS):
        appointment = visits.planned(here.elder, here.carer, start=420 + number * 130)
        visits.budget_line(appointment.order, fen=100_000)
        appointment.refresh_from_db()
        rows.append(visits.accepted(visits.ended(appointment), verifier=verifier))
    return rows


def at_once(*works):
    """Run the works in threads that start at the same time; return how many conflicts each met."""
    gate = Barrier(len(works))

    def run(work):
        gate.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def one_by_one(rows):
    def work():
        settled = 0
        for row in rows:
            try:
                services.settle(actor=SYSTEM, at=clock(1400), visit_id=row.pk)
                settled += 1
            except Conflict:
                continue
        return settled

    return work


def all_of_the_area():
    try:
        return services.settle_all(actor=SYSTEM, at=clock(1400), area_code=DISTRICT).settled
    except Conflict:
        return 0


def check(rows, settled):
    assert settled == VISITS
    assert Settlement.objects.count() == VISITS
    assert Visit.objects.filter(state=VisitState.SETTLED).count() == VISITS
    worker = rows[0].worker_id
    assert Account.objects.get(code=f"hours:{worker}").balance == sum(s.paid_minutes for s in Settlement.objects.all())
    assert faults() == []


def test_two_workers_with_the_same_list(accepted):
    check(accepted, sum(at_once(one_by_one(accepted), one_by_one(accepted[::-1]))))


def test_a_batch_and_a_clerk(accepted):
    check(accepted, sum(at_once(all_of_the_area, one_by_one(accepted))))
