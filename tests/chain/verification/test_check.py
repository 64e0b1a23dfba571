"""Checking a visit: opened once, picked for a reason, decided by a person who did not do it, appealed once."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.factories import visits
from tests.factories.cast import actor_of, user_of, world
from tests.factories.places import CENTRE, TODAY
from tests.factories.visits import clock, performer, photo
from wushe.chain.orders.models import Order, OrderState
from wushe.chain.settlement.models import Settlement
from wushe.chain.verification import services
from wushe.chain.verification.models import CallBack, Check, CheckState
from wushe.chain.verification.sampling import drawn
from wushe.chain.verification.selectors import error_rate, find_checks, next_in_queue, twins_of
from wushe.chain.visits import services as visit_services
from wushe.chain.visits.models import Visit, VisitState
from wushe.foundation.access.models import Grant
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.delivery import deliver
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed

pytestmark = pytest.mark.django_db

OTHER_VERIFIER = Actor(user_id=4_000_001, name="另一位质控员", role_code="verifier", area_code="511602")


@pytest.fixture
def here():
    return world()


@pytest.fixture
def never_random(monkeypatch):
    monkeypatch.setattr(services, "drawn", lambda **_: False)


def visited_before(here):
    """Give the elder an earlier visit, so that the next one is not the first."""
    visits.ended(visits.planned(here.elder, here.second_carer, day=TODAY - timedelta(days=7)))


def clean_check(here, *, start=540):
    visited_before(here)
    return visits.checked(visits.ended(visits.planned(here.elder, here.carer, start=start), evidence=True))


def accept(check, actor=None, **fields):
    actor = actor or actor_of("verifier")
    return services.accept_visit(actor=actor, at=clock(800), visit_id=check.visit_id, **fields)


def reject(check, actor=None, reason="没有到达照片"):
    actor = actor or actor_of("verifier")
    return services.reject_visit(actor=actor, at=clock(800), visit_id=check.visit_id, reason=reason)


def appeal(check, reason="照片因没有信号晚到", name="organisation_a"):
    return services.appeal_visit(actor=actor_of(name), at=clock(810), visit_id=check.visit_id, reason=reason)


def test_a_clean_visit_is_not_picked(here, never_random):
    check = clean_check(here)
    assert (check.findings, check.score, check.picked_for) == ([], 0, "")


def test_a_visit_far_away_without_photos_is_picked_for_its_score(here):
    visited_before(here)
    check = visits.checked(visits.ended(visits.planned(here.elder, here.carer), place=(CENTRE[0] + 0.01, CENTRE[1])))
    assert {one["rule"] for one in check.findings} == {"f3", "photos"}
    assert (check.score, check.picked_for) == (50, "score")


def test_the_first_visit_to_a_person_is_picked(here):
    check = visits.checked(visits.ended(visits.planned(here.elder, here.carer), evidence=True))
    assert (check.score, check.picked_for) == (0, "first")


def test_chance_picks_by_the_number_of_the_visit(here, monkeypatch):
    monkeypatch.setattr(services, "drawn", lambda **_: True)
    check = clean_check(here)
    assert (check.random_sample, check.picked_for) == (True, "random")
    monkeypatch.undo()
    assert drawn(what="audit", number=check.visit_id, percent=3) == drawn(
        what="audit", number=check.visit_id, percent=3
    )


def test_a_check_is_opened_once(here):
    check = clean_check(here)
    rows = JournalEntry.objects.count()
    assert visits.checked(check.visit).pk == check.pk
    assert JournalEntry.objects.count() == rows


def test_a_visit_that_goes_on_is_not_checked(here):
    visit = visits.started(visits.planned(here.elder, here.carer))
    with pytest.raises(MoveNotAllowed):
        services.open_check(actor=SYSTEM, at=clock(600), visit_id=visit.pk)


def test_the_same_photo_at_two_doors_is_found(here):
    content = photo()
    checks = []
    for start, person in ((540, here.elder), (700, here.daughter)):
        visit = visits.started(visits.planned(person, here.carer, start=start))
        visit_services.add_evidence(
            actor=performer(here.carer), at=clock(start), visit_id=visit.pk, client_id=uuid4(), kind="arrival",
            content=content, taken_at=clock(start),
        )  # fmt: skip
        visit_services.sign_out(
            actor=performer(here.carer), at=clock(start + 60), visit_id=visit.pk, client_id=uuid4(),
            device_at=clock(start + 60),
        )  # fmt: skip
        visit.refresh_from_db()
        checks.append(visits.checked(visit))
    assert "f5" not in {one["rule"] for one in checks[0].findings}
    assert "f5" in {one["rule"] for one in checks[1].findings}
    assert [twin.visit_id for twin in twins_of(check=checks[1])] == [checks[0].visit_id]


def test_two_visits_at_once_and_a_relative_are_found(here):
    from tests.factories.people import relation

    relation(here.elder, here.carer.person)
    visits.ended(visits.planned(here.daughter, here.carer, start=560))
    check = visits.checked(visits.ended(visits.planned(here.elder, here.carer, start=540)))
    assert {"f1", "f9"} <= {one["rule"] for one in check.findings}


def test_accepting_counts_for_the_order_and_is_settled_by_the_event(here):
    check = clean_check(here)
    accept(check, reason="照片清楚")
    check.refresh_from_db()
    assert (check.state, check.decided_by, check.reason) == (CheckState.ACCEPTED, user_of("verifier").pk, "照片清楚")
    order = Order.objects.get(pk=check.visit.appointment.order_id)
    assert (order.visits_done, order.state) == (1, OrderState.FULFILLED)
    assert JournalEntry.objects.filter(kind="check.accept", data__visit=check.visit_id).count() == 1
    deliver()
    deliver()
    assert Settlement.objects.filter(visit=check.visit_id).count() == 1


def test_a_decision_is_made_once(here):
    check = clean_check(here)
    accept(check)
    rows = JournalEntry.objects.count()
    for again in (accept, reject):
        with pytest.raises(MoveNotAllowed):
            again(check)
    assert JournalEntry.objects.count() == rows
    assert Order.objects.get(pk=check.visit.appointment.order_id).visits_done == 1


def test_nobody_decides_on_their_own_visit(here):
    check = clean_check(here)
    verifier = actor_of("verifier")
    Grant.objects.create(
        user_id=verifier.user_id, role_code="carer", holder_id=here.carer.pk, valid_from=TODAY, area_code=""
    )
    for decide in (accept, reject):
        with pytest.raises(services.OwnVisit):
            decide(check, verifier)
    assert Check.objects.get(pk=check.pk).state == CheckState.WAITING


def test_scope_and_rights(here):
    check = clean_check(here)
    stranger = Actor(user_id=6, name="外街", role_code="verifier", area_code="511602002")
    for decide in (accept, reject):
        with pytest.raises(NotFound):
            decide(check, stranger)
        for name in ("carer", "organisation_a", "settlement_clerk", "auditor"):
            with pytest.raises(NotAllowed):
                decide(check, actor_of(name))
    assert not find_checks(actor=stranger, tab="picked").exists()


def test_refusing_needs_a_reason(here):
    check = clean_check(here)
    for reason in ("", "   ", "长" * 201):
        with pytest.raises(Invalid):
            reject(check, reason=reason)
    reject(check)
    check.refresh_from_db()
    assert (check.state, check.visit.state) == (CheckState.REJECTED, VisitState.REJECTED)
    assert Order.objects.get(pk=check.visit.appointment.order_id).visits_done == 0


def test_an_appeal_is_decided_by_another_person_and_made_once(here):
    check = clean_check(here)
    reject(check)
    with pytest.raises(NotFound):
        appeal(check, name="organisation_b")
    with pytest.raises(Invalid):
        appeal(check, reason=" ")
    appeal(check)
    check.refresh_from_db()
    assert (check.state, check.picked_for, check.visit.state) == ("waiting", "appeal", VisitState.ENDED)
    with pytest.raises(services.SameDecider):
        accept(check)
    reject(check, OTHER_VERIFIER, reason="照片仍然缺少")
    with pytest.raises(services.AppealedBefore):
        appeal(check)


def test_an_accepted_visit_is_not_appealed(here):
    check = clean_check(here)
    accept(check)
    with pytest.raises(MoveNotAllowed):
        appeal(check)


def test_clean_visits_pass_by_rule_after_the_time_for_dispute(here, never_random):
    check = clean_check(here)
    hours = timedelta(hours=72)
    assert services.pass_clean(actor=SYSTEM, at=check.opened_at + hours - timedelta(minutes=1)) == 0
    assert services.pass_clean(actor=SYSTEM, at=check.opened_at + hours) == 1
    check.refresh_from_db()
    assert (check.state, check.decided_by, check.reason) == ("accepted", 0, services.BY_RULE)
    assert services.pass_clean(actor=SYSTEM, at=check.opened_at + hours) == 0


def test_picked_visits_never_pass_by_themselves(here):
    visits.checked(visits.ended(visits.planned(here.elder, here.carer)))
    assert services.pass_clean(actor=SYSTEM, at=clock(800, day=TODAY + timedelta(days=30))) == 0


def test_many_clean_visits_are_accepted_together_or_none(here, never_random):
    one = clean_check(here)
    other = visits.checked(visits.ended(visits.planned(here.elder, here.second_carer, start=700), evidence=True))
    doubtful = visits.checked(visits.ended(visits.planned(here.daughter, here.carer, start=900)))
    ids = [one.visit_id, other.visit_id]
    with pytest.raises(services.NotClean):
        services.accept_clean(actor=actor_of("verifier"), at=clock(990), visit_ids=[*ids, doubtful.visit_id])
    assert not Check.objects.filter(state=CheckState.ACCEPTED).exists()
    assert services.accept_clean(actor=actor_of("verifier"), at=clock(990), visit_ids=ids) == 2
    with pytest.raises(services.NotClean):
        services.accept_clean(actor=actor_of("verifier"), at=clock(991), visit_ids=ids)


def test_a_low_rating_picks_the_visit_and_calls_back(here, never_random):
    check = clean_check(here)
    visit_services.rate_visit(
        actor=actor_of("elder"), at=clock(700), visit_id=check.visit_id, score=2, comment="来晚了"
    )
    deliver()
    deliver()
    check.refresh_from_db()
    assert check.picked_for == "low_rating"
    assert CallBack.objects.get(visit=check.visit_id).picked_for == "low_rating"


def test_the_queue_goes_on_with_the_next_suspicion(here):
    first = visits.checked(visits.ended(visits.planned(here.elder, here.carer), place=(CENTRE[0] + 0.01, CENTRE[1])))
    second = visits.checked(visits.ended(visits.planned(here.daughter, here.carer, start=700), evidence=True))
    verifier = actor_of("verifier")
    assert list(find_checks(actor=verifier)) == [first, second]
    assert next_in_queue(actor=verifier, after=first) == second
    accept(second)
    assert next_in_queue(actor=verifier, after=first) is None


def test_the_error_rate_counts_the_random_sample_alone(here, monkeypatch):
    monkeypatch.setattr(services, "drawn", lambda **_: True)
    drawn_check = clean_check(here)
    monkeypatch.setattr(services, "drawn", lambda **_: False)
    other = visits.checked(visits.ended(visits.planned(here.elder, here.second_carer, start=700)))
    reject(drawn_check)
    reject(other)
    rate = error_rate(actor=actor_of("verifier"), first=TODAY, last=TODAY)
    assert (rate.errors, rate.looked_at, rate.rate) == (1, 1, 1.0)
    assert rate.low == pytest.approx(0.2065, abs=1e-3)


def test_an_ended_visit_is_checked_by_the_event(here):
    visit = visits.ended(visits.planned(here.elder, here.carer))
    deliver()
    assert Check.objects.filter(visit=visit).count() == 1
    assert Visit.objects.get(pk=visit.pk).state == VisitState.ENDED
