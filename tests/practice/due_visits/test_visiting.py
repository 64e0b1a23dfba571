"""From being taken in to being seen: contacts that count, the search for who does not answer, orders, rates, names."""

from datetime import datetime, timedelta

import pytest

from tests.factories import due_visits, orders, people, visits
from tests.factories.cast import World, actor_of, world
from tests.factories.places import COMMUNITY, NOON, OTHER_COMMUNITY, TODAY
from wushe.chain.dispatch.models import Appointment
from wushe.chain.needs.models import Need, NeedState
from wushe.chain.orders.models import OrderState
from wushe.chain.orders.services import accept_order, cancel_order
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.delivery import deliver
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed
from wushe.practice.due_visits.enrolling import refresh_plans
from wushe.practice.due_visits.models import Contact, NoAnswer, PlanState, SearchStep, VisitPlan
from wushe.practice.due_visits.ordering import OnItsWay, order_due, order_visit
from wushe.practice.due_visits.periods import declare_period, end_period
from wushe.practice.due_visits.searching import find, search_on
from wushe.practice.due_visits.selectors import monthly_rates, owners_late
from wushe.practice.due_visits.visiting import (
    AlreadyVisited,
    end_plan,
    enrol,
    hasten,
    pause_plan,
    record_contact,
    resume_plan,
    update_plan,
)
from wushe.registers.people.deaths import record_death

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def here() -> World:
    return world()


def saw(plan: VisitPlan, way: str, at: datetime = NOON, *, answered: bool = True, key: str = "") -> Contact:
    note = "" if answered else "没人应"
    return record_contact(
        actor=actor_of("social_worker"), at=at, plan_id=plan.pk, way=way, answered=answered, note=note, client_key=key
    )


def again(plan: VisitPlan) -> VisitPlan:
    return VisitPlan.objects.select_related("order").get(pk=plan.pk)


def test_taken_in_by_the_rules_or_by_hand_with_a_name(here: World) -> None:
    plan = due_visits.plan(here.elder)
    assert (plan.risk, plan.interval_days, plan.due_on, plan.late_on) == ("high", 7, TODAY + 7 * DAY, TODAY + 9 * DAY)
    assert (plan.owner_name, plan.why) == ("陈社工", "高龄独居、空巢或留守")
    assert JournalEntry.objects.filter(kind="visit_plan.enrol", subject_id=plan.pk).count() == 1
    with pytest.raises(AlreadyVisited):
        due_visits.plan(here.elder)
    with pytest.raises(Invalid) as refusal:
        due_visits.plan(here.daughter)
    assert list(refusal.value.fields) == ["risk"]
    assert due_visits.plan(here.daughter, risk="general").interval_days == 90
    with pytest.raises(NotFound):
        enrol(actor=actor_of("stranger"), at=NOON, person_id=here.elder.pk)
    with pytest.raises(NotAllowed):
        enrol(actor=actor_of("dispatcher"), at=NOON, person_id=here.elder.pk)
    assert VisitPlan.objects.count() == 2


def test_seen_moves_the_day_and_a_second_call_does_not(here: World) -> None:
    plan = due_visits.plan(here.elder)
    assert saw(plan, "call", key="once").counts
    assert saw(plan, "call", key="once").pk == Contact.objects.get().pk
    later = NOON + 3 * DAY
    assert not saw(plan, "call", later).counts
    assert (again(plan).seen_on, again(plan).due_on) == (TODAY, TODAY + 7 * DAY)
    assert saw(plan, "home", later).counts
    assert (again(plan).seen_on, again(plan).due_on) == (TODAY + 3 * DAY, TODAY + 10 * DAY)
    for faulty in ({"way": "service"}, {"on": TODAY + 9 * DAY}, {"answered": False}):
        said = {"way": "home", "answered": True, **faulty}
        with pytest.raises(Invalid):
            record_contact(actor=actor_of("social_worker"), at=later, plan_id=plan.pk, **said)  # type: ignore[arg-type]
    assert Contact.objects.count() == 3


