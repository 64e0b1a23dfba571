"""Hand over to the national system: eight kinds of records with the data items that the standard names (MZ/T 061-2015).

Which items, in which order and under which names is a preset, because the print of the standard could not be read; what
a row holds is fixed here. The number of a volunteer is never the ID number, and no identity document is handed over.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localtime

from wushe.foundation.actor import Actor
from wushe.foundation.presets.models import Preset
from wushe.foundation.presets.selectors import preset_row
from wushe.foundation.scope import visible
from wushe.registers.volunteers.models import SkillLevel, Team, Volunteer, VolunteerSkill

from .models import Activity, Award, Certificate, HourRecord, SignUp
from .states import CertificateState, HourState

ITEMS = "volunteers.exchange.items"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record of the standard: what it is called, and its rows in a time."""

    title: str
    rows: Callable[[Actor, date, date], Iterable[Row]]


@dataclass(frozen=True, slots=True)
class Table:
    """Records as they are handed over."""

    title: str
    head: list[str]
    rows: list[list[Any]]


def table_of(*, actor: Actor, code: str, since: date, until: date, most: int) -> Table:
    """Return the records of one kind within the actor's scope; raise NotAllowed, KeyError for an unknown kind."""
    actor.require("volunteering:view")
    kind = KINDS[code]
    items = items_on(actor=actor, on=until).value[kind.title]
    rows: list[list[Any]] = []
    for row in kind.rows(actor, since, until):
        if len(rows) == most:
            break
        rows.append([row.get(name, "") for name in items])
    return Table(kind.title, items, rows)


def items_on(*, actor: Actor, on: date) -> Preset:
    """Return the data items in force at the actor's place, with where they come from."""
    return preset_row(ITEMS, area_code=actor.area_code, on=on)


def _volunteers(actor: Actor, since: date, until: date) -> Iterable[Row]:
    rows = visible(Volunteer.objects.filter(registered_on__lte=until), actor).select_related("person", "team")
    for one in rows.order_by("pk").iterator(500):
        yield {
            "志愿者编号": one.number, "姓名": one.person.name, "性别": one.person.get_sex_display(), "出生日期": one.person.born_on,
            "所在区划": one.area_code, "所属团体": one.team.name if one.team else "", "注册日期": one.registered_on,
            "退出日期": one.left_on, "累计服务时间（小时）": _hours(one.all_minutes),
        }  # fmt: skip


def _teams(actor: Actor, since: date, until: date) -> Iterable[Row]:
    for one in visible(Team.objects.all(), actor).select_related("organisation", "leader__person").order_by("pk"):
        yield {
            "团体编号": f"T{one.pk:08d}", "团体名称": one.name, "团体类型": one.get_kind_display(), "所在区划": one.area_code,
            "上级团体或主管单位": one.organisation.name if one.organisation else "", "成立日期": one.founded_on,
            "负责人": one.leader.person.name if one.leader else "", "解散日期": one.ended_on,
        }  # fmt: skip


def _projects(actor: Actor, since: date, until: date) -> Iterable[Row]:
    rows = visible(Activity.objects.filter(shifts__day__range=(since, until)).distinct(), actor).select_related("team")
    for one in rows.order_by("pk"):
        yield {
            "项目编号": f"A{one.pk:08d}", "项目名称": one.title, "项目类型": one.get_kind_display(), "服务内容": one.words,
            "服务地点": one.place, "服务对象": one.for_whom, "发起团体": one.team.name if one.team else "", "负责人": one.in_charge,
            "项目状态": one.get_state_display(), "开始招募时间": _moment(one.opened_at), "结束时间": _moment(one.ended_at),
        }  # fmt: skip


def _service(actor: Actor, since: date, until: date) -> Iterable[Row]:
    rows = _counted(actor, since, until).select_related("volunteer__person", "sign_up__shift__activity")
    for one in rows.order_by("pk").iterator(500):
        activity = one.sign_up.shift.activity if one.sign_up else None
        yield {
            "记录编号": f"H{one.pk:010d}", "志愿者编号": one.volunteer.number, "姓名": one.volunteer.person.name,
            "项目编号": f"A{activity.pk:08d}" if activity else "", "服务内容": one.title, "服务日期": one.day,
            "开始时间": _moment(one.started_at), "结束时间": _moment(one.ended_at), "服务时间（小时）": _hours(one.minutes),
            "服务地点": activity.place if activity else "", "负责人": activity.in_charge if activity else "",
            "记录方式": one.get_origin_display(), "来源系统": one.system,
        }  # fmt: skip


def _training(actor: Actor, since: date, until: date) -> Iterable[Row]:
    rows = VolunteerSkill.objects.filter(
        trained_on__range=(since, until), volunteer__in=visible(Volunteer.objects.all(), actor)
    )
    for one in rows.select_related("volunteer__person", "skill").order_by("pk"):
        yield {
            "志愿者编号": one.volunteer.number, "姓名": one.volunteer.person.name, "培训内容": one.skill.title,
            "培训结果": SkillLevel(one.level).label, "培训日期": one.trained_on,
        }  # fmt: skip


def _awards(actor: Actor, since: date, until: date) -> Iterable[Row]:
    rows = Award.objects.filter(given_on__range=(since, until), volunteer__in=visible(Volunteer.objects.all(), actor))
    for one in rows.select_related("volunteer__person").order_by("pk"):
        yield {
            "志愿者编号": one.volunteer.number, "姓名": one.volunteer.person.name, "表彰奖励名称": one.title,
            "授予单位": one.given_by, "授予日期": one.given_on,
        }  # fmt: skip


def _ratings(actor: Actor, since: date, until: date) -> Iterable[Row]:
    rows = visible(SignUp.objects.filter(shift__day__range=(since, until)), actor).exclude(score=None, praise=None)
    for one in rows.select_related("volunteer", "shift__activity").order_by("pk"):
        yield {
            "项目编号": f"A{one.shift.activity_id:08d}", "志愿者编号": one.volunteer.number, "服务日期": one.shift.day,
            "志愿者满意度": one.score, "志愿者评价": one.comment, "组织者评价": one.praise,
        }  # fmt: skip


def _certificates(actor: Actor, since: date, until: date) -> Iterable[Row]:
    rows = visible(
        Certificate.objects.filter(state=CertificateState.ISSUED, issued_at__date__range=(since, until)), actor
    )
    for one in rows.select_related("volunteer__person").order_by("pk"):
        yield {
            "证书编号": one.number, "志愿者编号": one.volunteer.number, "姓名": one.volunteer.person.name,
            "服务时间（小时）": _hours(one.minutes),
            "出具单位": one.issuer, "负责人": one.in_charge, "经办人": one.handler, "出具日期": _moment(one.issued_at)[:10],
        }  # fmt: skip


def _counted(actor: Actor, since: date, until: date) -> QuerySet[HourRecord]:
    rows = HourRecord.objects.filter(state=HourState.COUNTED, day__range=(since, until), minutes__gt=0)
    return visible(rows, actor)


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.2f}"


def _moment(at: Any) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}" if at else ""


KINDS = {
    "volunteers": Kind("志愿者", _volunteers),
    "teams": Kind("志愿团体", _teams),
    "projects": Kind("志愿服务项目", _projects),
    "service": Kind("服务时间", _service),
    "training": Kind("培训", _training),
    "awards": Kind("表彰奖励", _awards),
    "ratings": Kind("评价", _ratings),
    "certificates": Kind("证书", _certificates),
}
