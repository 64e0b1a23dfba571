"""A plan is proposed by the engine and confirmed by a person; what has changed meanwhile is named."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import dispatch, orders
from tests.factories.cast import World, actor_of, world
from tests.factories.places import NOON, OTHER_STREET, STREET, TODAY
from wushe.chain.dispatch.models import Appointment, Plan, PlanSearch
from wushe.chain.dispatch.services import (
    LocksClash,
    NothingToPlan,
    PlanOutdated,
    ask_search,
    change_appointment,
    confirm_plan,
    discard_plan,
    lock_appointment,
    mend_day,
    plan_day,
    propose_plan,
)
from wushe.chain.orders.models import Order
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.jobs.execution import work_off
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.presets.models import Preset
from wushe.foundation.workflow import MoveNotAllowed
from wushe.registers.workforce.services import report_absence

pytestmark = pytest.mark.django_db

TOMORROW = TODAY + timedelta(days=1)


def proposed(w: World, *, seed: int = 1) -> Plan:
    if not Order.objects.exists():
        orders.accepted(w.elder, w.organisation, starts_on=TOMORROW)
        orders.accepted(w.daughter, w.organisation, starts_on=TOMORROW, window=(840, 900))
    return propose_plan(actor=actor_of("dispatcher"), at=NOON, area_code=STREET, day=TOMORROW, seed=seed, seconds=1)


def test_a_proposal_changes_nothing_until_a_person_confirms_it() -> None:
    w = world()
    plan = proposed(w)
    assert (plan.state, plan.kind, plan.summary["served"]) == ("proposed", "day", 2)
    assert set(Appointment.objects.values_list("state", flat=True)) == {"open"}
    confirm_plan(actor=actor_of("dispatcher"), at=NOON, plan_id=plan.pk)
    plan.refresh_from_db()
    assert (plan.state, plan.confirmed_at, plan.confirmed_by) == ("confirmed", NOON, actor_of("dispatcher").user_id)
    rows = Appointment.objects.all()
    assert {(r.state, r.plan_id) for r in rows} == {("confirmed", plan.pk)}
    assert all(r.worker_id and r.planned_start and r.reason["code"] for r in rows)
    assert set(Order.objects.values_list("leg_due_at", flat=True)) == {None}
    assert JournalEntry.objects.filter(kind="appointment.confirm").count() == 2
    with pytest.raises(MoveNotAllowed):
        confirm_plan(actor=actor_of("dispatcher"), at=NOON, plan_id=plan.pk)


def test_a_new_plan_supersedes_the_old_and_puts_rivals_away() -> None:
    w = world()
    first = proposed(w)
    confirm_plan(actor=actor_of("dispatcher"), at=NOON, plan_id=first.pk)
    second, rival = proposed(w, seed=2), proposed(w, seed=3)
    assert second.base_id == first.pk
    assert second.summary["changes"] == 0
    confirm_plan(actor=actor_of("dispatcher"), at=NOON, plan_id=second.pk)
    states = dict(Plan.objects.values_list("pk", "state"))
    assert states == {first.pk: "superseded", second.pk: "confirmed", rival.pk: "discarded"}


def test_a_plan_of_yesterdays_world_is_refused_with_what_changed() -> None:
    w = world()
    plan = proposed(w)
    before = list(Appointment.objects.order_by("pk").values_list("state", "worker_id"))
    carers = {int(route["person"][1:]) for route in plan.solution["routes"]}
    for pk in carers:
        report_absence(
            actor=actor_of("dispatcher"), at=NOON, worker_id=pk, starts_on=TOMORROW, ends_on=TOMORROW, reason="sick"
        )
    Appointment.objects.filter(order__person=w.elder).update(state="cancelled")
    with pytest.raises(PlanOutdated) as refused:
        confirm_plan(actor=actor_of("dispatcher"), at=NOON, plan_id=plan.pk)
    assert len(refused.value.changes) == 1 + len(carers)
    assert any("取消" in text for text in refused.value.changes)
    assert any("不在岗" in text for text in refused.value.changes)
    assert Plan.objects.get(pk=plan.pk).state == "proposed"
    after = list(Appointment.objects.exclude(order__person=w.elder).values_list("state", "worker_id"))
    assert after == before[1:] == [("open", None)]


def test_a_worker_who_was_given_another_visit_meanwhile_is_noticed() -> None:
    w = world()
    orders.accepted(w.elder, w.organisation, starts_on=TOMORROW)
    plan = proposed(w)
    worker = int(plan.solution["routes"][0]["person"][1:])
    late = dispatch.opened(orders.accepted(w.daughter, w.organisation, starts_on=TOMORROW), until=TOMORROW)[0]
    Appointment.objects.filter(pk=late.pk).update(state="confirmed", worker_id=worker, planned_start=540)
    with pytest.raises(PlanOutdated, match="又被安排"):
        confirm_plan(actor=actor_of("dispatcher"), at=NOON, plan_id=plan.pk)


def test_a_sick_call_is_mended_with_the_fewest_changes() -> None:
    w = world()
    plan = proposed(w)
    confirm_plan(actor=actor_of("dispatcher"), at=NOON, plan_id=plan.pk)
    elder, daughter = (Appointment.objects.get(order__person=p) for p in (w.elder, w.daughter))
    Appointment.objects.filter(pk=elder.pk).update(worker=w.carer)
    Appointment.objects.filter(pk=daughter.pk).update(worker=w.second_carer)
    report_absence(
        actor=actor_of("dispatcher"), at=NOON, worker_id=w.carer.pk, starts_on=TOMORROW, ends_on=TOMORROW, reason="sick"
    )
    morning = NOON + timedelta(hours=19, minutes=40)
    assert timezone.localtime(morning).strftime("%H:%M") == "07:40"
    mended = mend_day(actor=actor_of("dispatcher"), at=morning, area_code=STREET, day=TOMORROW, seed=1)
    assert mended.kind == "mend"
    confirm_plan(actor=actor_of("dispatcher"), at=morning, plan_id=mended.pk)
    elder.refresh_from_db()
    assert (elder.worker_id, elder.state) == (w.second_carer.pk, "confirmed")
    untouched = Appointment.objects.get(pk=daughter.pk)
    assert (untouched.worker_id, untouched.planned_start) == (w.second_carer.pk, daughter.planned_start)
    assert JournalEntry.objects.filter(kind="appointment.change").count() == 1


def test_locked_visits_stay_and_clashing_locks_are_named() -> None:
    w = world()
    confirm_plan(actor=actor_of("dispatcher"), at=NOON, plan_id=proposed(w).pk)
    elder, daughter = (Appointment.objects.get(order__person=p) for p in (w.elder, w.daughter))
    change_appointment(
        actor=actor_of("dispatcher"), at=NOON, appointment_id=elder.pk, worker_id=w.second_carer.pk, planned_start=570,
        lock=True,
    )  # fmt: skip
    plan = proposed(w, seed=5)
    confirm_plan(actor=actor_of("dispatcher"), at=NOON, plan_id=plan.pk)
    elder.refresh_from_db()
    assert (elder.worker_id, elder.planned_start, elder.locked) == (w.second_carer.pk, 570, True)
    Appointment.objects.filter(pk=daughter.pk).update(worker=w.second_carer, planned_start=580)
    lock_appointment(actor=actor_of("dispatcher"), at=NOON, appointment_id=daughter.pk, locked=True)
    with pytest.raises(LocksClash, match="时间赶不上"):
        proposed(w, seed=6)


def test_who_may_plan_and_confirm() -> None:
    w = world()
    plan = proposed(w)
    with pytest.raises(NotAllowed):
        propose_plan(actor=actor_of("social_worker"), at=NOON, area_code=STREET, day=TOMORROW, seed=1, seconds=1)
    with pytest.raises(NotFound):
        propose_plan(actor=actor_of("dispatcher"), at=NOON, area_code="110101001", day=TOMORROW, seed=1, seconds=1)
    with pytest.raises(NothingToPlan):
        propose_plan(actor=actor_of("dispatcher"), at=NOON, area_code=OTHER_STREET, day=TOMORROW, seed=1, seconds=1)
    with pytest.raises(Invalid) as refused:
        propose_plan(
            actor=actor_of("dispatcher"), at=NOON, area_code=STREET, day=TODAY - timedelta(days=1), seed=1, seconds=999
        )
    assert list(refused.value.fields) == ["day"]
    with pytest.raises(NotAllowed):
        confirm_plan(actor=actor_of("organisation_a"), at=NOON, plan_id=plan.pk)
    discard_plan(actor=actor_of("dispatcher"), at=NOON, plan_id=plan.pk)
    assert Plan.objects.get(pk=plan.pk).state == "discarded"


def test_a_small_day_is_planned_at_once_and_a_large_one_is_asked_for() -> None:
    w = world()
    orders.accepted(w.elder, w.organisation, starts_on=TOMORROW)
    asked = {"actor": actor_of("dispatcher"), "at": NOON, "area_code": STREET, "day": TOMORROW, "seed": 1, "seconds": 1}
    assert isinstance(plan_day(**asked), Plan)
    Preset.objects.filter(key="dispatch.search.inline_visits").update(value=0)
    assert isinstance(plan_day(**asked), PlanSearch)


@pytest.mark.django_db(transaction=True)
def test_a_large_day_is_planned_in_the_background() -> None:
    w = world()
    orders.accepted(w.elder, w.organisation, starts_on=TOMORROW)
    search = ask_search(actor=actor_of("dispatcher"), at=NOON, area_code=STREET, day=TOMORROW, seed=4, seconds=1)
    empty = ask_search(actor=actor_of("dispatcher"), at=NOON, area_code=OTHER_STREET, day=TOMORROW, seed=4, seconds=1)
    assert work_off(clock=lambda: NOON, limit=5) == 2
    search.refresh_from_db()
    empty.refresh_from_db()
    assert (search.stage, search.percent) == ("found", 100)
    assert search.plan is not None
    assert (search.plan.seed, search.plan.proposed_by) == (4, actor_of("dispatcher").user_id)
    assert (empty.stage, empty.refusal, empty.plan) == ("failed", "这一天没有需要安排的服务。", None)
    assert PlanSearch.objects.count() == 2
