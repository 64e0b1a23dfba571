"""What the chain says about the registers: the activity of organisations and the hours of volunteers, counted at night."""

from datetime import timedelta

import pytest

from tests.factories import needs, visits
from tests.factories.cast import actor_of, world
from tests.factories.places import COMMUNITY, NOON, TODAY
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import NotAllowed
from wushe.oversight.standing import activity_counts, count_standing, refresh_standing
from wushe.registers.organisations.models import Organisation
from wushe.registers.volunteers.models import Volunteer
from wushe.registers.workforce.models import Worker

pytestmark = pytest.mark.django_db


def test_what_was_done_in_a_year_is_counted() -> None:
    w = world()
    needs.project(w.organisation, area_code=COMMUNITY)
    needs.resource(w.charity)
    helper = Worker.objects.get(person__name="孙立")
    passed = visits.ended(
        visits.planned(w.elder, helper, organisation=w.organisation, day=TODAY - timedelta(days=1)), evidence=True
    )
    visits.accepted(passed, verifier=actor_of("verifier"))
    visits.ended(visits.planned(w.elder, w.carer, start=9 * 60))  # not checked yet
    counts = activity_counts(on=TODAY)
    assert counts[w.organisation.pk] == {"visits": 1, "people": 1, "projects": 1}
    assert counts[w.charity.pk] == {"resources": 1}
    assert counts[w.second_organisation.pk] == {}
    assert activity_counts(on=TODAY + timedelta(days=400))[w.organisation.pk] == {"projects": 1}
    written = refresh_standing(actor=SYSTEM, at=NOON, on=TODAY)
    assert written == {"organisations": Organisation.objects.count(), "volunteers": 1}
    assert (
        Organisation.objects.get(pk=w.organisation.pk).activity
        > Organisation.objects.get(pk=w.second_organisation.pk).activity
    )
    passed.refresh_from_db()
    volunteer = Volunteer.objects.get(pk=w.volunteer.pk)
    assert (volunteer.served_minutes, volunteer.served_on) == (passed.minutes, TODAY - timedelta(days=1))
    assert refresh_standing(actor=SYSTEM, at=NOON, on=TODAY) == written
    with pytest.raises(NotAllowed):
        refresh_standing(actor=actor_of("social_worker"), at=NOON, on=TODAY)


def test_the_night_counts_the_day_that_has_ended() -> None:
    w = world()
    assert count_standing(at=NOON)["organisations"] == Organisation.objects.count()
    assert Organisation.objects.get(pk=w.organisation.pk).activity_on == TODAY - timedelta(days=1)
