"""Carers with skills, and volunteers who take visits."""

from datetime import date
from itertools import count

from tests.factories import people
from tests.factories.places import CENTRE, COMMUNITY
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person, Sex
from wushe.registers.volunteers.models import Volunteer
from wushe.registers.workforce.models import Skill, Worker, WorkerKind, WorkerSkill

_serial = count(1)
CARE_SKILLS = ("elder_care", "bathing", "lifting", "first_aid", "cleaning", "measuring", "companionship")


def worker(
    name: str = "周护理", *, organisation: Organisation | None = None, kind: str = WorkerKind.PAID_CARER,
    skills: tuple[str, ...] = CARE_SKILLS, area_code: str = COMMUNITY, person: Person | None = None,
    longitude: float = CENTRE[0], latitude: float = CENTRE[1], **fields: object,
) -> Worker:  # fmt: skip
    """Return a worker with skills, at work on every day of the week."""
    row = Worker.objects.create(
        person=person or people.person(name, sex=Sex.FEMALE, born_on=date(1980, 6, 1), area_code=area_code),
        kind=kind, organisation=organisation, number=f"G{next(_serial):05d}", area_code=area_code,
        base_longitude=longitude, base_latitude=latitude, weekdays="1234567", starts_on=date(2024, 1, 1), **fields,
    )  # fmt: skip
    for skill in Skill.objects.filter(code__in=skills):
        WorkerSkill.objects.create(worker=row, skill=skill)
    return Worker.objects.get(pk=row.pk)


def volunteer(name: str = "孙志愿", *, area_code: str = COMMUNITY, **fields: object) -> Volunteer:
    """Return a volunteer who also takes visits."""
    person = people.person(name, sex=Sex.MALE, born_on=date(1985, 5, 5), area_code=area_code)
    worker(
        person=person, kind=WorkerKind.VOLUNTEER, skills=("companionship", "errands", "barber"), area_code=area_code,
        week_cap_minutes=480, **fields,
    )  # fmt: skip
    return Volunteer.objects.create(
        number=f"ZY{next(_serial):06d}", person=person, area_code=area_code, registered_on=date(2024, 3, 5)
    )
