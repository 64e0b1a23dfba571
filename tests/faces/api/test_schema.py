"""Whatever a machine sends, well formed or not: never a fault of the server, never an answer that is not described."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
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
from tests.faces.api.things import furnished
from tests.factories.places import COMMUNITY, DISTRICT, OTHER_COMMUNITY
from tests.factories.showcase import NOW, Things, seen_by, undone
from tests.factories.tokens import token

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("API_EXAMPLES", "6"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def place(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Things, dict[str, str], Any]]:
    with furnished(django_db_blocker) as (things, clients), _connection_kept():
        secrets = {role: token(seen_by(role))[1] for role, near in clients if near}
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
        operations = {one.ok().definition.raw["operationId"]: one.ok() for one in schema.get_all_operations()}
        yield things, secrets, operations


@contextmanager
def _connection_kept() -> Iterator[None]:
    """Let a request leave the connection open, as Django's own test client does: all is one transaction here."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def clock(place: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.mark.parametrize("name", [*TABLE, *OPEN])
def test_nothing_undescribed(place: tuple[Things, dict[str, str], Any], name: str) -> None:
    things, secrets, operations = place
    operation = operations[name]
    numbers = st.sampled_from(sorted({one for one in things.values() if isinstance(one, int) and one > 0}))
    words = st.sampled_from([COMMUNITY, DISTRICT, OTHER_COMMUNITY])
    callers = sorted(TABLE[name].permitted) if name in TABLE else ["carer"]

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
            _aim(case, things, name, data, numbers, words)
        headers = {"Authorization": f"Bearer {secrets[data.draw(st.sampled_from(callers))]}"}
        with undone():
            case.validate_response(case.call(headers=headers), checks=CHECKS)

    ask()


def _aim(case: Any, things: Things, name: str, data: st.DataObject, numbers: Any, words: Any) -> None:
    """Let a request meet things that there are, so that it gets beyond the first refusal."""
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
                    part[field] = data.draw(words)
