"""Absence: reported, not doubled, taken back; and who is there on a day."""

from datetime import date
from typing import Any

import pytest

from tests.factories.cast import World, actor_of, world
from tests.factories.places import NOON, STREET, TODAY
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.workforce.models import Absence, Worker, WorkerSkill
from wushe.registers.workforce.selectors import absences, workers, workers_on
from wushe.registers.workforce.services import AbsenceStands, report_absence, withdraw_absence

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def report(worker: Worker, who: str = "dispatcher", **changes: Any) -> Absence:
    values: dict[str, Any] = {"starts_on": TODAY, "ends_on": TODAY, "reason": "sick"}
    return report_absence(actor=actor_of(who), at=NOON, worker_id=worker.pk, **values | changes)


def test_who_is_away_is_not_planned(here: World) -> None:
    assert here.carer in workers_on(area_code=STREET, day=TODAY)
    absence = report(here.carer)
    assert here.carer not in workers_on(area_code=STREET, day=TODAY)
    assert here.carer in workers_on(area_code=STREET, day=date(2026, 9, 15))
    assert [a.pk for a in absences(actor=actor_of("dispatcher"), since=TODAY)] == [absence.pk]
    withdraw_absence(actor=actor_of("dispatcher"), at=NOON, absence_id=absence.pk)
    assert here.carer in workers_on(area_code=STREET, day=TODAY)
    kinds = JournalEntry.objects.filter(subject_kind="worker").values_list("kind", flat=True)
    assert sorted(kinds) == ["worker.absent", "worker.back"]
    with pytest.raises(NotFound):
        withdraw_absence(actor=actor_of("dispatcher"), at=NOON, absence_id=absence.pk)


def test_days_are_reported_once(here: World) -> None:
    report(here.carer, ends_on=date(2026, 9, 16))
    with pytest.raises(AbsenceStands):
        report(here.carer, starts_on=date(2026, 9, 16), ends_on=date(2026, 9, 20))
    assert Absence.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": "bored"}, "reason"),
        ({"ends_on": date(2026, 9, 13)}, "ends_on"),
        ({"starts_on": date(2026, 9, 1), "ends_on": date(2026, 9, 13)}, "ends_on"),
    ],
)
def test_a_fault_is_named(here: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        report(here.carer, **changes)
    assert list(refusal.value.fields) == [field]
    assert not Absence.objects.exists()


def test_an_organisation_reports_its_own(here: World) -> None:
    report(here.carer, "organisation_a")
    with pytest.raises(NotFound):
        report(here.third_carer, "organisation_a")
    with pytest.raises(NotAllowed):
        report(here.carer, "carer")
    assert here.third_carer not in workers(actor=actor_of("organisation_a"), on=TODAY)


def test_weekdays_and_expired_skills(here: World) -> None:
    Worker.objects.filter(pk=here.carer.pk).update(weekdays="67")
    assert here.carer not in workers_on(area_code=STREET, day=TODAY)
    WorkerSkill.objects.filter(worker=here.second_carer, skill__code="bathing").update(valid_until=date(2026, 9, 13))
    second = next(w for w in workers_on(area_code=STREET, day=TODAY) if w == here.second_carer)
    codes = {s.skill.code for s in second.valid_skills}
    assert "bathing" not in codes
    assert "elder_care" in codes
