"""Read registrations: one's own, those of a unit, what was taken on, and which units a person can name."""

from django.db.models import Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible
from wushe.lines.volunteering.models import SignUp
from wushe.lines.volunteering.states import SignUpState

from .models import OPEN, CheckIn, CheckInKind, Undertaking


def own_check_ins(*, actor: Actor) -> "QuerySet[CheckIn]":
    """Return the registrations of an organisation or of a volunteer, the newest first; raise NotAllowed."""
    actor.require("check_in:ask_own" if actor.may("check_in:ask_own") else "check_in:ask_unit")
    return visible(CheckIn.objects.select_related("unit"), actor).distinct().order_by("-pk")


def undertakings_of(*, row: CheckIn) -> "QuerySet[Undertaking]":
    """Return the wishes that a registration seen within scope has claimed, the newest first."""
    return row.undertakings.select_related("claim__wish").order_by("-pk")


def members_of(*, row: CheckIn) -> "QuerySet[CheckIn]":
    """Return the people who registered in the same community and name this unit."""
    return row.members.filter(area_code=row.area_code, state__in=OPEN).select_related("person").order_by("pk")


def shifts_of(*, row: CheckIn) -> "QuerySet[SignUp]":
    """Return the shifts of the community for which a registered person signed up, the newest first."""
    mine = SignUp.objects.filter(volunteer__person=row.person_id, shift__community_code=row.area_code)
    return mine.exclude(state=SignUpState.WITHDRAWN).select_related("shift__activity").order_by("-shift__day", "-pk")


def units_near(*, area_code: str) -> "QuerySet[CheckIn]":
    """Return the units that have registered in the district, for a person to name theirs: one line for each name."""
    units = CheckIn.objects.filter(kind=CheckInKind.UNIT, state__in=OPEN, district_code=area_code[:6])
    return units.filter(~Q(name="")).order_by("name", "pk")
