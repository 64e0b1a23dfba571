"""The five societies of an area 五社, counted from the registers with the rows behind (F2).

And the scenes 应用场景 in which needs and projects stand (F16).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.timezone import localdate

from wushe.chain.needs.models import Need
from wushe.chain.projects.models import Project
from wushe.chain.resources.models import Resource, Society
from wushe.foundation.actor import Actor
from wushe.foundation.counting import capped_counts
from wushe.foundation.errors import NotFound
from wushe.foundation.scope import visible, within
from wushe.oversight.periods import MONTH, Period, window
from wushe.registers.areas.models import Area, Level
from wushe.registers.organisations.models import Organisation, OrganisationKind
from wushe.registers.volunteers.models import Volunteer
from wushe.registers.workforce.models import Worker, WorkerKind

Rows = QuerySet[Any]
_ALL = 10_000_000
_GROUPS = (OrganisationKind.SOCIAL_ORGANISATION, OrganisationKind.COMMUNITY_GROUP, OrganisationKind.SOCIAL_ENTERPRISE)


@dataclass(frozen=True, slots=True)
class SocietyKind:
    """One of the five societies, its part in the linkage, and what of it is counted."""

    code: str
    title: str
    part: str
    icon: str
    unit: str
    rows: Callable[[date], Rows]


def _resources(on: date) -> Rows:
    return Resource.objects.filter(left__gt=0).exclude(available_until__lt=on)


SOCIETIES = [
    SocietyKind(Society.COMMUNITY, "社区", "平台", "building-community", "个",
                lambda on: Area.objects.filter(level=Level.COMMUNITY, valid_until=None).defer("boundary")),
    SocietyKind(Society.SOCIAL_WORKER, "社会工作者", "支撑", "user-heart", "人",
                lambda on: Worker.objects.filter(kind=WorkerKind.SOCIAL_WORKER).exclude(ends_on__lt=on)),
    SocietyKind(Society.ORGANISATION, "社会组织", "载体", "users-group", "家",
                lambda on: Organisation.objects.filter(kind__in=_GROUPS).exclude(left_on__lte=on)),
    SocietyKind(Society.VOLUNTEER, "社区志愿者", "辅助", "heart-handshake", "人",
                lambda on: Volunteer.objects.filter(left_on=None)),
    SocietyKind(Society.CHARITY, "社会慈善资源", "补充", "gift", "项", _resources),
]  # fmt: skip
_BY_CODE = {str(kind.code): kind for kind in SOCIETIES}


@dataclass(frozen=True, slots=True)
class SocietyCount:
    """One society and how much of it there is in an area."""

    kind: SocietyKind
    count: int


@dataclass(frozen=True, slots=True)
class SceneCount:
    """One scene with the needs of a period, those of them met, and its projects."""

    code: str
    needs: int
    met: int
    projects: int


def societies(*, actor: Actor, area_code: str, at: datetime) -> list[SocietyCount]:
    """Return the five societies of an area in one query; raise NotAllowed without the right."""
    counts = capped_counts({str(k.code): _society(actor, k, area_code, at) for k in SOCIETIES}, cap=_ALL)
    return [SocietyCount(kind, counts[str(kind.code)]) for kind in SOCIETIES]


def society_of(code: str) -> SocietyKind:
    """Return one of the five; raise NotFound for another word."""
    if code not in _BY_CODE:
        raise NotFound
    return _BY_CODE[code]


def society_rows(*, actor: Actor, code: str, area_code: str, at: datetime) -> Rows:
    """Return the rows behind the count of one society, newest first; raise NotFound for another word."""
    return _society(actor, society_of(code), area_code, at).order_by("-pk")


def scenes(*, actor: Actor, area_code: str, until: date, period: Period = MONTH) -> list[SceneCount]:
    """Return the scenes of an area that have needs in the period or projects, the busiest first; three queries."""
    actor.require("oversight:view")
    needs = scene_needs(actor=actor, area_code=area_code, until=until, period=period)
    projects = visible(Project.objects.all(), actor).filter(within(area_code))
    recorded, met, running = (
        dict(rows.order_by().values_list("scene").annotate(n=Count("pk")))
        for rows in (needs, needs.filter(state="met"), projects)
    )
    codes = set(recorded) | set(running)
    found = [SceneCount(c, recorded.get(c, 0), met.get(c, 0), running.get(c, 0)) for c in codes]
    return sorted(found, key=lambda one: (not one.code, -one.needs, -one.projects, one.code))


def scene_needs(
    *, actor: Actor, area_code: str, until: date, period: Period = MONTH, scene: str | None = None
) -> QuerySet[Need]:
    """Return the needs recorded in the period, of one scene if it is given, newest first."""
    actor.require("oversight:view")
    start, end = window(until, period)
    needs = visible(Need.objects.filter(recorded_at__gte=start, recorded_at__lt=end), actor).filter(within(area_code))
    return (needs if scene is None else needs.filter(scene=scene)).order_by("-pk")


def _society(actor: Actor, kind: SocietyKind, area_code: str, at: datetime) -> Rows:
    actor.require("oversight:view")
    return visible(kind.rows(localdate(at)), actor).filter(within(area_code))
