"""Changes by hand: consequences first, broken rules refused, locks, missed visits."""

from datetime import timedelta

import pytest

from tests.factories import dispatch, orders, people, workforce
from tests.factories.cast import World, actor_of, world
from tests.factories.catalogue import BATH
from tests.factories.places import NOON, TODAY
from wushe.chain.dispatch.handwork import ChangeBreaksRules, NoFit
from wushe.chain.dispatch.models import Appointment
from wushe.chain.dispatch.services import (
    change_appointment,
    find_alternatives,
    keep_appointment,
    lock_appointment,
    miss_overdue,
    preview_change,
    reschedule_appointment,
)
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed

pytestmark = pytest.mark.django_db

TOMORROW = TODAY + timedelta(days=1)


def planned(w: World, start: int = 570, **fields: object) -> Appointment:
    order = orders.accepted(w.elder, w.organisation, starts_on=TOMORROW, **fields)
    return dispatch.confirmed(order, w.carer, start, day=TOMORROW)


def test_a_visit_is_given_to_another_and_remembers_it() -> None:
    w = world()
    row = planned(w)
    found = preview_change(
        actor=actor_of("dispatcher"), at=NOON, appointment_id=row.pk, worker_id=w.second_carer.pk, planned_start=600
    )
    assert (found.broken, found.affected) == ([], [])
    change_appointment(
        actor=actor_of("dispatcher"), at=NOON, appointment_id=row.pk, worker_id=w.second_carer.pk, planned_start=600
    )
    row.refresh_from_db()
    assert (row.worker_id, row.planned_start, row.state, row.locked) == (w.second_carer.pk, 600, "confirmed", False)
    data = JournalEntry.objects.get(kind="appointment.change").data
    assert (data["worker_before"], data["worker"], data["start_before"], data["start"]) == (
        w.carer.pk, w.second_carer.pk, 570, 600,
    )  # fmt: skip


def test_an_unassigned_visit_is_given_out_at_the_best_time() -> None:
    w = world()
    row = dispatch.opened(orders.accepted(w.elder, w.organisation, starts_on=TOMORROW), until=TOMORROW)[0]
    change_appointment(actor=actor_of("dispatcher"), at=NOON, appointment_id=row.pk, worker_id=w.carer.pk)
    row.refresh_from_db()
    assert (row.state, row.worker_id, row.planned_start) == ("confirmed", w.carer.pk, 540)


def test_a_change_that_breaks_rules_is_refused_unless_a_dispatcher_takes_it_on() -> None:
    w = world()
    row = planned(w)
    unskilled = workforce.worker("无技能", organisation=w.organisation, skills=())
    move = {"appointment_id": row.pk, "worker_id": unskilled.pk, "planned_start": 480}
    with pytest.raises(ChangeBreaksRules) as refused:
        change_appointment(actor=actor_of("dispatcher"), at=NOON, **move)
    texts = [rule.text for rule in refused.value.consequences.broken]
    assert any("居室清洁" in text for text in texts)
    assert any("早于约定的最早上门时间 09:00" in text for text in texts)
    with pytest.raises(ChangeBreaksRules):
        change_appointment(actor=actor_of("organisation_a"), at=NOON, reason="我来负责", **move)
    row.refresh_from_db()
    assert (row.worker_id, row.planned_start) == (w.carer.pk, 570)
    change_appointment(actor=actor_of("dispatcher"), at=NOON, reason="家属要求提前", lock=True, **move)
    row.refresh_from_db()
    assert (row.worker_id, row.planned_start, row.locked) == (unskilled.pk, 480, True)
    assert "no_skill" in JournalEntry.objects.get(kind="appointment.change").data["overridden"]


def test_kin_and_absent_people_are_never_sent() -> None:
    w = world()
    row = planned(w)
    people.relation(w.elder, w.second_carer.person)
    away = workforce.worker("请假的", organisation=w.organisation)
    away.absences.create(starts_on=TOMORROW, ends_on=TOMORROW, reason="leave")
    for worker, text in ((w.second_carer, "应当回避"), (away, "不在岗")):
        with pytest.raises(ChangeBreaksRules, match=text):
            change_appointment(
                actor=actor_of("dispatcher"), at=NOON, appointment_id=row.pk, worker_id=worker.pk, planned_start=570,
                reason="没有别人",
            )  # fmt: skip
    row.refresh_from_db()
    assert row.worker_id == w.carer.pk


def test_other_visits_that_can_no_longer_be_reached_are_named() -> None:
    w = world()
    row = planned(w)
    other = dispatch.confirmed(
        orders.accepted(w.daughter, w.organisation, starts_on=TOMORROW), w.second_carer, 600, day=TOMORROW
    )
    found = preview_change(
        actor=actor_of("dispatcher"), at=NOON, appointment_id=row.pk, worker_id=w.second_carer.pk, planned_start=570
    )
    assert [a.pk for a in found.affected] == [other.pk]
    assert [rule.code for rule in found.broken] == ["no_time"]
    fitted = preview_change(
        actor=actor_of("dispatcher"), at=NOON, appointment_id=row.pk, worker_id=w.carer.pk, planned_start=None
    )
    assert fitted.start == 540


