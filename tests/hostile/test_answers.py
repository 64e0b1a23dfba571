"""Whatever arrives at whatever address: never a fault of the server, and never a long wait."""

import re
import time
from collections.abc import Iterator
from random import Random
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import resolve, reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from tests.factories.showcase import NOW, Things, browser_of, seen_by, standing, undone
from tests.hostile.kept import NOT_FILLED, Forms, flat, try_out
from tests.hostile.values import FIELDS, NUMBERS, QUERY, VALUES, mixed, one_bad
from tests.permissions.addresses import address
from tests.permissions.table import TABLE, Row
from wushe.foundation.access.models import User

pytestmark = pytest.mark.django_db
LONGEST = 5.0  # seconds of this thread's own work: another process on the machine is no fault of a page
LONGEST_LINE = 500  # times all names: what a server takes as an address
_INPUT = re.compile(r'<(?:input|select|textarea)[^>]*\sname="([^"]+)"(?:[^>]*\svalue="([^"]*)")?')
SLOW_BY_NATURE = {"centre:propose", "centre:mend"}
"""They search for a plan as long as they are told to."""


@pytest.fixture(scope="module")
def things(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Things]:
    with standing(django_db_blocker) as built:
        yield built


@pytest.fixture(autouse=True)
def clock(things: Things, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def who(row: Row) -> User:
    return seen_by(row.roles.split()[0] if row.roles != "public" else "community_worker")


def role(row: Row) -> str:
    return who(row).grants.get().role_code


def ask(row: Row, method: str, where: str, data: dict[str, object] | None = None) -> tuple[HttpResponse, float]:
    client = browser_of(who(row), raising=False)
    with undone():
        began = time.thread_time()
        answer = getattr(client, method)(where, data or {})
        took = time.thread_time() - began
    return answer, took


def fault(name: str, answer: HttpResponse, took: float, sent: object) -> list[str]:
    """Return what is wrong with an answer, short enough to read."""
    found = []
    if answer.status_code >= 500:
        kind, error, _ = getattr(answer, "exc_info", None) or (None, "", None)
        found.append(f"{answer.status_code} {kind and kind.__name__}: {str(error)[:120]} ← {str(sent)[:300]}")
    if took > LONGEST and name not in SLOW_BY_NATURE:
        found.append(f"{took:.1f}s ← {str(sent)[:300]}")
    return found


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.get != 405])
def test_hostile_filters(things: Things, name: str) -> None:
    row, random = TABLE[name], Random(f"filters {name}")
    where, found = address(name, row, things, role(row)), []
    for kind in random.sample(sorted(VALUES), 3):
        sent = {name: value[:LONGEST_LINE] for name, value in mixed(QUERY, kind, random).items()}
        found += fault(name, *ask(row, "get", where, sent), sent)  # type: ignore[arg-type]
    for values in zip(
        *(random.sample(VALUES[kind], 3) for kind in ("wrong kind", "out of range", "unknown")), strict=True
    ):
        for start in range(3):
            sent = {one: values[(place + start) % 3] for place, one in enumerate(QUERY)}
            if start == 0:
                found += fault(name, *ask(row, "get", where, sent), sent)  # type: ignore[arg-type]
    assert found == []


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.post != 405])
def test_hostile_forms(things: Things, name: str) -> None:
    row, random = TABLE[name], Random(f"forms {name}")
    where, found = address(name, row, things, role(row)), []
    good = {**fields_of(row, where), **row.data}
    names = sorted({*FIELDS, *good})
    sent_all: list[dict[str, object]] = [mixed(names, kind, random) for kind in random.sample(sorted(VALUES), 3)]
    sent_all += [one_bad(good, random) for _ in range(4)]
    sent_all.append(
        {**good, "photo": SimpleUploadedFile("x.jpg", random.randbytes(2000), "image/jpeg"), "kind": "evidence"}
    )
    for sent in sent_all:
        answer, took = ask(row, "post", where, sent)
        found += fault(name, answer, took, sent)
    assert found == []


def fields_of(row: Row, where: str) -> dict[str, str]:
    """Return the fields of the page's own form with what stands in them."""
    if row.get == 405:
        return {}
    answer, _ = ask(row, "get", where)
    return {name: value for name, value in _INPUT.findall(answer.content.decode()) if name != "csrfmiddlewaretoken"}


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if any(one[0] != "=" for one in row.things)])
def test_numbers_that_name_nothing(things: Things, name: str) -> None:
    row, found = TABLE[name], []
    for number in NUMBERS:
        filled = [one[1:] if one.startswith("=") else number for one in row.things]
        where = reverse(name, args=filled)
        for method in ["get"] * (row.get != 405) + ["post"] * (row.post != 405):
            answer, took = ask(row, method, where, dict(row.data))
            found += fault(name, answer, took, where)
            if answer.status_code < 400:
                found.append(f"{answer.status_code} ← {method} {where}")
    assert found == []


WORDS = {"preset"}  # things that are named by a word; those with "=" are words themselves
NUMBERED = {"worker:pieces", "volunteering:accept_import"}  # addresses that words cannot make
WORDED = [
    name for name, row in TABLE.items()
    if name not in NUMBERED and any(one.startswith("=") or one in WORDS for one in row.things)
]  # fmt: skip


@pytest.mark.parametrize("name", WORDED)
def test_words_that_name_nothing(things: Things, name: str) -> None:
    row, found = TABLE[name], []
    for word in ("none", "no-such-word", "x" * 300, "-", "_"):
        where = reverse(name, args=[word if one in WORDS or one.startswith("=") else 1 for one in row.things])
        for method in ["get"] * (row.get != 405) + ["post"] * (row.post != 405):
            answer, took = ask(row, method, where)
            found += fault(name, answer, took, where)
    assert found == []


def test_bodies_that_are_no_forms(things: Things) -> None:
    """A body that cannot be read is refused, not failed on."""
    for name, row in TABLE.items():
        if row.post == 405 or row.roles == "public":
            continue
        client = browser_of(who(row), raising=False)
        for kind in (
            "application/json",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded; charset=utf-7",
        ):
            with undone():
                answer = client.generic(
                    "POST", address(name, row, things, role(row)), b"\xff\xfe{\x00", content_type=kind
                )
            assert answer.status_code < 500, (name, kind)


def test_a_form_filled_in_wrongly_keeps_what_was_typed(things: Things) -> None:
    wrong: dict[str, list[str]] = {}
    tried: set[tuple[str, frozenset[str]]] = set()
    for name, row in TABLE.items():
        if row.get != 200 or row.roles == "public":
            continue
        for role in lookers(row):
            client = browser_of(seen_by(role))
            where = address(name, row, things, role)
            answer = client.get(where)
            if "html" not in answer.headers["Content-Type"]:
                continue
            for action, fields in Forms(answer.content.decode()).found:
                goal = action or where
                target = resolve(urlsplit(goal).path).view_name
                mark = (target, frozenset(fields))
                if mark in tried or not any(one["kind"] not in NOT_FILLED for one in flat(fields)):
                    continue
                tried.add(mark)
                if found := try_out(client, goal, fields):
                    wrong[f"{name} → {target} as {role}"] = found
    assert wrong == {}
    assert len(tried) > 40, "the walk has seen the forms"


def lookers(row: Row) -> list[str]:
    """Return the first role of a page, and those that find forms where the first only reads."""
    roles = row.roles.split()
    return [roles[0], *sorted({"social_worker", "dispatcher", "district_manager"} & set(roles[1:]))]
