"""Pairs of records that may be one person."""

from tests.factories import people
from tests.factories.places import NOON
from wushe.foundation.actor import SYSTEM
from wushe.registers.duplicates.models import Ticket
from wushe.registers.duplicates.refresh import refresh_tickets
from wushe.registers.people.models import Person


def twin_record(person: Person, **fields: object) -> Person:
    """Return another record of the same name, birthday and community, without an ID number."""
    values = {
        "sex": person.sex, "born_on": person.born_on, "area_code": person.area_code, "number": "",
        "telephone": person.phone.reveal(),
    } | fields  # fmt: skip
    return people.person(str(values.pop("name", person.name)), **values)  # type: ignore[arg-type]


def ticket_about(person: Person, **fields: object) -> Ticket:
    """Return the ticket about a person and another record of them."""
    other = twin_record(person, **fields)
    refresh_tickets(actor=SYSTEM, at=NOON)
    return Ticket.objects.get(first=person, second=other)
