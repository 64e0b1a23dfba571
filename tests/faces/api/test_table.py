"""Every operation × every role × near and far: who may call, what is found, and that reading changes nothing."""

import re
from collections.abc import Iterator
from importlib import import_module
from inspect import isclass
from pkgutil import iter_modules

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from ninja import Schema
from pytest_django import DjangoDbBlocker

from tests.faces.api.table import OPEN, TABLE
from tests.faces.api.things import Clients, address, asked, furnished, statuses
from tests.factories.showcase import NOW, Things, undone
from wushe.faces.api import resources
from wushe.faces.api.interface import description
from wushe.faces.api.operations import OPERATIONS
from wushe.foundation.roles import ROLES

pytestmark = pytest.mark.django_db
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|SAVEPOINT|BEGIN)\b", re.IGNORECASE)
READING = [name for name, call in TABLE.items() if call.sent is None]
ACTING = [name for name, call in TABLE.items() if call.sent is not None]


@pytest.fixture(scope="module")
def place(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Things, Clients]]:
    with furnished(django_db_blocker) as built:
        yield built


@pytest.fixture(autouse=True)
def clock(place: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def test_no_operation_is_missing() -> None:
    assert sorted(OPERATIONS) == sorted([*TABLE, *OPEN])
    described = {one["operationId"] for path in description()["paths"].values() for one in path.values()}
    assert described == set(OPERATIONS)


@pytest.mark.parametrize("name", TABLE)
def test_the_description_says_which_right_is_needed(name: str) -> None:
    rights = OPERATIONS[name].permissions
    holders = {code for code in ROLES if not rights or ROLES[code].permissions & set(rights)} - {"system"}
    assert holders == TABLE[name].permitted


@pytest.mark.parametrize("name", READING)
def test_reading(place: tuple[Things, Clients], name: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        wrong = {
            (role, near): (answer.status_code, answer.content.decode()[:200])
            for role, near, answer in statuses(name, *place)
            if answer.status_code != TABLE[name].expected(role, near=near)
        }
    assert wrong == {}
    assert [query["sql"][:120] for query in queries if WRITES.match(query["sql"])] == []


@pytest.mark.parametrize("name", ACTING)
def test_acting(place: tuple[Things, Clients], name: str) -> None:
    things, clients = place
    call, wrong = TABLE[name], {}
    for role in {code for code, _ in clients}:
        for near in (True, False) if role in call.permitted else (True,):
            with undone():
                answer = asked(clients[role, near], name, call, things, role if near else "")
            if answer.status_code != call.expected(role, near=near):
                wrong[role, near] = (answer.status_code, answer.content.decode()[:300])
    assert wrong == {}


@pytest.mark.parametrize("name", TABLE)
def test_without_a_token(place: tuple[Things, Clients], name: str) -> None:
    things, _ = place
    with CaptureQueriesContext(connection) as queries:
        answer = asked(Client(), name, TABLE[name], things)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert len(queries) == 0


def test_a_session_opens_nothing(place: tuple[Things, Clients]) -> None:
    from tests.factories.showcase import seen_by

    browser = Client()
    browser.force_login(seen_by("district_manager"))
    assert browser.get(address("need_list", TABLE["need_list"], place[0])).status_code == 401


def test_no_two_parts_of_the_description_share_a_name() -> None:
    """A description holds one schema for each name: of two the second would silently stand for both."""
    modules = [import_module(f"{resources.__name__}.{one.name}") for one in iter_modules(resources.__path__)]
    names = [
        name for module in modules for name, one in vars(module).items()
        if isclass(one) and issubclass(one, Schema) and one.__module__ == module.__name__
    ]  # fmt: skip
    assert sorted(names) == sorted(set(names))
