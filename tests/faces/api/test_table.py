"""Every operation × every role × near and far; and whatever a machine sends: no fault, and no answer undescribed."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from inspect import isclass
from pkgutil import iter_modules
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ninja import Schema
from pytest_django import DjangoDbBlocker
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.faces.api.table import OPEN, TABLE
from tests.faces.api.things import Clients, address, asked, callers, furnished
from tests.factories.places import COMMUNITY, DISTRICT, OTHER_COMMUNITY
from tests.factories.showcase import NOW, Things, seen_by, undone
from tests.factories.tokens import token
from wushe.faces.api import kinds, resources
from wushe.faces.api.interface import description
from wushe.faces.api.operations import OPERATIONS
from wushe.foundation.roles import ROLES

pytestmark = pytest.mark.django_db
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|SAVEPOINT|BEGIN)\b", re.IGNORECASE)
READING = [name for name, call in TABLE.items() if call.sent is None]
ACTING = [name for name, call in TABLE.items() if call.sent is not None]
EXAMPLES = int(os.environ.get("API_EXAMPLES", "3"))
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip


@dataclass(frozen=True)
class Place:
    """The things, a machine for each role near and far, the tokens of the near ones, and the described operations."""

    things: Things
    clients: Clients
    secrets: dict[str, str]
    operations: dict[str, Any]


@pytest.fixture(scope="module")
def place(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with furnished(django_db_blocker) as (things, clients):
        with _connection_kept():
            schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
        operations = {one.ok().definition.raw["operationId"]: one.ok() for one in schema.get_all_operations()}
        secrets = {role: token(seen_by(role))[1] for role, near in clients if near}
        yield Place(things, clients, secrets, operations)


@contextmanager
def _connection_kept() -> Iterator[None]:
    """Let a request leave the connection open, as Django's own test client does: all is one transaction here."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def clock(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def test_no_operation_is_missing() -> None:
    assert sorted(OPERATIONS) == sorted([*TABLE, *OPEN])
    described = {one["operationId"] for path in description()["paths"].values() for one in path.values()}
    assert described == set(OPERATIONS)


def test_no_two_parts_of_the_description_share_a_name() -> None:
    """A description holds one schema for each name: of two the second would silently stand for both."""
    modules = [import_module(f"{resources.__name__}.{one.name}") for one in iter_modules(resources.__path__)]
    schemas = {
        one for module in [kinds, *modules] for one in vars(module).values()
        if isclass(one) and issubclass(one, Schema) and one.__module__ == module.__name__
    }  # fmt: skip
    meanings: dict[str, set[str]] = {}
    for schema in schemas:
        whole = schema.model_json_schema()
        for name, part in {**whole.pop("$defs", {}), schema.__name__: whole}.items():
            meanings.setdefault(name, set()).add(json.dumps(part, sort_keys=True))
    assert {name for name, several in meanings.items() if len(several) > 1} == set()
    assert len(schemas) == len({schema.__name__ for schema in schemas})


@pytest.mark.parametrize("name", TABLE)
def test_the_rights_are_those_of_the_table(name: str) -> None:
    """Which roles are let in; below, of those that are not, one is tried for each operation."""
    rights = OPERATIONS[name].permissions
    holders = {code for code in ROLES if not rights or ROLES[code].permissions & set(rights)} - {"system"}
    assert holders == TABLE[name].permitted


@pytest.mark.parametrize("name", READING)
def test_reading(place: Place, name: str) -> None:
    call, wrong = TABLE[name], {}
    with CaptureQueriesContext(connection) as queries:
        for role, near in callers(call):
            answer = asked(place.clients[role, near], name, call, place.things, role if near else "")
            if answer.status_code != call.expected(role, near=near):
                wrong[role, near] = (answer.status_code, answer.content.decode()[:300])
    assert wrong == {}
    assert [query["sql"][:120] for query in queries if WRITES.match(query["sql"])] == []


@pytest.mark.parametrize("name", ACTING)
def test_acting(place: Place, name: str) -> None:
    call, wrong = TABLE[name], {}
    for role, near in callers(call):
        with undone():
            answer = asked(place.clients[role, near], name, call, place.things, role if near else "")
        if answer.status_code != call.expected(role, near=near):
            wrong[role, near] = (answer.status_code, answer.content.decode()[:300])
    assert wrong == {}


@pytest.mark.parametrize("name", TABLE)
def test_without_a_token(place: Place, name: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = asked(Client(), name, TABLE[name], place.things)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert len(queries) == 0


def test_a_session_opens_nothing(place: Place) -> None:
    browser = Client()
    browser.force_login(seen_by("district_manager"))
    assert browser.get(address("need_list", TABLE["need_list"], place.things)).status_code == 401


@pytest.mark.parametrize("name", [*TABLE, *OPEN])
def test_nothing_undescribed(place: Place, name: str) -> None:
    """Well formed or not, aimed at things that there are or not, by roles that may and one that may not."""
    operation = place.operations[name]
    roles = st.sampled_from(sorted({role for role, _ in callers(TABLE[name])}) if name in TABLE else ["carer"])

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES < 100, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(
        case=st.one_of(
            operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
            operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        ),
        data=st.data(),
    )
    def ask(case: Any, data: st.DataObject) -> None:
        if data.draw(st.booleans()):
            _aim(case, place.things, name, data)
        headers = {"Authorization": f"Bearer {place.secrets[data.draw(roles)]}"}
        with undone(), _connection_kept():
            case.validate_response(case.call(headers=headers), checks=CHECKS)

    ask()


def _aim(case: Any, things: Things, name: str, data: st.DataObject) -> None:
    """Let a request meet things that there are, so that it gets beyond the first refusal."""
    numbers = st.sampled_from(sorted({one for one in things.values() if isinstance(one, int) and one > 0}))
    wanted = iter(TABLE[name].things if name in TABLE else ())
    for field in case.path_parameters or {}:
        own = next(wanted, "=1")
        case.path_parameters[field] = own[1:] if own.startswith("=") else things[own]
    for part in (case.body, case.query):
        if isinstance(part, dict):
            for field in part:
                if field.endswith("_id") and data.draw(st.booleans()):
                    part[field] = data.draw(numbers)
                elif field in {"area_code", "region"}:
                    part[field] = data.draw(st.sampled_from([COMMUNITY, DISTRICT, OTHER_COMMUNITY]))
