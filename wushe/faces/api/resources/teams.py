"""Volunteer teams: who keeps them, who leads them, which can be called in an emergency."""

from datetime import date
from typing import Annotated

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import AreaCode, Body, Day, Id, InPlace, Words, told
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging
from wushe.foundation.scope import obtain
from wushe.registers.volunteers import teams
from wushe.registers.volunteers.models import Team
from wushe.registers.volunteers.selectors import teams_at

router = Resource("志愿队伍")
TeamKind = Annotated[Team.Kind, InPlace]


class TeamShown(Schema):
    """A team."""

    id: int
    name: str
    kind: str
    area_code: str
    speciality: str
    emergency: bool
    organisation_id: int | None
    leader_id: int | None
    founded_on: date | None
    ended_on: date | None


class NewTeam(Body):
    """A team to be founded."""

    name: Words
    kind: TeamKind
    area_code: AreaCode


class TeamChange(Body):
    """What changes about a team; only what is named."""

    name: Words | None = None
    kind: TeamKind | None = None
    area_code: AreaCode | None = None
    speciality: Words | None = None
    emergency: bool | None = None
    organisation_id: Id | None = None
    leader_id: Id | None = None
    founded_on: Day | None = None


class TeamEnd(Body):
    """The day on which a team is dissolved."""

    ended_on: Day


@router.lists("/teams", "registers:view", item=TeamShown, name="team_list", summary="志愿队伍")
def team_list(request: ApiRequest, paging: Query[Paging]) -> QuerySet[Team]:
    """List the teams that stand."""
    return teams_at(actor=request.actor)


@router.reads("/teams/{team_id}", "registers:view", gives=TeamShown, name="team", summary="一支队伍")
def team(request: ApiRequest, team_id: Id) -> Team:
    """Show one team that stands."""
    return obtain(teams_at(actor=request.actor), request.actor, pk=team_id)


@router.acts("/teams", "volunteers:edit", gives=TeamShown, status=201, name="team_found", summary="成立队伍")
def found(request: ApiRequest, body: NewTeam) -> Team:
    """Found a team at a place of the token's area."""
    return teams.found_team(actor=request.actor, at=timezone.now(), **body.dict())


@router.acts(
    "/teams/{team_id}", "volunteers:edit", gives=TeamShown, method="PATCH", name="team_update", summary="更新队伍"
)
def update(request: ApiRequest, team_id: Id, body: TeamChange) -> Team:
    """Change what is named of a team."""
    changes = told(body, "organisation_id", "leader_id", "founded_on")
    return teams.update_team(actor=request.actor, at=timezone.now(), team_id=team_id, changes=changes)


@router.acts("/teams/{team_id}/end", "volunteers:edit", gives=TeamShown, name="team_end", summary="解散队伍")
def end(request: ApiRequest, team_id: Id, body: TeamEnd) -> Team:
    """Dissolve a team on a day."""
    return teams.end_team(actor=request.actor, at=timezone.now(), team_id=team_id, ended_on=body.ended_on)
