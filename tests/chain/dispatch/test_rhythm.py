"""The weekly rhythm: who came on this weekday comes again at the same time, and what cannot be so is told."""

from datetime import timedelta

import pytest

from tests.factories import dispatch, orders
from tests.factories.cast import World, actor_of, world
from tests.factories.catalogue import MORNING
from tests.factories.places import NOON, STREET, TODAY
from wushe.chain.dispatch.facts import read_day
from wushe.chain.dispatch.models import Appointment, Plan
from wushe.chain.dispatch.proposals import breaks_of_rhythm, changes_of
from wushe.chain.dispatch.services import confirm_plan, mend_day, propose_plan
from wushe.chain.orders.models import Order
from wushe.registers.people.models import Person
from wushe.registers.workforce.models import Worker
from wushe.registers.workforce.services import report_absence

pytestmark = pytest.mark.django_db

NEXT_MONDAY = TODAY + timedelta(days=7)


def recurring(w: World, person: Person, *, window: tuple[int, int] = (480, 900), weekdays: str = "1") -> Order:
    return orders.accepted(
        person, w.organisation, code=MORNING, starts_on=TODAY, visits=8, weekdays=weekdays, window=window
    )


def came(order: Order, worker: Worker, start: int, *, number: int = 1) -> Appointment:
    """Let a turn of the order have been kept."""
    rows = dispatch.opened(order, until=NEXT_MONDAY)
    row = next(one for one in rows if one.number == number)
    Appointment.objects.filter(pk=row.pk).update(state="kept", worker=worker, planned_start=start)
    return row


def proposed() -> Plan:
    return propose_plan(actor=actor_of("dispatcher"), at=NOON, area_code=STREET, day=NEXT_MONDAY, seed=1, seconds=1)


def given(plan: Plan) -> set[tuple[int, int]]:
    return {(int(v["person"][1:]), v["start"]) for r in plan.solution["routes"] for v in r["visits"]}


def test_a_recurring_visit_keeps_carer_and_time() -> None:
    """With an empty day nothing but the rhythm speaks for 吴芳 at 13:40: all else would have the first start."""
    w = world()
    came(recurring(w, w.elder), w.second_carer, 820)
    plan = proposed()
    assert given(plan) == {(w.second_carer.pk, 820)}
    assert (plan.summary["rhythm"], plan.summary["rhythm_kept"], plan.summary["changes"]) == (1, 1, 0)
    assert breaks_of_rhythm(actor=actor_of("dispatcher"), plan=plan) == []


def test_a_single_visit_has_no_rhythm() -> None:
    w = world()
    came(recurring(w, w.elder), w.second_carer, 820)
    once = orders.accepted(w.daughter, w.organisation, code=MORNING, starts_on=NEXT_MONDAY)
    dispatch.opened(once, until=NEXT_MONDAY)
    facts = read_day(area_code=STREET, day=NEXT_MONDAY)
    assert len(facts.appointments) == 2
    assert [facts.rhythm[a.pk].worker_id for a in facts.appointments if a.pk in facts.rhythm] == [w.second_carer.pk]


def test_the_same_weekday_counts_before_the_day_before() -> None:
    w = world()
    order = recurring(w, w.elder, weekdays="12345")
    came(order, w.second_carer, 820)
    came(order, w.carer, 500, number=5)
    facts = read_day(area_code=STREET, day=NEXT_MONDAY)
    (turn,) = facts.rhythm.values()
    assert (turn.worker_id, turn.start, turn.day) == (w.second_carer.pk, 820, TODAY)


def test_what_breaks_the_rhythm_is_told_with_why() -> None:
    w = world()
    came(recurring(w, w.elder), w.second_carer, 820)
    report_absence(
        actor=actor_of("dispatcher"), at=NOON, worker_id=w.second_carer.pk, starts_on=NEXT_MONDAY,
        ends_on=NEXT_MONDAY, reason="sick",
    )  # fmt: skip
    plan = proposed()
    assert (plan.summary["served"], plan.summary["rhythm_kept"]) == (1, 0)
    (told,) = breaks_of_rhythm(actor=actor_of("dispatcher"), plan=plan)
    assert (told.worker_before, told.start_before, told.worker_after) == (w.second_carer, 820, w.carer)
    assert (told.kind, told.familiar, told.day_before) == ("reassigned", False, TODAY)
    assert told.reasons[0] == "吴芳当天生病。"


def test_the_rhythm_gives_way_rather_than_leave_somebody_out() -> None:
    """Of two elders who are used to 周敏 at 9:50 and 9:40 only one can have her then; both are served, one otherwise."""
    w = world()
    Worker.objects.filter(pk=w.second_carer.pk).update(ends_on=TODAY)
    came(recurring(w, w.elder, window=(480, 600)), w.carer, 590)
    came(recurring(w, w.daughter, window=(480, 600)), w.carer, 580)
    plan = proposed()
    assert (plan.summary["served"], plan.summary["left_out"], plan.summary["rhythm_kept"]) == (2, 0, 1)
    assert len(breaks_of_rhythm(actor=actor_of("dispatcher"), plan=plan)) == 1


def test_the_rhythm_is_no_published_time() -> None:
    """A first plan changes nothing that anybody has been told; a mended one changes only that."""
    w = world()
    came(recurring(w, w.elder), w.second_carer, 820)
    plan = proposed()
    confirm_plan(actor=actor_of("dispatcher"), at=NOON, plan_id=plan.pk)
    report_absence(
        actor=actor_of("dispatcher"), at=NOON, worker_id=w.second_carer.pk, starts_on=NEXT_MONDAY,
        ends_on=NEXT_MONDAY, reason="sick",
    )  # fmt: skip
    mended = mend_day(actor=actor_of("dispatcher"), at=NOON, area_code=STREET, day=NEXT_MONDAY, seed=1)
    assert mended.summary["changes"] == 1
    (change,) = changes_of(actor=actor_of("dispatcher"), plan=mended)
    assert change.reasons[0] == "吴芳当天生病。"
    assert len(breaks_of_rhythm(actor=actor_of("dispatcher"), plan=mended)) == 1
