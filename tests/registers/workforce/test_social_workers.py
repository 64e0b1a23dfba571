"""Social workers: certificates, a post whose employer, workplace and supervisor differ, and hours that are struck, not deleted."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories import people, registers
from tests.factories.cast import World, actor_of, world
from tests.factories.places import COMMUNITY, NEXT_COMMUNITY, NOON, OTHER_COMMUNITY, TODAY
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.workforce.models import Learning, Worker
from wushe.registers.workforce.posting import (
    AlreadyPosted,
    HasLeft,
    add_learning,
    end_social_worker,
    post_social_worker,
    strike_learning,
    update_social_worker,
)
from wushe.registers.workforce.register import SOCIAL_WORKERS, registration_state

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def enter(here: World, who: str = "social_worker", **changes: Any) -> Worker:
    someone = changes.pop("person", None) or people.person("林一凡", born_on=date(1995, 2, 2))
    values: dict[str, Any] = {
        "person_id": someone.pk, "organisation_id": here.organisation.pk, "area_code": NEXT_COMMUNITY, "starts_on": TODAY,
        "level": "professional", "certificate_number": "20265100", **changes,
    }  # fmt: skip
    return post_social_worker(actor=actor_of(who), at=NOON, **values)


def kinds(kind: str) -> int:
    return JournalEntry.objects.filter(kind=kind).count()


def test_employer_workplace_and_supervisor_are_three(here: World) -> None:
    senior = registers.social_worker("陈督导", area_code=COMMUNITY)
    worker = enter(here, supervisor_id=senior.pk)
    assert (worker.organisation_id, worker.area_code, worker.supervisor_id) == (
        here.organisation.pk,
        NEXT_COMMUNITY,
        senior.pk,
    )
    assert worker.qualification == "社会工作师"
    assert kinds("worker.post") == 1
    with pytest.raises(AlreadyPosted):
        enter(here, person=worker.person)
    moved = update_social_worker(
        actor=actor_of("social_worker"),
        at=NOON,
        worker_id=worker.pk,
        changes={"area_code": COMMUNITY, "supervisor_id": None},
    )
    assert moved.area_code == COMMUNITY
    assert JournalEntry.objects.get(kind="worker.transfer").data["changes"]["area_code"] == [NEXT_COMMUNITY, COMMUNITY]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"area_code": OTHER_COMMUNITY}, "area_code"), ({"level": "master"}, "level"), ({"certificate_number": ""}, "certificate_number"),
     ({"registered_on": date(2030, 1, 1)}, "registered_on"),
     ({"registered_on": date(2026, 1, 1), "qualification_until": date(2025, 1, 1)}, "qualification_until")],
)  # fmt: skip
def test_a_fault_enters_nobody(here: World, changes: dict[str, Any], field: str) -> None:
    before = Worker.objects.count()
    with pytest.raises(Invalid) as refusal:
        enter(here, **changes)
    assert list(refusal.value.fields) == [field]
    assert Worker.objects.count() == before
    assert kinds("worker.post") == 0


def test_nobody_supervises_oneself_or_each_other(here: World) -> None:
    first, second = (
        registers.social_worker("甲社工", certificate_number="1"),
        registers.social_worker("乙社工", certificate_number="2"),
    )

    def supervise(one: Worker, other: int) -> None:
        update_social_worker(
            actor=actor_of("social_worker"), at=NOON, worker_id=one.pk, changes={"supervisor_id": other}
        )

    supervise(first, second.pk)
    for one, other in ((second, first.pk), (first, first.pk), (first, here.carer.pk)):
        with pytest.raises(Invalid) as refusal:
            supervise(one, other)
        assert list(refusal.value.fields) == ["supervisor_id"]


def test_only_within_scope(here: World) -> None:
    worker = registers.social_worker(organisation=here.organisation)
    with pytest.raises(NotAllowed):
        enter(here, "community_worker")
    with pytest.raises(NotFound):
        enter(here, person=people.person("外街人", area_code=OTHER_COMMUNITY))
    with pytest.raises(NotFound):
        update_social_worker(
            actor=actor_of("organisation_b"), at=NOON, worker_id=worker.pk, changes={"level": "senior"}
        )
    own = update_social_worker(
        actor=actor_of("organisation_a"), at=NOON, worker_id=worker.pk, changes={"level": "senior"}
    )
    assert own.get_level_display() == "高级社会工作师"
    with pytest.raises(NotFound):  # a carer is no social worker
        update_social_worker(
            actor=actor_of("social_worker"), at=NOON, worker_id=here.carer.pk, changes={"level": "senior"}
        )


def test_hours_count_and_a_wrong_record_is_struck_out(here: World) -> None:
    actor, worker = actor_of("social_worker"), registers.social_worker()

    def learn(**changes: Any) -> Learning:
        values: dict[str, Any] = {
            "kind": "education",
            "title": "老年社工",
            "on": date(2026, 9, 1),
            "minutes": 360,
            **changes,
        }
        return add_learning(actor=actor, at=NOON, worker_id=worker.pk, **values)

    row = learn()
    for changes, field in (({}, "title"), ({"minutes": 0}, "minutes"), ({"minutes": 800}, "minutes"), ({"kind": "?"}, "kind"),
                           ({"on": date(2030, 1, 1)}, "on"), ({"title": " "}, "title")):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            learn(**changes)
        assert list(refusal.value.fields) == [field]
    learn(kind="supervision", minutes=120)

    def hours() -> tuple[int, int]:
        one = SOCIAL_WORKERS.dress(SOCIAL_WORKERS.rows(actor, TODAY), TODAY).get(pk=worker.pk)
        return one.education, one.supervision

    assert hours() == (360, 120)
    with pytest.raises(NotFound):
        strike_learning(actor=actor_of("organisation_b"), at=NOON, learning_id=row.pk)
    strike_learning(actor=actor, at=NOON, learning_id=row.pk)
    with pytest.raises(NotFound):
        strike_learning(actor=actor, at=NOON, learning_id=row.pk)
    assert hours() == (0, 120)
    assert Learning.objects.count() == 2
    assert (kinds("worker.learn"), kinds("worker.unlearn")) == (2, 1)


def test_a_registration_runs_out(here: World) -> None:
    worker = registers.social_worker(qualification_until=TODAY + timedelta(days=90))
    assert registration_state(worker, TODAY).code == "soon"
    assert registration_state(worker, TODAY - timedelta(days=1)).code == "valid"
    assert registration_state(worker, TODAY + timedelta(days=91)).code == "over"
    assert registration_state(here.carer, TODAY).code == "none"


def test_a_post_ends_once(here: World) -> None:
    actor, worker = actor_of("social_worker"), registers.social_worker()
    with pytest.raises(Invalid):
        end_social_worker(actor=actor, at=NOON, worker_id=worker.pk, ends_on=date(2020, 1, 1))
    end_social_worker(actor=actor, at=NOON, worker_id=worker.pk, ends_on=TODAY)
    for again in (lambda: end_social_worker(actor=actor, at=NOON, worker_id=worker.pk, ends_on=TODAY),
                  lambda: update_social_worker(actor=actor, at=NOON, worker_id=worker.pk, changes={})):  # fmt: skip
        with pytest.raises(HasLeft):
            again()
    assert kinds("worker.end") == 1
