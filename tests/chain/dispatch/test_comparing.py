"""Two proposals side by side: amounts, the people affected, and who works more."""

from datetime import timedelta

import pytest

from tests.factories import dispatch, orders
from tests.factories.cast import World, actor_of, world
from tests.factories.catalogue import MORNING
from tests.factories.places import NOON, OTHER_STREET, STREET, TODAY
from wushe.chain.dispatch.models import Appointment, Plan
from wushe.chain.dispatch.proposals import compare_plans
from wushe.chain.dispatch.services import change_appointment, confirm_plan, propose_plan
from wushe.faces.www.centre.wording import compared, comparison_in_words
from wushe.foundation.errors import NotFound

pytestmark = pytest.mark.django_db

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def here() -> World:
    w = world()
    orders.accepted(w.elder, w.organisation, code=MORNING, starts_on=TOMORROW, window=(540, 541))
    dispatch.opened(orders.accepted(w.elder, w.organisation, code=MORNING), until=TODAY)
    Appointment.objects.filter(day=TODAY).update(state="kept", worker=w.carer, planned_start=540)
    return w


def proposed(**more: object) -> Plan:
    asked = {"actor": actor_of("dispatcher"), "at": NOON, "area_code": STREET, "day": TOMORROW, "seed": 1, **more}
    return propose_plan(**asked, seconds=1)  # type: ignore[arg-type]


def test_what_got_better_what_worse_and_who_is_affected(here: World) -> None:
    """The first plan has the familiar 周敏; in the second she is away and 吴芳, a stranger, comes; one more is served."""
    first = proposed()
    assert first.solution["routes"][0]["person"] == f"w{here.carer.pk}"
    here.carer.absences.create(starts_on=TOMORROW, ends_on=TOMORROW, reason="leave")
    orders.accepted(here.daughter, here.organisation, code=MORNING, starts_on=TOMORROW, window=(900, 901))
    second = proposed()
    found = compare_plans(actor=actor_of("dispatcher"), first_id=first.pk, second_id=second.pk)
    assert ("usual_kept", 1, 0) in found.amounts
    assert found.affected == {"assigned": 1, "dropped": 0, "reassigned": 1, "moved": 0, "strangers": 1}
    loads = {one.worker.pk: (one.visits, one.minutes[0] > 0, one.minutes[1] > 0) for one in found.loads}
    assert loads == {here.carer.pk: ((1, 0), True, False), here.second_carer.pk: ((0, 2), False, True)}
    reassigned = next(change for change in found.changes if change.kind == "reassigned")
    assert reassigned.familiar is False
    assert reassigned.reasons[0] == "周敏当天请假。"
    words = comparison_in_words(found, compared(found))
    assert words[-1] == "影响：1位老人多得到服务，1位老人换人上门（其中1位换成近期没去过的人）。"
    assert "由熟悉的人上门少1次" in words[-2]


def test_the_same_plan_twice_differs_in_nothing(here: World) -> None:
    first, second = proposed(), proposed()
    found = compare_plans(actor=actor_of("dispatcher"), first_id=first.pk, second_id=second.pk)
    assert (found.changes, found.loads) == ([], [])
    assert comparison_in_words(found, compared(found)) == ["两个方案的人员和时间完全一样。"]


def test_plans_of_different_days_or_places_are_not_compared(here: World) -> None:
    first = proposed()
    orders.accepted(here.elder, here.organisation, code=MORNING, starts_on=TOMORROW + timedelta(days=1))
    later = proposed(day=TOMORROW + timedelta(days=1))
    with pytest.raises(NotFound):
        compare_plans(actor=actor_of("dispatcher"), first_id=first.pk, second_id=later.pk)
    with pytest.raises(NotFound):
        compare_plans(actor=actor_of("stranger"), first_id=first.pk, second_id=first.pk)
    assert OTHER_STREET != STREET


def test_the_emphasis_weighs_the_parts(here: World) -> None:
    plain, familiar = proposed(), proposed(emphasis="familiar")
    weights = [plan.problem["objective"] for plan in (plain, familiar)]
    assert weights[1]["continuity"] == 4 * weights[0]["continuity"]
    assert weights[1]["travel"] == weights[0]["travel"]
    assert (plain.summary["emphasis"], familiar.summary["emphasis"]) == ("balanced", "familiar")


def test_the_rest_is_planned_around_what_is_locked(here: World) -> None:
    """A visit that a person gave to somebody else and locked stays there, whatever the engine would rather do."""
    confirm_plan(actor=actor_of("dispatcher"), at=NOON, plan_id=proposed().pk)
    row = Appointment.objects.get(day=TOMORROW)
    change_appointment(
        actor=actor_of("dispatcher"), at=NOON, appointment_id=row.pk, worker_id=here.second_carer.pk,
        planned_start=540, lock=True,
    )  # fmt: skip
    orders.accepted(here.daughter, here.organisation, code=MORNING, starts_on=TOMORROW, window=(540, 541))
    plan = proposed(seed=9)
    given = {v["visit"]: v["person"] for r in plan.solution["routes"] for v in r["visits"]}
    assert given[f"a{row.pk}"] == f"w{here.second_carer.pk}"
    assert len(given) == 2
    assert plan.summary["changes"] == 0
