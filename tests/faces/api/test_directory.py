"""The directory speaks HSDS 3: its pages, its required fields, ids that resolve, and references that lead somewhere."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from jsonschema import Draft202012Validator
from pytest_django import Settings

from tests.factories.cast import World, user_of, world
from tests.factories.places import COMMUNITY, OTHER_COMMUNITY
from tests.factories.tokens import client_of
from wushe.faces.api import hsds
from wushe.registers.facilities.models import Facility
from wushe.registers.organisations.models import Organisation

pytestmark = pytest.mark.django_db
LISTS = ["organizations", "services", "service_at_locations", "taxonomies", "taxonomy_terms"]
# What HSDS 3 requires, written down here by the names of its fields.
UUID_TEXT = {"type": "string", "format": "uuid", "pattern": "^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$"}
TEXT = {"type": "string", "minLength": 1}
REQUIRED: dict[str, dict[str, Any]] = {
    "organizations": {"id": UUID_TEXT, "name": TEXT, "description": TEXT},
    "services": {
        "id": UUID_TEXT, "name": TEXT, "organization_id": UUID_TEXT,
        "status": {"enum": ["active", "inactive", "defunct", "temporarily closed"]},
    },
    "service_at_locations": {"id": UUID_TEXT, "service_id": UUID_TEXT, "location_id": UUID_TEXT},
    "taxonomies": {"id": UUID_TEXT, "name": TEXT, "description": TEXT},
    "taxonomy_terms": {"id": UUID_TEXT, "name": TEXT, "description": TEXT, "taxonomy_id": UUID_TEXT},
}  # fmt: skip
LOCATION = {
    "id": UUID_TEXT, "location_type": {"enum": ["physical", "postal", "virtual"]},
    "latitude": {"type": "number"}, "longitude": {"type": "number"},
}  # fmt: skip
PAGE = {
    "total_items": {"type": "integer"}, "total_pages": {"type": "integer"}, "page_number": {"type": "integer"},
    "size": {"type": "integer"}, "first_page": {"type": "boolean"}, "last_page": {"type": "boolean"},
    "empty": {"type": "boolean"}, "contents": {"type": "array"},
}  # fmt: skip


@pytest.fixture
def w() -> World:
    built = world()
    Organisation.objects.filter(pk=built.organisation.pk).update(services=["H101"])
    Organisation.objects.filter(pk=built.second_organisation.pk).update(services=["H102"], area_code=OTHER_COMMUNITY)
    for name, operator, area in (
        ("翠屏驿站", built.organisation, COMMUNITY), ("北辰驿站", built.second_organisation, OTHER_COMMUNITY),
    ):  # fmt: skip
        Facility.objects.create(
            name=name, kind="care_station", operator=operator, area_code=area, longitude=106.64, latitude=30.47,
            opening="每天8:00-18:00",
        )  # fmt: skip
    return built


def get(client: Client, path: str, **query: object) -> Any:
    answer = client.get(f"/api/v1/hsds/{path}", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def valid(thing: Any, properties: dict[str, Any]) -> None:
    schema = {"type": "object", "required": list(properties), "properties": properties}
    assert [error.message for error in Draft202012Validator(schema).iter_errors(thing)] == []


def without_nulls(thing: Any) -> bool:
    if isinstance(thing, dict):
        return all(value is not None and without_nulls(value) for value in thing.values())
    return all(without_nulls(one) for one in thing) if isinstance(thing, list) else True


@pytest.mark.parametrize("kind", LISTS)
def test_pages_and_required_fields(w: World, kind: str) -> None:
    client = client_of(user_of("district_manager"))
    page = get(client, kind, per_page=2)
    valid(page, PAGE)
    assert page["size"] == len(page["contents"]) > 0
    assert (page["page_number"], page["first_page"], page["empty"]) == (1, True, False)
    assert page["total_pages"] == -(-page["total_items"] // 2)
    assert page["last_page"] == (page["total_pages"] == 1)
    for one in page["contents"]:
        valid(one, REQUIRED[kind])
        whole = get(client, f"{kind}/{one['id']}")
        valid(whole, REQUIRED[kind])
        assert whole["id"] == one["id"]
        assert without_nulls(whole)
    beyond = get(client, kind, page=page["total_pages"] + 1)
    assert (beyond["empty"], beyond["size"], beyond["last_page"]) == (True, 0, True)


@pytest.mark.parametrize("kind", LISTS)
def test_turning_the_pages_meets_each_thing_once(w: World, kind: str) -> None:
    client = client_of(user_of("district_manager"))
    everything = [one["id"] for one in get(client, kind, per_page=200)["contents"]]
    turned = [
        one["id"]
        for number in range(1, get(client, kind, per_page=3)["total_pages"] + 1)
        for one in get(client, kind, per_page=3, page=number)["contents"]
    ]
    assert turned == everything
    assert len(set(turned)) == len(turned)


def test_references_lead_somewhere(w: World) -> None:
    client = client_of(user_of("district_manager"))
    organisations = {one["id"] for one in get(client, "organizations")["contents"]}
    services = {one["id"]: one for one in get(client, "services", full=True, per_page=200)["contents"]}
    terms = {one["id"]: one for one in get(client, "taxonomy_terms", per_page=200)["contents"]}
    assert {one["organization_id"] for one in services.values()} <= organisations
    assert all(one["parent_id"] in terms for one in terms.values() if "parent_id" in one)
    for one in services.values():
        assert one["attributes"][0]["taxonomy_term_id"] in terms
        assert one["cost_options"][0]["currency"] == "CNY"
    for place in get(client, "service_at_locations", full=True, per_page=200)["contents"]:
        assert place["service_id"] in services
        assert place["location"]["id"] == place["location_id"]
        valid(place["location"], LOCATION)


def test_filters(w: World) -> None:
    client = client_of(user_of("district_manager"))
    own = hsds.uuid_of(hsds.ORGANISATION, w.organisation.pk)
    mine = get(client, "services", organization_id=own, per_page=200)
    assert {one["organization_id"] for one in mine["contents"]} == {own}
    assert 0 < mine["total_items"] < get(client, "services")["total_items"]
    term = get(client, f"services/{mine['contents'][0]['id']}")["attributes"][0]["taxonomy_term_id"]
    assert get(client, "services", taxonomy_term_id=term)["total_items"] >= 1
    assert get(client, "services", taxonomy_term_id=UUID(int=7))["total_items"] == 0
    assert get(client, "services", search="晨间")["total_items"] == 1
    tops = get(client, "taxonomy_terms", top_only=True, per_page=200)["contents"]
    assert tops
    assert all("parent_id" not in one for one in tops)
    assert get(client, "organizations", full_service=True)["contents"][0].keys() >= {"services", "locations"}


def test_only_what_the_token_may_see(w: World) -> None:
    near = client_of(user_of("community_worker"))
    names = {one["name"] for one in get(near, "organizations")["contents"]}
    assert w.organisation.name in names
    assert w.second_organisation.name not in names
    far = hsds.uuid_of(hsds.ORGANISATION, w.second_organisation.pk)
    assert near.get(f"/api/v1/hsds/organizations/{far}").status_code == 404
    assert client_of(user_of("carer")).get("/api/v1/hsds/services").status_code == 403


def test_open_to_all_only_where_the_installation_says_so(w: World, settings: Settings) -> None:
    assert Client().get("/api/v1/hsds/services").status_code == 401
    settings.PUBLIC_DIRECTORY = True
    assert get(Client(), "services")["total_items"] > 0
    assert get(Client(), "")["version"] == "3.0"
    # A worthless token is not taken for none, and nothing else is opened.
    assert Client(headers={"Authorization": "Bearer wushe_x"}).get("/api/v1/hsds/services").status_code == 401
    assert Client().get("/api/v1/organisations").status_code == 401


@pytest.mark.parametrize("number", [0, 1, 12345, 2**31 - 1])
def test_ids_hold_their_numbers(number: int) -> None:
    text = hsds.uuid_of(hsds.SERVICE, number, 7)
    assert (UUID(text).version, UUID(text).variant) == (8, "specified in RFC 4122")
    assert hsds.numbers_of(hsds.SERVICE, text) == (number, 7)
    assert hsds.numbers_of(hsds.ORGANISATION, text) is None
    assert hsds.numbers_of(hsds.SERVICE, "no id") is None
    assert hsds.numbers_of(hsds.SERVICE, str(UUID(int=number))) is None
