"""An organisation reports a visit without a sign-in: once, in time, with the reason, and always to be looked at."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories import visits
from tests.factories.cast import World, actor_of, world
from tests.factories.places import TODAY
from tests.factories.visits import clock
from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.chain.verification.models import PickedFor
from wushe.chain.verification.services import OwnVisit, accept_visit
from wushe.chain.visits.models import Visit
from wushe.chain.visits.reports import NotToReport, ReportTooLate, report_visit
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.presets.models import Preset

pytestmark = pytest.mark.django_db
NINE, TEN, NOON = 540, 600, 720


@pytest.fixture
def here() -> World:
    return world()


def reported(row: Appointment, *, who: str = "organisation_a", at: int = NOON, **changed: object) -> Visit:
    values = {"started": NINE, "ended": TEN, "note": "打扫了厨房", "reason": "手机没电", **changed}
    return report_visit(actor=actor_of(who), at=clock(at), appointment_id=row.pk, **values)  # type: ignore[arg-type]


def test_a_report_is_a_visit_that_a_person_must_look_at(here: World) -> None:
    row = visits.planned(here.elder, here.carer)
    visit = reported(row)
    row.refresh_from_db()
    assert (row.state, visit.state, visit.minutes, visit.note) == ("kept", "ended", 60, "打扫了厨房")
    assert (visit.started_at, visit.start_received_at) == (clock(NINE), clock(NOON))
    assert (visit.reported_by, visit.report_reason) == (actor_of("organisation_a").user_id, "手机没电")
    assert JournalEntry.objects.get(kind="visit.report").data["reason"] == "手机没电"
    check = visits.checked(visit)
    assert check.picked_for == PickedFor.SCORE
    assert "没有签到，由机构补报：手机没电" in [one["says"] for one in check.findings]
    accept_visit(actor=actor_of("verifier"), at=clock(NOON + 60), visit_id=visit.pk)
    row.order.refresh_from_db()
    assert row.order.visits_done == 1


def test_it_is_looked_at_whatever_the_rule_weighs(here: World) -> None:
    Preset.objects.filter(key="verification.rule.reported").update(value={"threshold": 1, "weight": 0})
    Preset.objects.filter(key="verification.auto_pass.score").update(value=1000)
    assert visits.checked(reported(visits.planned(here.elder, here.carer))).picked_for == PickedFor.SCORE


def test_who_reported_does_not_decide_under_another_role(here: World) -> None:
    visit = reported(visits.planned(here.elder, here.carer))
    visits.checked(visit)
    both = replace(actor_of("verifier"), user_id=actor_of("organisation_a").user_id)
    with pytest.raises(OwnVisit):
        accept_visit(actor=both, at=clock(NOON + 60), visit_id=visit.pk)


def test_a_missed_visit_can_still_be_reported(here: World) -> None:
    row = visits.planned(here.elder, here.carer)
    Appointment.objects.filter(pk=row.pk).update(state=AppointmentState.MISSED)
    assert reported(row).state == "ended"


def test_the_same_key_reports_once_and_another_not_at_all(here: World) -> None:
    row = visits.planned(here.elder, here.carer)
    assert reported(row, client_key="k1").pk == reported(row, client_key="k1").pk
    with pytest.raises(NotToReport):
        reported(row, client_key="k2")
    assert Visit.objects.count() == 1


def test_what_was_signed_in_to_or_has_nobody_is_not_reported(here: World) -> None:
    row = visits.planned(here.elder, here.carer)
    visits.started(row)
    with pytest.raises(NotToReport):
        reported(row)
    waiting = visits.planned(here.elder, here.carer, start=700)
    Appointment.objects.filter(pk=waiting.pk).update(state=AppointmentState.OPEN, worker=None, planned_start=None)
    with pytest.raises(NotToReport):
        reported(waiting)


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"ended": NINE}, "ended"), ({"ended": NOON + 1}, "ended"), ({"note": " "}, "note"), ({"reason": ""}, "reason"),
     ({"note": "长" * 301}, "note"), ({"reason": "长" * 121}, "reason")],
)  # fmt: skip
def test_a_report_that_cannot_be_is_refused_beside_its_field(here: World, changed: dict, field: str) -> None:
    row = visits.planned(here.elder, here.carer)
    with pytest.raises(Invalid) as refusal:
        reported(row, **changed)
    assert list(refusal.value.fields) == [field]
    row.refresh_from_db()
    assert (row.state, Visit.objects.count()) == ("confirmed", 0)


def test_the_time_for_reports_is_a_day_after_the_day(here: World) -> None:
    """`orders.leg.report` allows 1440 minutes after the end of the day."""
    row = visits.planned(here.elder, here.carer, day=TODAY)
    end = clock(0, day=TODAY + timedelta(days=2))
    values = {"started": NINE, "ended": TEN, "note": "打扫", "reason": "手机没电", "appointment_id": row.pk}
    with pytest.raises(ReportTooLate):
        report_visit(actor=actor_of("organisation_a"), at=end + timedelta(seconds=1), **values)
    assert report_visit(actor=actor_of("organisation_a"), at=end, **values).state == "ended"


def test_another_organisation_finds_nothing_and_other_roles_may_not(here: World) -> None:
    row = visits.planned(here.elder, here.carer)
    with pytest.raises(NotFound):
        reported(row, who="organisation_b")
    for who in ("carer", "dispatcher", "verifier", "elder"):
        with pytest.raises(NotAllowed):
            reported(row, who=who)
    assert not Visit.objects.exists()
