"""Keep volunteer teams: founded at a place under an organisation, led by a volunteer, callable in an emergency."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.scope import covers, obtain
from wushe.registers.desk.changes import amend
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.organisations.models import Organisation

from .models import Team, Volunteer

CHANGEABLE = frozenset({
    "name", "kind", "area_code", "speciality", "emergency", "organisation_id", "leader_id", "parent_id",
    "founded_on",
})  # fmt: skip


@domain_call("volunteers:edit")
def found_team(
    *, actor: Actor, at: datetime, name: str, kind: str, area_code: str, client_key: str = "", **more: Any
) -> Team:
    """Found a team at a place of the actor's area; `more` are other fields of CHANGEABLE.

    Raises Invalid beside each field at fault, NotFound for an organisation, leader or team above it out of scope.
    """
    team = Team()
    _set(team, {"name": name, "kind": kind, "area_code": area_code, **more}, actor=actor, at=at)

    def effect() -> dict[str, Any]:
        team.save(force_insert=True)
        record(kind="team.found", subject=team, actor=actor, at=at, data={"kind": kind})
        return {"team": team.pk}

    body = {"name": team.name, "area_code": area_code}
    answer = once(actor=actor, at=at, key=client_key, call="volunteers.found_team", body=body, effect=effect)
    return Team.objects.get(pk=answer["team"])


@domain_call("volunteers:edit")
def update_team(*, actor: Actor, at: datetime, team_id: int, changes: Mapping[str, Any]) -> Team:
    """Change what is named of a team; raise NotFound out of scope, and what found_team raises."""
    team = obtain(Team, actor, pk=team_id)
    if said := _set(team, changes, actor=actor, at=at):
        team.save()
        record(kind="team.update", subject=team, actor=actor, at=at, data=said)
    return team


@domain_call("volunteers:edit")
def end_team(*, actor: Actor, at: datetime, team_id: int, ended_on: date) -> Team:
    """Dissolve a team on a day; its volunteers stay without one, its branches stand for themselves.

    Raises NotFound out of scope, Conflict, Invalid.
    """
    team = obtain(Team, actor, pk=team_id)
    if team.ended_on:
        raise Conflict("这支队伍已经解散。")
    if (team.founded_on and ended_on < team.founded_on) or ended_on > timezone.localdate(at):
        raise Invalid(fields={"ended_on": "解散日期应在成立日期之后、今天之前。"})
    team.ended_on = ended_on
    team.save(update_fields=["ended_on"])
    left = Volunteer.objects.filter(team=team).update(team=None)
    alone = Team.objects.filter(parent=team).update(parent=None)
    record(kind="team.end", subject=team, actor=actor, at=at, data={"members": left, "branches": alone})
    return team


def _set(team: Team, given: Mapping[str, Any], *, actor: Actor, at: datetime) -> dict[str, Any]:
    if unknown := given.keys() - CHANGEABLE:
        raise TypeError(f"not of a team: {sorted(unknown)}")
    if given.get("organisation_id"):
        obtain(Organisation.objects.filter(left_on=None), actor, pk=given["organisation_id"])
    if given.get("parent_id"):
        obtain(Team.objects.filter(ended_on=None), actor, pk=given["parent_id"])
    said = amend(team, {name: value.strip() if isinstance(value, str) else value for name, value in given.items()})
    members = Volunteer.objects.filter(team_id=team.pk, left_on=None) if team.pk else Volunteer.objects.none()
    leads = not given.get("leader_id") or members.filter(pk=given["leader_id"]).exists()
    checks = {
        "name": (2 <= len(team.name) <= 60, "请填写队伍名称（2到60个字）。"),
        "kind": (team.kind in Team.Kind.values, "请选择类型。"),
        "area_code": ("area_code" not in given or covers(actor, team.area_code), "请选择本辖区内的街道或社区。"),
        "speciality": (len(team.speciality) <= 60, "专长请写在60字以内。"),
        "leader_id": (leads, "队长须是本队在册的志愿者。"),
        "parent_id": (not given.get("parent_id") or not _turns_round(team), "不能把自己或自己的分队当作上级队伍。"),
        "founded_on": (not team.founded_on or team.founded_on <= timezone.localdate(at), "成立日期不能晚于今天。"),
    }
    if faults := {field: words for field, (right, words) in checks.items() if not right}:
        raise Invalid(fields=faults)
    team.initials = initials_of_title(team.name)
    return said


def _turns_round(team: Team) -> bool:
    """Say whether a team would stand above itself."""
    above, seen = team.parent_id, {team.pk}
    while above is not None and above not in seen:
        seen.add(above)
        above = Team.objects.filter(pk=above).values_list("parent_id", flat=True).first()
    return above is not None
