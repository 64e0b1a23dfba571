"""Who acts: one person in one role at one place. Every service takes an actor and never asks a request."""

from dataclasses import dataclass

from .errors import NotAllowed
from .roles import ROLES, Reach, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """One account acting under one of its grants.

    `area_code` is the administrative prefix that bounds what the actor may see ("" = the whole country).
    `organisation_id` bounds an organisation's own staff. `holder_id` is the register row that the role stands
    for: the worker of a carer, the volunteer of a volunteer, the person of a resident. `limits` leaves of the role's
    rights only these: a machine acts with less than its person may (None = with all of them).
    """

    user_id: int
    name: str
    role_code: str
    area_code: str = ""
    organisation_id: int | None = None
    holder_id: int | None = None
    grant_id: int | None = None
    limits: frozenset[str] | None = None

    @property
    def role(self) -> Role:
        """Return the role under which this actor acts."""
        return ROLES[self.role_code]

    @property
    def reach(self) -> Reach:
        """Return the kind of boundary that limits what the actor sees."""
        return self.role.reach

    def may(self, permission: str) -> bool:
        """Say whether the role holds the permission `stage:action`, and nothing keeps the actor from using it."""
        return permission in self.role.permissions and (self.limits is None or permission in self.limits)

    def require(self, permission: str) -> None:
        """Raise NotAllowed unless the role holds the permission `stage:action`."""
        if not self.may(permission):
            raise NotAllowed


SYSTEM = Actor(user_id=0, name="系统", role_code="system")
