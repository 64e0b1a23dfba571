"""Whose phone it is: the volunteer for whom an account acts."""

from django.db.models import QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.scope import visible
from wushe.registers.volunteers.models import Volunteer


class NoVolunteer(NotFound):
    """The account stands for nobody in the register of volunteers."""

    message = "您还没有登记为志愿者，请到社区登记。"


def own_volunteer(actor: Actor, *, among: QuerySet[Volunteer] | None = None) -> Volunteer:
    """Return the volunteer for whom the actor acts; raise NoVolunteer if there is none."""
    rows = Volunteer.objects.select_related("person") if among is None else among
    row = visible(rows.filter(left_on=None), actor).first() if actor.role_code == "volunteer" else None
    if row is None:
        raise NoVolunteer
    return row
