"""Organisations that take orders, charities and units."""

from itertools import count

from tests.factories.places import CENTRE, COMMUNITY, STREET
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.organisations.models import Organisation, OrganisationKind, Standing

_serial = count(1)


def organisation(
    name: str = "", *, kind: str = OrganisationKind.SOCIAL_ORGANISATION, area_code: str = COMMUNITY,
    serves: tuple[str, ...] = (STREET,), takes_orders: bool = True, **fields: object,
) -> Organisation:  # fmt: skip
    """Return a registered organisation that serves the first street."""
    name = name or f"邻里社会服务中心{next(_serial)}"
    return Organisation.objects.create(
        name=name, initials=initials_of_title(name), kind=kind, standing=Standing.REGISTERED, area_code=area_code,
        serves=list(serves), takes_orders=takes_orders, longitude=CENTRE[0], latitude=CENTRE[1], **fields,
    )  # fmt: skip


def charity(name: str = "广安区慈善会", **fields: object) -> Organisation:
    """Return a charity; it gives and takes no orders."""
    return organisation(name, kind=OrganisationKind.CHARITY, takes_orders=False, **fields)
