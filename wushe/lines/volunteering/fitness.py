"""Who may take a shift: age and guardian, training, insurance before danger, and no two places at one time.

志愿服务条例 15 (matched to age and skill), 17 (insurance before danger); handbook §3.4.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.foundation.errors import Conflict
from wushe.foundation.presets.selectors import preset
from wushe.registers.people.identity import full_years
from wushe.registers.volunteers.models import SkillLevel, Volunteer, VolunteerSkill

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


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of volunteers on one day: their training, where they are already, and two rules of the place."""

    skills: dict[int, dict[int, int]]
    busy: dict[int, list[tuple[int, int, int | None]]]
    grown: int
    insurance: bool

    def free(self, volunteer: Volunteer, shift: Shift, *, but: SignUp | None = None) -> bool:
        """Say whether the volunteer is nowhere else at the time of a shift, leaving one sign-up out of account."""
        return not any(
            start < shift.end and end > shift.start and not (but and sign_up == but.pk)
            for start, end, sign_up in self.busy.get(volunteer.pk, ())
        )

    def trained(self, volunteer: Volunteer, activity: Activity) -> bool:
        """Say whether the volunteer has the skill that an activity asks for, at its level."""
        held = self.skills.get(volunteer.pk, {}).get(activity.skill_id or 0, 0)
        return activity.skill_id is None or held >= activity.skill_level

    def insured(self, volunteer: Volunteer, shift: Shift) -> bool:
        """Say whether the volunteer is insured on the day of a shift, or need not be."""
        return not self.insurance or (volunteer.insured_until is not None and volunteer.insured_until >= shift.day)


def known_of(volunteers: Sequence[Volunteer], *, day: date, area_code: str) -> Known:
    """Read what is known of volunteers on a day; the same few queries for one and for hundreds."""
    people = {one.person_id: one.pk for one in volunteers}
    skills: dict[int, dict[int, int]] = defaultdict(dict)
    for pk, skill, level in VolunteerSkill.objects.filter(volunteer__in=people.values()).values_list(
        "volunteer_id", "skill_id", "level"
    ):
        skills[pk][skill] = level
    busy: dict[int, list[tuple[int, int, int | None]]] = defaultdict(list)
    held = SignUp.objects.filter(volunteer__in=people.values(), state__in=HOLDING, shift__day=day)
    for pk, start, end, sign_up in held.values_list("volunteer_id", "shift__start", "shift__end", "pk"):
        busy[pk].append((start, end, sign_up))
    visits = Appointment.objects.filter(worker__person__in=people, day=day, state__in=BUSY, planned_start__isnull=False)
    for person, start, minutes in visits.values_list("worker__person_id", "planned_start", "minutes"):
        busy[people[person]].append((start or 0, (start or 0) + minutes, None))
    return Known(
        skills, busy, preset("volunteers.guardian.age", area_code=area_code, on=day),
        preset("volunteers.insurance.required", area_code=area_code, on=day),
    )  # fmt: skip


def check_fit(*, shift: Shift, volunteer: Volunteer, at: datetime, leaving: SignUp | None = None) -> None:
    """Raise NotFit with the first reason that keeps a volunteer from a shift; `leaving` is a place given up for it."""
    if shift.activity.state != ActivityState.OPEN or begins(shift) <= at:
        raise NotOpen
    known = known_of([volunteer], day=shift.day, area_code=shift.area_code)
    if said := against(shift, volunteer, known):
        raise NotFit(said[0])
    if not known.free(volunteer, shift, but=leaving):
        raise Overlaps


def reasons_against(*, shift: Shift, volunteer: Volunteer) -> list[str]:
    """Return what keeps a volunteer from a shift, but for the time; [] if nothing does."""
    return against(shift, volunteer, known_of([volunteer], day=shift.day, area_code=shift.area_code))


def against(shift: Shift, volunteer: Volunteer, known: Known) -> list[str]:
    """Return what keeps a volunteer from a shift, but for the time: in words for the volunteer; [] if nothing does."""
    activity = shift.activity
    years = full_years(volunteer.person.born_on, shift.day)
    found = []
    if volunteer.left_on:
        found.append("已经退出志愿者登记。")
    if years < activity.minimum_age:
        found.append(f"这项活动要求年满{activity.minimum_age}周岁。")
    if years < known.grown and volunteer.guardian_id is None:
        found.append(f"未满{known.grown}周岁须有监护人陪同，请先到社区登记监护人。")
    if activity.danger and not known.insured(volunteer, shift):
        found.append("这项活动有一定危险，须先买好志愿者保险，请联系组织者。")
    if not known.trained(volunteer, activity):
        level = SkillLevel(activity.skill_level).label
        found.append(f"这项活动要求“{activity.skill}”（{level}）。请先参加培训。")  # type: ignore[str-bytes-safe]
    return found


def insured(volunteer: Volunteer, shift: Shift) -> bool:
    """Say whether the volunteer is insured on the day of a shift, or need not be."""
    return known_of([volunteer], day=shift.day, area_code=shift.area_code).insured(volunteer, shift)


def agreed(activity: Activity, volunteer: Volunteer) -> bool:
    """Say whether the agreement that an activity asks for stands, or none is asked for."""
    if not activity.agreement_cases:
        return True
    return Agreement.objects.filter(activity=activity, volunteer=volunteer).exists()
