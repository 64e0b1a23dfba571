"""Which intake takes the rows of which register."""

from datetime import datetime

from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound

from .intake.areas import Areas
from .intake.base import Intake
from .intake.communities import Communities
from .intake.consents import Consents
from .intake.donors import Donors
from .intake.facilities import Facilities
from .intake.learning import Hours
from .intake.organisations import Organisations
from .intake.posts import Posts
from .intake.residents import Residents
from .intake.rooms import Rooms
from .intake.seats import Seats
from .intake.teams import Teams
from .intake.volunteers import Volunteers
from .intake.workers import Workers

REGISTERS: dict[str, tuple[str, str, type[Intake]]] = {
    "residents": ("居民", "people:edit", Residents),
    "consents": ("知情同意", "people:edit", Consents),
    "communities": ("社区", "communities:edit", Communities),
    "seats": ("大党委与骨干", "communities:edit", Seats),
    "organisations": ("社会组织", "organisations:edit", Organisations),
    "volunteers": ("志愿者", "volunteers:edit", Volunteers),
    "teams": ("志愿队伍", "volunteers:edit", Teams),
    "posts": ("志愿岗位", "volunteers:edit", Posts),
    "workers": ("服务人员", "workforce:register", Workers),
    "learning": ("继续教育与督导", "workforce:register", Hours),
    "donors": ("捐赠人", "resources:edit", Donors),
    "facilities": ("服务设施", "facilities:edit", Facilities),
    "rooms": ("房间与床位", "facilities:edit", Rooms),
    "areas": ("区划", "areas:edit", Areas),
}
"""The title of each register, the right to import into it, and its intake; those of higher floors declare themselves."""


def declare(register: str, title: str, right: str, intake: type[Intake]) -> None:
    """Make the intake of a register known; an app of a higher floor does so in its `intake.py`."""
    REGISTERS[register] = (title, right, intake)


def require_register(*, actor: Actor, register: str) -> None:
    """Raise NotFound for an unknown register, NotAllowed for one that the actor may not edit."""
    if register not in REGISTERS:
        raise NotFound
    actor.require(REGISTERS[register][1])


def intake_for(*, actor: Actor, at: datetime, register: str, round_id: int = 0) -> Intake:
    """Return the intake of a register."""
    return REGISTERS[register][2](actor=actor, at=at, round_id=round_id)
