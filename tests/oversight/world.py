"""Small hand-computed worlds for oversight."""

from datetime import date, datetime, timedelta

from tests.factories import needs, orders, visits
from tests.factories.cast import World, actor_of
from tests.factories.places import NOON, TODAY
from wushe.chain.visits.models import Visit
from wushe.foundation.actor import SYSTEM
from wushe.oversight.selectors.breaks import breaks
from wushe.oversight.services import refresh_indicators
from wushe.registers.volunteers.models import Post, PostHolder, Volunteer


def count_of(code: str, *, who: str = "district_manager", area: str = "511602", at: datetime = NOON) -> int:
    """Return the figure of one break."""
    found = breaks(actor=actor_of(who), area_code=area, at=at)
    return next(one.count for one in found if one.kind.code == code)


def counted(as_of: date = TODAY) -> None:
    """Count every indicator."""
    refresh_indicators(actor=SYSTEM, at=NOON, as_of=as_of)


def settled_chain(world: World) -> Visit:
    """Return an accepted visit of the elder: need, order, sign-in, evidence, check."""
    appointment = visits.planned(world.elder, world.carer)
    return visits.accepted(visits.ended(appointment, evidence=True), verifier=actor_of("verifier"))


def post(
    title: str = "助餐点志愿岗", *, places: int = 1, holder: Volunteer | None = None, ends_on: date | None = None
) -> Post:
    """Return a standing post, held by a volunteer if one is given."""
    row = Post.objects.create(
        title=title, places=places, open_from=TODAY - timedelta(days=30), area_code="511602001001"
    )
    if holder:
        PostHolder.objects.create(post=row, volunteer=holder, starts_on=TODAY - timedelta(days=20), ends_on=ends_on)
    return row


__all__ = ["count_of", "counted", "needs", "orders", "post", "settled_chain", "visits"]
