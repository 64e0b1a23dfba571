"""Every break: a row that counts, a near miss that does not, and nothing for a stranger."""

from datetime import timedelta

import pytest

from tests.factories import dispatch, needs, orders, visits
from tests.factories.cast import World, actor_of, world
from tests.factories.places import NOON, OTHER_STREET, STREET, TODAY
from tests.oversight.world import count_of, post
from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.chain.needs.services import close_need
from wushe.chain.projects.models import Project
from wushe.chain.projects.services import attach_needs
from wushe.chain.settlement.models import Settlement
from wushe.chain.settlement.services import settle
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import NotAllowed, NotFound
from wushe.oversight.selectors.breaks import (
    break_rows,
    breaks,
    breaks_by_area,
    breaks_table,
    for_whom,
    oldest,
    stages,
    why,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def test_nothing_breaks_in_an_empty_chain(here: World) -> None:
    found = {
        one.kind.code: one.count for one in breaks(actor=actor_of("district_manager"), area_code="511602", at=NOON)
    }
    assert found.pop("volunteers_without_post") == 1
    assert set(found.values()) == {0}


def test_a_need_breaks_once_its_time_for_triage_is_over(here: World) -> None:
    needs.recorded(here.elder)
    assert count_of("needs_untriaged", at=NOON + timedelta(minutes=240)) == 0
    assert count_of("needs_untriaged", at=NOON + timedelta(minutes=241)) == 1


def test_a_triaged_need_without_project_or_linkage_breaks(here: World) -> None:
    need = needs.triaged(here.elder)
    assert count_of("needs_without_project") == 1
    project = needs.project(here.organisation)
    attach_needs(actor=actor_of("social_worker"), at=NOON, project_id=project.pk, need_ids=[need.pk])
    assert count_of("needs_without_project") == 0


def test_a_closed_need_is_no_break(here: World) -> None:
    need = needs.triaged(here.elder)
    close_need(actor=actor_of("social_worker"), at=NOON, need_id=need.pk, reason="家属已办")
    assert count_of("needs_without_project") == 0


def test_a_linked_need_without_order_breaks_until_one_is_placed(here: World) -> None:
    needs.linked(here.elder, here.organisation)
    assert count_of("needs_without_order") == 1
    orders.placed(here.elder)
    assert count_of("needs_without_order") == 1, "the second need has its order, the first still waits"


def test_a_project_without_carrier_breaks(here: World) -> None:
    Project.objects.create(title="没有人做的项目", area_code=STREET)
    needs.project(here.organisation, running=False)
    assert count_of("projects_without_carrier") == 1


def test_an_order_breaks_when_its_leg_runs_out_not_before(here: World) -> None:
    order = orders.sent(here.elder, here.organisation)
    assert order.leg_due_at is not None
    assert count_of("orders_without_taker", at=order.leg_due_at) == 0
    assert count_of("orders_without_taker", at=order.leg_due_at + timedelta(minutes=1)) == 1
    orders.accepted(here.daughter, here.organisation)
    assert count_of("orders_without_taker", at=NOON + timedelta(days=9)) == 1


def test_an_open_appointment_breaks_from_the_day_before(here: World) -> None:
    order = orders.accepted(here.elder, here.organisation, starts_on=TODAY + timedelta(days=2))
    dispatch.opened(order, until=TODAY + timedelta(days=2))
    assert count_of("appointments_without_person") == 0
    assert count_of("appointments_without_person", at=NOON + timedelta(days=1)) == 1


def test_a_planned_appointment_is_no_break(here: World) -> None:
    visits.planned(here.elder, here.carer)
    assert count_of("appointments_without_person") == 0


def test_a_missed_appointment_breaks_for_thirty_days(here: World) -> None:
    row = visits.planned(here.elder, here.carer)
    Appointment.objects.filter(pk=row.pk).update(state=AppointmentState.MISSED)
    assert count_of("appointments_missed") == 1
    assert count_of("appointments_missed", at=NOON + timedelta(days=30)) == 1
    assert count_of("appointments_missed", at=NOON + timedelta(days=31)) == 0


def test_a_visit_without_its_photos_breaks_one_with_them_does_not(here: World) -> None:
    visits.ended(visits.planned(here.elder, here.carer), evidence=True)
    assert count_of("visits_without_proof") == 0
    visits.ended(visits.planned(here.daughter, here.second_carer), evidence=False)
    assert count_of("visits_without_proof") == 1


def test_work_breaks_when_its_settlement_is_blocked(here: World) -> None:
    visit = visits.accepted(
        visits.ended(visits.planned(here.elder, here.carer), evidence=True), verifier=actor_of("verifier")
    )
    assert count_of("work_without_money") == 0
    settle(actor=SYSTEM, at=NOON + timedelta(hours=9), visit_id=visit.pk)
    assert Settlement.objects.get().blocked_by
    assert count_of("work_without_money") == 1


def test_a_volunteer_breaks_without_a_post_held_today(here: World) -> None:
    assert count_of("volunteers_without_post") == 1
    row = post(holder=here.volunteer)
    assert count_of("volunteers_without_post") == 0
    row.holders.update(ends_on=TODAY - timedelta(days=1))
    assert count_of("volunteers_without_post") == 1


def test_a_post_breaks_while_places_are_free(here: World) -> None:
    row = post(places=2, holder=here.volunteer)
    assert count_of("posts_without_volunteers") == 1
    row.places = 1
    row.save()
    assert count_of("posts_without_volunteers") == 0


def test_a_stranger_counts_nothing_of_the_other_street(here: World) -> None:
    needs.triaged(here.elder)
    assert count_of("needs_without_project", who="stranger", area=OTHER_STREET) == 0
    assert count_of("needs_without_project", who="stranger", area=STREET) == 0
    rows = break_rows(actor=actor_of("stranger"), code="needs_without_project", area_code=STREET, at=NOON)
    assert not rows.exists()


def test_the_figure_is_the_number_of_its_rows(here: World) -> None:
    first, second = needs.triaged(here.elder), needs.triaged(here.daughter)
    rows = break_rows(actor=actor_of("street_manager"), code="needs_without_project", area_code=STREET, at=NOON)
    assert [row.pk for row in rows] == [first.pk, second.pk]
    assert count_of("needs_without_project", who="street_manager", area=STREET) == 2


def test_figures_of_communities_add_up_to_the_street(here: World) -> None:
    for person in (here.elder, here.daughter, here.daughter):
        needs.triaged(person)
    who, at = actor_of("district_manager"), NOON
    inside = breaks_by_area(actor=who, code="needs_without_project", area_code=STREET, at=at, column="community_code")
    assert inside == {"511602001001": 1, "511602001002": 2}
    table = breaks_table(actor=who, area_code="511602", at=at, column="street_code")
    assert table[STREET]["needs_without_project"] == 3


def test_why_for_whom_and_since_when(here: World) -> None:
    needs.triaged(here.elder)
    needs.triaged(here.daughter)
    where = {"actor": actor_of("district_manager"), "code": "needs_without_project", "area_code": "511602", "at": NOON}
    assert [(one.label, one.count) for one in for_whom(**where)] == [("涉及居民", 2), ("80岁以上", 1), ("独居", 1)]
    assert [one.count for one in why(**where)] == [2]
    assert oldest(**where) == NOON


def test_why_nobody_takes_an_order_is_what_the_asked_said(here: World) -> None:
    from wushe.chain.orders.services import refuse_offer

    order = orders.sent(here.elder, here.organisation)
    refuse_offer(
        actor=orders.manager_of(here.organisation), at=NOON, order_id=order.pk, organisation_id=here.organisation.pk,
        reason="人手不够",
    )  # fmt: skip
    where = {"actor": actor_of("district_manager"), "code": "orders_without_taker", "area_code": "511602", "at": NOON}
    assert [(one.label, one.count) for one in why(**where)] == [("人手不够", 1)]


def test_stages_say_what_is_in_hand(here: World) -> None:
    needs.recorded(here.elder)
    needs.triaged(here.daughter)
    loads = {one.stage.code: one for one in stages(actor=actor_of("district_manager"), area_code="511602", at=NOON)}
    assert (loads["need"].in_hand, loads["need"].stopped) == (1, 0)
    assert (loads["link"].in_hand, loads["link"].stopped) == (1, 1)


def test_roles_without_the_right_and_unknown_breaks_are_refused(here: World) -> None:
    with pytest.raises(NotAllowed):
        breaks(actor=actor_of("organisation_a"), area_code="511602", at=NOON)
    with pytest.raises(NotFound):
        break_rows(actor=actor_of("district_manager"), code="nothing", area_code="511602", at=NOON)


def test_all_breaks_are_counted_in_two_queries(here: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    actor = actor_of("district_manager")
    with django_assert_num_queries(2):  # the preset of the triage deadline, and all counts at once
        breaks(actor=actor, area_code="511602", at=NOON)
