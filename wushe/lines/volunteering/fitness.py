"""Who may take a shift: age and guardian, training, insurance before danger, and no two places at one time.

志愿服务条例 15 (matched to age and skill), 17 (insurance before danger); handbook §3.4.
"""

from datetime import datetime

from django.db.models import F

from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.foundation.errors import Conflict
from wushe.foundation.presets.selectors import preset
from wushe.registers.people.identity import full_years
from wushe.registers.volunteers.models import SkillLevel, Volunteer

from .models import Activity, Agreement, Shift, SignUp
from .states import ActivityState, SignUpState
from .times import begins

HOLDING = (SignUpState.TAKEN, SignUpState.QUEUED, SignUpState.SERVED)
BUSY = (AppointmentState.CONFIRMED, AppointmentState.KEPT)


class NotFit(Conflict):
    """A rule of the activity or of the law keeps this volunteer from this shift."""


class Overlaps(NotFit):
    """The volunteer is somewhere else at that time."""

    message = "这个时间您已经有别的安排，不能同时在两个地方服务。"


class NotOpen(NotFit):
    """Nobody can sign up any more, or not yet."""

    message = "这一班现在不能报名。"


def check_fit(*, shift: Shift, volunteer: Volunteer, at: datetime, leaving: SignUp | None = None) -> None:
    """Raise NotFit with the first reason that keeps a volunteer from a shift; `leaving` is a place given up for it."""
    if shift.activity.state != ActivityState.OPEN or begins(shift) <= at:
        raise NotOpen
    if said := reasons_against(activity=shift.activity, shift=shift, volunteer=volunteer):
        raise NotFit(said[0])
    if _elsewhere(shift, volunteer, leaving):
        raise Overlaps


def reasons_against(*, activity: Activity, shift: Shift, volunteer: Volunteer) -> list[str]:
    """Return what keeps a volunteer from a shift, but for the time: in words for the volunteer; [] if nothing does."""
    years = full_years(volunteer.person.born_on, shift.day)
    grown = preset("volunteers.guardian.age", area_code=volunteer.area_code, on=shift.day)
    found = []
    if volunteer.left_on:
        found.append("已经退出志愿者登记。")
    if years < activity.minimum_age:
        found.append(f"这项活动要求年满{activity.minimum_age}周岁。")
    if years < grown and volunteer.guardian_id is None:
        found.append(f"未满{grown}周岁须有监护人陪同，请先到社区登记监护人。")
    if activity.danger and not insured(volunteer, shift):
        found.append("这项活动有一定危险，须先买好志愿者保险，请联系组织者。")
    if activity.skill_id and not _trained(activity, volunteer):
        level = SkillLevel(activity.skill_level).label
        found.append(f"这项活动要求“{activity.skill}”（{level}）。请先参加培训。")  # type: ignore[str-bytes-safe]
    return found


def insured(volunteer: Volunteer, shift: Shift) -> bool:
    """Say whether the volunteer is insured on the day of a shift, or need not be."""
    if not preset("volunteers.insurance.required", area_code=shift.area_code, on=shift.day):
        return True
    return volunteer.insured_until is not None and volunteer.insured_until >= shift.day


def agreed(activity: Activity, volunteer: Volunteer) -> bool:
    """Say whether the agreement that an activity asks for stands, or none is asked for."""
    if not activity.agreement_cases:
        return True
    return Agreement.objects.filter(activity=activity, volunteer=volunteer).exists()


def _trained(activity: Activity, volunteer: Volunteer) -> bool:
    return volunteer.skills.filter(skill_id=activity.skill_id, level__gte=activity.skill_level).exists()


def _elsewhere(shift: Shift, volunteer: Volunteer, leaving: SignUp | None) -> bool:
    """Say whether the volunteer holds another shift, waits for one, or makes a visit of the chain at that time."""
    others = SignUp.objects.filter(
        volunteer=volunteer, state__in=HOLDING, shift__day=shift.day, shift__start__lt=shift.end,
        shift__end__gt=shift.start,
    ).exclude(pk=leaving.pk if leaving else None)  # fmt: skip
    if others.exists():
        return True
    visits = Appointment.objects.filter(
        worker__person_id=volunteer.person_id, day=shift.day, state__in=BUSY, planned_start__lt=shift.end
    )
    return visits.filter(planned_start__gt=shift.start - F("minutes")).exists()