def test_two_tries_in_one_day_begin_the_search_step_by_step(here: World) -> None:
    plan = due_visits.plan(here.elder)
    saw(plan, "call", NOON - DAY, answered=False)
    saw(plan, "call", NOON, answered=False)
    assert not NoAnswer.objects.exists()
    saw(plan, "home", NOON + HOUR, answered=False)
    search = NoAnswer.objects.get()
    assert (search.state, search.owner_name, search.tries.count()) == (SearchStep.DOOR, "陈社工", 2)
    assert search.due_at == NOON.replace(hour=15, minute=59)
    worker = actor_of("community_worker")
    with pytest.raises(Invalid):
        search_on(actor=worker, at=NOON + HOUR, search_id=search.pk, note=" ")
    search_on(actor=worker, at=NOON + 2 * HOUR, search_id=search.pk, note="敲门无人应")
    search.refresh_from_db()
    assert (search.state, search.owner_name, search.due_at) == (SearchStep.FAMILY, "刘社区", NOON + 3 * HOUR)
    search_on(actor=worker, at=NOON + 3 * HOUR, search_id=search.pk, note="女儿也不知道")
    search.refresh_from_db()
    assert search.state == SearchStep.POLICE
    with pytest.raises(MoveNotAllowed):
        search_on(actor=worker, at=NOON + 3 * HOUR, search_id=search.pk, note="再找")
    with pytest.raises(NotFound):
        find(actor=actor_of("stranger"), at=NOON, search_id=search.pk, seen=True, outcome="在家")
    found = find(actor=worker, at=NOON + 4 * HOUR, search_id=search.pk, seen=True, outcome="在卫生间摔倒，已送医")
    assert (found.state, found.closed_at) == (SearchStep.FOUND, NOON + 4 * HOUR)
    assert (again(plan).seen_on, found.tries.count()) == (TODAY, 5)
    with pytest.raises(MoveNotAllowed):
        find(actor=worker, at=NOON + 5 * HOUR, search_id=search.pk, seen=True, outcome="在家")


def test_an_answer_ends_the_search(here: World) -> None:
    plan = due_visits.plan(here.elder)
    search = due_visits.unanswered(plan)
    saw(plan, "call", NOON + HOUR)
    search.refresh_from_db()
    assert (search.state, search.outcome) == (SearchStep.FOUND, "电话、视频，已有回应。")


def test_away_home_again_changed_and_ended(here: World) -> None:
    plan, worker = due_visits.plan(here.elder), actor_of("social_worker")
    due_visits.unanswered(plan)
    pause_plan(actor=worker, at=NOON, plan_id=plan.pk, reason="hospital")
    assert NoAnswer.objects.get().outcome == "住院"
    with pytest.raises(Conflict):
        saw(plan, "home")
    resume_plan(actor=worker, at=NOON + 20 * DAY, plan_id=plan.pk)
    assert (again(plan).state, again(plan).due_on) == (PlanState.ACTIVE, TODAY + 21 * DAY)
    saw(plan, "home", NOON + 21 * DAY)
    hasten(actor=worker, at=NOON + 22 * DAY, plan_id=plan.pk, event="fall")
    assert (again(plan).due_on, again(plan).late_on) == (TODAY + 23 * DAY, TODAY + 24 * DAY)
    end_plan(actor=worker, at=NOON, plan_id=plan.pk, reason="随女儿搬走")
    with pytest.raises(Conflict):
        end_plan(actor=worker, at=NOON, plan_id=plan.pk, reason="再退")
    assert due_visits.plan(here.elder).state == PlanState.ACTIVE


def test_a_due_visit_goes_through_the_chain_and_counts(here: World) -> None:
    plan, dispatcher = due_visits.plan(here.elder), actor_of("dispatcher")
    with pytest.raises(Invalid) as refusal:
        order_visit(
            actor=dispatcher, at=NOON, plan_id=plan.pk, carrier_id=here.charity.pk, starts_on=TODAY + DAY
        )  # fmt: skip
    assert list(refusal.value.fields) == ["carrier_id"]
    assert not Need.objects.exists()
    order_visit(actor=dispatcher, at=NOON, plan_id=plan.pk, carrier_id=here.organisation.pk, starts_on=TODAY + DAY)
    order = again(plan).order
    assert order is not None
    assert (order.state, order.item.code, order.need.channel) == (OrderState.SENT, "H402-01", "due_visit")
    with pytest.raises(OnItsWay):
        order_visit(actor=dispatcher, at=NOON, plan_id=plan.pk, carrier_id=here.organisation.pk, starts_on=TODAY + DAY)
    accept_order(
        actor=orders.manager_of(here.organisation), at=NOON, order_id=order.pk, organisation_id=here.organisation.pk
    )  # fmt: skip
    deliver()
    appointment = Appointment.objects.get(order=order)
    assert (appointment.day, appointment.minutes) == (TODAY + DAY, 30)
    # Whoever is seen at home by anybody of the chain has been visited.
    visits.ended(visits.planned(here.elder, here.carer))
    deliver()
    deliver()
    contact = Contact.objects.get()
    assert (contact.way, contact.counts, contact.by_name, again(plan).seen_on) == ("service", True, "周敏", TODAY)
    cancel_order(actor=dispatcher, at=NOON, order_id=order.pk, reason="改期")
    order_visit(actor=dispatcher, at=NOON, plan_id=plan.pk, carrier_id=here.organisation.pk, starts_on=TODAY + DAY)
    assert again(plan).order_id != order.pk


