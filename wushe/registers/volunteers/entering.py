"""Keep the register of volunteers: entered under a number that is not the ID number, skills, guardians of minors, leaving."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import obtain
from wushe.registers.areas.selectors import may_place_in
from wushe.registers.desk.changes import amend
from wushe.registers.desk.ending import put_back
from wushe.registers.people.identity import full_years
from wushe.registers.people.models import Person, Relation
from wushe.registers.workforce.models import Skill

from .models import SkillLevel, Team, Volunteer, VolunteerSkill
from .phone import open_phone

CHANGEABLE = frozenset({"area_code", "team_id", "guardian_id", "insured_until", "earlier_minutes"})
GUARDIAN_AGE = "volunteers.guardian.age"
MOST_MINUTES = 60 * 24 * 366 * 60


class AlreadyVolunteer(Conflict):
    """The person is registered as a volunteer."""

    message = "这位居民已经是注册志愿者。"


class HasLeft(Conflict):
    """The volunteer has left the register."""

    message = "这位志愿者已经退出。"


@domain_call("volunteers:edit")
def register_volunteer(
    *,
    actor: Actor,
    at: datetime,
    person_id: int,
    area_code: str = "",
    team_id: int | None = None,
    guardian_id: int | None = None,
    insured_until: date | None = None,
    earlier_minutes: int = 0,
) -> Volunteer:
    """Register a resident as a volunteer of a community.

    A minor serves only under a guardian or parent on record. Raises NotFound out of scope, AlreadyVolunteer, Invalid
    beside each field at fault.
    """
    person = obtain(Person, actor, pk=person_id)
    if Volunteer.objects.filter(person=person).exists():
        raise AlreadyVolunteer
    place = area_code or person.area_code
    volunteer = Volunteer(
        number=f"{place[:6]}{person.pk:010d}", person=person, area_code=place, registered_on=timezone.localdate(at)
    )
    given = {"team_id": team_id, "guardian_id": guardian_id, "insured_until": insured_until,
             "earlier_minutes": earlier_minutes}  # fmt: skip
    _set(volunteer, {**given, **({"area_code": area_code} if area_code else {})}, actor=actor, at=at)
    volunteer.save(force_insert=True)
    record(kind="volunteer.register", subject=volunteer, actor=actor, at=at)
    open_phone(actor=actor, at=at, volunteer_id=volunteer.pk)
    return volunteer


@domain_call("volunteers:edit")
def update_volunteer(*, actor: Actor, at: datetime, volunteer_id: int, changes: Mapping[str, Any]) -> Volunteer:
    """Change place, team, guardian, insurance or earlier hours; raise NotFound out of scope, HasLeft, Invalid."""
    volunteer = obtain(Volunteer.objects.select_related("person"), actor, pk=volunteer_id)
    if volunteer.left_on:
        raise HasLeft
    if said := _set(volunteer, changes, actor=actor, at=at):
        volunteer.save()
        record(kind="volunteer.update", subject=volunteer, actor=actor, at=at, data=said)
    return volunteer


@domain_call("volunteers:edit")
def set_skill(
    *, actor: Actor, at: datetime, volunteer_id: int, skill: str, level: int, trained_on: date | None = None
) -> VolunteerSkill:
    """Say what a volunteer can do and how well; the same skill again changes its level.

    Raises NotFound out of scope, Invalid for an unknown skill or level, or a trained one without the day of training.
    """
    volunteer = obtain(Volunteer, actor, pk=volunteer_id)
    known = Skill.objects.filter(code=skill).first()
    faults = {}
    if known is None:
        faults["skill"] = "请选择技能。"
    if level not in SkillLevel.values:
        faults["level"] = "请选择程度。"
    elif level >= SkillLevel.TRAINED and trained_on is None:
        faults["trained_on"] = "经过培训的，请填写培训日期。"
    if trained_on and trained_on > timezone.localdate(at):
        faults["trained_on"] = "培训日期不能晚于今天。"
    if faults or known is None:
        raise Invalid(fields=faults)
    row, _ = VolunteerSkill.objects.update_or_create(
        volunteer=volunteer, skill=known, defaults={"level": level, "trained_on": trained_on}
    )
    data = {"skill": skill, "level": level}
    record(kind="volunteer.skill", subject=volunteer, actor=actor, at=at, data=data)
    return row


@domain_call("volunteers:edit")
def drop_skill(*, actor: Actor, at: datetime, volunteer_id: int, skill: str) -> None:
    """Take a skill off a volunteer; raise NotFound out of scope, Invalid if it is not theirs."""
    volunteer = obtain(Volunteer, actor, pk=volunteer_id)
    if not VolunteerSkill.objects.filter(volunteer=volunteer, skill__code=skill).delete()[0]:
        raise Invalid(fields={"skill": "没有登记这项技能。"})
    record(kind="volunteer.unskill", subject=volunteer, actor=actor, at=at, data={"skill": skill})


@domain_call("volunteers:edit")
def leave_volunteers(*, actor: Actor, at: datetime, volunteer_id: int, left_on: date) -> Volunteer:
    """Record that a volunteer leaves on a day and every post with it; raise NotFound out of scope, HasLeft, Invalid."""
    volunteer = obtain(Volunteer, actor, pk=volunteer_id)
    if volunteer.left_on:
        raise HasLeft
    if not volunteer.registered_on <= left_on <= timezone.localdate(at):
        raise Invalid(fields={"left_on": "退出日期应在注册日期之后、今天之前。"})
    volunteer.left_on = left_on
    volunteer.save(update_fields=["left_on"])
    vacated = list(volunteer.posts.filter(ends_on=None).values_list("pk", flat=True))
    volunteer.posts.filter(pk__in=vacated).update(ends_on=left_on)
    record(kind="volunteer.leave", subject=volunteer, actor=actor, at=at, data={"posts": vacated})
    return volunteer


@domain_call("volunteers:edit")
def return_volunteer(*, actor: Actor, at: datetime, volunteer_id: int) -> Volunteer:
    """Take back that a volunteer left; posts have to be filled anew. Raises NotFound out of scope, Conflict."""
    volunteer = obtain(Volunteer, actor, pk=volunteer_id)
    put_back(volunteer, "left_on", kind="volunteer.return", standing="这位志愿者没有退出。", actor=actor, at=at)
    return volunteer


def _set(volunteer: Volunteer, given: Mapping[str, Any], *, actor: Actor, at: datetime) -> dict[str, Any]:
    if unknown := given.keys() - CHANGEABLE:
        raise TypeError(f"not of a volunteer: {sorted(unknown)}")
    if given.get("team_id"):
        obtain(Team.objects.filter(ended_on=None), actor, pk=given["team_id"])
    said = amend(volunteer, given)
    faults, today = {}, timezone.localdate(at)
    if "area_code" in given and not may_place_in(actor=actor, area_code=volunteer.area_code, on=today):
        faults["area_code"] = "请选择本辖区内的社区（村）。"
    if not 0 <= volunteer.earlier_minutes <= MOST_MINUTES:
        faults["earlier_minutes"] = "请填写入册前累计服务的时长。"
    if volunteer.pk is None or "guardian_id" in given:
        faults |= _guardian_faults(volunteer, today)
    if faults:
        raise Invalid(fields=faults)
    return said


def _guardian_faults(volunteer: Volunteer, today: date) -> dict[str, str]:
    """Return what is wrong with the guardian: a minor needs one on record, and nobody is anybody's by mere choice."""
    age = preset(GUARDIAN_AGE, area_code=volunteer.area_code, on=today)
    if volunteer.guardian_id is None:
        minor = full_years(volunteer.person.born_on, today) < age
        return {"guardian_id": f"未满{age}周岁的志愿者须由监护人陪同，请选择登记的监护人或父母。"} if minor else {}
    kinds = [Relation.Kind.GUARDIAN, Relation.Kind.PARENT]
    bonds = Relation.objects.filter(person_id=volunteer.person_id, relative_id=volunteer.guardian_id, kind__in=kinds)
    return {} if bonds.exists() else {"guardian_id": "只能选择在居民台账里登记的监护人或父母。"}
