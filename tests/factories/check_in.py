"""Units and people registered with communities, through the services that register them."""

from datetime import datetime

from tests.factories import people
from tests.factories.cast import World, actor_of
from tests.factories.places import COMMUNITY, NOON
from wushe.governance.check_in.models import CheckIn
from wushe.governance.check_in.services import check_in_member, check_in_unit, confirm_check_in
from wushe.registers.people.models import Person


def unit(name: str = "城南供电所", *, area_code: str = COMMUNITY, at: datetime = NOON, **more: object) -> CheckIn:
    """Return a unit that waits for the community's word."""
    told = {"branch": "第二支部", "headcount": 12, "contact_phone": "13900001234", **more}
    return check_in_unit(actor=actor_of("social_worker"), at=at, area_code=area_code, name=name, **told)


def member(person: Person, *, at: datetime = NOON, standing: str = "party", unit: CheckIn | None = None) -> CheckIn:
    """Return a person who waits for the community's word."""
    actor, named = actor_of("social_worker"), unit.pk if unit else None
    return check_in_member(actor=actor, at=at, person_id=person.pk, standing=standing, unit_id=named)


def of_somebody(name: str, *, area_code: str) -> CheckIn:
    """Return somebody of that name who registered where they live."""
    return member(people.person(name, area_code=area_code))


def standing(row: CheckIn, *, at: datetime = NOON) -> CheckIn:
    """Return a registration that the community has confirmed."""
    return confirm_check_in(actor=actor_of("social_worker"), at=at, check_in_id=row.pk)


def one_of_each(w: World, *, at: datetime = NOON) -> dict[str, int | str]:
    """Return the keys of a unit that waits and of a person who is registered, and the place."""
    waits = unit(at=at)
    here = standing(member(w.volunteer.person, at=at, unit=waits), at=at)
    return {"check_in_unit": waits.pk, "check_in_member": here.pk, "check_in_place": COMMUNITY}
