"""An outcome is counted only from people measured twice; neither measurement is changed later."""

from datetime import timedelta

import pytest

from tests.factories import needs, people
from tests.factories.cast import actor_of, world
from tests.factories.places import NOON, TODAY
from wushe.chain.projects.models import OutcomeReading
from wushe.chain.projects.outcomes import add_measure, outcomes_of, read_outcome
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


def test_before_and_after() -> None:
    here = world()
    worker = actor_of("social_worker")
    project = needs.project(here.organisation)
    lonely = add_measure(
        actor=worker, at=NOON, project_id=project.pk, title="孤独感", lowest=0, highest=10, more_is_better=False
    )
    with pytest.raises(Invalid) as refused:
        add_measure(
            actor=worker, at=NOON, project_id=project.pk, title="孤独感", lowest=5, highest=5, more_is_better=True
        )
    assert set(refused.value.fields) == {"title", "highest"}

    def read(person: int, value: int, days: int = 0) -> OutcomeReading:
        at = NOON + timedelta(days=days)
        return read_outcome(actor=worker, at=at, measure_id=lonely.pk, person_id=person, value=value)

    others = [people.person(f"邻居{n}") for n in range(3)]
    for person, before, after in (
        (here.elder, 8, 3), (others[0], 7, 6), (others[1], 5, 5), (others[2], 4, 6),
    ):  # fmt: skip
        read(person.pk, before)
        read(person.pk, after, days=60)
    read(here.daughter.pk, 9)
    (outcome,) = outcomes_of(project)
    assert (outcome.begun, outcome.paired) == (5, 4)
    assert (outcome.before_tenths, outcome.after_tenths) == (60, 50)
    assert (outcome.better, outcome.same, outcome.worse) == (2, 1, 1)

    with pytest.raises(Conflict, match="已经量过"):
        read(here.elder.pk, 1, days=90)
    with pytest.raises(Invalid, match="0到10"):
        read(here.daughter.pk, 11, days=60)
    with pytest.raises(Invalid, match="不能早于"):
        read_outcome(
            actor=worker, at=NOON, measure_id=lonely.pk, person_id=here.daughter.pk, value=2,
            on=TODAY - timedelta(days=1),
        )  # fmt: skip
    with pytest.raises(NotFound):
        read(here.far_elder.pk, 5)
    with pytest.raises(NotAllowed):
        read_outcome(
            actor=actor_of("organisation_a"), at=NOON, measure_id=lonely.pk, person_id=here.elder.pk, value=5
        )  # fmt: skip
    assert OutcomeReading.objects.count() == 5