def test_a_standing_carrier_gets_what_comes_due(here: World) -> None:
    plan, worker = due_visits.plan(here.elder), actor_of("social_worker")
    update_plan(actor=worker, at=NOON, plan_id=plan.pk, changes={"carrier_id": here.organisation.pk})
    assert order_due(actor=SYSTEM, at=NOON + 3 * DAY) == 0
    assert order_due(actor=SYSTEM, at=NOON + 4 * DAY) == 1
    assert order_due(actor=SYSTEM, at=NOON + 4 * DAY) == 0
    order = again(plan).order
    assert order is not None
    assert order.starts_on == TODAY + 7 * DAY
    assert Need.objects.get().state == NeedState.IN_SERVICE


def test_the_night_takes_in_whom_the_rules_name_and_nobody_twice(here: World) -> None:
    people.person("无名甲", born_on=here.daughter.born_on, lives_alone=True)
    far = people.person("孤老", lives_alone=True, area_code=OTHER_COMMUNITY)
    actor_of("social_worker")
    assert refresh_plans(actor=SYSTEM, at=NOON) == 1
    assert VisitPlan.objects.get().owner_name == "陈社工"
    actor_of("stranger")
    assert refresh_plans(actor=SYSTEM, at=NOON) == 1
    assert refresh_plans(actor=SYSTEM, at=NOON) == 0
    assert set(VisitPlan.objects.values_list("person_id", flat=True)) == {here.elder.pk, far.pk}
    people.tag(far, "dementia")
    assert refresh_plans(actor=SYSTEM, at=NOON + DAY) == 1
    assert VisitPlan.objects.get(person=far).interval_days == 7


def test_bad_weather_moves_the_days_and_its_end_moves_them_back(here: World) -> None:
    plan = due_visits.plan(here.elder, risk="key")
    street = actor_of("street_manager")
    period = declare_period(
        actor=street, at=NOON, title="寒潮", kind="weather", area_code=COMMUNITY, starts_on=TODAY + 5 * DAY,
        ends_on=TODAY + 9 * DAY,
    )  # fmt: skip
    assert again(plan).due_on == TODAY + 27 * DAY
    with pytest.raises(NotFound):
        end_period(actor=actor_of("stranger"), at=NOON, period_id=period.pk)
    end_period(actor=street, at=NOON, period_id=period.pk)
    assert again(plan).due_on == TODAY + 30 * DAY
    with pytest.raises(Invalid) as refusal:
        declare_period(
            actor=street, at=NOON, title="", kind="rain", area_code=OTHER_COMMUNITY, starts_on=TODAY, ends_on=TODAY - DAY
        )  # fmt: skip
    assert set(refusal.value.fields) == {"title", "kind", "area_code", "ends_on"}


def test_the_monthly_rate_and_the_names_on_what_is_late(here: World) -> None:
    seen, late = due_visits.plan(here.elder), due_visits.plan(people.person("独居甲", lives_alone=True), risk="high")
    away = due_visits.plan(people.person("独居乙", lives_alone=True), at=NOON - 60 * DAY)
    pause_plan(actor=actor_of("social_worker"), at=NOON - 50 * DAY, plan_id=away.pk, reason="away")
    saw(seen, "home", NOON)
    saw(late, "call", NOON, answered=False)
    rows = monthly_rates(actor=actor_of("district_manager"), month=TODAY, on=TODAY + 9 * DAY, level=12)
    assert [(row.area_code, row.people, row.visited, row.share) for row in rows] == [(COMMUNITY, 2, 1, 0.5)]
    assert owners_late(actor=actor_of("social_worker"), on=TODAY + 9 * DAY) == [("陈社工", 2)]
    assert owners_late(actor=actor_of("stranger"), on=TODAY + 9 * DAY) == []
    with pytest.raises(NotAllowed):
        monthly_rates(actor=actor_of("verifier"), month=TODAY, on=TODAY, level=12)


def test_death_ends_the_plan(here: World) -> None:
    plan = due_visits.plan(here.elder)
    record_death(actor=actor_of("social_worker"), at=NOON, person_id=here.elder.pk, died_on=TODAY)
    deliver()
    assert (again(plan).state, again(plan).ended_on) == (PlanState.ENDED, TODAY)
