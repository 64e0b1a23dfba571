"""Every address × every role × near and far: who gets in, what is found, and that looking changes nothing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import path
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from config.urls import urlpatterns as every_address
from tests.factories.showcase import NOW, Things, browser_of, seen_by, standing, undone, without_grants
from tests.permissions.addresses import address, missing, named_addresses
from tests.permissions.table import PUBLIC, TABLE, Row
from wushe.foundation.access.models import User
from wushe.foundation.roles import ROLES

pytestmark = pytest.mark.django_db
CODES = [code for code in ROLES if code != "system"]
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|SAVEPOINT|BEGIN)\b", re.IGNORECASE)
REFUSED_TRY = re.compile(r"^INSERT INTO journal_entry .*'[a-z_]+\.refused_try'", re.DOTALL)
OWN_TO_EACH_ANSWER = re.compile(rb"[A-Za-z0-9]{64}|987654321")  # the token of the form, the number asked for


@pytest.fixture(scope="module")
def things(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Things]:
    with standing(django_db_blocker) as built:
        yield built


@pytest.fixture(autouse=True)
def clock(things: Things, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be two in the afternoon of the showcase's day."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def written(queries: CaptureQueriesContext) -> list[str]:
    return [query["sql"][:120] for query in queries if WRITES.match(query["sql"])]


def lasting(queries: CaptureQueriesContext) -> list[str]:
    """Return the writes that were not taken back by the call that made them."""
    kept: list[str] = []
    starts: dict[str, int] = {}
    for query in queries:
        sql = query["sql"]
        if sql.startswith("SAVEPOINT "):
            starts[sql.split()[-1]] = len(kept)
        elif sql.startswith("ROLLBACK TO SAVEPOINT "):
            del kept[starts[sql.split()[-1]] :]
        elif WRITES.match(sql):
            kept.append(sql)
    if any(REFUSED_TRY.search(sql) for sql in kept):  # that somebody tried is written down, and that alone
        kept = [sql for sql in kept if not REFUSED_TRY.search(sql) and not sql.startswith('UPDATE "journal_lane"')]
    return [sql[:120] for sql in kept]


def looked_at(user: User | None, where: str) -> tuple[HttpResponse, list[str]]:
    client = browser_of(user)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(where)
    return answer, written(queries)


def expected(row: Row, role: str, method: str, *, near: bool) -> set[int]:
    """Return the status that the table promises; where a method is not taken at all, either refusal will do."""
    status = row.get if method == "GET" else row.post
    if role not in row.permitted:
        return {403, 405} if status == 405 else {403}
    if f"{role} {method}" in row.but:
        return {row.but[f"{role} {method}"]}
    if status == 405 or near:
        return {status}
    far = row.far if method == "GET" else row.far_post
    return {far or (404 if row.things else status)}


def test_no_address_is_missing() -> None:
    # The operations of the machine interface have a table of their own (tests/faces/api/table.py).
    assert sorted(name for name in named_addresses() if not name.startswith("api:")) == sorted(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_reading(things: Things, name: str) -> None:
    row, wrong = TABLE[name], {}
    for role in CODES:
        for near in (True, False):
            answer, writes = looked_at(seen_by(role, near=near), address(name, row, things, role if near else ""))
            place = "near" if near else "far"
            promised = expected(row, role, "GET", near=near)
            if answer.status_code not in promised:
                wrong[role, place] = f"{answer.status_code} instead of {promised}"
            if writes:
                wrong[role, place, "writes"] = writes  # type: ignore[index,assignment]
    assert wrong == {}


@pytest.mark.parametrize("name", TABLE)
def test_strangers(things: Things, name: str) -> None:
    """Who is not signed in is led to the sign-in; an account without a role is refused."""
    row = TABLE[name]
    where = address(name, row, things)
    for method in ("get", "post"):
        promised = row.get if method == "get" else row.post
        with undone():
            stranger = getattr(browser_of(None), method)(where)
            nobody = getattr(browser_of(without_grants()), method)(where)
        if row.roles == PUBLIC:
            assert (stranger.status_code, nobody.status_code) == (promised, promised)
        else:
            assert stranger.status_code == 302
            assert stranger.url.startswith("/login/?next=")
            assert nobody.status_code == 403


@pytest.mark.parametrize("name", TABLE)
def test_acting(things: Things, name: str) -> None:
    row, wrong = TABLE[name], {}
    for role in CODES:
        for near in (True, False):
            client = browser_of(seen_by(role, near=near))
            with undone(), CaptureQueriesContext(connection) as queries:
                answer = client.post(address(name, row, things, role if near else ""), row.data)
            place = "near" if near else "far"
            promised = expected(row, role, "POST", near=near)
            if answer.status_code not in promised:
                wrong[role, place] = f"{answer.status_code} instead of {promised}"
            changes = lasting(queries)
            if promised <= {403, 404, 405, 422} and changes:
                wrong[role, place, "writes"] = changes  # type: ignore[index,assignment]
    assert wrong == {}


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.things and row.far is None])
def test_a_thing_elsewhere_looks_like_no_thing(things: Things, name: str) -> None:
    """Out of scope and never existing give the same answer, word for word."""
    row = TABLE[name]
    for role in sorted(row.permitted):
        client = browser_of(seen_by(role, near=False))
        for ask in [client.get] * (row.get != 405) + [client.post] * (row.post != 405):
            with undone():
                there = ask(address(name, row, things), row.data)
                nowhere = ask(missing(name, row), row.data)
            assert there.status_code == nowhere.status_code == 404
            assert plain(there, things, row) == plain(nowhere, things, row)


def plain(answer: HttpResponse, things: Things, row: Row) -> bytes:
    content = OWN_TO_EACH_ANSWER.sub(b"", answer.content)
    for one in row.things:
        content = content.replace(f"/{things.get(one, one)}/".encode(), b"//")
    return content.replace(b"//", b"/")


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.post != 405])
def test_a_post_without_its_token_is_refused(things: Things, name: str) -> None:
    row = TABLE[name]
    role = min(row.permitted)
    client = browser_of(seen_by(role), strict=True)
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(address(name, row, things, role), row.data)
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()
    assert written(queries) == []


@pytest.mark.parametrize("name", TABLE)
def test_other_methods_are_refused(things: Things, name: str) -> None:
    row = TABLE[name]
    role = min(row.permitted)
    client = browser_of(seen_by(role))
    where = address(name, row, things, role)
    assert {client.put(where).status_code, client.delete(where).status_code, client.patch(where).status_code} == {405}


def undeclared(request: Any) -> HttpResponse:
    return HttpResponse("seen")


urlpatterns = [path("undeclared/", undeclared), *every_address]


@override_settings(ROOT_URLCONF="tests.permissions.test_table")
def test_a_page_that_opens_itself_to_nobody_is_closed_to_everybody(things: Things) -> None:
    """The table above would also hold if pages were open by default; this one shows that they are not."""
    answers = {code: browser_of(seen_by(code)).get("/undeclared/") for code in CODES}
    assert {answer.status_code for answer in answers.values()} == {403}
    assert browser_of(None).get("/undeclared/").status_code == 302
