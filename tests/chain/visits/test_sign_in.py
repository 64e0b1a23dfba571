"""Signing in: one's own visit of the day, once, wherever one stands; what does not fit is written down."""

from datetime import timedelta

import pytest

from tests.factories import visits
from tests.factories.cast import world
from tests.factories.places import CENTRE, TODAY
from tests.factories.visits import client_id, clock, performer
from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.chain.visits import services
from wushe.chain.visits.models import Visit, VisitState
from wushe.foundation.actor import Actor
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.idempotency.services import KeyReused
from wushe.foundation.journal.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return world()


def sign_in(appointment, *, actor=None, at=None, **fields):
    now = at or clock(540)
    given = {
        "client_id": client_id(1), "device_at": now, "longitude": CENTRE[0], "latitude": CENTRE[1], "accuracy": 15,
    } | fields  # fmt: skip
    return services.sign_in(
        actor=actor or performer(appointment.worker), at=now, appointment_id=appointment.pk, **given
    )


def refused(error, appointment, **fields):
    rows = JournalEntry.objects.count()
    state = Appointment.objects.get(pk=appointment.pk).state
    with pytest.raises(error) as caught:
        sign_in(appointment, **fields)
    assert JournalEntry.objects.count() == rows
    assert Appointment.objects.get(pk=appointment.pk).state == state
    return caught.value


def test_signing_in_starts_the_visit_and_keeps_the_appointment(here):
    appointment = visits.planned(here.elder, here.carer)
    visit = sign_in(appointment, at=clock(542), device_at=clock(541))
    assert visit.state == VisitState.STARTED
    assert (visit.started_at, visit.start_received_at) == (clock(541), clock(542))
    assert (visit.start_distance, visit.start_accuracy, visit.worker_id) == (0, 15, here.carer.pk)
    assert Appointment.objects.get(pk=appointment.pk).state == AppointmentState.KEPT
    kinds = JournalEntry.objects.order_by("-pk").values_list("kind", flat=True)[:2]
    assert set(kinds) == {"visit.start", "appointment.keep"}


def test_the_distance_to_the_home_is_kept_and_refuses_nobody(here):
    appointment = visits.planned(here.elder, here.carer)
    visit = sign_in(appointment, longitude=CENTRE[0] + 0.01)
    assert 950 < visit.start_distance < 970


def test_signing_in_without_a_position_is_possible(here):
    visit = sign_in(visits.planned(here.elder, here.carer), longitude=None, latitude=None, accuracy=None)
    assert visit.start_distance is None


def test_the_same_sign_in_again_changes_nothing(here):
    appointment = visits.planned(here.elder, here.carer)
    first = sign_in(appointment)
    rows = JournalEntry.objects.count()
    again = sign_in(appointment, at=clock(700), device_at=clock(540))
    assert again.pk == first.pk
    assert again.start_received_at == clock(540)
    assert JournalEntry.objects.count() == rows


def test_the_same_client_id_for_another_sign_in_is_refused(here):
    appointment = visits.planned(here.elder, here.carer)
    other = visits.planned(here.daughter, here.carer, start=700)
    sign_in(appointment)
    refused(KeyReused, other)


def test_a_second_device_is_told_that_it_was_done(here):
    appointment = visits.planned(here.elder, here.carer)
    sign_in(appointment)
    refused(services.AlreadySignedIn, appointment, client_id=client_id(2))


def test_anothers_appointment_does_not_exist(here):
    appointment = visits.planned(here.elder, here.carer)
    refused(NotFound, appointment, actor=performer(here.second_carer))
    assert not Visit.objects.exists()


@pytest.mark.parametrize("role", ["verifier", "settlement_clerk", "organisation_manager", "resident"])
def test_only_who_performs_visits_signs_in(here, role):
    appointment = visits.planned(here.elder, here.carer)
    actor = Actor(user_id=5, name="别人", role_code=role, area_code="511602")
    refused(NotAllowed, appointment, actor=actor)


def test_another_days_appointment_is_refused(here):
    appointment = visits.planned(here.elder, here.carer, day=TODAY + timedelta(days=1))
    error = refused(services.NotThisDay, appointment)
    assert "不是今天" in error.message


def test_a_sign_in_of_yesterday_that_was_offline_is_taken(here):
    appointment = visits.planned(here.elder, here.carer)
    visit = sign_in(appointment, at=clock(540, day=TODAY + timedelta(days=1)), device_at=clock(545))
    assert visit.started_at == clock(545)


def test_a_visit_noted_as_missed_is_kept_by_a_late_upload(here):
    appointment = visits.planned(here.elder, here.carer)
    Appointment.objects.filter(pk=appointment.pk).update(state=AppointmentState.MISSED)
    sign_in(appointment, at=clock(900), device_at=clock(541))
    assert Appointment.objects.get(pk=appointment.pk).state == AppointmentState.KEPT


def test_a_cancelled_appointment_is_refused(here):
    appointment = visits.planned(here.elder, here.carer)
    Appointment.objects.filter(pk=appointment.pk).update(state=AppointmentState.CANCELLED)
    refused(services.NotPlanned, appointment)


@pytest.mark.parametrize("place", [{"longitude": 181.0}, {"latitude": -91.0}, {"accuracy": -1}])
def test_a_place_outside_the_world_is_refused(here, place):
    refused(Invalid, visits.planned(here.elder, here.carer), **place)
