"""Signing out: the minutes by the device's own clock, once; and records that arrive out of order."""

from datetime import timedelta

import pytest

from tests.factories import visits
from tests.factories.cast import world
from tests.factories.visits import client_id, clock, performer
from wushe.chain.visits import services
from wushe.chain.visits.models import Visit, VisitState
from wushe.chain.visits.uploads import PhoneRecord, take_record
from wushe.foundation.errors import Invalid, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return world()


@pytest.fixture
def visit(here):
    return visits.started(visits.planned(here.elder, here.carer))


def sign_out(visit, *, actor=None, at=None, **fields):
    now = at or clock(603)
    given = {"client_id": client_id(9), "device_at": now, "note": "打扫了厨房"} | fields
    return services.sign_out(actor=actor or performer(visit.worker), at=now, visit_id=visit.pk, **given)


def test_signing_out_ends_the_visit(visit):
    ended = sign_out(visit, at=clock(620), device_at=clock(603) + timedelta(seconds=59))
    assert (ended.state, ended.minutes, ended.note) == (VisitState.ENDED, 63, "打扫了厨房")
    assert ended.end_received_at == clock(620)
    row = JournalEntry.objects.latest("pk")
    assert (row.kind, row.data["minutes"]) == ("visit.end", 63)


def test_the_same_sign_out_again_changes_nothing(visit):
    sign_out(visit)
    rows = JournalEntry.objects.count()
    again = sign_out(visit, at=clock(900), device_at=clock(603))
    assert again.end_received_at == clock(603)
    assert JournalEntry.objects.count() == rows


def test_a_second_sign_out_is_refused(visit):
    sign_out(visit)
    with pytest.raises(MoveNotAllowed):
        sign_out(visit, client_id=client_id(10))


def test_a_clock_that_went_back_counts_no_minutes(visit):
    assert sign_out(visit, device_at=clock(500)).minutes == 0


def test_another_carer_cannot_end_the_visit(here, visit):
    with pytest.raises(NotFound):
        sign_out(visit, actor=performer(here.second_carer))
    assert Visit.objects.get(pk=visit.pk).state == VisitState.STARTED


def test_a_note_that_is_too_long_is_refused_and_nothing_changes(visit):
    with pytest.raises(Invalid) as caught:
        sign_out(visit, note="好" * 301)
    assert "note" in caught.value.fields
    assert Visit.objects.get(pk=visit.pk).state == VisitState.STARTED


def record(appointment, kind, **fields):
    given = {"client_id": client_id(20), "device_at": clock(545)} | fields
    return PhoneRecord(kind=kind, appointment_id=appointment.pk, **given)


def test_records_that_arrive_before_the_sign_in_are_told_to_wait(here):
    appointment = visits.planned(here.elder, here.carer)
    actor = performer(here.carer)
    for early in (record(appointment, "sign_out"), record(appointment, "evidence", evidence_kind="arrival")):
        with pytest.raises(services.NotSignedIn) as caught:
            take_record(actor=actor, at=clock(600), record=early)
        assert caught.value.message == "签到记录还没有上传成功，请先上传签到。"
    take_record(actor=actor, at=clock(600), record=record(appointment, "sign_in", client_id=client_id(21)))
    ended = take_record(actor=actor, at=clock(601), record=record(appointment, "sign_out", device_at=clock(605)))
    assert (ended.state, ended.minutes) == (VisitState.ENDED, 60)


def test_records_for_anothers_appointment_find_nothing(here):
    appointment = visits.planned(here.elder, here.carer)
    for kind in ("sign_in", "sign_out", "evidence"):
        with pytest.raises(NotFound):
            take_record(actor=performer(here.second_carer), at=clock(600), record=record(appointment, kind))


def test_an_unknown_kind_of_record_is_invalid(here, visit):
    with pytest.raises(Invalid):
        take_record(actor=performer(here.carer), at=clock(600), record=record(visit.appointment, "dance"))
