"""The showcase with what the interface has besides, and how a call of the table is made."""

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from tests.faces.api.table import Call
from tests.factories import people, workforce
from tests.factories.places import COMMUNITY, TODAY
from tests.factories.showcase import Things, seen_by, standing
from tests.factories.tokens import client_of
from tests.factories.visits import photo
from wushe.faces.api import hsds
from wushe.faces.api.operations import OPERATIONS
from wushe.foundation.roles import ROLES
from wushe.registers.catalogue.models import Item
from wushe.registers.catalogue.selectors import edition_on, items_on
from wushe.registers.donors.models import Donor, DonorKind
from wushe.registers.facilities.models import Facility, Room
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.consents import notice_for
from wushe.registers.people.models import Person
from wushe.registers.volunteers.models import Post, PostHolder
from wushe.registers.workforce.models import Learning

CODES = [code for code in ROLES if code != "system"]
Clients = dict[tuple[str, bool], Client]


@contextmanager
def furnished(blocker: DjangoDbBlocker) -> Iterator[tuple[Things, Clients]]:
    """Keep the showcase and more for a whole module, with a machine for each role near and far."""
    with standing(blocker) as things:
        built = things | _more(things)
        clients = {(code, near): client_of(seen_by(code, near=near)) for code in CODES for near in (True, False)}
        yield built, clients


def asked(client: Client, name: str, call: Call, things: Things, role: str = "", **headers: str) -> HttpResponse:
    """Make the call of a row of the table."""
    where = address(name, call, things, role)
    if call.sent is None:
        return client.get(where, headers=headers)
    body = json.dumps(filled(call.sent, things, role))
    method = OPERATIONS[name].method.lower()
    return getattr(client, method)(where, body, content_type="application/json", headers=headers)


def address(name: str, call: Call, things: Things, role: str = "") -> str:
    """Return where a role finds the things of a row."""
    parts = [one[1:] if one.startswith("=") else _own(one, things, role) for one in call.things]
    query = call.query.format(worker=things["worker"]) if call.query else ""
    return reverse(f"api:{name}", args=parts) + query


def filled(value: Any, things: Things, role: str) -> Any:
    """Return what is sent, with the numbers of things where their names stand ("=word" is the word itself)."""
    if isinstance(value, dict):
        return {key: filled(one, things, role) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, things, role) for one in value]
    if isinstance(value, str) and value.startswith("="):
        return value[1:]
    return _own(value, things, role) if isinstance(value, str) and value in things else value


def callers(call: Call) -> Iterator[tuple[str, bool]]:
    """Yield who is to be asked: each role that may call, near and far, and one that may not."""
    for role in CODES:
        if role in call.permitted:
            yield role, True
            yield role, False
    if strangers := [role for role in CODES if role not in call.permitted]:
        yield strangers[len(call.permitted) % len(strangers)], True


def _own(thing: str, things: Things, role: str) -> Any:
    return things.get(f"{thing}:{role}", things[thing])


def _more(things: Things) -> Things:
    person = Person.objects.get(pk=things["person"])
    organisation = Organisation.objects.get(pk=things["organisation"])
    Organisation.objects.filter(pk=organisation.pk).update(services=["H1"])
    relation = person.relations.get()
    neighbour = people.person("陈素芬", home=people.household(address="幸福巷99号"))
    volunteer = workforce.volunteer("林志愿")
    post = Post.objects.create(title="巡访", area_code=COMMUNITY, places=3, open_from=TODAY)
    placed = PostHolder.objects.create(post=post, volunteer=workforce.volunteer("何志愿"), starts_on=TODAY)
    facility = Facility.objects.create(
        name="翠屏驿站", kind="care_station", operator=organisation, area_code=COMMUNITY, longitude=106.64,
        latitude=30.47, opening="每天8:00-18:00",
    )  # fmt: skip
    room = Room.objects.create(facility=facility, name="101室", use=Room.Use.BEDROOM, beds=2)
    learning = Learning.objects.create(
        worker_id=things["social_worker"], kind="education", title="个案工作", on=TODAY, minutes=90
    )  # fmt: skip
    donor = Donor.objects.create(name="翠屏商会", kind=DonorKind.values[0], area_code=COMMUNITY, since=TODAY)
    return {
        "api_donor": donor.pk, "relation": relation.pk, "neighbour": neighbour.pk, "household": person.household_id or 0,
        "other_household": neighbour.household_id or 0, "volunteer": volunteer.pk, "post": post.pk,
        "post_holder": placed.pk, "facility": facility.pk, "room": room.pk, "learning": learning.pk,
        "notice": notice_for(person, on=TODAY),
        "charity": Organisation.objects.get(name="广安区慈善会").pk, "picture": b64encode(photo()).decode(),
        **_directory(organisation, facility),
    }  # fmt: skip


def _directory(organisation: Organisation, facility: Facility) -> Things:
    item: Item = items_on(day=TODAY).filter(code__startswith="H1")[0]
    edition = edition_on(day=TODAY)
    assert edition is not None
    place = hsds.at_location_of(facility, organisation, item)
    return {
        "hsds_organization": hsds.uuid_of(hsds.ORGANISATION, organisation.pk),
        "hsds_service": hsds.uuid_of(hsds.SERVICE, organisation.pk, item.pk), "hsds_at_location": place["id"],
        "hsds_taxonomy": hsds.uuid_of(hsds.TAXONOMY, edition.pk), "hsds_term": hsds.term_of_item(item).id(edition),
    }  # fmt: skip
