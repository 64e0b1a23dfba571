"""The intake of volunteer teams: found by name in their community, or in the actor's area if no place is said."""

from collections.abc import Hashable, Sequence
from datetime import datetime

from wushe.foundation.actor import Actor
from wushe.foundation.scope import within
from wushe.registers.areas.models import Level
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.rounds.reading.words import key
from wushe.registers.rounds.sheets.description import Row
from wushe.registers.rounds.sheets.teams import teams
from wushe.registers.volunteers.models import Team

from .base import Intake, differing, given, standing
from .places import Places
from .workers import Carriers

_FIELDS = ("kind", "organisation_id", "speciality", "emergency", "founded_on")


class Teams(Intake):
    """Teams by name and community."""

    def __init__(self, *, actor: Actor, at: datetime, round_id: int) -> None:
        super().__init__(actor=actor, at=at, round_id=round_id)
        self.sheet = teams(self.on)
        self.places = Places(actor=actor, on=self.on)
        self.organisations = Carriers()

    def settle(self, row: Row) -> None:
        """Find the place and who is responsible for the team."""
        self.places.resolve(row, least=Level.STREET)
        self.organisations.resolve(row, "organisation")

    def keys(self, row: Row) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
        """Return name and place: together they stand in a file once."""
        found = hash((key(row.values.get("name", "")), row.values.get("area_code")))
        return (found,), (found,)

    def match(self, rows: list[Row]) -> None:
        """Find the teams by name, of several the one in the community that is said."""
        names = {row.values["name"] for row in standing(rows)}
        known: dict[str, list[Team]] = {}
        for team in Team.objects.filter(within(self.actor.area_code), name__in=names, ended_on=None):
            known.setdefault(team.name, []).append(team)
        for row in standing(rows):
            same = known.get(row.values["name"], [])
            if code := row.values.get("area_code"):
                same = [team for team in same if team.area_code == code]
            if len(same) > 1:
                row.refuse("place", "登记册里有几支同名的队伍，请填所在社区。")
                continue
            row.found = same[0] if same else None
            if row.found is None:
                self.places.require(row)
                if "kind" not in row.values:
                    row.refuse("kind", "请填队伍类型，如 社区志愿服务队、党员先锋队。")
            else:
                changes = differing(row, row.found, _FIELDS)
                if "organisation_id" in changes:
                    changes["organisation"] = changes.pop("organisation_id")
                row.values["changes"] = changes

    def write(self, rows: list[Row]) -> None:
        """Write the teams."""
        self.write_things(Team, rows, self._team, entered="team.found")

    def _team(self, row: Row) -> Team:
        initials = initials_of_title(row.values["name"])
        return Team(**given(row, (*_FIELDS, "name", "area_code")), initials=initials)
