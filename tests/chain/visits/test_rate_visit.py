"""Rating: once, after the visit, by whom it concerns."""

import pytest

from tests.factories import visits
from tests.factories.cast import actor_of, world
from tests.factories.visits import clock, performer
from wushe.chain.visits import services
from wushe.chain.visits.models import Rating
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return world()


def rate(visit, name="elder", **fields):
    given = {"score": 4, "comment": "很好"} | fields
    return services.rate_visit(actor=actor_of(name), at=clock(700), visit_id=visit.pk, **given)


def test_the_person_served_or_a_relative_rates_once(here):
    visit = visits.ended(visits.planned(here.elder, here.carer))
    rating = rate(visit, "daughter")
    assert (rating.score, rating.comment) == (4, "很好")
    assert JournalEntry.objects.latest("pk").data == {"score": 4}
    with pytest.raises(services.AlreadyRated):
        rate(visit)
    assert Rating.objects.count() == 1


@pytest.mark.parametrize("fields", [{"score": 0}, {"score": 6}, {"comment": "好" * 201}])
def test_bad_ratings_are_refused(here, fields):
    visit = visits.ended(visits.planned(here.elder, here.carer))
    with pytest.raises(Invalid):
        rate(visit, **fields)
    assert not Rating.objects.exists()


def test_a_visit_that_goes_on_cannot_be_rated(here):
    visit = visits.started(visits.planned(here.elder, here.carer))
    with pytest.raises(Conflict):
        rate(visit)


def test_strangers_do_not_rate(here):
    visit = visits.ended(visits.planned(here.elder, here.carer))
    with pytest.raises(NotFound):
        rate(visit, "far_elder")
    with pytest.raises(NotAllowed):
        services.rate_visit(actor=performer(here.carer), at=clock(700), visit_id=visit.pk, score=5)
    assert not Rating.objects.exists()
