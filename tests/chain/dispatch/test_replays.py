"""Every kept plan can be replayed: of the engine, mended, and made by hand; one that was tampered with is found."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import dispatch, orders
from tests.factories.cast import World, actor_of, world
from tests.factories.catalogue import BATH, MORNING
from tests.factories.places import NOON, STREET, TODAY
from wushe.chain.dispatch.models import Appointment, Plan
from wushe.chain.dispatch.replays import replays_of
from wushe.chain.dispatch.services import (
    ask_replay,
    change_appointment,
    confirm_plan,
    confirmed_plan,
    mend_day,
    propose_plan,
    replay_plan,
)
from wushe.foundation.errors import NotAllowed, NotFound
from wushe.foundation.jobs.execution import work_off
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.presets.models import Preset
from wushe.registers.workforce.services import report_absence

pytestmark = pytest.mark.django_db

TOMORROW = TODAY + timedelta(days=1)


def planned(w: World, **more: object) -> Plan:
    orders.accepted(w.elder, w.organisation, code=MORNING, starts_on=TOMORROW)
    orders.accepted(w.daughter, w.organisation, code=BATH, starts_on=TOMORROW, window=(840, 900))
    asked = {"actor": actor_of("dispatcher"), "at": NOON, "area_code": STREET, "day": TOMORROW, "seed": 3, **more}
    return propose_plan(**asked, seconds=1)  # type: ignore[arg-type]


def replayed(plan: Plan) -> bool:
    found = replay_plan(actor=actor_of("dispatcher"), at=NOON, plan_id=plan.pk)
    assert found.same_version
    assert found.equal == (found.differences == [])
    return found.equal


def test_proposed_and_mended_plans_come_out_the_same() -> None:
    w = world()
    plan = planned(w, emphasis="familiar")
    assert replayed(plan)
    confirm_plan(actor=actor_of("dispatcher"), at=NOON, plan_id=plan.pk)
    sick = Appointment.objects.get(order__person=w.elder).worker_id
    report_absence(
        actor=actor_of("dispatcher"), at=NOON, worker_id=sick, starts_on=TOMORROW, ends_on=TOMORROW, reason="sick"
    )
    mended = mend_day(actor=actor_of("dispatcher"), at=NOON, area_code=STREET, day=TOMORROW, seed=5)
    assert replayed(mended)
    assert [one.equal for one in replays_of(plan=mended)] == [True]


def test_a_change_by_hand_is_kept_and_comes_out_the_same() -> None:
    """It holds the days of those whom it concerns, who decided, which rules were overridden; it is no plan of the day."""
    w = world()
    plan = planned(w)
    confirm_plan(actor=actor_of("dispatcher"), at=NOON, plan_id=plan.pk)
    row = Appointment.objects.get(order__person=w.elder)
    other = w.second_carer if row.worker_id == w.carer.pk else w.carer
    change_appointment(
        actor=actor_of("dispatcher"), at=NOON, appointment_id=row.pk, worker_id=other.pk, planned_start=500,
        reason="王奶奶要求早点来",
    )  # fmt: skip
    hand = Plan.objects.get(kind="hand")
    assert (hand.state, hand.confirmed_by, hand.base_id) == ("confirmed", actor_of("dispatcher").user_id, plan.pk)
    assert hand.solution["reasons"] == {f"a{row.pk}": {"code": "by_hand", "overridden": ["too_early"]}}
    given = {v["visit"]: (v["person"], v["start"]) for r in hand.solution["routes"] for v in r["visits"]}
    assert given[f"a{row.pk}"] == (f"w{other.pk}", 500)
    assert len(given) == 3, "the bath by two is part of both their days"
    assert "王奶奶" not in str([hand.problem, hand.solution, hand.summary])
    assert replayed(hand)
    row.refresh_from_db()
    assert (row.plan_id, row.worker_id, row.planned_start) == (hand.pk, other.pk, 500)
    in_force = confirmed_plan(area_code=STREET, day=TOMORROW)
    assert in_force is not None
    assert in_force.pk == plan.pk


def test_the_partner_who_moves_along_is_part_of_the_record() -> None:
    w = world()
    confirm_plan(actor=actor_of("dispatcher"), at=NOON, plan_id=planned(w).pk)
    seat = Appointment.objects.get(order__person=w.daughter, seat=1)
    change_appointment(
        actor=actor_of("dispatcher"), at=NOON, appointment_id=seat.pk, worker_id=seat.worker_id, planned_start=880
    )
    hand = Plan.objects.get(kind="hand")
    assert set(hand.solution["reasons"]) == {f"a{seat.pk}", f"a{seat.pair_id}"}
    assert set(Appointment.objects.filter(order__person=w.daughter).values_list("planned_start", "plan")) == {
        (880, hand.pk)
    }
    assert replayed(hand)


def test_a_plan_that_was_tampered_with_is_found() -> None:
    w = world()
    plan = planned(w)
    plan.solution["routes"][0]["visits"][0]["start"] += 1
    plan.save(update_fields=["solution"])
    found = replay_plan(actor=actor_of("dispatcher"), at=NOON, plan_id=plan.pk)
    assert (found.equal, found.differences) == (False, ["routes"])
    entry = JournalEntry.objects.get(kind="plan.replay")
    assert (entry.data["equal"], entry.subject_id) == (False, plan.pk)
    with pytest.raises(CommandError):
        call_command("replay_plan", str(plan.pk), stdout=StringIO())


def test_the_command_says_equal() -> None:
    plan = planned(world())
    told = StringIO()
    call_command("replay_plan", str(plan.pk), stdout=told)
    assert "完全一样 / equal" in told.getvalue()
    with pytest.raises(CommandError, match="没有编号"):
        call_command("replay_plan", "99999999", stdout=StringIO())


def test_who_may_replay() -> None:
    plan = planned(world())
    with pytest.raises(NotAllowed):
        replay_plan(actor=actor_of("social_worker"), at=NOON, plan_id=plan.pk)
    with pytest.raises(NotFound):
        replay_plan(actor=actor_of("dispatcher"), at=NOON, plan_id=plan.pk + 1000)
    assert not JournalEntry.objects.filter(kind="plan.replay").exists()


@pytest.mark.django_db(transaction=True)
def test_a_large_plan_is_replayed_in_the_background() -> None:
    plan = planned(world())
    Preset.objects.filter(key="dispatch.search.inline_visits").update(value=0)
    assert ask_replay(actor=actor_of("dispatcher"), at=NOON, plan_id=plan.pk) is None
    assert replays_of(plan=plan) == []
    assert work_off(clock=lambda: NOON, limit=5) >= 1
    assert [one.equal for one in replays_of(plan=plan)] == [True]


def test_a_day_laid_out_by_hand_needs_no_worker_who_is_gone() -> None:
    """Whoever came is away by now: the record holds the day of who comes instead."""
    w = world()
    row = dispatch.confirmed(orders.accepted(w.elder, w.organisation, starts_on=TOMORROW), w.carer, 540, day=TOMORROW)
    report_absence(
        actor=actor_of("dispatcher"), at=NOON, worker_id=w.carer.pk, starts_on=TOMORROW, ends_on=TOMORROW, reason="sick"
    )
    change_appointment(
        actor=actor_of("dispatcher"), at=NOON, appointment_id=row.pk, worker_id=w.second_carer.pk, planned_start=540
    )
    assert replayed(Plan.objects.get(kind="hand"))