def test_both_seats_of_a_pair_move_together_and_are_two_people() -> None:
    w = world()
    first, second = dispatch.opened(
        orders.accepted(w.elder, w.organisation, code=BATH, starts_on=TOMORROW), until=TOMORROW
    )
    for row, worker in ((first, w.carer), (second, w.second_carer)):
        Appointment.objects.filter(pk=row.pk).update(state="confirmed", worker=worker, planned_start=540)
    change_appointment(
        actor=actor_of("dispatcher"), at=NOON, appointment_id=first.pk, worker_id=w.carer.pk, planned_start=590
    )
    assert set(Appointment.objects.values_list("planned_start", flat=True)) == {590}
    with pytest.raises(ChangeBreaksRules, match="不能是同一人"):
        change_appointment(
            actor=actor_of("dispatcher"), at=NOON, appointment_id=first.pk, worker_id=w.second_carer.pk,
            planned_start=590, reason="人手不够",
        )  # fmt: skip


def test_alternatives_are_those_who_may_come_and_fit() -> None:
    w = world()
    row = planned(w)
    rows = find_alternatives(actor=actor_of("dispatcher"), at=NOON, appointment_id=row.pk)
    assert [(r.worker.pk, r.start, r.current) for r in rows] == [
        (w.carer.pk, 540, True),
        (w.second_carer.pk, 540, False),
    ]
    busy = dispatch.confirmed(
        orders.accepted(w.daughter, w.organisation, starts_on=TOMORROW), w.second_carer, 560, day=TOMORROW
    )
    rows = find_alternatives(actor=actor_of("dispatcher"), at=NOON, appointment_id=row.pk)
    assert [r.worker.pk for r in rows] == [w.carer.pk]
    with pytest.raises(NoFit):
        preview_change(
            actor=actor_of("dispatcher"), at=NOON, appointment_id=row.pk, worker_id=busy.worker_id, planned_start=None
        )


def test_scope_and_rights_of_changes() -> None:
    w = world()
    row = planned(w)
    move = {"appointment_id": row.pk, "worker_id": w.second_carer.pk, "planned_start": 570}
    with pytest.raises(NotAllowed):
        change_appointment(actor=actor_of("stranger"), at=NOON, **move)
    with pytest.raises(NotFound):
        change_appointment(actor=actor_of("organisation_b"), at=NOON, **move)
    with pytest.raises(NotFound):
        change_appointment(actor=actor_of("organisation_a"), at=NOON, **{**move, "worker_id": w.third_carer.pk})
    change_appointment(actor=actor_of("organisation_a"), at=NOON, **move)
    Appointment.objects.filter(pk=row.pk).update(state="kept")
    with pytest.raises(MoveNotAllowed):
        change_appointment(actor=actor_of("dispatcher"), at=NOON, **move)


def test_a_visit_is_locked_and_freed() -> None:
    w = world()
    row = planned(w)
    lock_appointment(actor=actor_of("dispatcher"), at=NOON, appointment_id=row.pk, locked=True)
    assert Appointment.objects.get(pk=row.pk).locked
    lock_appointment(actor=actor_of("dispatcher"), at=NOON, appointment_id=row.pk, locked=False)
    assert not Appointment.objects.get(pk=row.pk).locked
    assert JournalEntry.objects.filter(kind__in=["appointment.lock", "appointment.unlock"]).count() == 2
    open_one = dispatch.opened(orders.accepted(w.daughter, w.organisation))[0]
    with pytest.raises(MoveNotAllowed):
        lock_appointment(actor=actor_of("dispatcher"), at=NOON, appointment_id=open_one.pk, locked=True)


def test_what_nobody_came_to_is_missed_and_may_be_given_another_day() -> None:
    w = world()
    late = planned(w)
    unplanned = dispatch.opened(orders.accepted(w.daughter, w.organisation, starts_on=TOMORROW), until=TOMORROW)[0]
    morning = NOON + timedelta(hours=22, minutes=29)  # 10:29, 59 minutes after the planned start
    assert miss_overdue(actor=SYSTEM, at=morning) == 0
    assert miss_overdue(actor=SYSTEM, at=morning + timedelta(minutes=1)) == 1
    assert miss_overdue(actor=SYSTEM, at=morning + timedelta(minutes=1)) == 0
    late.refresh_from_db()
    assert late.state == "missed"
    assert miss_overdue(actor=SYSTEM, at=NOON + timedelta(days=2)) == 1
    unplanned.refresh_from_db()
    assert unplanned.state == "missed"
    with pytest.raises(Invalid):
        reschedule_appointment(
            actor=actor_of("dispatcher"), at=NOON, appointment_id=late.pk, day=TODAY - timedelta(days=1)
        )
    reschedule_appointment(actor=actor_of("dispatcher"), at=NOON, appointment_id=late.pk, day=TOMORROW)
    late.refresh_from_db()
    assert (late.state, late.day, late.worker_id) == ("open", TOMORROW, None)


def test_a_sign_in_sent_late_still_keeps_the_visit() -> None:
    w = world()
    row = planned(w)
    miss_overdue(actor=SYSTEM, at=NOON + timedelta(days=1))
    keep_appointment(actor=SYSTEM, at=NOON + timedelta(days=1), appointment_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.worker_id) == ("kept", w.carer.pk)
