"""Keep activities and posts: planned with a budget, opened, given shifts, closed with a report, cancelled with a word to all."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import covers, obtain
from wushe.registers.areas.models import Level
from wushe.registers.desk.changes import amend
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.facilities.models import Facility
from wushe.registers.volunteers.models import SkillLevel, Team

from .enrolling import HERE, move_up_attendees
from .models import Activity, Message, Shift
from .near_home import centre_of
from .signing_up import leave_shift, move_up
from .states import ActivityKind, ActivityState, AgreementCase, HourState, Season, SignUpState
from .telling import tell, when
from .workflow import ACTIVITY, ATTENDEE

CHANGEABLE = frozenset({
    "title", "kind", "words", "for_whom", "place", "area_code", "longitude", "latitude", "facility_id", "team_id",
    "minimum_age", "skill_id", "skill_level", "danger", "agreement", "season", "budget_fen", "in_charge",
    "seats",
})  # fmt: skip
DAY_END = 24 * 60
MOST_PLACES = 5000
MOST_SEATS = 100_000
LONGEST_TOPIC = 60
YOUNGEST, OLDEST = 6, 80


class HasEnded(Conflict):
    """The activity is over."""

    message = "这项活动已经结束，不能再改。"


@domain_call("volunteering:organise")
def plan_activity(
    *, actor: Actor, at: datetime, title: str, kind: str, area_code: str, client_key: str = "", **more: Any
) -> Activity:
    """Plan an activity or post; `more` are other fields of CHANGEABLE.

    Raises Invalid beside each field at fault, NotFound for a facility or team out of scope.
    """
    activity = Activity()
    _set(activity, {"title": title, "kind": kind, "area_code": area_code, **more}, actor=actor)

    def effect() -> dict[str, Any]:
        ACTIVITY.start(activity, event="plan", actor=actor, at=at, data={"kind": kind})
        return {"activity": activity.pk}

    body = {"title": activity.title, "area_code": area_code}
    answer = once(actor=actor, at=at, key=client_key, call="volunteering.plan_activity", body=body, effect=effect)
    return Activity.objects.get(pk=answer["activity"])


@domain_call("volunteering:organise")
def update_activity(*, actor: Actor, at: datetime, activity_id: int, changes: Mapping[str, Any]) -> Activity:
    """Change what is named of an activity; raise NotFound, HasEnded, and what plan_activity raises."""
    activity = obtain(Activity.objects.select_for_update(), actor, pk=activity_id)
    _check_runs(activity)
    if said := _set(activity, changes, actor=actor):
        activity.save()
        move_up_attendees(activity, actor=actor, at=at)
        record(kind="activity.update", subject=activity, actor=actor, at=at, data=said)
    return activity


@domain_call("volunteering:organise")
def open_activity(*, actor: Actor, at: datetime, activity_id: int) -> Activity:
    """Let volunteers and residents sign up; raise NotFound, MoveNotAllowed, Conflict without a shift."""
    activity = obtain(Activity, actor, pk=activity_id)
    if not activity.shifts.exists():
        raise Conflict("请先安排至少一班，再开始招募。")
    ACTIVITY.move(activity, "open", actor=actor, at=at, changes={"opened_at": at})
    return activity


@domain_call("volunteering:organise")
def add_shifts(
    *, actor: Actor, at: datetime, activity_id: int, days: Sequence[date], start: int, end: int, capacity: int,
    topic: str = "", speaker: str = "",
) -> list[Shift]:  # fmt: skip
    """Add the same shift on each of these days; a day that has it already is passed over.

    Where residents take part a session may do without volunteers (`capacity` 0) and has a topic and a speaker.

    Raises NotFound, HasEnded, Invalid beside the field at fault.
    """
    activity = obtain(Activity, actor, pk=activity_id)
    _check_runs(activity)
    today = timezone.localdate(at)
    checks = {
        "days": (bool(days) and len(days) <= 400 and min(days, default=today) >= today, "请选择今天或以后的日期。"),
        "end": (0 <= start < end <= DAY_END, "结束时间要晚于开始时间。"),
        "capacity": (_fewest(activity) <= capacity <= MOST_PLACES, f"名额为{_fewest(activity)}到{MOST_PLACES}。"),
        **_faults_of_session(topic, speaker),
    }
    if faults := {field: words for field, (right, words) in checks.items() if not right}:
        raise Invalid(fields=faults)
    there = set(activity.shifts.filter(day__in=days, start=start).values_list("day", flat=True))
    same = {"start": start, "end": end, "capacity": capacity, "topic": topic.strip(), "speaker": speaker.strip()}
    made = [
        Shift.objects.create(activity=activity, area_code=activity.area_code, day=day, **same)
        for day in sorted(set(days) - there)
    ]
    for shift in made:
        record(
            kind="shift.add", subject=shift, actor=actor, at=at, data={"activity": activity.pk, "capacity": capacity}
        )
    _agree_month(activity)
    return made


@domain_call("volunteering:organise")
def change_capacity(*, actor: Actor, at: datetime, shift_id: int, capacity: int) -> Shift:
    """Change the number of places of a shift; those who wait move up into new ones.

    Raises NotFound, Invalid below the places that are taken.
    """
    shift = obtain(Shift.objects.select_for_update(of=("self",)).select_related("activity"), actor, pk=shift_id)
    least = max(_fewest(shift.activity), shift.taken)
    if not least <= capacity <= MOST_PLACES:
        raise Invalid(fields={"capacity": f"已经报上{shift.taken}人，名额为{least}到{MOST_PLACES}。"})
    Shift.objects.filter(pk=shift.pk).update(capacity=capacity)
    record(kind="shift.resize", subject=shift, actor=actor, at=at, data={"from": shift.capacity, "to": capacity})
    shift.refresh_from_db()
    move_up(shift, actor=actor, at=at)
    return shift


@domain_call("volunteering:organise")
def describe_session(*, actor: Actor, at: datetime, shift_id: int, topic: str, speaker: str) -> Shift:
    """Say what a session is about and who speaks; raise NotFound, HasEnded, Invalid beside each field at fault."""
    shift = obtain(Shift.objects.select_for_update(of=("self",)).select_related("activity"), actor, pk=shift_id)
    _check_runs(shift.activity)
    checks = _faults_of_session(topic, speaker)
    if faults := {field: words for field, (right, words) in checks.items() if not right}:
        raise Invalid(fields=faults)
    shift.topic, shift.speaker = topic.strip(), speaker.strip()
    shift.save(update_fields=["topic", "speaker"])
    record(kind="shift.describe", subject=shift, actor=actor, at=at, data={"topic": shift.topic})
    return shift


@domain_call("volunteering:organise")
def cancel_activity(*, actor: Actor, at: datetime, activity_id: int, reason: str) -> Activity:
    """Cancel an activity: all who have places or wait are taken off and told. Raises NotFound, MoveNotAllowed, Invalid."""
    if not (reason := reason.strip()) or len(reason) > 100:
        raise Invalid(fields={"reason": "请写明取消的原因（100字以内）。"})
    activity = obtain(Activity, actor, pk=activity_id)
    ACTIVITY.move(activity, "cancel", actor=actor, at=at, changes={"ended_at": at}, data={"reason": reason})
    for shift in activity.shifts.filter(day__gte=timezone.localdate(at)).order_by("pk"):
        for row in shift.sign_ups.filter(state__in=[SignUpState.QUEUED, SignUpState.TAKEN]).order_by("pk"):
            leave_shift(row, actor=actor, at=at)
            words = f"{activity.title} {when(shift)}"
            tell(volunteer_id=row.volunteer_id, kind=Message.Kind.CANCELLED, at=at, shift=shift, words=words)
    for attendee in activity.attendees.filter(state__in=HERE).order_by("pk"):
        ATTENDEE.move(attendee, "leave", actor=actor, at=at, data={"activity": activity.pk, "cancelled": True})
    Activity.objects.filter(pk=activity.pk).update(enrolled=0)
    return activity


@domain_call("volunteering:organise")
def close_activity(*, actor: Actor, at: datetime, activity_id: int, report: str, spent_fen: int) -> Activity:
    """Close an activity with what came of it and what it cost.

    Raises NotFound, MoveNotAllowed, Invalid, and Conflict while somebody is still serving or a shift is to come.
    """
    activity = obtain(Activity, actor, pk=activity_id)
    faults = {}
    if not 10 <= len(report := report.strip()) <= 1000:
        faults["report"] = "请用10到1000字写明做了什么、效果怎样。"
    if spent_fen < 0:
        faults["spent_fen"] = "花费不能小于0。"
    if faults:
        raise Invalid(fields=faults)
    if activity.shifts.filter(day__gt=timezone.localdate(at), taken__gt=0).exists():
        raise Conflict("还有没到日子的班次已经有人报名，请先做完或取消。")
    if activity.shifts.filter(sign_ups__hours__state__in=[HourState.RUNNING, HourState.HELD]).exists():
        raise Conflict("还有志愿者没有签退或时长待核对，请先处理完再结项。")
    ACTIVITY.move(
        activity, "close", actor=actor, at=at, changes={"ended_at": at, "report": report, "spent_fen": spent_fen}
    )
    return activity


def _check_runs(activity: Activity) -> None:
    if activity.state not in {ActivityState.DRAFT, ActivityState.OPEN}:
        raise HasEnded


def _fewest(activity: Activity) -> int:
    """Return how many volunteers a shift must want at least."""
    return 0 if activity.seats else 1


def _faults_of_session(topic: str, speaker: str) -> dict[str, tuple[bool, str]]:
    return {
        "topic": (len(topic.strip()) <= LONGEST_TOPIC, f"主题最多{LONGEST_TOPIC}个字。"),
        "speaker": (len(speaker.strip()) <= LONGEST_TOPIC, f"主讲人最多{LONGEST_TOPIC}个字。"),
    }


def _set(activity: Activity, given: Mapping[str, Any], *, actor: Actor) -> dict[str, Any]:
    """Put the values on the activity and return what differs; raise Invalid with all faults, NotFound for what it names."""
    if unknown := given.keys() - CHANGEABLE:
        raise TypeError(f"not of an activity: {sorted(unknown)}")
    if given.get("facility_id"):
        obtain(Facility, actor, pk=given["facility_id"])
    if given.get("team_id"):
        obtain(Team.objects.filter(ended_on=None), actor, pk=given["team_id"])
    said = amend(activity, {name: v.strip() if isinstance(v, str) else v for name, v in given.items()})
    if faults := _faults(activity, given, actor):
        raise Invalid(fields=faults)
    activity.initials = initials_of_title(activity.title)
    if activity.longitude is None or {"facility_id", "area_code"} & said.keys():
        _stand(activity, given)
    if activity.danger and AgreementCase.DANGER not in activity.agreement_cases:
        activity.agreement = " ".join([*activity.agreement_cases, AgreementCase.DANGER])
    return said


def _stand(activity: Activity, given: Mapping[str, Any]) -> None:
    """Give the activity a point on the map: what was said, else its facility, else the middle of its community."""
    if given.get("longitude") is not None:
        return
    house = activity.facility
    if house is not None and house.longitude is not None:
        activity.longitude, activity.latitude = house.longitude, house.latitude
    else:
        activity.longitude, activity.latitude = centre_of(activity.area_code)


def _faults(activity: Activity, given: Mapping[str, Any], actor: Actor) -> dict[str, str]:
    here = len(activity.area_code) >= Level.COMMUNITY and covers(actor, activity.area_code)
    checks = {
        "title": (2 <= len(activity.title) <= 60, "请填写名称（2到60个字）。"),
        "kind": (activity.kind in ActivityKind.values, "请选择类型。"),
        "area_code": ("area_code" not in given or here, "请选择本辖区内的社区（村）。"),
        "words": (5 <= len(activity.words) <= 500, "请写明做什么（5到500字）。"),
        "place": (2 <= len(activity.place) <= 80, "请填写集合地点（2到80个字）。"),
        "in_charge": (2 <= len(activity.in_charge) <= 30, "请填写负责人（2到30个字）。"),
        "minimum_age": (YOUNGEST <= activity.minimum_age <= OLDEST, f"最小年龄为{YOUNGEST}到{OLDEST}。"),
        "skill_level": (activity.skill_level in SkillLevel.values, "请选择程度。"),
        "season": (activity.season in Season.values, "请选择节庆。"),
        "budget_fen": (0 <= activity.budget_fen <= 10**12, "请填写预算。"),
        "seats": (activity.enrolled <= activity.seats <= MOST_SEATS, _seats_wanted(activity)),
        "agreement": (set(activity.agreement_cases) <= set(AgreementCase.values), "请选择情形。"),
    }
    return {field: words for field, (right, words) in checks.items() if not right}


def _seats_wanted(activity: Activity) -> str:
    taken = f"已经有{activity.enrolled}位居民报名，" if activity.enrolled else ""
    return f"{taken}居民名额为{activity.enrolled}到{MOST_SEATS}。"


def _agree_month(activity: Activity) -> None:
    """Ask for an agreement once the shifts span the time from which the rule wants one."""
    days = list(activity.shifts.order_by("day").values_list("day", flat=True))
    least = preset("volunteers.agreement.days", area_code=activity.area_code, on=days[0]) if days else 0
    if days and (days[-1] - days[0]).days >= least and AgreementCase.MONTH not in activity.agreement_cases:
        cases = " ".join([*activity.agreement_cases, AgreementCase.MONTH])
        Activity.objects.filter(pk=activity.pk).update(agreement=cases)
